package filestore

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"leeway/core/fault"
	"leeway/core/state"
)

// List yields objects in ascending byte order of their keys. Symbolic links
// are followed, except into a folder that contains them.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[state.Info, error] {
	return func(yield func(state.Info, error) bool) {
		folder := prefix[:strings.LastIndexByte(prefix, '/')+1]
		if folder != "" {
			if _, err := s.path(strings.TrimSuffix(folder, "/")); err != nil {
				return // no object has such a key
			}
		}
		if err := s.present(); err != nil {
			yield(state.Info{}, err)
			return
		}
		w := &walk{ctx: ctx, store: s, prefix: prefix, yield: yield}
		w.folder(folder)
	}
}

// present makes sure that the root is there: a disk that is no longer mounted
// must not look like an empty bucket.
func (s *Store) present() error {
	if _, err := os.Stat(s.root); err != nil {
		return &fault.Error{Kind: fault.Unavailable, Op: "list", Object: s.root, Err: errors.New("the bucket's folder is gone"), Hint: "is its disk mounted?"}
	}
	return nil
}

// Folders names the folders below prefix that hold an object.
func (s *Store) Folders(ctx context.Context, prefix string) ([]string, error) {
	if err := s.present(); err != nil {
		return nil, err
	}
	dir := s.root
	if prefix != "" {
		path, err := s.path(strings.TrimSuffix(prefix, "/"))
		if err != nil {
			return nil, err
		}
		dir = path
	}
	entries, err := readDir(dir)
	if err != nil {
		return nil, problem("list", prefix, err)
	}
	var names []string
	for _, entry := range entries {
		if !entry.info.IsDir() {
			continue
		}
		for _, err := range s.List(ctx, prefix+entry.name+"/") {
			if err != nil {
				return nil, err
			}
			names = append(names, entry.name)
			break
		}
	}
	slices.Sort(names)
	return names, nil
}

type walk struct {
	ctx    context.Context
	store  *Store
	prefix string
	yield  func(state.Info, error) bool
	above  []fs.FileInfo // the folders that the walk is in
}

// folder yields what lies below a folder ("" or ending in a slash); false ends
// the walk.
func (w *walk) folder(folder string) bool {
	dir := filepath.Join(w.store.root, filepath.FromSlash(folder))
	self, err := os.Stat(dir)
	if absent(err) || err == nil && slices.ContainsFunc(w.above, func(f fs.FileInfo) bool { return os.SameFile(f, self) }) {
		return true
	}
	var entries []entry
	if err == nil {
		entries, err = readDir(dir)
	}
	if err != nil {
		w.yield(state.Info{}, problem("list", strings.TrimSuffix(folder, "/"), err))
		return false
	}
	w.above = append(w.above, self)
	defer func() { w.above = w.above[:len(w.above)-1] }()
	for _, entry := range entries {
		if !w.entry(folder+entry.name, entry.info) {
			return false
		}
	}
	return true
}

func (w *walk) entry(key string, info fs.FileInfo) bool {
	if info.IsDir() {
		below := key + "/"
		if len(below) >= state.MaxKey || !strings.HasPrefix(below, w.prefix) && !strings.HasPrefix(w.prefix, below) {
			return true
		}
		return w.folder(below)
	}
	if !info.Mode().IsRegular() || len(key) > state.MaxKey || !strings.HasPrefix(key, w.prefix) {
		return true
	}
	if err := alive(w.ctx, "list", w.prefix); err != nil {
		w.yield(state.Info{}, err)
		return false
	}
	return w.yield(describe(key, info), nil)
}

type entry struct {
	name string
	info fs.FileInfo // of what a symbolic link leads to
}

// readDir lists a folder in the order of the keys below it: a folder sorts as
// if its name ended in a slash. What vanishes meanwhile is left out, and so
// are links to nowhere. A folder that is not there is empty.
func readDir(dir string) ([]entry, error) {
	listed, err := os.ReadDir(dir)
	if absent(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	entries := make([]entry, 0, len(listed))
	for _, one := range listed {
		if ours(one.Name()) {
			continue
		}
		info, err := one.Info()
		if err == nil && one.Type()&fs.ModeSymlink != 0 {
			info, err = os.Stat(filepath.Join(dir, one.Name()))
		}
		if absent(err) || errors.Is(err, syscall.ELOOP) {
			continue
		}
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry{one.Name(), info})
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.sortName(), b.sortName()) })
	return entries, nil
}

func (e entry) sortName() string {
	if e.info.IsDir() {
		return e.name + "/"
	}
	return e.name
}

func absent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}
