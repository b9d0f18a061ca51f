package csv

import (
	"encoding/binary"
	"math/bits"

	"leeway/core/format/cell"
	"leeway/core/format/window"
)

// stride is how many bytes are looked at together: one bit each in a word.
const stride = window.Spare

// regular cuts rows of exactly width fields without a quote, which most rows of
// most files are. It works on bits: one pass finds the delimiters of 64 bytes,
// whatever they mean; that every width-th of them is a newline, and no other,
// is checked after. It stops before the first row that is not so.
//
// It fills fields and gives the number of rows, at most so many, and where they
// end. end is the end of the data; whole tells that nothing will follow it.
func (s *scanner) regular(data []byte, at, end int, whole bool, width, most int, fields []cell.Field) (rows, next int, ascii bool) {
	if whole {
		clear(data[end : end+stride]) // so that nothing is found there
		end += stride - 1
	}
	count, newlines, high := s.cut(data, at, end, fields)
	rows = count / width
	if newlines != rows || !tidy(data, fields[:rows*width], width) {
		rows = tidyRows(data, fields[:rows*width], width)
	}
	rows = min(rows, most)
	next = at
	for row := range rows {
		last := &fields[row*width+width-1]
		end := unreturn(data, int(last.Start), int(last.End))
		if width == 1 && end == int(last.Start) {
			return row, next, high&highs == 0 // a blank line is no row
		}
		next = int(last.End) + 1
		last.End = uint32(end)
	}
	return rows, next, high&highs == 0
}

// cut takes every delimiter and newline as the end of a field, up to a quote,
// to the last stride before end or until fields are full.
func (s *scanner) cut(data []byte, at, end int, fields []cell.Field) (count, newlines int, high uint64) {
	comma, newline, quote := uint64(s.comma)*ones, uint64('\n')*ones, uint64('"')*ones
	start := uint32(at)
	for base := at; base+stride <= end && count+stride <= len(fields); base += stride {
		var found, quoted, all uint64
		lines := 0
		block := data[base : base+stride : base+stride]
		for i := 0; i < stride; i += 8 {
			word := binary.LittleEndian.Uint64(block[i : i+8])
			low := word & lows
			n := (low ^ newline) + lows // a byte's high bit is clear where it is the newline
			c := (low ^ comma) + lows
			quoted |= ^((low ^ quote) + lows | word)
			all |= word
			lines += bits.OnesCount64(^(n | word) & highs)
			ends := ^(n&c | word) & highs
			found |= ends >> 7 * gather >> 56 << i
		}
		if s.quotes && quoted&highs != 0 {
			return count, newlines, high
		}
		high |= all
		newlines += lines
		room := (*[stride]cell.Field)(fields[count:])
		n := 0
		for ; found != 0; found &= found - 1 {
			place := uint32(base + bits.TrailingZeros64(found))
			room[n%stride] = cell.Field{Start: start, End: place}
			start = place + 1
			n++
		}
		count += n
	}
	return count, newlines, high
}

// gather is the factor that brings the lowest bits of eight bytes together in
// the highest byte.
const gather = 0x0102040810204080

// tidy tells whether every row ends with a newline.
func tidy(data []byte, fields []cell.Field, width int) bool {
	for i := width - 1; i < len(fields); i += width {
		if data[fields[i].End] != '\n' {
			return false
		}
	}
	return true
}

// tidyRows counts the rows before the first whose newline is not at its end.
func tidyRows(data []byte, fields []cell.Field, width int) int {
	for i := range fields {
		if last := i%width == width-1; (data[fields[i].End] == '\n') != last {
			return i / width
		}
	}
	return len(fields) / width
}
