package csv

import (
	"bytes"
	"fmt"
	"io"

	"leeway/core/fault"
	"leeway/core/format/cell"
	"leeway/core/format/window"
	"leeway/core/frame"
	"leeway/core/schema"
)

// MaxRecord is the largest record in bytes: a longer one is an error, found
// before it is in memory as a whole.
const MaxRecord = 16 << 20

// The bounds of what is in memory besides a record: the fields that are cut at
// a time, so few that they stay in the processor's cache while the columns are
// parsed, and the text of one block.
const (
	cutFields  = 4096
	blockBytes = 8 << 20
)

// Reader reads delimited text into blocks. It works in two phases: some rows
// are cut into fields, then each column of them is parsed in a loop of its own.
type Reader struct {
	in      *window.Window
	scanner scanner
	parsers []*cell.Parser // one per column of the file
	names   []string       // of the columns
	skip    bool           // the next record is the header

	plain  int  // place in the window before which there is no quote
	full   bool // a record fills the window: a quote in it is never closed
	failed error
	row    int64
	begun  frame.Place // of the block

	rows   cell.Rows
	fields []cell.Field // their memory
	record []field      // one record, not yet resolved
	faults cell.Faults
}

// NewReader reads src, whose dialect is known. columns says what to read each
// column of the file as; one with no kind or role ignore is skipped.
func NewReader(src io.Reader, d *Dialect, columns []schema.Column, words cell.Words) *Reader {
	r := &Reader{
		in: window.New(src, MaxRecord), scanner: scanner{d.Comma, d.Quotes}, skip: d.Header,
		fields: make([]cell.Field, max(cutFields, 2*len(columns)+stride)),
	}
	r.rows.Width, r.rows.Empty = len(columns), true
	for i := range columns {
		r.parsers, r.names = append(r.parsers, cell.NewParser(&columns[i], words, &r.faults)), append(r.names, columns[i].Name)
	}
	return r
}

// Resume goes on at a place, before anything was read: src begins where that starts.
func (r *Reader) Resume(at *frame.Place) error {
	r.row, r.skip = at.Row, false
	r.faults.Restore(at.Faults)
	return r.in.Resume(at)
}

// Place is where the blocks that were given end.
func (r *Reader) Place() *frame.Place {
	if !window.Passing(r.failed) {
		r.mark()
	}
	return &r.begun
}

func (r *Reader) mark() {
	r.begun.Copy(&frame.Place{Row: r.row, Faults: r.faults.List()})
	r.in.Mark(&r.begun)
}

// Faults lists what was wrong with rows and cells.
func (r *Reader) Faults() []frame.Fault { return r.faults.List() }

// Close gives the memory of the blocks away. The source belongs to the caller.
func (r *Reader) Close() error {
	for _, parser := range r.parsers {
		parser.Release()
	}
	r.parsers = nil
	return nil
}

// Next fills the block with the next rows.
func (r *Reader) Next(block *frame.Block) error {
	block.Rows, block.First = 0, r.row+1
	r.mark()
	for _, parser := range r.parsers {
		parser.Reset()
	}
	for taken := 0; block.Rows < frame.BlockRows && taken < blockBytes && r.failed == nil; {
		before := r.in.Start
		rows := r.cut(frame.BlockRows - block.Rows)
		if taken += r.in.Start - before; rows == 0 {
			r.failed = r.more(before)
			continue
		}
		if block.Rows == 0 {
			block.First = r.rows.First
		}
		block.Rows += rows
		r.rows.Block = min(frame.BlockRows, block.Rows*blockBytes/max(taken, 1)+1)
		for i, parser := range r.parsers {
			parser.Add(&r.rows, i)
		}
	}
	if window.Passing(r.failed) {
		block.Rows = 0
	}
	if block.Rows == 0 {
		return r.failed
	}
	if len(block.Columns) != len(r.parsers) {
		block.Columns = make([]frame.Column, len(r.parsers))
	}
	for i, parser := range r.parsers {
		block.Columns[i] = parser.Column()
	}
	return nil
}

