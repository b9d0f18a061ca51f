package inflate

import (
	"encoding/binary"
	"errors"
	"io"
)

const (
	input = 64 << 10 // bytes of input in memory
	ahead = 16       // bytes behind the input that may be looked at: zeros at its end
)

// source gives the bits of a stream, the lowest of a byte first.
type source struct {
	src      io.Reader
	data     []byte // input and ahead bytes more
	pos, end int
	eof      bool  // nothing follows end
	failed   error // of src, io.EOF left out
	bits     uint64
	n        uint // how many of bits count
}

// fill makes 8 bytes readable at pos, or all that is left. What bits may hold of
// the bytes before stays too, for align.
func (s *source) fill() {
	if s.eof || s.end-s.pos >= 8 {
		return
	}
	back := min(s.pos, 8)
	s.end = copy(s.data, s.data[s.pos-back:s.end])
	for s.pos = back; s.end-s.pos < 8 && !s.eof; {
		n, err := s.src.Read(s.data[s.end:input])
		s.end += n
		if err != nil {
			s.eof = true
			clear(s.data[s.end : s.end+ahead])
			if !errors.Is(err, io.EOF) {
				s.failed = err
			}
		}
	}
}

// safe is up to where refill may be called: it reads a word at pos.
func (s *source) safe() int {
	if s.eof {
		return s.end + ahead - 8
	}
	return s.end - 8
}

// refill makes at least 56 bits count.
func (s *source) refill() {
	s.bits |= binary.LittleEndian.Uint64(s.data[s.pos:]) << (s.n & 63)
	s.pos += int((63 - s.n) >> 3)
	s.n |= 56
}

// need makes at least k <= 32 bits count. Behind the end of the input they are
// zero.
func (s *source) need(k uint) {
	if s.n >= k {
		return
	}
	if s.fill(); s.pos <= s.safe() {
		s.refill()
		return
	}
	s.n += 32
	s.pos += 4
}

// take consumes k <= 32 bits.
func (s *source) take(k uint) uint32 {
	s.need(k)
	v := s.bits & (1<<k - 1)
	s.bits >>= k
	s.n -= k
	return uint32(v)
}

// align drops the bits up to the next byte and what was read ahead.
func (s *source) align() {
	s.pos -= int(s.n / 8)
	s.bits, s.n = 0, 0
}

// used tells whether the input is at its end.
func (s *source) used() bool {
	s.fill()
	return s.eof && s.pos-int(s.n/8) >= s.end
}

// short is the error of having consumed more than there is, nil if that is not so.
func (s *source) short() error {
	if s.pos-int(s.n/8) <= s.end {
		return nil
	}
	if s.failed != nil {
		return s.failed
	}
	return io.ErrUnexpectedEOF
}
