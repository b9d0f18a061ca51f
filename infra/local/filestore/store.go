package filestore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"leeway/core/fault"
	"leeway/core/state"
)

// Store is a folder as a bucket.
type Store struct {
	root string
	durable

	mu    sync.Mutex
	owner string    // begins the names of this process's temporary files
	swept time.Time // when leftovers were last looked for
}

var (
	_ state.Store   = (*Store)(nil)
	_ state.Folders = (*Store)(nil)
	_ state.Busy    = (*Store)(nil)
)

// private is the folder below the root that belongs to the store; names that
// begin with it and a dash are temporary files on other file systems.
const private = ".leeway"

// Open gives the folder root as a store. The folder must exist.
func Open(root string) (*Store, error) {
	absolute, err := filepath.Abs(root)
	if err != nil {
		return nil, &fault.Error{Kind: fault.Invalid, Op: "open bucket", Object: root, Err: err}
	}
	info, err := os.Stat(absolute)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &fault.Error{Kind: fault.NotFound, Op: "open bucket", Object: root, Err: errors.New("no such folder"), Hint: "create it, or name another one"}
	case err != nil:
		return nil, problem("open bucket", root, err)
	case !info.IsDir():
		return nil, &fault.Error{Kind: fault.Invalid, Op: "open bucket", Object: root, Err: errors.New("is not a folder"), Hint: "name the folder that holds logs/"}
	}
	return &Store{root: absolute}, nil
}

// String names the driver and the folder.
func (s *Store) String() string { return "filestore " + s.root }

// path is where the object of a key lies.
func (s *Store) path(key string) (string, error) {
	if err := state.CheckKey(key); err != nil {
		return "", err
	}
	for segment := range strings.SplitSeq(key, "/") {
		if ours(segment) {
			return "", &fault.Error{Kind: fault.Invalid, Op: "check key", Object: key, Err: fmt.Errorf("names with %s are taken by the store", private), Hint: "use another name"}
		}
	}
	return filepath.Join(s.root, filepath.FromSlash(key)), nil
}

func ours(name string) bool { return name == private || strings.HasPrefix(name, private+"-") }

// Open opens an object for reading.
func (s *Store) Open(ctx context.Context, key string) (state.Object, error) {
	path, err := s.path(key)
	if err != nil {
		return nil, err
	}
	if err := alive(ctx, "open", key); err != nil {
		return nil, err
	}
	// Not blocking, so that a named pipe is refused instead of waited for.
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, problem("open", key, err)
	}
	info, err := file.Stat()
	switch {
	case err != nil:
		err = problem("open", key, err)
	case info.IsDir():
		err = &fault.Error{Kind: fault.NotFound, Op: "open", Object: key, Err: errors.New("is a folder")}
	case !info.Mode().IsRegular():
		err = &fault.Error{Kind: fault.Invalid, Op: "open", Object: key, Err: errors.New("is not a regular file"), Hint: "replace it with one"}
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &object{file, describe(key, info)}, nil
}

// Delete removes an object.
func (s *Store) Delete(ctx context.Context, key string) error {
	path, err := s.path(key)
	if err != nil {
		return err
	}
	if err := alive(ctx, "delete", key); err != nil {
		return err
	}
	switch err := syscall.Unlink(path); {
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR):
		return nil
	case errors.Is(err, syscall.EISDIR) || errors.Is(err, syscall.EPERM) && isDir(path):
		return nil // a folder is no object
	case err != nil:
		return problem("delete", key, err)
	}
	return problem("delete", key, s.sync(filepath.Dir(path)))
}

func isDir(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.IsDir()
}

// object is an open file.
type object struct {
	file *os.File
	info state.Info
}

func (o *object) Info() state.Info { return o.info }

func (o *object) Close() error { return problem("close", o.info.Key, o.file.Close()) }

// ReadAt reads from the version that was opened. A file that is changed in
// place has no versions: it is an error of kind Conflict then.
func (o *object) ReadAt(p []byte, offset int64) (int, error) {
	n, err := o.file.ReadAt(p, offset)
	if info, failed := o.file.Stat(); failed == nil && (info.Size() != o.info.Size || !info.ModTime().Equal(o.info.Modified)) {
		return 0, &fault.Error{Kind: fault.Conflict, Op: "read", Object: o.info.Key, Err: errors.New("is being changed while it is read"), Hint: "it is read again once it is whole; write to a name that ends in .tmp and rename"}
	}
	var known *fs.PathError
	if errors.As(err, &known) {
		err = problem("read", o.info.Key, err)
	}
	return n, err
}

func describe(key string, info fs.FileInfo) state.Info {
	return state.Info{Key: key, Size: info.Size(), ETag: identity(info), Modified: info.ModTime().UTC()}
}

// join writes numbers in hexadecimal with dashes between them.
func join(numbers ...uint64) string {
	text := make([]byte, 0, 64)
	for i, n := range numbers {
		if i > 0 {
			text = append(text, '-')
		}
		text = strconv.AppendUint(text, n, 16)
	}
	return string(text)
}

// alive is the error of a context that has ended.
func alive(ctx context.Context, op, key string) error {
	if err := ctx.Err(); err != nil {
		return &fault.Error{Kind: fault.Unavailable, Op: op, Object: key, Err: err}
	}
	return nil
}

// problem gives an error of the file system its kind.
func problem(op, key string, err error) error {
	if err == nil {
		return nil
	}
	var known *fault.Error
	if errors.As(err, &known) {
		return err
	}
	f := &fault.Error{Kind: fault.Unavailable, Op: op, Object: key, Err: cause(err)}
	is := func(targets ...error) bool {
		for _, target := range targets {
			if errors.Is(err, target) {
				return true
			}
		}
		return false
	}
	switch {
	case is(fs.ErrNotExist, syscall.ENOTDIR):
		f.Kind = fault.NotFound
	case is(syscall.EROFS):
		f.Kind, f.Hint = fault.Denied, "the file system is read-only: mount it writable or name another bucket for the state"
	case is(fs.ErrPermission):
		f.Kind, f.Hint = fault.Denied, "give the user that runs leeway permission for it"
	case is(syscall.ENOSPC, syscall.EDQUOT):
		f.Kind, f.Hint = fault.Exhausted, "free some space; nothing is lost and the next run goes on"
	case is(syscall.EMFILE, syscall.ENFILE):
		f.Kind, f.Hint = fault.Exhausted, "raise the limit of open files (ulimit -n)"
	case is(syscall.ENOMEM, syscall.EFBIG):
		f.Kind = fault.Exhausted
	case is(syscall.ENAMETOOLONG, syscall.EISDIR, syscall.ELOOP, syscall.EILSEQ):
		f.Kind = fault.Invalid
	}
	return f
}

// cause is what the system said, without the path: the error names the key.
func cause(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
