package csv

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// scanner cuts a buffer into records and fields: phase one of reading. It looks
// at eight bytes at a time for the three bytes that matter.
type scanner struct {
	comma  byte
	quotes bool // a field may be quoted
}

// field is a value's place in the buffer. One that holds doubled quotes, or
// text after its closing quote, is raw: see [unquote]. The latter, and a quote
// that is never closed, are odd: signs that quotes are not what they seem.
type field struct {
	start, end uint32
	raw, odd   bool
}

// record appends the fields of the record that starts at data[at] to fields.
// It gives the start of the next record, or -1 when data ends before this one
// does and more may come (last is false). data is not changed.
func (s *scanner) record(data []byte, at int, last bool, fields []field) ([]field, int) {
	return s.recordIn(data, at, last, last, fields)
}

// recordIn is record where literal tells that a quote that is not closed within
// data never will be. Fields past the limit are not kept.
func (s *scanner) recordIn(data []byte, at int, last, literal bool, fields []field) ([]field, int) {
	fields, at, done := s.plain(data, at, fields)
	if done {
		return fields, at
	}
	for {
		f, end := s.field(data, at, last, literal)
		if end < 0 {
			return fields, -1
		}
		if len(fields) <= MaxColumns {
			fields = append(fields, f)
		}
		if end == len(data) {
			return fields, end
		}
		if data[end] == '\n' {
			return fields, end + 1
		}
		at = end + 1
	}
}

// plain is the fast path of record: it takes fields while no quote comes and
// eight bytes are left to look at. It gives where it stopped: behind the
// record's newline if done, else at the start of a field.
func (s *scanner) plain(data []byte, at int, fields []field) (_ []field, stopped int, done bool) {
	comma, newline, quote := uint64(s.comma)*ones, uint64('\n')*ones, uint64('"')*ones
	if !s.quotes {
		quote = newline
	}
	start := at
	for ; at+8 <= len(data); at += 8 {
		word := binary.LittleEndian.Uint64(data[at:])
		found := zeros(word^comma) | zeros(word^newline) | zeros(word^quote)
		for found != 0 {
			end := at + bits.TrailingZeros64(found)/8
			found &= found - 1
			switch data[end] {
			case '\n': // before the delimiter, which may be the same
				return append(fields, field{start: uint32(start), end: uint32(unreturn(data, start, end))}), end + 1, true
			case s.comma:
				if len(fields) <= MaxColumns {
					fields = append(fields, field{start: uint32(start), end: uint32(end)})
				}
				start = end + 1
			default: // a quote at the start of a field opens it, elsewhere it is text
				if end == start {
					return fields, start, false
				}
			}
		}
	}
	return fields, start, false
}

// field reads one field. end is the place of the delimiter or newline behind
// it, len(data) for the last one of all, -1 when data ends too early.
func (s *scanner) field(data []byte, at int, last, literal bool) (f field, end int) {
	if s.quotes && at < len(data) && data[at] == '"' {
		f, end, closed := s.quoted(data, at, last)
		stray := f.odd && bytes.IndexByte(data[f.start:f.end], '\n') >= 0
		if !stray && (closed || !literal) {
			return f, end
		}
		// The quote is never closed, or on a later line where no field ends: it is a character like
		// any other, or the lines between would be one field.
	}
	end = s.next(data, at)
	if end == len(data) && !last {
		return f, -1
	}
	f = field{start: uint32(at), end: uint32(end), odd: s.quotes && end > at && data[at] == '"'}
	if end == len(data) || data[end] == '\n' {
		f.end = uint32(unreturn(data, at, end))
	}
	return f, end
}

// unreturn cuts the \r of a \r\n off.
func unreturn(data []byte, start, end int) int {
	if end > start && data[end-1] == '\r' {
		return end - 1
	}
	return end
}

const (
	ones  = 0x0101010101010101
	lows  = 0x7f7f7f7f7f7f7f7f
	highs = 0x8080808080808080
)

// next finds the next delimiter or newline from at on, len(data) if there is
// none.
func (s *scanner) next(data []byte, at int) int {
	comma, newline := uint64(s.comma)*ones, uint64('\n')*ones
	for at+8 <= len(data) {
		word := binary.LittleEndian.Uint64(data[at:])
		if found := zeros(word^comma) | zeros(word^newline); found != 0 {
			return at + bits.TrailingZeros64(found)/8
		}
		at += 8
	}
	for at < len(data) && data[at] != s.comma && data[at] != '\n' {
		at++
	}
	return at
}

// zeros sets the high bit of each byte of x that is zero, exactly.
func zeros(x uint64) uint64 { return ^((x&lows + lows) | x) & highs }

// quoted reads the quoted field whose opening quote is at data[at]. What stands
// between the closing quote and the delimiter belongs to the field.
func (s *scanner) quoted(data []byte, at int, last bool) (f field, end int, closed bool) {
	f.start = uint32(at + 1)
	for read := at + 1; ; {
		offset := bytes.IndexByte(data[read:], '"')
		if offset < 0 {
			return f, -1, false
		}
		quote := read + offset
		if quote+1 == len(data) && !last {
			return f, -1, false
		}
		if quote+1 < len(data) && data[quote+1] == '"' {
			f.raw = true
			read = quote + 2
			continue
		}
		end = s.next(data, quote+1)
		if end == len(data) && !last {
			return f, -1, false
		}
		tail := end
		if end == len(data) || data[end] == '\n' {
			tail = unreturn(data, quote+1, end)
		}
		if tail > quote+1 {
			f.raw, f.odd = true, true
			quote = tail
		}
		f.end = uint32(quote)
		return f, end, true
	}
}

// unquote resolves a raw field in place: doubled quotes become single, and the
// closing quote before a tail goes.
func unquote(text []byte) []byte {
	write, open := 0, true
	for read := 0; read < len(text); read++ {
		c := text[read]
		if c == '"' && open {
			if read+1 < len(text) && text[read+1] == '"' {
				read++
			} else {
				open = false
				continue
			}
		}
		text[write] = c
		write++
	}
	return text[:write]
}
