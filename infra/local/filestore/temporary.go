package filestore

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// temporary is a file without a key yet.
type temporary struct {
	store *Store
	file  *os.File
	name  string // relative to the root; never used twice
	gone  bool
	lasts bool // it has to outlast a power cut
}

func (t *temporary) path() string { return filepath.Join(t.store.root, t.name) }

// write fills a temporary file with the body, and makes it durable if it lasts.
func (s *Store) write(ctx context.Context, key string, body io.Reader, lasts bool) (*temporary, error) {
	t, err := s.temporary()
	if err != nil {
		return nil, err
	}
	t.lasts = lasts
	source := &source{ctx: ctx, body: body, key: key}
	_, err = io.Copy(t.file, source)
	if source.err != nil {
		err = source.err
	}
	if err == nil {
		err = t.settle()
	}
	if err != nil {
		_ = errors.Join(t.discard(), t.file.Close()) // err says more
		return nil, err
	}
	return t, nil
}

// temporary makes an empty temporary file, if need be in new private folders:
// somebody may have removed them.
func (s *Store) temporary() (*temporary, error) {
	for try := 0; ; try++ {
		owner, err := s.prepare(try > 0)
		if err != nil {
			return nil, err
		}
		t := &temporary{store: s, name: filepath.Join(private, "tmp", owner+rand.Text())}
		t.file, err = create(t.path())
		if err == nil {
			return t, nil
		}
		if try > 0 || !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
}

func create(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
}

// settle gives the file a modification time of its own, by which its version
// is known, and syncs it if it has to last.
func (t *temporary) settle() error {
	now := time.Now()
	if err := os.Chtimes(t.path(), now, now); err != nil {
		return err
	}
	if !t.lasts {
		return nil
	}
	return t.file.Sync()
}

// create gives the file the object's name if nothing has it.
func (t *temporary) create(key, path string) error {
	if err := t.near(path); err != nil {
		return err
	}
	err := os.Link(t.path(), path)
	if errors.Is(err, fs.ErrExist) {
		return conflict(key, "exists already")
	}
	return err
}

// near moves the file to the object's file system if that is another one: a
// mount or a symbolic link somewhere below the root.
func (t *temporary) near(path string) error {
	folder, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return err
	}
	own, err := t.file.Stat()
	if err != nil || device(own) == device(folder) {
		return err
	}
	relative, err := filepath.Rel(t.store.root, filepath.Dir(path))
	if err != nil {
		return err
	}
	t.store.sweepFiles(filepath.Dir(path), time.Now())
	name := filepath.Join(relative, private+"-"+filepath.Base(t.name))
	file, err := create(filepath.Join(t.store.root, name))
	if err != nil {
		return err
	}
	moved := &temporary{store: t.store, file: file, name: name, lasts: t.lasts}
	_, err = io.Copy(file, io.NewSectionReader(t.file, 0, own.Size()))
	if err == nil {
		err = moved.settle()
	}
	if err != nil {
		_ = errors.Join(moved.discard(), file.Close()) // err says more
		return err
	}
	err = errors.Join(t.discard(), t.file.Close())
	*t = *moved
	return err
}

// rename gives the file a fresh name; false if it is not there any more.
func (t *temporary) rename() (bool, error) {
	fresh := filepath.Join(filepath.Dir(t.name), t.fresh())
	err := os.Rename(t.path(), filepath.Join(t.store.root, fresh))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err == nil {
		t.name = fresh
	}
	return err == nil, err
}

// fresh keeps the beginning of the name, which says whose file it is.
func (t *temporary) fresh() string {
	base := filepath.Base(t.name)
	return base[:strings.LastIndexByte(base, '-')+1] + rand.Text()
}

// discard removes the temporary name; the file goes with it unless it has
// become an object. It may be called again.
func (t *temporary) discard() error {
	if t.gone {
		return nil
	}
	t.gone = true
	err := os.Remove(t.path())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// source reads a body until its context ends and keeps its error apart from
// errors of the file that it goes to.
type source struct {
	ctx  context.Context
	body io.Reader
	key  string
	err  error
}

func (s *source) Read(p []byte) (int, error) {
	if s.err = alive(s.ctx, "put", s.key); s.err != nil {
		return 0, s.err
	}
	n, err := s.body.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

const (
	sweepEvery = time.Hour
	abandoned  = 24 * time.Hour // of what nobody on this machine owns
)

// prepare makes the private folders and looks for leftovers now and then. It
// gives what this process's temporary files begin with.
func (s *Store) prepare(again bool) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if !again && s.owner != "" && now.Sub(s.swept).Abs() < sweepEvery {
		return s.owner, nil
	}
	for _, name := range []string{"tmp", "swap"} {
		if err := s.makeDirs(filepath.Join(s.root, private, name)); err != nil {
			return "", err
		}
	}
	s.owner = fmt.Sprintf("%s-%d-", machine(), os.Getpid())
	s.swept = now
	s.sweepFiles(filepath.Join(s.root, private, "tmp"), now)
	s.sweepMarks(now)
	return s.owner, nil
}

// machine names where a process number means something: the host since it
// was started, and the container.
func machine() string {
	host, _ := os.Hostname() // "" is a name like any other
	boot, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	container, _ := os.Readlink("/proc/self/ns/pid")
	sum := sha256.Sum256([]byte(host + "\x00" + string(boot) + "\x00" + container))
	return hex.EncodeToString(sum[:6])
}

// sweepFiles removes the temporary files of dead processes. What cannot be
// removed is left for the next time.
func (s *Store) sweepFiles(dir string, now time.Time) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	private := dir == filepath.Join(s.root, private, "tmp")
	for _, entry := range entries {
		if !private && !ours(entry.Name()) {
			continue
		}
		if info, err := entry.Info(); err == nil && leftover(entry.Name(), info, now) {
			_ = os.Remove(filepath.Join(dir, entry.Name()))
		}
	}
}

// leftover tells whether nobody can still be using a temporary file.
func leftover(name string, info fs.FileInfo, now time.Time) bool {
	parts := strings.Split(strings.TrimPrefix(name, private+"-"), "-")
	if len(parts) == 3 && parts[0] == machine() {
		if pid, err := strconv.Atoi(parts[1]); err == nil && !running(pid) {
			return true
		}
	}
	return now.Sub(info.ModTime()) > abandoned
}

// sweepMarks removes the marks of swaps that were over long ago: nobody who
// still believes in such an old version can be about to swap it.
func (s *Store) sweepMarks(now time.Time) {
	dir := filepath.Join(s.root, private, "swap")
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		info, err := entry.Info()
		if err != nil || now.Sub(info.ModTime()) <= abandoned {
			continue
		}
		winner, err := os.Readlink(path)
		if err != nil {
			continue
		}
		if _, err := os.Lstat(filepath.Join(s.root, winner)); errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
			_ = os.Remove(path)
		}
	}
}
