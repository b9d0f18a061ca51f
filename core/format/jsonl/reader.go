package jsonl

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

// The limits: a longer line, or more columns, is an error.
const (
	MaxLine    = 16 << 20
	MaxColumns = 10_000
)

// The bounds of what is in memory besides a line: the fields that are cut at a
// time, so few that they stay in the processor's cache while the columns are
// parsed, and the text of one block.
const (
	cutFields  = 4096
	blockBytes = 8 << 20
)

// Reader reads JSON Lines into blocks. It works in two phases: some lines are
// cut into values, then each column of them is parsed in a loop of its own.
type Reader struct {
	in      *window.Window
	keys    *Keys
	scanner scanner
	shape   shape
	parsers []*cell.Parser
	late    []bool // columns behind those of the beginning whose key is still to come
	failed  error
	row     int64
	begun   frame.Place // of the block

	rows    cell.Rows
	fields  []cell.Field // their memory
	escaped []int        // fields of the current line that hold escapes
	name    []byte
	expect  int // the column after the one seen last: what comes next in most lines
	faults  cell.Faults
}

// NewReader reads src with the columns that Heads found. columns says what to
// read each as; one with no kind or role ignore is skipped. Further columns are
// read too, by their names as keys, wherever these first appear; in blocks before
// that they are absent.
func NewReader(src io.Reader, keys *Keys, columns []schema.Column, words cell.Words) *Reader {
	r := &Reader{in: window.New(src, MaxLine), keys: keys.with(columns), fields: make([]cell.Field, max(cutFields, len(columns)))}
	r.rows.Width = max(1, len(columns))
	r.late = make([]bool, len(columns))
	for i := range columns {
		r.late[i] = i >= len(keys.names)
		r.parsers = append(r.parsers, cell.NewParser(&columns[i], words, &r.faults))
	}
	r.scanner.take = r.member
	return r
}

// Resume goes on at a place, before anything was read: src begins where that starts.
func (r *Reader) Resume(at *frame.Place) error {
	if len(at.Late) != len(r.late) {
		return fault.New(fault.Invalid, "a place of no such file", "it is read from its beginning again")
	}
	r.row = at.Row
	copy(r.late, at.Late)
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
	r.begun.Copy(&frame.Place{Row: r.row, Faults: r.faults.List(), Late: r.late})
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
		if block.Columns[i] = parser.Column(); r.late[i] {
			block.Columns[i] = frame.Column{}
		}
	}
	return nil
}

// cut finds the values of the next lines in the buffer, at most so many. It
// stops behind a line that is no object, since rows are numbered from the first.
func (r *Reader) cut(most int) int {
	width, rows := r.rows.Width, 0
	r.rows.Data, r.rows.First = r.in.Data, r.row+1
	most = min(most, len(r.fields)/width)
	for r.in.Start < r.in.End && rows < most {
		found, good := r.next(r.fields[rows*width : (rows+1)*width])
		switch {
		case !found:
			most = 0
		case good:
			rows++
		case rows > 0:
			most = 0
		default:
			r.rows.First = r.row + 1
		}
	}
	r.rows.Fields = r.fields[:rows*width]
	return rows
}

// next takes the next line, if all of it is there. It is not good if it has no
// values: it is blank, or no object.
func (r *Reader) next(fields []cell.Field) (found, good bool) {
	start := r.in.Start
	end := r.guess(fields)
	if end < 0 {
		if end = lineEnd(r.in); end < 0 {
			return false, false
		}
		if r.in.Start = end; len(cell.Trim(r.in.Data[start:end])) == 0 {
			return true, false
		}
		good = r.line(start, end, fields)
	} else {
		r.in.Start, good = end, true
		r.unread()
	}
	r.row++
	if good = good && r.unescape(fields); !good {
		r.faults.Add("", "lines that are no JSON object", r.row, cell.Trim(r.in.Data[start:end]))
	}
	return true, good
}

// lineEnd finds the end of the next line, -1 if it is not yet there.
func lineEnd(in *window.Window) int {
	if size := bytes.IndexByte(in.Data[in.Start:in.End], '\n'); size >= 0 {
		return in.Start + size + 1
	}
	if in.Last {
		return in.End
	}
	return -1
}

// line takes a line apart in full and learns its shape.
func (r *Reader) line(start, end int, fields []cell.Field) bool {
	for i := range fields {
		fields[i] = cell.Null
	}
	r.escaped, r.expect = r.escaped[:0], 0
	r.shape.begin(start)
	r.scanner.fields = fields
	if !r.scanner.line(r.in.Data[:end], start) {
		r.shape.forget()
		return false
	}
	r.shape.end(r.in.Data, end, len(r.parsers))
	return true
}

const unreadKeys = "keys that the beginning of the file does not have: not read"

// member takes a value of the line that is taken apart.
func (r *Reader) member(path, key []byte, v value) {
	column, known := r.find(path, key)
	if !known {
		column = unknown
		r.faults.Add(string(r.name), unreadKeys, r.row+1, v.text(r.in.Data))
	}
	r.shape.add(r.in.Data, v, column, r.name)
	if known {
		r.late[column] = false // whatever the line is worth: a key in it is there
		r.put(r.scanner.fields, column, v)
	}
}

// find gives the column of a key: the one behind the column seen last if it is
// that, else it is looked up.
func (r *Reader) find(path, key []byte) (int, bool) {
	r.name = append(append(r.name[:0], path...), key...)
	if r.expect < len(r.keys.names) && r.keys.names[r.expect] == string(r.name) {
		r.expect++
		return r.expect - 1, true
	}
	column, known := r.keys.index[string(r.name)]
	r.expect = column + 1
	return column, known
}

// raw marks the end of a field that holds escapes until the line is known to be
// whole. No buffer is so large that an end would have the bit.
const raw = 1 << 31

// put makes a value the field of a column; of two equal keys the last counts.
func (r *Reader) put(fields []cell.Field, column int, v value) {
	fields[column] = cell.Field{Start: uint32(v.start), End: uint32(v.end)}
	switch {
	case v.native == schema.NativeNull:
		fields[column] = cell.Null
	case v.escaped:
		fields[column].End |= raw
		r.escaped = append(r.escaped, column)
	}
}

// unescape resolves the escapes of a line in place. False means that one is
// none: the line is no JSON.
func (r *Reader) unescape(fields []cell.Field) bool {
	good := true
	for _, column := range r.escaped {
		f := &fields[column]
		if f.End&raw == 0 {
			continue
		}
		f.End &^= raw
		text, ok := unescape(r.in.Data[f.Start:f.End])
		f.End = f.Start + uint32(len(text))
		good = good && ok
	}
	return good
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
	if full {
		return &fault.Error{Kind: fault.Invalid, Row: r.row + 1, Err: fmt.Errorf("a line is longer than %d MiB", MaxLine>>20), Hint: "write one object per line"}
	}
	return err
}
