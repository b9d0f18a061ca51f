package jsonl

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"leeway/core/fault"
	"leeway/core/format/cell"
	"leeway/core/frame"
	"leeway/core/schema"
)

// The limits: a longer line, or more columns, is an error.
const (
	MaxLine    = 16 << 20
	MaxColumns = 10_000
)

// window is how many bytes are read at a time.
const window = 256 << 10

// Keys are the columns of a file and where to find them by key.
type Keys struct {
	names []string
	index map[string]int
}

// Heads finds the columns in the beginning of a file, in the order in which
// their keys first appear, with the cells of the first rows. whole tells that
// nothing follows head.
func Heads(head []byte, whole bool, rows int) (*Keys, []schema.Head, error) {
	keys := &Keys{index: map[string]int{}}
	var heads []schema.Head
	var row []found
	read := 0
	s := scanner{take: func(path, key []byte, v value) {
		row = append(row, found{string(path) + string(key), schema.Cell{Native: v.native, Text: string(v.text)}})
	}}
	for len(head) > 0 && read < rows {
		line, rest, ok := bytes.Cut(head, []byte("\n"))
		if !ok && !whole {
			break
		}
		head = rest
		row = row[:0]
		if !s.line(line) {
			continue
		}
		heads = keys.append(heads, row, read)
		read++
		if len(heads) > MaxColumns {
			return nil, nil, fault.New(fault.Invalid, fmt.Sprintf("more than %d different keys", MaxColumns), "are values written as keys?")
		}
	}
	if read == 0 {
		return nil, nil, fault.New(fault.Invalid, "no line is a JSON object", "write one object per line")
	}
	return keys, keys.pad(heads, read), nil
}

// found is a member of a row.
type found struct {
	name string
	cell schema.Cell
}

// append adds a row to the heads; columns that it lacks are null.
func (k *Keys) append(heads []schema.Head, row []found, read int) []schema.Head {
	for _, member := range row {
		i, known := k.index[member.name]
		if !known {
			i = len(k.names)
			k.index[member.name] = i
			k.names = append(k.names, member.name)
			heads = append(heads, schema.Head{Name: member.name})
		}
		cells := fill(heads[i].Cells, read)
		heads[i].Cells = append(cells[:read], member.cell) // the last of two equal keys counts
	}
	return heads
}

func (k *Keys) pad(heads []schema.Head, rows int) []schema.Head {
	for i := range heads {
		heads[i].Cells = fill(heads[i].Cells, rows)
	}
	return heads
}

func fill(cells []schema.Cell, rows int) []schema.Cell {
	for len(cells) < rows {
		cells = append(cells, schema.Cell{Native: schema.NativeNull})
	}
	return cells
}

// Reader reads JSON Lines into blocks: lines are cut into values, then each
// column is parsed in a loop of its own.
type Reader struct {
	src     io.Reader
	keys    *Keys
	scanner scanner
	parsers []*cell.Parser

	buffer     []byte
	start, end int
	last       bool
	row        int64

	texts  [][][]byte // by column and row of the block
	arena  []byte     // texts that were unescaped, kept for the block
	expect int        // the column after the one seen last: what comes next in most lines
	name   []byte
	faults cell.Faults
}

// NewReader reads src with the columns that Heads found. columns says what to
// read each as; one with no kind or role ignore is skipped.
func NewReader(src io.Reader, keys *Keys, columns []schema.Column, words cell.Words) *Reader {
	r := &Reader{src: src, keys: keys, buffer: make([]byte, window), texts: make([][][]byte, len(columns))}
	for i := range columns {
		r.parsers = append(r.parsers, cell.NewParser(&columns[i], words, &r.faults))
	}
	r.scanner.take = r.member
	return r
}

// Faults lists what was wrong with rows and cells.
func (r *Reader) Faults() []frame.Fault { return r.faults.List() }

// Close does nothing: the source belongs to the caller.
func (r *Reader) Close() error { return nil }

