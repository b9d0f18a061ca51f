package parquet

import (
	"fmt"
	"io"
	"strconv"

	"leeway/core/fault"
	"leeway/core/format/cell"
	"leeway/core/format/window"
	"leeway/core/frame"
	"leeway/core/schema"
)

// Reader yields the rows of a file as blocks.
type Reader struct {
	file    *File
	words   cell.Words
	likes   []float64
	listed  bool
	columns []*column // one per leaf, nil for those that are not read
	codec   codec
	row     int64 // rows that were read
	faults  cell.Faults
	begun   frame.Place // of the block
	err     error
}

// Read yields the rows as blocks. columns says, for each of Heads, what to read
// it as; one with no kind or role ignore is skipped. missing are the configured
// spellings of a missing value, nil for none: they hold in columns of every
// kind, and a spelling that is a number stands for all numbers of that value.
func (f *File) Read(columns []schema.Column, missing []string) (*Reader, error) {
	if len(columns) != len(f.leaves) {
		return nil, fault.New(fault.Internal, fmt.Sprintf("%d columns asked for of a file with %d", len(columns), len(f.leaves)), "")
	}
	words := cell.NoWords
	if missing != nil {
		words = cell.Configured(missing)
	}
	r := f.reader(words)
	r.listed = len(missing) > 0
	for _, word := range missing {
		if x, err := strconv.ParseFloat(word, 64); err == nil {
			r.likes = append(r.likes, x)
		}
	}
	for i := range columns {
		if cell.TypeOf(&columns[i]) != 0 {
			r.add(i, &columns[i])
		}
	}
	return r, nil
}

func (f *File) reader(words cell.Words) *Reader {
	return &Reader{file: f, words: words, columns: make([]*column, len(f.leaves))}
}

// What is read ahead of each column, and of all columns together.
const (
	aheadOfOne = 256 << 10
	aheadOfAll = 16 << 20
)

// add makes the column that reads a leaf.
func (r *Reader) add(i int, as *schema.Column) {
	f := r.file
	c := &column{name: as.Name, kind: as.Kind, layout: as.Layout, words: r.words, listed: r.listed, likes: r.likes, faults: &r.faults}
	c.pages = pages{
		leaf: &f.leaves[i], at: f.at, size: f.size, groups: f.groups, index: i, codec: &r.codec,
		ahead: min(aheadOfOne, max(aheadOfAll/len(f.leaves), 4<<10)),
	}
	c.out.Type = cell.TypeOf(as)
	c.dict.Type = c.out.Type
	switch c.kind {
	case schema.Boolean:
		c.out.Symbols = frame.Booleans
	case schema.Categorical:
		c.out.Symbols = frame.NewSymbols().Rename(as.Words)
		c.mangled = map[uint32]bool{}
	}
	r.columns[i] = c
}

// Next fills the block with the next rows.
func (r *Reader) Next(block *frame.Block) error { return r.next(block, frame.BlockRows) }

func (r *Reader) next(block *frame.Block, rows int) (err error) {
	defer func() {
		if err != nil {
			block.Rows, r.err = 0, err
		}
	}()
	defer r.file.guard("read", &err)
	if r.err != nil {
		return r.err
	}
	n := int(min(int64(rows), r.file.rows-r.row))
	if n == 0 {
		return io.EOF
	}
	r.mark()
	if len(block.Columns) != len(r.columns) {
		block.Columns = make([]frame.Column, len(r.columns))
	}
	block.Rows, block.First = n, r.row+1
	for i, c := range r.columns {
		if c == nil {
			block.Columns[i] = frame.Column{}
			continue
		}
		if err := c.fill(n, block.First); err != nil {
			return r.file.fail("read", c.name, block.First, err)
		}
		block.Columns[i] = c.take()
	}
	r.row += int64(n)
	return nil
}

// Resume goes on at a place, before anything was read: with the row group that the
// next row is in, whose rows before that are read and left.
func (r *Reader) Resume(at *frame.Place) (err error) {
	defer r.file.guard("read", &err)
	if at.Row < 0 || at.Row > r.file.rows {
		return fault.New(fault.Invalid, "a place of no such file", "it is read from its beginning again")
	}
	group := 0
	for ; group < len(r.file.groups) && r.row+r.file.groups[group].rows <= at.Row; group++ {
		r.row += r.file.groups[group].rows
	}
	for _, c := range r.columns {
		if c != nil {
			c.group, c.rows, c.list.rows = group, r.row, r.row
		}
	}
	var block frame.Block
	for r.row < at.Row {
		if err := r.next(&block, int(min(frame.BlockRows, at.Row-r.row))); err != nil {
			return err
		}
	}
	r.faults.Restore(at.Faults)
	return nil
}

// Place is where the blocks that were given end.
func (r *Reader) Place() *frame.Place {
	if !window.Passing(r.err) {
		r.mark()
	}
	return &r.begun
}

func (r *Reader) mark() { r.begun.Copy(&frame.Place{Row: r.row, Faults: r.faults.List()}) }

// Faults lists what was wrong with cells.
func (r *Reader) Faults() []frame.Fault { return r.faults.List() }

// Close releases the reader, not the object it reads from.
func (r *Reader) Close() error {
	r.codec.close()
	r.columns, r.err = nil, io.EOF
	return nil
}
