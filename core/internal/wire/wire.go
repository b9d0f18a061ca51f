// Package wire writes and reads the small numbers and texts that encodings of
// summaries are made of.
//
// Writing appends to a byte slice. Reading goes through a [Reader], which never
// reads past its end and remembers the first thing that was wrong: callers read
// on and look at [Reader.Err] once. Every value has one encoding, and a reader
// takes no other, so what was decoded encodes to the same bytes.
package wire

import (
	"encoding/binary"
	"errors"
	"math"
	"math/bits"
)

// Uint appends an unsigned number, seven bits a byte.
func Uint(to []byte, x uint64) []byte { return binary.AppendUvarint(to, x) }

// Int appends a signed number that is small in either direction.
func Int(to []byte, x int64) []byte { return binary.AppendVarint(to, x) }

// Float appends the bits of x.
func Float(to []byte, x float64) []byte {
	return binary.LittleEndian.AppendUint64(to, math.Float64bits(x))
}

// Text appends a length and the bytes of s.
func Text(to []byte, s string) []byte { return append(Uint(to, uint64(len(s))), s...) }

// Flag appends a truth value.
func Flag(to []byte, b bool) []byte {
	if b {
		return append(to, 1)
	}
	return append(to, 0)
}

// Reader reads from a byte slice. After the first fault everything reads as
// zero.
type Reader struct {
	rest []byte
	err  error
}

// NewReader reads data, which must not change meanwhile.
func NewReader(data []byte) *Reader { return &Reader{rest: data} }

// Err is the first fault, nil if there was none.
func (r *Reader) Err() error { return r.err }

// Fail records a fault, unless there was one before.
func (r *Reader) Fail(what string) {
	if r.err == nil {
		r.err = errors.New(what)
	}
	r.rest = nil
}

// Left is the number of bytes that are not read yet.
func (r *Reader) Left() int { return len(r.rest) }

// Uint reads an unsigned number.
func (r *Reader) Uint() uint64 {
	if len(r.rest) > 0 && r.rest[0] < 0x80 { // most are small
		x := r.rest[0]
		r.rest = r.rest[1:]
		return uint64(x)
	}
	x, n := binary.Uvarint(r.rest)
	if n <= 0 || n != (bits.Len64(x)+6)/7 {
		r.Fail("number is cut off or not in its shortest form")
		return 0
	}
	r.rest = r.rest[n:]
	return x
}

// Uints reads as many unsigned numbers as to has room for: Uint, but fast.
func (r *Reader) Uints(to []uint64) {
	rest := r.rest
	for i := range to {
		switch {
		case len(rest) > 0 && rest[0] < 0x80:
			to[i] = uint64(rest[0])
			rest = rest[1:]
		case len(rest) > 1 && rest[1] < 0x80 && rest[1] > 0:
			to[i] = uint64(rest[0]&0x7F) | uint64(rest[1])<<7
			rest = rest[2:]
		default:
			r.rest = rest
			to[i] = r.Uint()
			rest = r.rest
		}
	}
	r.rest = rest
}

// Int reads a signed number.
func (r *Reader) Int() int64 {
	x := r.Uint()
	return int64(x>>1) ^ -int64(x&1)
}

// most is the largest count: all whole numbers up to it are float64 values.
const most = 1 << 53

// Count reads a number of rows or values, at most 2^53.
func (r *Reader) Count() int64 {
	x := r.Uint()
	if x > most {
		r.Fail("count is too large")
		return 0
	}
	return int64(x)
}

// Size reads how many things follow that take at least each bytes apiece, so
// that nobody can make a reader allocate for more than is there.
func (r *Reader) Size(each int) int {
	x := r.Uint()
	if x > uint64(len(r.rest)/each) {
		r.Fail("more is announced than follows")
		return 0
	}
	return int(x)
}

// Bound reads a bound of at least one on how much is kept.
func (r *Reader) Bound() int {
	x := r.Uint()
	if x == 0 || x > 1<<30 {
		r.Fail("bound is out of range")
		return 1
	}
	return int(x)
}

// Byte reads one byte.
func (r *Reader) Byte() byte {
	if len(r.rest) == 0 {
		r.Fail("cut off")
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

// Flag reads a truth value.
func (r *Reader) Flag() bool {
	b := r.Byte()
	if b > 1 {
		r.Fail("flag is neither 0 nor 1")
	}
	return b == 1
}

// Float reads a finite float64.
func (r *Reader) Float() float64 {
	b := r.Bytes(8)
	if b == nil {
		return 0
	}
	x := math.Float64frombits(binary.LittleEndian.Uint64(b))
	if math.IsNaN(x) || math.IsInf(x, 0) {
		r.Fail("number is not finite")
		return 0
	}
	return x
}

// Bytes reads n bytes; they alias the data. nil if there are fewer.
func (r *Reader) Bytes(n int) []byte {
	if n < 0 || n > len(r.rest) {
		r.Fail("cut off")
		return nil
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}

// Text reads a length and as many bytes.
func (r *Reader) Text() string { return string(r.Bytes(r.Size(1))) }
