package filestore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"leeway/core/fault"
	"leeway/core/state"
)

// Put writes an object.
func (s *Store) Put(ctx context.Context, key string, body io.Reader, options *state.PutOptions) (state.Info, error) {
	path, err := s.path(key)
	if err != nil {
		return state.Info{}, err
	}
	if err := alive(ctx, "put", key); err != nil {
		return state.Info{}, err
	}
	if options == nil {
		options = &state.PutOptions{}
	}
	if err := early(key, path, options); err != nil {
		return state.Info{}, err
	}
	t, err := s.write(ctx, key, body, !options.Fleeting)
	if err != nil {
		return state.Info{}, putProblem(key, err)
	}
	info, err := s.publish(ctx, t, key, path, options)
	if failed := errors.Join(t.discard(), t.file.Close()); err == nil {
		err = failed
	}
	return info, putProblem(key, err)
}

// putProblem knows that nothing can be missing when writing but the bucket.
func putProblem(key string, err error) error {
	var link *os.LinkError
	if errors.As(err, &link) && (errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOTSUP) || errors.Is(err, syscall.ENOSYS)) {
		return &fault.Error{Kind: fault.Invalid, Op: "put", Object: key, Err: errors.New("the file system has no hard or symbolic links"), Hint: "name a bucket for the state that lies on another file system"}
	}
	var known *fault.Error
	if !errors.As(err, &known) && errors.Is(err, fs.ErrNotExist) {
		return &fault.Error{Kind: fault.Unavailable, Op: "put", Object: key, Err: cause(err), Hint: "was the bucket's folder removed meanwhile?"}
	}
	return fault.In(key, problem("put", key, err))
}

// early spares writing the body when the precondition does not hold anyway.
func early(key, path string, options *state.PutOptions) error {
	now, err := version(path)
	switch {
	case options.IfAbsent && err == nil:
		return conflict(key, "exists already")
	case options.IfMatch != "" && (err != nil || now != options.IfMatch):
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return problem("put", key, err)
		}
		return conflict(key, "has changed")
	}
	return nil
}

func conflict(key, what string) error {
	return &fault.Error{Kind: fault.Conflict, Op: "put", Object: key, Err: errors.New("the object " + what)}
}

// publish gives the temporary file its name.
func (s *Store) publish(ctx context.Context, t *temporary, key, path string, options *state.PutOptions) (state.Info, error) {
	dir := filepath.Dir(path)
	if err := s.makeDirs(dir); err != nil {
		if errors.Is(err, syscall.ENOTDIR) || errors.Is(err, fs.ErrExist) {
			return state.Info{}, &fault.Error{Kind: fault.Invalid, Op: "put", Object: key, Err: errors.New("a part of the path is an object"), Hint: "use another key"}
		}
		return state.Info{}, err
	}
	var err error
	switch {
	case options.IfAbsent:
		err = t.create(key, path)
	case options.IfMatch != "":
		err = s.swap(t, key, path, options.IfMatch)
	default:
		err = s.overwrite(ctx, t, key, path)
	}
	if err != nil {
		return state.Info{}, err
	}
	if err := t.discard(); err != nil { // a link less changes the version
		return state.Info{}, err
	}
	info, err := t.file.Stat()
	if err != nil {
		return state.Info{}, err
	}
	if options.Fleeting {
		return describe(key, info), nil
	}
	return describe(key, info), s.syncNames(dir)
}

// overwrite creates the object or swaps whatever version is there. Each time
// that it has to try again somebody else got ahead.
func (s *Store) overwrite(ctx context.Context, t *temporary, key, path string) error {
	for {
		err := t.create(key, path)
		if fault.KindOf(err) != fault.Conflict {
			return err
		}
		now, err := version(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		err = s.swap(t, key, path, now)
		if fault.KindOf(err) != fault.Conflict {
			return err
		}
		if err := alive(ctx, "put", key); err != nil {
			return err
		}
	}
}

// swap replaces exactly the version etag of an object; see the package comment.
func (s *Store) swap(t *temporary, key, path, etag string) error {
	for try := 0; ; try++ {
		if err := t.near(path); err != nil {
			return err
		}
		err := os.Symlink(t.name, s.mark(key, etag, try))
		if errors.Is(err, fs.ErrExist) {
			if over, err := s.assist(key, path, etag, try); over || err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		return s.finish(t, key, path, etag, try)
	}
}

// finish is the winner's second step.
func (s *Store) finish(t *temporary, key, path, etag string, try int) error {
	now, err := version(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err != nil || now != etag {
		// etag was of an earlier version. The mark points here for good, so
		// that the file must take another name before it is used again.
		if renamed, err := t.rename(); err != nil || renamed {
			return errors.Join(conflict(key, "has changed"), err)
		}
		return nil // somebody else did the rename
	}
	err = os.Rename(t.path(), path)
	if _, failed := os.Lstat(t.path()); !errors.Is(err, fs.ErrNotExist) || failed == nil {
		return err
	}
	// Somebody did it for us, unless the file was swept away as a leftover;
	// then it counts whether others have passed us over.
	if now, err := version(path); err == nil && now == etag {
		return &fault.Error{Kind: fault.Unavailable, Op: "put", Object: key, Err: errors.New("the temporary file is gone")}
	}
	if _, err := os.Lstat(s.mark(key, etag, try+1)); err == nil {
		return conflict(key, "has changed")
	}
	return nil
}

// assist does the second step for the one that won version etag, who may be
// dead. over: the version is history, which ends the caller's swap.
func (s *Store) assist(key, path, etag string, try int) (over bool, err error) {
	winner, err := os.Readlink(s.mark(key, etag, try))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return true, err
	}
	now, failed := version(path)
	if failed != nil || now != etag {
		return true, conflict(key, "has changed")
	}
	if err != nil { // the mark was swept just now
		return false, nil
	}
	err = os.Rename(filepath.Join(s.root, winner), path)
	if err == nil {
		return true, errors.Join(conflict(key, "has changed"), s.syncNames(filepath.Dir(path)))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return true, err
	}
	if now, failed = version(path); failed != nil || now != etag {
		return true, conflict(key, "has changed")
	}
	return false, nil
}

// mark is the name of the link that decides who swaps a version.
func (s *Store) mark(key, etag string, try int) string {
	sum := sha256.Sum256([]byte(key + "\x00" + etag))
	return filepath.Join(s.root, private, "swap", hex.EncodeToString(sum[:16])+"-"+strconv.Itoa(try))
}

// version is the ETag of what has the name now, be it a link to nowhere.
func version(path string) (string, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		info, err = os.Lstat(path)
	}
	if err != nil {
		if errors.Is(err, syscall.ENOTDIR) {
			err = fs.ErrNotExist
		}
		return "", err
	}
	if info.IsDir() {
		return "", &fault.Error{Kind: fault.Invalid, Op: "put", Err: errors.New("is a folder"), Hint: "use another key"}
	}
	return identity(info), nil
}
