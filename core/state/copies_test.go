package state_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/state"
	"leeway/core/state/storetest"
	"leeway/infra/local/filestore"
)

// folder is a bucket on disk with files that were written at given times.
func folder(t *testing.T) *filestore.Store {
	t.Helper()
	root := t.TempDir()
	written := at(t, "2026-01-10T00:00:00Z")
	deliver(func(key, text string) {
		path := filepath.Join(root, filepath.FromSlash(key))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		written = written.Add(time.Minute)
		if err := os.Chtimes(path, written, written); err != nil {
			t.Fatal(err)
		}
	})
	store, err := filestore.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// TestTwoCopies runs on two copies of a bucket, once alone and once four at a
// time: both come to the same state, to the byte.
func TestTwoCopies(t *testing.T) {
	one, two := folder(t), folder(t)
	now := at(t, "2026-01-10T01:00:00Z")
	if err := pipeline(t.Context(), state.Open(one, one), one, now); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := pipeline(t.Context(), state.Open(two, two), two, now); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := pipeline(t.Context(), state.Open(two, two), two, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(storetest.Contents(t, one, "state/", "quarantine/"), storetest.Contents(t, two, "state/", "quarantine/")); diff != "" {
		t.Errorf("state (-alone +together):\n%s", diff)
	}
}
