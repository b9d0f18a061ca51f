package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFullDisk runs on a file system that is too small: the command says so
// and what to do; when there is space again it goes on as if nothing had been.
func TestFullDisk(t *testing.T) {
	usual := fill(t, t.TempDir())
	mustRun(t, usual)
	bucket := t.TempDir()
	if err := syscall.Mount("tmpfs", bucket, "tmpfs", 0, "size=16m"); err != nil {
		t.Skip("a small file system cannot be mounted here (it takes root):", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(bucket, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	fill(t, bucket)
	for _, spare := range []int64{0, 20 << 10, 100 << 10} {
		ballast := leave(t, bucket, spare)
		command, said := leeway("run", "--bucket", bucket)
		err := command.Run()
		if ending := ended(err); ending != 1 || !strings.Contains(said.String(), "free some space") {
			t.Errorf("%d bytes free: exit code %d, %s", spare, ending, said)
		}
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
	}
	mustRun(t, bucket)
	wantSame(t, "after the disk was full", stored(t, usual), stored(t, bucket))
}

// leave fills the file system but for some bytes.
func leave(t *testing.T, dir string, spare int64) string {
	t.Helper()
	path := filepath.Join(dir, "ballast")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for block := make([]byte, 4096); ; {
		if _, err := file.Write(block); err != nil {
			break
		}
	}
	size, err := file.Seek(0, 1)
	if err == nil {
		err = file.Truncate(max(size-spare, 0))
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func ended(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return 0
}

// TestNoPermission runs as somebody who may read the logs but not write, and
// then as somebody who may not read one of them.
func TestNoPermission(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("takes root, to become somebody else")
	}
	binary := forEverybody(t)
	bucket := fill(t, t.TempDir())
	asNobody := func() (int, string) {
		command := exec.Command(binary, "run", "--bucket", bucket)
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		said, err := command.CombinedOutput()
		return ended(err), string(said)
	}
	readable(t, bucket)
	if code, said := asNobody(); code != 1 || !strings.Contains(said, "permission") {
		t.Errorf("may not write: exit code %d, %s", code, said)
	}
	open(t, bucket, 0o777)
	secret := filepath.Join(bucket, "logs/m/day-2.csv")
	open(t, secret, 0o600)
	code, said := asNobody()
	if code == 0 || !strings.Contains(said, "logs/m/day-2.csv") || !strings.Contains(said, "permission") {
		t.Errorf("may not read a file: exit code %d, %s", code, said)
	}
	want := everyDay()
	delete(want, "02")
	wantRows(t, bucket, want) // the others are not held up
	if records, err := filepath.Glob(filepath.Join(bucket, "quarantine/denied/m/*.json")); err != nil || len(records) != 1 {
		t.Errorf("quarantine records %q, %v", records, err)
	}
	open(t, secret, 0o644)
	if code, said = asNobody(); code == 1 && strings.Contains(said, "permission") {
		t.Errorf("with permission: exit code %d, %s", code, said)
	}
	wantRows(t, bucket, everyDay())
	if records, err := filepath.Glob(filepath.Join(bucket, "quarantine/denied/m/*.json")); err != nil || len(records) > 0 {
		t.Errorf("quarantine records %q, %v", records, err)
	}
}

// readable lets everybody read a folder and what is below it, whatever the umask is.
func readable(t *testing.T, dir string) {
	t.Helper()
	open(t, filepath.Dir(dir), 0o755)
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			return os.Chmod(path, 0o755)
		}
		return os.Chmod(path, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// forEverybody copies the command to where other users may run it.
func forEverybody(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	open(t, filepath.Dir(dir), 0o755)
	binary := filepath.Join(dir, "leeway") // the name makes the test binary the command
	if err := os.WriteFile(binary, data, 0o755); err != nil {
		t.Fatal(err)
	}
	open(t, dir, 0o755)
	open(t, binary, 0o755)
	return binary
}
