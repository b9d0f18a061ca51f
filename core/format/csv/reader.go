package csv

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

// MaxRecord is the largest record in bytes: a longer one is an error, found
// before it is in memory as a whole.
const MaxRecord = 16 << 20

// window is how many bytes are read at a time: small enough to stay in the
// processor's cache while the columns are parsed.
const window = 256 << 10

// Reader reads delimited text into blocks. It works in two phases per block:
// records are cut into fields, then each column is parsed in a loop of its own.
type Reader struct {
	src     io.Reader
	scanner scanner
	parsers []*cell.Parser // one per column of the file
	skip    int            // records to skip: the header

	buffer  []byte
	start   int // of the unread part
	end     int
	last    bool // src is at its end
	row     int64
	records []field  // of the block, row after row
	texts   [][]byte // of one column of the block
	faults  cell.Faults
}

// NewReader reads src, whose dialect is known. columns says what to read each
// column of the file as; one with no kind or role ignore is skipped.
func NewReader(src io.Reader, d *Dialect, columns []schema.Column, words cell.Words) *Reader {
	r := &Reader{src: src, scanner: scanner{d.Comma, d.Quotes}, buffer: make([]byte, window)}
	if d.Header {
		r.skip = 1
	}
	for i := range columns {
		r.parsers = append(r.parsers, cell.NewParser(&columns[i], words, &r.faults))
	}
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
	block.Rows, r.records = 0, r.records[:0]
	for block.Rows == 0 {
		if r.start == r.end && r.last {
			return io.EOF
		}
		block.First = r.row + 1
		r.cut(block)
		if block.Rows == 0 {
			if err := r.fill(); err != nil {
				return err
			}
		}
	}
	for i, parser := range r.parsers {
		block.Columns[i] = frame.Column{}
		if !parser.Skips() {
			block.Columns[i] = parser.Parse(r.column(i, block.Rows), block.First)
		}
	}
	return nil
}

// cut finds the records of the next block in the buffer.
func (r *Reader) cut(block *frame.Block) {
	data := r.buffer[:r.end]
	for block.Rows < frame.BlockRows {
		if r.start == r.end {
			return
		}
		before := len(r.records)
		records, next := r.scanner.record(data, r.start, r.last, r.records)
		if next < 0 {
			r.records = records[:before]
			return
		}
		line := data[r.start:next]
		r.start, r.records = next, records
		switch {
		case empty(records[before:]) && len(r.parsers) != 1 || len(trimNewline(line)) == 0:
			r.records = records[:before] // a blank line is no record
		case r.skip > 0:
			r.skip--
			r.records = records[:before]
		default:
			r.row++
			if r.fits(len(records)-before, line) {
				block.Rows++
				continue
			}
			r.records = records[:before]
			if block.Rows > 0 { // the rows of a block are consecutive
				return
			}
			block.First = r.row + 1
		}
	}
}

func empty(fields []field) bool { return len(fields) == 1 && fields[0].start == fields[0].end }

func trimNewline(line []byte) []byte { return bytes.TrimRight(line, "\r\n") }

// fits tells whether a record has as many fields as there are columns.
func (r *Reader) fits(fields int, line []byte) bool {
	if fields == len(r.parsers) {
		return true
	}
	what := "rows with fewer fields than columns"
	if fields > len(r.parsers) {
		what = "rows with more fields than columns"
	}
	r.faults.Add("", what, r.row, trimNewline(line))
	return false
}

// fill reads more, behind what is left in the buffer.
func (r *Reader) fill() error {
	if r.start > 0 {
		copy(r.buffer, r.buffer[r.start:r.end])
		r.start, r.end = 0, r.end-r.start
	}
	if r.end == len(r.buffer) {
		if len(r.buffer) >= MaxRecord {
			return &fault.Error{Kind: fault.Invalid, Row: r.row + 1, Err: fmt.Errorf("a record is longer than %d MiB", MaxRecord>>20), Hint: "look for a quote that is never closed, or a file without line ends"}
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

// column lists the texts of one column of the block, nil for empty ones.
func (r *Reader) column(column, rows int) [][]byte {
	r.texts = r.texts[:0]
	width := len(r.parsers)
	for at := column; at < rows*width; at += width {
		f := &r.records[at]
		text := r.buffer[f.start:f.end]
		switch {
		case len(text) == 0:
			text = nil
		case f.raw:
			text = unquote(text)
		}
		r.texts = append(r.texts, text)
	}
	return r.texts
}
