package filestore_test

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"leeway/core/fault"
	"leeway/core/state"
	"leeway/core/state/storetest"
)

// mount gives a small file system of its own below dir.
func mount(t *testing.T, dir, options string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Skip("a small file system cannot be mounted here (it takes root):", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
}

func TestStoreOnTmpfs(t *testing.T) {
	storetest.Run(t, func(t *testing.T) state.Store {
		dir := t.TempDir()
		mount(t, dir, "size=256m")
		return open(t, dir)
	}, &storetest.Options{Big: 8 << 20})
}

// TestFullDisk fills a file system: what was there stays as it was, the error
// says what to do, and when there is space again everything goes on.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	mount(t, dir, "size=512k")
	store := open(t, dir)
	etag := ""
	for _, key := range []string{"old", "swapped"} {
		info, err := store.Put(t.Context(), key, strings.NewReader("as it was"), nil)
		if err != nil {
			t.Fatal(err)
		}
		etag = info.ETag
	}
	big := bytes.Repeat([]byte("x"), 1<<20)
	for key, options := range map[string]*state.PutOptions{"old": nil, "new": {IfAbsent: true}, "swapped": {IfMatch: etag}} {
		_, err := store.Put(t.Context(), key, bytes.NewReader(big), options)
		if fault.KindOf(err) != fault.Exhausted || !strings.Contains(err.Error(), "free some space") {
			t.Errorf("put %s: %v", key, err)
		}
	}
	if got := keys(t, store); !slices.Equal(got, []string{"old", "swapped"}) {
		t.Errorf("listed %q", got)
	}
	if left, err := os.ReadDir(filepath.Join(dir, ".leeway/tmp")); err != nil || len(left) > 0 {
		t.Errorf("left in tmp: %v, %v", left, err)
	}
	fill(t, filepath.Join(dir, "ballast"))
	if _, err := store.Put(t.Context(), "old", strings.NewReader(strings.Repeat("y", 9000)), nil); fault.KindOf(err) != fault.Exhausted {
		t.Errorf("put on a full disk: %v", err)
	}
	for _, key := range []string{"old", "swapped"} {
		if data, _, err := slurp(store, key); err != nil || string(data) != "as it was" {
			t.Errorf("%s: %q, %v", key, data, err)
		}
	}
	if err := os.Remove(filepath.Join(dir, "ballast")); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Put(t.Context(), "swapped", strings.NewReader("goes on"), &state.PutOptions{IfMatch: etag}); err != nil {
		t.Errorf("put with space again: %v", err)
	}
}

// fill writes until nothing more fits.
func fill(t *testing.T, path string) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for {
		if _, err := file.Write(make([]byte, 4096)); err != nil {
			return
		}
	}
}

func TestReadOnlyFileSystem(t *testing.T) {
	dir := t.TempDir()
	mount(t, dir, "size=1m")
	write(t, filepath.Join(dir, "logs/m/a.csv"), "a\n1\n")
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skip("cannot remount read-only:", err)
	}
	readable(t, dir)
}

// TestDenied takes permission away for real: the thread goes on as nobody.
func TestDenied(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("takes root, to become somebody else")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "logs/m/a.csv"), "a\n1\n")
	write(t, filepath.Join(dir, "logs/m2/secret.csv"), "s\n")
	for path, mode := range map[string]os.FileMode{ // whatever the umask is
		filepath.Dir(dir): 0o755, dir: 0o755, filepath.Join(dir, "logs"): 0o755, filepath.Join(dir, "logs/m"): 0o755, filepath.Join(dir, "logs/m/a.csv"): 0o644,
		filepath.Join(dir, "logs/m2"): 0o755, filepath.Join(dir, "logs/m2/secret.csv"): 0o600,
	} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	asNobody(t, func() {
		readable(t, dir)
		store := open(t, dir)
		_, err := store.Open(t.Context(), "logs/m2/secret.csv")
		if fault.KindOf(err) != fault.Denied || !strings.Contains(err.Error(), "permission") {
			t.Errorf("open: %v", err)
		}
		if got := keys(t, store); !slices.Equal(got, []string{"logs/m/a.csv", "logs/m2/secret.csv"}) {
			t.Errorf("listed %q", got)
		}
	})
}

// asNobody runs a function on a thread that has given up the rights of root
// for files. The thread ends with it.
func asNobody(t *testing.T, run func()) {
	t.Helper()
	able := make(chan bool, 1)
	var done sync.WaitGroup
	done.Go(func() {
		runtime.LockOSThread()
		const nobody = 65534
		for _, call := range []uintptr{syscall.SYS_SETFSGID, syscall.SYS_SETFSUID} {
			syscall.RawSyscall(call, nobody, 0, 0)
		}
		now, _, _ := syscall.RawSyscall(syscall.SYS_SETFSUID, nobody, 0, 0)
		able <- now == nobody
		if now == nobody {
			run()
		}
	})
	done.Wait()
	if !<-able {
		t.Skip("cannot become nobody here")
	}
}

// readable checks a folder that holds logs/m/a.csv and cannot be written to.
func readable(t *testing.T, dir string) {
	t.Helper()
	store := open(t, dir)
	if data, _, err := slurp(store, "logs/m/a.csv"); err != nil || string(data) != "a\n1\n" {
		t.Errorf("%q, %v", data, err)
	}
	if got := list(t, store, "logs/m/"); len(got) != 1 {
		t.Errorf("listed %v", got)
	}
	for _, options := range []*state.PutOptions{nil, {IfAbsent: true}} {
		_, err := store.Put(t.Context(), "state/x", strings.NewReader("x"), options)
		if fault.KindOf(err) != fault.Denied || !strings.Contains(err.Error(), ": ") {
			t.Errorf("put: %v", err)
		}
	}
	if err := store.Delete(t.Context(), "logs/m/a.csv"); fault.KindOf(err) != fault.Denied {
		t.Errorf("delete: %v", err)
	}
}

// TestOtherFileSystemBelow has a folder of the bucket on another file system,
// by a mount and by a symbolic link: names cannot be moved between them.
func TestOtherFileSystemBelow(t *testing.T) {
	root, other := t.TempDir(), t.TempDir()
	mount(t, other, "size=4m")
	if err := os.Symlink(other, filepath.Join(root, "state")); err != nil {
		t.Fatal(err)
	}
	store := open(t, root)
	info, err := store.Put(t.Context(), "state/m/k", strings.NewReader("one"), &state.PutOptions{IfAbsent: true})
	if err != nil {
		t.Fatal(err)
	}
	if info, err = store.Put(t.Context(), "state/m/k", strings.NewReader("two"), &state.PutOptions{IfMatch: info.ETag}); err != nil {
		t.Fatal(err)
	}
	if _, err = store.Put(t.Context(), "state/m/k", strings.NewReader("three"), nil); err != nil {
		t.Fatal(err)
	}
	if _, err = store.Put(t.Context(), "state/m/k", strings.NewReader("four"), &state.PutOptions{IfMatch: info.ETag}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("got %v, want Conflict", err)
	}
	if data, _, err := slurp(store, "state/m/k"); err != nil || string(data) != "three" {
		t.Errorf("%q, %v", data, err)
	}
	if left, err := os.ReadDir(filepath.Join(other, "m")); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
