package filestore_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"leeway/core/fault"
	"leeway/core/state"
	"leeway/infra/local/filestore"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func list(t *testing.T, store state.Store, prefix string) []state.Info {
	t.Helper()
	var all []state.Info
	for info, err := range store.List(t.Context(), prefix) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, info)
	}
	return all
}

func keys(t *testing.T, store state.Store) []string {
	t.Helper()
	var all []string
	for _, info := range list(t, store, "") {
		all = append(all, info.Key)
	}
	return all
}

func TestOpenStore(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "file"), "x")
	_, err := filestore.Open(filepath.Join(root, "none"))
	if fault.KindOf(err) != fault.NotFound {
		t.Errorf("missing folder: %v", err)
	}
	if _, err = filestore.Open(filepath.Join(root, "file")); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a file: %v", err)
	}
}

// tick gives a function that waits until the clock has moved on by which a file
// system tells when files changed: a kernel before 6.13 has ticks of up to 10 ms, which
// come late where a processor is taken away.
func tick(t *testing.T, dir string) (pause func()) {
	path := filepath.Join(dir, "clock")
	now := func() time.Time {
		t.Helper()
		write(t, path, "tick")
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.ModTime()
	}
	return func() {
		t.Helper()
		for begun := now(); !now().After(begun); {
			time.Sleep(time.Millisecond)
		}
	}
}

// A version of a dropped file is known whichever way it is rewritten.
func TestDroppedFileChanges(t *testing.T) {
	root := t.TempDir()
	store, path := open(t, root), filepath.Join(root, "logs/m/a.csv")
	seen := map[string]string{}
	check := func(how string) {
		t.Helper()
		info := list(t, store, "logs/m/")[0]
		if before, known := seen[info.ETag]; known {
			t.Errorf("%s: same ETag as after: %s", how, before)
		}
		seen[info.ETag] = how
	}
	write(t, path, "a,b\n1,2\n")
	check("first drop")
	pause := tick(t, t.TempDir())
	pause()
	write(t, path, "a,b\n1,3\n")
	check("rewritten in place with the same size")
	stamp := time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC)
	if err := os.Chtimes(path, stamp, stamp); err != nil {
		t.Fatal(err)
	}
	check("touched")
	pause()
	write(t, path, "a,b\n1,4\n")
	if err := os.Chtimes(path, stamp, stamp); err != nil {
		t.Fatal(err)
	}
	check("rewritten in place, same size, old time restored")
	write(t, path+".tmp", "a,b\n1,5\n")
	if err := os.Rename(path+".tmp", path); err != nil {
		t.Fatal(err)
	}
	check("renamed over")
	if again := list(t, store, "logs/m/")[0]; seen[again.ETag] != "renamed over" {
		t.Error("the ETag changed although the file did not")
	}
}

// Reading a file that somebody writes to ends with a Conflict instead of
// mixing two versions.
func TestGrowingFile(t *testing.T) {
	root := t.TempDir()
	store, path := open(t, root), filepath.Join(root, "a.csv")
	write(t, path, "a,b\n")
	object, err := store.Open(t.Context(), "a.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer object.Close()
	p := make([]byte, 4)
	if n, err := object.ReadAt(p, 0); n != 4 || err != nil && err != io.EOF {
		t.Fatalf("%d, %v", n, err)
	}
	write(t, path, "a,b\n1,2\n")
	if _, err := object.ReadAt(p, 0); fault.KindOf(err) != fault.Conflict || !fault.Retryable(err) {
		t.Errorf("got %v, want Conflict", err)
	}
}

func TestSymbolicLinks(t *testing.T) {
	root, elsewhere := t.TempDir(), t.TempDir()
	write(t, filepath.Join(elsewhere, "data.csv"), "x")
	write(t, filepath.Join(elsewhere, "sub/more.csv"), "y")
	if err := os.Mkdir(filepath.Join(root, "m"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{
		"m/file.csv": filepath.Join(elsewhere, "data.csv"),
		"m/folder":   elsewhere,
		"m/broken":   "nowhere",
		"m/self":     "self",
		"m/loop":     "..",
		"m/here":     ".",
	} {
		if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(elsewhere, filepath.Join(elsewhere, "sub/up")); err != nil {
		t.Fatal(err)
	}
	store := open(t, root)
	want := []string{"m/file.csv", "m/folder/data.csv", "m/folder/sub/more.csv"}
	if got := keys(t, store); !slices.Equal(got, want) {
		t.Errorf("listed %q, want %q", got, want)
	}
	if data, _, err := slurp(store, "m/file.csv"); err != nil || string(data) != "x" {
		t.Errorf("%q, %v", data, err)
	}
	for _, key := range []string{"m/broken", "m/self"} {
		_, err := store.Open(t.Context(), key)
		if kind := fault.KindOf(err); kind != fault.NotFound && kind != fault.Invalid {
			t.Errorf("open %s: %v", key, err)
		}
	}
	// Writing replaces the link and leaves what it leads to alone.
	for _, key := range []string{"m/file.csv", "m/broken"} {
		if _, err := store.Put(t.Context(), key, strings.NewReader("new"), nil); err != nil {
			t.Errorf("put %s: %v", key, err)
		}
		if data, _, err := slurp(store, key); err != nil || string(data) != "new" {
			t.Errorf("%s: %q, %v", key, data, err)
		}
	}
	if data, err := os.ReadFile(filepath.Join(elsewhere, "data.csv")); err != nil || string(data) != "x" {
		t.Errorf("the target is %q, %v", data, err)
	}
}

// Pipes, sockets and devices are not objects, and nobody waits for them.
func TestSpecialFiles(t *testing.T) {
	root := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(root, "pipe"), 0o644); err != nil {
		t.Skip("no named pipes here:", err)
	}
	store := open(t, root)
	if got := keys(t, store); len(got) > 0 {
		t.Errorf("listed %q", got)
	}
	done := make(chan error, 1)
	go func() {
		_, err := store.Open(context.Background(), "pipe")
		done <- err
	}()
	select {
	case err := <-done:
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("open: %v", err)
		}
	case <-time.After(2 * time.Minute):
		t.Error("open waits for a writer")
	}
}

func TestObjectsAndFolders(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "a/b"), "x")
	store := open(t, root)
	for _, options := range []*state.PutOptions{nil, {IfAbsent: true}, {IfMatch: "x"}} {
		_, err := store.Put(t.Context(), "a", strings.NewReader("x"), options)
		if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.Conflict {
			t.Errorf("an object in place of a folder: %v", err)
		}
		_, err = store.Put(t.Context(), "a/b/c", strings.NewReader("x"), options)
		if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.Conflict {
			t.Errorf("an object below an object: %v", err)
		}
	}
	_, err := store.Open(t.Context(), ".leeway/tmp")
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("open of a private name: %v", err)
	}
	if got := keys(t, store); !slices.Equal(got, []string{"a/b"}) {
		t.Errorf("listed %q", got)
	}
}

// An error of the file system is one line that says what to do.
func TestErrorsAreForPeople(t *testing.T) {
	_, err := open(t, t.TempDir()).Open(t.Context(), "logs/m/none.csv")
	if got, want := err.Error(), "logs/m/none.csv: no such file or directory"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	var f *fault.Error
	if !errors.As(err, &f) || f.Op != "open" {
		t.Errorf("%#v", err)
	}
}
