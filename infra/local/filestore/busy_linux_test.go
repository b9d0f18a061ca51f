package filestore_test

import (
	"os"
	"path/filepath"
	"testing"

	"leeway/infra/local/filestore"
)

// TestBusy: whoever holds a file open for writing makes it busy, a reader does
// not, and asking leaves nothing behind.
func TestBusy(t *testing.T) {
	dir := t.TempDir()
	store, err := filestore.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "logs", "a.csv")
	write(t, path, "a\n1\n")
	want := func(what string, busy bool) {
		t.Helper()
		if got := store.Busy(t.Context(), "logs/a.csv"); got != busy {
			t.Errorf("%s: %v", what, got)
		}
	}
	want("nobody", false)
	reader, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	want("a reader", false)
	for range 3 {
		writer, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			t.Fatal(err)
		}
		want("a writer", true)
		if err := writer.Close(); err != nil {
			t.Fatal(err)
		}
		want("a writer that is done", false)
	}
	for _, key := range []string{"logs/none.csv", "logs", "../a.csv", ""} {
		if store.Busy(t.Context(), key) {
			t.Errorf("%q is busy", key)
		}
	}
}