// cut finds the next rows in the buffer, at most so many. None are found where
// only a part of a record is left.
func (r *Reader) cut(most int) int {
	if r.in.Start == r.in.End {
		return 0
	}
	r.rows.Data, r.rows.First = r.in.Data, r.row+1
	if !r.skip {
		room := r.fields[:min(len(r.fields), most*r.rows.Width+stride)]
		end := r.unquoted()
		if rows, next, ascii := r.scanner.regular(r.in.Data, r.in.Start, end, r.in.Last && end == r.in.End, r.rows.Width, most, room); rows > 0 {
			r.in.Start, r.row, r.full = next, r.row+int64(rows), false
			r.rows.Fields, r.rows.ASCII = room[:rows*r.rows.Width], ascii
			return rows
		}
	}
	return r.irregular(most)
}

// unquoted is up to where there is no quote in the window.
func (r *Reader) unquoted() int {
	if r.plain <= r.in.Start {
		r.plain = r.in.End
		if quote := bytes.IndexByte(r.in.Data[r.in.Start:r.in.End], '"'); quote >= 0 && r.scanner.quotes {
			r.plain = r.in.Start + quote
		}
	}
	return r.plain
}

// irregular cuts rows one by one, whatever they look like. It stops behind one
// that does not fit, since rows are numbered from the first.
func (r *Reader) irregular(most int) int {
	width, rows := r.rows.Width, 0
	r.rows.Fields, r.rows.ASCII = r.fields[:0], false
	for r.in.Start < r.in.End && rows < most && (rows+1)*width <= len(r.fields) {
		record, next := r.scanner.recordIn(r.in.Data[:r.in.End], r.in.Start, r.in.Last, r.in.Last || r.full, r.record[:0])
		r.record = record
		if next < 0 {
			break
		}
		line := trimNewline(r.in.Data[r.in.Start:next])
		r.in.Start, r.full = next, false
		switch {
		case len(line) == 0 || empty(record) && width != 1: // no record
		case r.skip:
			r.skip = false
		default:
			if r.row++; r.fits(record, line) {
				r.resolve(record)
				rows++
			} else if rows > 0 {
				return rows
			} else {
				r.rows.First = r.row + 1
			}
		}
	}
	return rows
}

func empty(record []field) bool { return len(record) == 1 && record[0].start == record[0].end }

func trimNewline(line []byte) []byte { return bytes.TrimRight(line, "\r\n") }

// fits tells whether a record has as many fields as there are columns.
func (r *Reader) fits(record []field, line []byte) bool {
	if len(record) == len(r.parsers) {
		return true
	}
	what := "rows with fewer fields than columns"
	if len(record) > len(r.parsers) {
		what = "rows with more fields than columns"
	}
	r.faults.Add("", what, r.row, line)
	return false
}

// resolve takes the fields of a record, without their quotes.
func (r *Reader) resolve(record []field) {
	for i, f := range record {
		switch {
		case f.raw:
			f.end = f.start + uint32(len(unquote(r.in.Data[f.start:f.end])))
		case f.odd:
			r.faults.Add(r.names[i], "quotes that no quote before the end of the cell closes (taken as text)", r.row, r.in.Data[f.start:f.end])
		}
		r.rows.Fields = append(r.rows.Fields, cell.Field{Start: f.start, End: f.end})
	}
}

// more reads on, unless something was found since start was at before. It is
// io.EOF at the end.
func (r *Reader) more(before int) error {
	switch {
	case r.in.Start > before:
		return nil
	case r.in.Start == r.in.End && r.in.Last:
		return io.EOF
	}
	full, err := r.in.More()
	r.plain = 0
	if full && r.full {
		return &fault.Error{Kind: fault.Invalid, Row: r.row + 1, Err: fmt.Errorf("a record is longer than %d MiB", MaxRecord>>20), Hint: "look for a quote that is never closed, or a file without line ends"}
	}
	r.full = full
	return err
}
