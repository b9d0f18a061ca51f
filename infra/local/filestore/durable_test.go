package filestore

import (
	"errors"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"leeway/core/state"
)

// TestSyncsAreShared: all who come while a folder is being synced share the sync
// after it, and none is content with the one that was under way.
func TestSyncsAreShared(t *testing.T) {
	d := &durable{}
	dir := t.TempDir()
	of := &turns{}
	d.turns = map[string]*turns{dir: of}
	of.running.Lock() // a sync is under way
	const callers = 20
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			if err := d.sync(dir); err != nil {
				t.Error(err)
			}
		})
	}
	var shared *turn
	for waiting := 0; waiting < callers; runtime.Gosched() {
		d.mu.Lock()
		waiting = of.waiting
		if shared != nil && of.next != shared {
			t.Error("somebody has a sync of its own")
		}
		shared = of.next
		d.mu.Unlock()
	}
	select {
	case <-shared.done:
		t.Error("the sync was over before it could begin")
	default:
	}
	of.running.Unlock()
	wg.Wait()
	if len(d.turns) > 0 {
		t.Errorf("%d folders are left", len(d.turns))
	}
}

func TestSyncFails(t *testing.T) {
	d := &durable{}
	if err := d.sync(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// TestNewFoldersLast: what lasts makes the folders above it last, also those
// that somebody else made for something fleeting.
func TestNewFoldersLast(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	put := func(key string, options *state.PutOptions) {
		t.Helper()
		if _, err := s.Put(t.Context(), key, strings.NewReader("x"), options); err != nil {
			t.Fatal(err)
		}
	}
	put("a/b/c/fleeting", &state.PutOptions{Fleeting: true})
	folder := filepath.Join(s.root, "a", "b", "c")
	for _, dir := range []string{folder, filepath.Dir(folder), filepath.Dir(filepath.Dir(folder))} {
		if !s.fresh[dir] {
			t.Errorf("%s counts as durable", dir)
		}
	}
	put("a/b/c/lasting", nil)
	for _, dir := range []string{folder, filepath.Dir(folder), filepath.Dir(filepath.Dir(folder))} {
		if s.fresh[dir] {
			t.Errorf("%s is not durable, though something in it is", dir)
		}
	}
}
