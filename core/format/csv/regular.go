package csv

import (
	"bytes"
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
// end. Before end there is no quote; whole tells that nothing will follow it.
func (s *scanner) regular(data []byte, at, end int, whole bool, width, most int, fields []cell.Field) (rows, next int, ascii bool) {
	if whole {
		clear(data[end : end+stride]) // so that nothing is found there
		end += stride - 1
	}
	count, high := s.cut(data, at, end, fields)
	if rows = count / width; rows == 0 {
		return 0, at, false
	}
	newlines := bytes.Count(data[at:fields[rows*width-1].End+1], []byte{'\n'})
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

// cut takes every delimiter and newline as the end of a field, up to the last
// stride before end or until fields are full.
func (s *scanner) cut(data []byte, at, end int, fields []cell.Field) (count int, high uint64) {
	comma, newline := uint64(s.comma)*ones, uint64('\n')*ones
	start := uint32(at)
	for base := at; base+stride <= end && count+stride <= len(fields); base += stride {
		b := (*[stride]byte)(data[base:])
		a0, a1, a2, a3 := word(b[0:8]), word(b[8:16]), word(b[16:24]), word(b[24:32])
		a4, a5, a6, a7 := word(b[32:40]), word(b[40:48]), word(b[48:56]), word(b[56:64])
		high |= a0 | a1 | a2 | a3 | a4 | a5 | a6 | a7
		found := ends(a0, comma, newline) | ends(a1, comma, newline)<<8 | ends(a2, comma, newline)<<16 | ends(a3, comma, newline)<<24 |
			ends(a4, comma, newline)<<32 | ends(a5, comma, newline)<<40 | ends(a6, comma, newline)<<48 | ends(a7, comma, newline)<<56
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
	return count, high
}

func word(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

// ends has one bit for each of the eight bytes that is a delimiter or newline.
func ends(word, comma, newline uint64) uint64 {
	low := word & lows // a byte's high bit is clear in a sum below where it is what is looked for
	return (^(((low^newline)+lows)&((low^comma)+lows) | word) & highs) >> 7 * gather >> 56
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
