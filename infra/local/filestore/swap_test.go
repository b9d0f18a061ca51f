package filestore

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"leeway/core/fault"
	"leeway/core/state"
)

// dying is a swap that stops after the step that decides it, as if the process
// had been killed there.
func dying(t *testing.T, s *Store, key, text, etag string, try int) *temporary {
	t.Helper()
	file, err := s.write(t.Context(), key, strings.NewReader(text), true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.file.Close() })
	if err := os.Symlink(file.name, s.mark(key, etag, try)); err != nil {
		t.Fatal(err)
	}
	return file
}

func put(t *testing.T, s *Store, key, text string, options *state.PutOptions) (string, error) {
	t.Helper()
	info, err := s.Put(t.Context(), key, strings.NewReader(text), options)
	return info.ETag, err
}

func wantText(t *testing.T, s *Store, key, want string) string {
	t.Helper()
	object, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer object.Close()
	got, err := io.ReadAll(io.NewSectionReader(object, 0, object.Info().Size))
	if err != nil || string(got) != want {
		t.Fatalf("%s: got %q, %v; want %q", key, got, err, want)
	}
	return object.Info().ETag
}

func newStore(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestDeadWinnerIsFinished(t *testing.T) {
	s := newStore(t)
	etag, err := put(t, s, "k", "old", nil)
	if err != nil {
		t.Fatal(err)
	}
	dying(t, s, "k", "of the dead", etag, 0)
	wantText(t, s, "k", "old")
	if _, err := put(t, s, "k", "mine", &state.PutOptions{IfMatch: etag}); fault.KindOf(err) != fault.Conflict {
		t.Fatalf("got %v, want Conflict", err)
	}
	now := wantText(t, s, "k", "of the dead")
	if _, err := put(t, s, "k", "mine", &state.PutOptions{IfMatch: now}); err != nil {
		t.Fatal(err)
	}
	wantText(t, s, "k", "mine")
}

func TestDeadWinnerIsOverwritten(t *testing.T) {
	s := newStore(t)
	etag, err := put(t, s, "k", "old", nil)
	if err != nil {
		t.Fatal(err)
	}
	dying(t, s, "k", "of the dead", etag, 0)
	if _, err := put(t, s, "k", "mine", nil); err != nil {
		t.Fatal(err)
	}
	wantText(t, s, "k", "mine")
}

func TestWinnerWithoutFileIsPassedOver(t *testing.T) {
	s := newStore(t)
	etag, err := put(t, s, "k", "old", nil)
	if err != nil {
		t.Fatal(err)
	}
	for try := range 3 {
		if err := dying(t, s, "k", "lost", etag, try).discard(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := put(t, s, "k", "mine", &state.PutOptions{IfMatch: etag}); err != nil {
		t.Fatal(err)
	}
	wantText(t, s, "k", "mine")
}

// A winner whose rename comes late finds that others did it; what came after
// stays.
func TestLateWinner(t *testing.T) {
	s := newStore(t)
	etag, err := put(t, s, "k", "old", nil)
	if err != nil {
		t.Fatal(err)
	}
	late := dying(t, s, "k", "late", etag, 0)
	if _, err := put(t, s, "k", "newer", nil); err != nil { // finishes late's swap first
		t.Fatal(err)
	}
	path := filepath.Join(s.root, "k")
	if err := os.Rename(late.path(), path); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("the late rename went through: %v", err)
	}
	if err := s.finish(late, "k", path, etag, 0); fault.KindOf(err) != fault.Conflict && err != nil {
		t.Fatal(err)
	}
	wantText(t, s, "k", "newer")
}

// A swap that believes in an old version must not undo newer ones, even when
// the mark of the old version has been swept away.
func TestStaleSwap(t *testing.T) {
	s := newStore(t)
	old, err := put(t, s, "k", "one", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := put(t, s, "k", "two", nil); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(s.mark("k", old, 0)); err != nil {
		t.Fatal(err)
	}
	file, err := s.write(t.Context(), "k", strings.NewReader("stale"), true)
	if err != nil {
		t.Fatal(err)
	}
	defer file.file.Close()
	published := file.name
	if err := s.swap(file, "k", filepath.Join(s.root, "k"), old); fault.KindOf(err) != fault.Conflict {
		t.Fatalf("got %v, want Conflict", err)
	}
	if file.name == published {
		t.Error("the file kept the name that a mark points to")
	}
	wantText(t, s, "k", "two")
}

func TestSweep(t *testing.T) {
	s := newStore(t)
	etag, err := put(t, s, "k", "one", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := put(t, s, "k", "two", &state.PutOptions{IfMatch: etag}); err != nil {
		t.Fatal(err)
	}
	tmp := filepath.Join(s.root, private, "tmp")
	mine, foreign, dead := filepath.Join(tmp, s.owner+"AAAA"), filepath.Join(tmp, "0123-1-BBBB"), filepath.Join(tmp, machine()+"-4194999-CCCC")
	for _, path := range []string{mine, foreign, dead} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	exists := func(path string) bool { _, err := os.Lstat(path); return err == nil }
	mark := s.mark("k", etag, 0)
	if !exists(mark) {
		t.Fatal("no mark of the swap")
	}
	s.sweepFiles(tmp, time.Now())
	s.sweepMarks(time.Now())
	if !exists(mine) || !exists(foreign) || exists(dead) || !exists(mark) {
		t.Errorf("at once: mine %t, foreign %t, dead %t, mark %t", exists(mine), exists(foreign), exists(dead), exists(mark))
	}
	later := time.Now().Add(abandoned + time.Minute)
	s.sweepFiles(tmp, later)
	s.sweepMarks(later)
	if exists(foreign) || exists(mark) {
		t.Errorf("a day later: foreign %t, mark %t", exists(foreign), exists(mark))
	}
	wantText(t, s, "k", "two")
}

// The private folders may be removed by hand at any time.
func TestPrivateFolderRemoved(t *testing.T) {
	s := newStore(t)
	etag, err := put(t, s, "k", "one", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(s.root, private)); err != nil {
		t.Fatal(err)
	}
	if _, err := put(t, s, "k", "two", &state.PutOptions{IfMatch: etag}); err != nil {
		t.Fatal(err)
	}
	wantText(t, s, "k", "two")
}

func FuzzKey(f *testing.F) {
	for _, key := range []string{"logs/m/a.csv", "../up", "a//b", "in/n+1 ü.csv", ".leeway/swap/x", "a/.leeway-x", "\xff\xfe", "a\nb", "CON", strings.Repeat("n", 256)} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		s := newStore(t)
		ctx := context.Background()
		_, err := s.Put(ctx, key, strings.NewReader(key), nil)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("put %q: %v", key, err)
			}
			for _, name := range outside(t, s.root) {
				t.Fatalf("put %q left %s", key, name)
			}
			return
		}
		wantText(t, s, key, key)
		n := 0
		for info, err := range s.List(ctx, "") {
			if n++; err != nil || info.Key != key {
				t.Fatalf("put %q, listed %q, %v", key, info.Key, err)
			}
		}
		if n != 1 {
			t.Fatalf("put %q, listed %d objects", key, n)
		}
	})
}

// outside lists what lies beside the root.
func outside(t *testing.T, root string) []string {
	t.Helper()
	var found []string
	beside, err := filepath.Glob(filepath.Join(filepath.Dir(root), "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range beside {
		if path != root {
			found = append(found, path)
		}
	}
	return found
}
