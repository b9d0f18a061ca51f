package filestore_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"leeway/core/fault"
	"leeway/infra/local/filestore"
)

func TestABucketThatIsGoneIsNotEmpty(t *testing.T) {
	root := filepath.Join(t.TempDir(), "bucket")
	if err := os.MkdirAll(filepath.Join(root, "logs", "m"), 0o755); err != nil {
		t.Fatal(err)
	}
	store, err := filestore.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(root); err != nil {
		t.Fatal(err)
	}
	for _, err := range store.List(context.Background(), "logs/") {
		if fault.KindOf(err) != fault.Unavailable {
			t.Errorf("list: %v", err)
		}
	}
	if _, err := store.Folders(context.Background(), "logs/"); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("folders: %v", err)
	}
}
