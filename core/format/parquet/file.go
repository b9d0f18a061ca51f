package parquet

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"leeway/core/fault"
	"leeway/core/format/cell"
	"leeway/core/frame"
	"leeway/core/schema"
)

// File is an open Parquet file. It may be read any number of times.
type File struct {
	at     io.ReaderAt
	size   int64
	name   string
	groups []group
	leaves []leaf
	rows   int64
	notes  []string
}

// flaw is what is wrong with a file that is not damaged.
type flaw struct{ text, hint string }

func (f *flaw) Error() string { return f.text }

// past is the flaw of a file that is past a limit.
func past(format string, args ...any) error {
	return &flaw{fmt.Sprintf(format, args...), "write it in smaller pieces"}
}

// Open reads the footer of a file. What is not a Parquet file, is damaged or
// past a limit is an error of kind fault.Invalid; errors of at that are no
// fault.Error are fault.Unavailable. name is for messages.
func Open(at io.ReaderAt, size int64, name string) (*File, error) {
	f := &File{at: at, size: size, name: name}
	if err := f.open(); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *File) open() (err error) {
	defer f.guard("open", &err)
	meta, err := readFooter(f.at, f.size)
	if err != nil {
		return f.fail("open", "", 0, err)
	}
	if f.leaves, err = readLeaves(meta.elements); err != nil {
		return f.fail("open", "", 0, err)
	}
	f.groups = meta.groups
	if err := f.check(); err != nil {
		return f.fail("open", "", 0, err)
	}
	f.describe()
	return nil
}

// guard turns a panic, which would be a defect of this package that some
// corrupt file has found, into an error.
func (f *File) guard(op string, err *error) {
	if r := recover(); r != nil {
		*err = f.fail(op, "", 0, fmt.Errorf("cannot be decoded (%v)", r))
	}
}

// fail says what is wrong with the file.
func (f *File) fail(op, column string, row int64, err error) error {
	var source *sourceError
	if errors.As(err, &source) {
		var known *fault.Error
		if errors.As(source.err, &known) {
			return fault.In(f.name, source.err)
		}
		return &fault.Error{Kind: fault.Unavailable, Op: op, Object: f.name, Err: source.err}
	}
	advice := "write it again: it is damaged or was cut short"
	var known *flaw
	if errors.As(err, &known) {
		advice = known.hint
	}
	return &fault.Error{Kind: fault.Invalid, Op: op, Object: f.name, Column: column, Row: row, Err: err, Hint: advice}
}

// check compares the row groups with the schema and the size of the file.
func (f *File) check() error {
	for i := range f.groups {
		g := &f.groups[i]
		if len(g.chunks) != len(f.leaves) {
			return fmt.Errorf("has %d columns in row group %d and %d in its schema", len(g.chunks), i+1, len(f.leaves))
		}
		if g.rows < 0 || g.rows > 1<<48 {
			return fmt.Errorf("has a row group of %d rows", g.rows)
		}
		for j := range g.chunks {
			c, l := &g.chunks[j], &f.leaves[j]
			start, end := c.span()
			switch {
			case c.size < 0 || start < 4 && c.values > 0 || end > f.size || end < start:
				return fmt.Errorf("has a column %q that lies outside of the file", l.name)
			case physical(c.physical) != l.physical:
				return fmt.Errorf("has a column %q of two types", l.name)
			case c.values < 0 || l.maxRep == 0 && c.values != g.rows || c.values < g.rows:
				return fmt.Errorf("has a column %q with %d values in a row group of %d rows", l.name, c.values, g.rows)
			}
		}
		f.rows += g.rows
	}
	return nil
}

// describe makes names unique and notes what was assumed.
func (f *File) describe() {
	taken := map[string]bool{}
	for i := range f.leaves {
		taken[f.leaves[i].name] = true
	}
	seen := map[string]bool{}
	var local, lists []string
	for i := range f.leaves {
		l := &f.leaves[i]
		if name := l.name; seen[name] || name == "" {
			if name == "" {
				name = "column"
			}
			for n := 2; taken[l.name] || l.name == ""; n++ {
				l.name = name + "_" + strconv.Itoa(n)
			}
			taken[l.name] = true
			f.notes = append(f.notes, fmt.Sprintf("column %d is called %q: its name %q occurs before", i+1, l.name, name))
		}
		seen[l.name] = true
		if l.maxRep > 0 {
			lists = append(lists, l.name)
		} else if l.local && l.class == instant {
			local = append(local, l.name)
		}
	}
	if len(local) > 0 {
		f.notes = append(f.notes, "times without a zone read as UTC: "+strings.Join(local, ", "))
	}
	if len(lists) > 0 {
		f.notes = append(f.notes, "lists read as JSON arrays: "+strings.Join(lists, ", "))
	}
}

// Notes says what was assumed about the file, one line each.
func (f *File) Notes() []string { return f.notes }

// Rows is how many rows the footer counts.
func (f *File) Rows() int64 { return f.rows }

// headBytes bounds the text that Heads keeps.
const headBytes = 4 << 20

// Heads gives every column, in the order of the file, with its first cells: of
// up to rows rows, fewer where their text exceeds 4 MiB.
func (f *File) Heads(rows int) (heads []schema.Head, err error) {
	defer f.guard("read", &err)
	r := f.reader(cell.NoWords)
	for i := range f.leaves {
		l := &f.leaves[i]
		heads = append(heads, schema.Head{Name: l.name})
		r.add(i, &schema.Column{Name: l.name, Kind: schema.Text})
	}
	defer r.codec.close()
	var block frame.Block
	kept := 0
	for n := 1; rows > 0 && kept < headBytes; n = min(2*n, 256) { // few at first: rows may be large
		if err := r.next(&block, min(rows, n)); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		rows -= block.Rows
		for i := range heads {
			heads[i].Cells = appendCells(heads[i].Cells, &block.Columns[i], block.Rows, f.leaves[i].native())
			kept += len(block.Columns[i].Data)
		}
	}
	return heads, nil
}

func appendCells(to []schema.Cell, c *frame.Column, rows int, native schema.Native) []schema.Cell {
	all := string(c.Data)
	for row := range rows {
		if c.States != nil && c.States[row] != frame.Valid {
			to = append(to, schema.Cell{Native: schema.NativeNull})
			continue
		}
		to = append(to, schema.Cell{Native: native, Text: all[c.Offsets[row]:c.Offsets[row+1]]})
	}
	return to
}

func (l *leaf) native() schema.Native {
	switch {
	case l.maxRep > 0:
		return schema.NativeList
	case l.quantity():
		return schema.NativeNumber
	case l.class == truth:
		return schema.NativeBool
	case l.class == date || l.class == instant || l.class == instant96:
		return schema.NativeTime
	}
	return schema.NativeText
}