// Next fills the block with the next rows.
func (r *Reader) Next(block *frame.Block) error {
	if len(block.Columns) != len(r.parsers) {
		block.Columns = make([]frame.Column, len(r.parsers))
	}
	block.Rows, r.arena = 0, r.arena[:0]
	for i := range r.texts {
		r.texts[i] = r.texts[i][:0]
	}
	for block.Rows == 0 {
		if r.start == r.end && r.last {
			return io.EOF
		}
		block.First = r.row + 1
		if r.lines(block); block.Rows == 0 {
			if err := r.fill(); err != nil {
				return err
			}
		}
	}
	for i, parser := range r.parsers {
		block.Columns[i] = frame.Column{}
		if !parser.Skips() {
			block.Columns[i] = parser.Parse(r.texts[i], block.First)
		}
	}
	return nil
}

// lines takes the whole lines of the buffer, as many as fit a block.
func (r *Reader) lines(block *frame.Block) {
	for block.Rows < frame.BlockRows && r.start < r.end {
		data := r.buffer[r.start:r.end]
		size := bytes.IndexByte(data, '\n')
		if size < 0 {
			if !r.last {
				return
			}
			size = len(data) - 1
		}
		line := data[:size+1]
		r.start += size + 1
		if len(cell.Trim(line)) == 0 {
			continue
		}
		r.row++
		r.expect = 0
		kept := len(r.arena)
		ok := r.scanner.line(line)
		r.complete(block.Rows, ok)
		if !ok {
			r.arena = r.arena[:kept]
			r.faults.Add("", "lines that are no JSON object", r.row, cell.Trim(line))
			if block.Rows > 0 { // the rows of a block are consecutive
				return
			}
			block.First = r.row + 1
			continue
		}
		block.Rows++
	}
}

// member takes a value of the current line.
func (r *Reader) member(path, key []byte, v value) {
	column, known := r.find(path, key)
	if !known {
		r.faults.Add(string(path)+string(key), "keys that the beginning of the file does not have: not read", r.row, v.text)
		return
	}
	r.expect = column + 1
	if r.parsers[column].Skips() {
		return
	}
	text := v.text
	if text != nil && len(r.scanner.scratch) > 0 {
		// The scanner's scratch memory is reused by the next line.
		start := len(r.arena)
		r.arena = append(r.arena, text...)
		text = r.arena[start:len(r.arena):len(r.arena)]
	}
	if text == nil && v.native != schema.NativeNull {
		text = []byte{}
	}
	r.texts[column] = append(r.texts[column], text)
}

// find gives the column of a key: the expected one if it is that, else it is
// looked up.
func (r *Reader) find(path, key []byte) (int, bool) {
	if r.expect < len(r.keys.names) && joined(r.keys.names[r.expect], path, key) {
		return r.expect, true
	}
	r.name = append(append(r.name[:0], path...), key...)
	column, known := r.keys.index[string(r.name)]
	return column, known
}

// joined tells whether name is path followed by key.
func joined(name string, path, key []byte) bool {
	return len(name) == len(path)+len(key) && name[:len(path)] == string(path) && name[len(path):] == string(key)
}

// complete makes every column rows+1 long after a good line: absent keys are
// missing, of two equal keys the last counts. After a bad line it takes back
// what came of it.
func (r *Reader) complete(rows int, ok bool) {
	for i, texts := range r.texts {
		switch {
		case !ok:
			r.texts[i] = texts[:min(len(texts), rows)]
		case len(texts) == rows:
			r.texts[i] = append(texts, nil)
		case len(texts) > rows+1:
			r.texts[i] = append(texts[:rows], texts[len(texts)-1])
		}
	}
}

// fill reads more, behind what is left in the buffer.
func (r *Reader) fill() error {
	if r.start > 0 {
		copy(r.buffer, r.buffer[r.start:r.end])
		r.start, r.end = 0, r.end-r.start
	}
	if r.end == len(r.buffer) {
		if len(r.buffer) >= MaxLine {
			return &fault.Error{Kind: fault.Invalid, Row: r.row + 1, Err: fmt.Errorf("a line is longer than %d MiB", MaxLine>>20), Hint: "write one object per line"}
		}
		r.buffer = append(r.buffer, make([]byte, len(r.buffer))...)
	}
	for r.end < len(r.buffer) && !r.last {
		n, err := r.src.Read(r.buffer[r.end:])
		r.end += n
		if errors.Is(err, io.EOF) {
			r.last = true
		} else if err != nil {
			return err
		}
	}
	return nil
}
