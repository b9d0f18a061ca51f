package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/report"
	"leeway/core/state"
)

// input is one file that a PATH stands for; "-" is standard input.
type input struct {
	name   string
	source format.Source
	closer io.Closer
}

// expand turns PATHs into the names of files: a file, a folder (read
// recursively, without what [state.IsData] leaves out of a bucket as well), a
// glob, or "-". A file that is named itself is read whatever its name. The order
// is sorted per PATH, so that the same arguments mean the same files in the same
// order.
func expand(paths []string) ([]string, error) {
	var names []string
	known := map[string]bool{}
	for _, path := range paths {
		found, err := expandOne(path)
		if err != nil {
			return nil, err
		}
		for _, name := range found {
			if real := realName(name); !known[real] {
				known[real] = true
				names = append(names, name)
			}
		}
	}
	return names, nil
}

// realName is one name of a file, however it is spelt and linked to.
func realName(name string) string {
	if name == "-" {
		return name
	}
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	if real, err := filepath.Abs(name); err == nil {
		name = real
	}
	return filepath.Clean(name)
}

// spare refuses to write over what is read.
func spare(out string, names []string) error {
	if out == "" || out == "-" {
		return nil
	}
	for _, name := range names {
		if name != "-" && realName(name) == realName(out) {
			return usage{fmt.Sprintf("--out %s would overwrite data that is read: give another name", out)}
		}
	}
	return nil
}

func expandOne(path string) ([]string, error) {
	switch path {
	case "-":
		return []string{path}, nil
	case "":
		return nil, usage{"a PATH is empty: give a file, a folder, a glob or -"}
	}
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() {
		return []string{path}, nil
	}
	if err == nil {
		return walk(path)
	}
	if !errors.Is(err, fs.ErrNotExist) || !strings.ContainsAny(path, "*?[") {
		return nil, pathError(path, err)
	}
	found, err := filepath.Glob(path)
	if err != nil || len(found) == 0 {
		return nil, &fault.Error{Kind: fault.NotFound, Object: path, Err: errors.New("no file matches"), Hint: "check the pattern"}
	}
	var names []string
	for _, name := range found {
		more, err := expandOne(name)
		if err != nil {
			return nil, err
		}
		names = append(names, more...)
	}
	return names, nil
}

func walk(folder string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return pathError(path, err)
		}
		switch {
		case entry.IsDir() && path != folder && !state.IsData(entry.Name()+"/file"):
			return filepath.SkipDir
		case !entry.IsDir() && state.IsData(entry.Name()):
			names = append(names, path)
		}
		return nil
	})
	if err == nil && len(names) == 0 {
		err = &fault.Error{Kind: fault.NotFound, Object: folder, Err: errors.New("the folder holds no data files"), Hint: "put CSV, JSON Lines or Parquet files there"}
	}
	return names, err
}

// pathError names the path and says in plain words what is wrong with it.
func pathError(path string, err error) error {
	e := &fault.Error{Kind: fault.Unavailable, Object: path, Err: err}
	if dead := deadLink(path); dead != nil {
		e.Kind, e.Err, e.Hint = fault.NotFound, dead, mendLink
		return e
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.Kind, e.Err, e.Hint = fault.NotFound, errors.New("no such file or folder"), "check the path"
	case errors.Is(err, fs.ErrPermission):
		e.Kind, e.Err, e.Hint = fault.Denied, errors.New("not allowed to read it"), "change its permissions or the user"
	case errors.Is(err, syscall.EISDIR):
		e.Kind, e.Err, e.Hint = fault.Invalid, errors.New("is a folder"), "name a file"
	case errors.Is(err, syscall.ENOTDIR):
		e.Kind, e.Err, e.Hint = fault.Invalid, errors.New("is no folder, or below a file"), "name another folder"
	default:
		var bare *fs.PathError
		if errors.As(err, &bare) {
			e.Err = bare.Err
		}
	}
	return e
}

// open opens an input for reading.
func (s *shell) open(name string) (*input, error) {
	if name == "-" {
		return s.standard()
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, pathError(name, err)
	}
	return fileInput(name, file)
}

// standard is standard input. It is read as a stream, but for Parquet, whose
// directory is at its end: that is put into a temporary file, which nobody else
// can see and which is gone with the process, however that ends.
func (s *shell) standard() (*input, error) {
	const name = "standard input"
	stream := bufio.NewReader(s.stdin)
	if magic, _ := stream.Peek(4); string(magic) != "PAR1" {
		return &input{name: name, source: format.Source{Name: name, Stream: stream}, closer: io.NopCloser(nil)}, nil
	}
	file, err := os.CreateTemp("", "leeway-input-*")
	if err != nil {
		return nil, pathError(os.TempDir(), err)
	}
	_, err = io.Copy(file, stream)
	if err = errors.Join(err, os.Remove(file.Name())); err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(fault.In(name, err), file.Close())
	}
	return fileInput(name, file)
}

func fileInput(name string, file *os.File) (*input, error) {
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, pathError(name, err)
	}
	source := format.Source{Name: name, Stream: file}
	if info.Mode().IsRegular() {
		source.At, source.Size = file, info.Size()
	}
	return &input{name: name, source: source, closer: file}, nil
}

// object describes the input in a report.
func (i *input) object() report.Object {
	return report.Object{Key: filepath.ToSlash(i.name), Bytes: i.source.Size}
}

// create writes a whole output file or leaves what was there.
func create(name string, write func(io.Writer) error) error {
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return pathError(filepath.Dir(name), err)
	}
	defer os.Remove(file.Name())
	if err := errors.Join(write(file), file.Chmod(0o644), file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := os.Rename(file.Name(), name); err != nil {
		return pathError(name, err)
	}
	return nil
}

// emit writes to the named file, or to stdout where the name is "" or "-".
func (s *shell) emit(name string, write func(io.Writer) error) error {
	if name == "" || name == "-" {
		return write(s.stdout)
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		file, err := os.OpenFile(name, os.O_WRONLY, 0) // a device or a pipe is written to, never replaced
		if err != nil {
			return pathError(name, err)
		}
		return errors.Join(write(file), file.Close())
	}
	return create(name, write)
}
