package jsonl

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"leeway/core/format/cell"
	"leeway/core/schema"
)

// shape is what the line before consists of besides its values: the bytes
// before each and after the last. Most lines of a log have the same, so these
// are compared, eight at a time, and only the ends of values are looked for.
type shape struct {
	known  bool
	all    bool // every column has a value
	pieces []piece
	text   []byte // the bytes of all pieces
	from   int    // where the next piece begins in the line that is learned
}

// piece is what stands before a value, or after the last one.
type piece struct {
	column        int    // of the value behind it, unknown for a key that is not read
	unread        bool   // the key is not read
	name          string // of a key that is not read
	start, length int    // in text
	first, second uint64 // the first 16 bytes, as far as there are any
	mask, mask2   uint64 // the bytes of them that count
}

// unknown is the column of a key that the beginning of the file does not have.
const unknown = -1

// maxPieces bounds how long a line may be that is learned.
const maxPieces = 2 * MaxColumns

// begin starts to learn a line.
func (s *shape) begin(start int) {
	s.known, s.from = false, start
	s.pieces, s.text = s.pieces[:0], s.text[:0]
}

func (s *shape) forget() { s.known = false }

// add learns what stands before v.
func (s *shape) add(data []byte, v value, column int, name []byte) {
	start, end := v.start, v.end
	if v.native == schema.NativeText { // the quotes belong to the value
		start, end = start-1, end+1
	}
	s.piece(data[s.from:start], column)
	if column == unknown {
		last := &s.pieces[len(s.pieces)-1]
		last.unread, last.name = true, string(name)
	}
	s.from = end
}

func (s *shape) piece(text []byte, column int) {
	p := piece{column: column, start: len(s.text), length: len(text)}
	s.text = append(s.text, text...)
	var words [16]byte
	n := copy(words[:], text)
	p.first, p.second = binary.LittleEndian.Uint64(words[:]), binary.LittleEndian.Uint64(words[8:])
	p.mask, p.mask2 = mask(n), mask(n-8)
	s.pieces = append(s.pieces, p)
}

// mask has the lowest n bytes set.
func mask(n int) uint64 {
	if n >= 8 {
		return 1<<64 - 1
	}
	return 1<<(8*max(n, 0)) - 1
}

// end learns what stands behind the last value, with the newline. width is the
// number of columns.
func (s *shape) end(data []byte, end, width int) {
	if end == s.from || data[end-1] != '\n' || len(s.pieces) > maxPieces {
		return // the last line of a file teaches nothing
	}
	s.piece(data[s.from:end], unknown)
	s.known = true
	read := map[int]bool{}
	for i := range s.pieces {
		read[s.pieces[i].column] = true
	}
	delete(read, unknown)
	s.all = len(read) == width
}

// matches tells whether data go on with the piece.
func (s *shape) matches(p *piece, data []byte, at int) bool {
	if load(data, at)&p.mask != p.first {
		return false
	}
	if p.length <= 8 {
		return true
	}
	if load(data, at+8)&p.mask2 != p.second {
		return false
	}
	return p.length <= 16 || bytes.HasPrefix(data[at+16:], s.text[p.start+16:p.start+p.length])
}

// guess reads the line at the start of the window if it has the shape of the
// line before, and gives where it ends, else -1.
func (r *Reader) guess(fields []cell.Field) int {
	s := &r.shape
	if !s.known {
		return -1
	}
	if !s.all {
		for i := range fields {
			fields[i] = cell.Null
		}
	}
	r.escaped = r.escaped[:0]
	data, at, end := r.in.Data, r.in.Start, r.in.End
	last := len(s.pieces) - 1
	for i := range s.pieces {
		p := &s.pieces[i]
		if !s.matches(p, data, at) {
			return -1
		}
		if at += p.length; at > end {
			return -1
		}
		if i == last {
			break
		}
		v, after := quick(data, at, end)
		if after < 0 {
			return -1
		}
		at = after
		if p.column != unknown {
			r.put(fields, p.column, v)
		}
	}
	return at
}

// unread counts the keys of the shape that are not read.
func (r *Reader) unread() {
	for i := range r.shape.pieces {
		if p := &r.shape.pieces[i]; p.unread {
			r.faults.Add(p.name, unreadKeys, r.row+1, nil)
		}
	}
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

func load(data []byte, at int) uint64 { return binary.LittleEndian.Uint64(data[at : at+8]) }

// is sets the high bit of the first byte that is c. What it says of bytes
// behind that does not count.
func is(word uint64, c byte) uint64 {
	x := word ^ uint64(c)*ones
	return (x - ones) &^ x & highs
}

// quick reads the value at data[at] if it ends before end and is neither an
// object nor anything rare. after is -1 if not.
func quick(data []byte, at, end int) (v value, after int) {
	switch c := data[at]; {
	case c == '"':
		return quickText(data, at+1, end)
	case c == '-' || c-'0' <= 9:
		v.start, v.native = at, schema.NativeNumber
		for at < end {
			word := load(data, at)
			// A comma, a brace or a blank: what is below '!'.
			found := is(word, ',') | is(word, '}') | (word-'!'*ones)&^word&highs
			if found != 0 {
				v.end = at + bits.TrailingZeros64(found)/8
				return v, v.end
			}
			at += 8
		}
	case c == '[':
		v.start, v.native = at, schema.NativeList
		v.end = listEnd(data[:end], at)
		return v, v.end
	case c == 'N' && string(data[at:at+3]) == "NaN":
		return value{start: at, end: at + 3, native: schema.NativeNull}, at + 3
	case c == 'n' && string(data[at:at+4]) == "null":
		return value{start: at, end: at + 4, native: schema.NativeNull}, at + 4
	case c == 't' && string(data[at:at+4]) == "true":
		return value{start: at, end: at + 4, native: schema.NativeBool}, at + 4
	case c == 'f' && string(data[at:at+5]) == "false":
		return value{start: at, end: at + 5, native: schema.NativeBool}, at + 5
	}
	return v, -1
}

// quickText reads a string whose opening quote is consumed.
func quickText(data []byte, at, end int) (v value, after int) {
	v.start, v.native = at, schema.NativeText
	for at < end {
		word := load(data, at)
		found := is(word, '"') | is(word, '\\') | is(word, '\n')
		if found == 0 {
			at += 8
			continue
		}
		at += bits.TrailingZeros64(found) / 8
		switch data[at] {
		case '"':
			if at >= end {
				return v, -1
			}
			v.end = at
			return v, at + 1
		case '\\':
			v.escaped = true
			at += 2
		default:
			return v, -1
		}
	}
	return v, -1
}
