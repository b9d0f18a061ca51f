package parquet

import (
	"encoding/binary"
	"errors"
)

var errRuns = errors.New("has runs that end too early")

// hybrid decodes the mix of runs and bit-packed values in which Parquet stores
// levels, dictionary positions and truth values.
type hybrid struct {
	data   []byte
	width  uint
	run    int    // what is left of the current run
	value  uint32 // of a run of equals
	packed bool   // the current run is bit-packed
	bit    int    // where the next packed value begins, in bits
}

func (h *hybrid) reset(data []byte, width uint) { *h = hybrid{data: data, width: width} }

// start reads the head of the next run.
func (h *hybrid) start() error {
	if h.packed {
		h.data = h.data[min((h.bit+7)/8, len(h.data)):]
		h.packed = false
	}
	head, n := binary.Uvarint(h.data)
	if n <= 0 || head>>1 > 1<<31 {
		return errRuns
	}
	h.data = h.data[n:]
	if head&1 == 1 {
		h.packed, h.bit = true, 0
		h.run = int(head>>1) * 8
		if have := len(h.data) * 8 / int(h.width); h.run > have {
			h.run = have // the last run may be cut short
		}
	} else {
		h.run = int(head >> 1)
		bytes := int(h.width+7) / 8
		if len(h.data) < bytes {
			return errRuns
		}
		h.value = 0
		for i := range bytes {
			h.value |= uint32(h.data[i]) << (8 * i)
		}
		h.data = h.data[bytes:]
	}
	if h.run == 0 && len(h.data) == 0 {
		return errRuns
	}
	return nil
}

// same tells whether the next n values are equal, and takes them if so.
func (h *hybrid) same(n int) (uint32, bool) {
	if h.width == 0 {
		return 0, true
	}
	if h.run == 0 && h.start() != nil || h.packed || h.run < n {
		return 0, false // an error shows again when the values are read
	}
	h.run -= n
	return h.value, true
}

// read fills out with the next values.
func (h *hybrid) read(out []uint32) error {
	if h.width == 0 {
		clear(out)
		return nil
	}
	for len(out) > 0 {
		for h.run == 0 {
			if err := h.start(); err != nil {
				return err
			}
		}
		n := min(h.run, len(out))
		if h.packed {
			h.unpack(out[:n])
		} else {
			for i := range out[:n] {
				out[i] = h.value
			}
		}
		h.run -= n
		out = out[n:]
	}
	return nil
}

// unpack reads bit-packed values, lowest bit first.
func (h *hybrid) unpack(out []uint32) {
	width, bit, mask := int(h.width), h.bit, uint64(1)<<h.width-1
	data := h.data
	i := 0
	for ; i < len(out) && bit>>3+8 <= len(data); i++ {
		out[i] = uint32(binary.LittleEndian.Uint64(data[bit>>3:]) >> (bit & 7) & mask)
		bit += width
	}
	for ; i < len(out); i++ {
		var word uint64
		for j, b := range data[min(bit>>3, len(data)):] {
			word |= uint64(b) << (8 * j)
		}
		out[i] = uint32(word >> (bit & 7) & mask)
		bit += width
	}
	h.bit = bit
}

// old decodes levels in the abandoned encoding: packed, highest bit first.
type old struct {
	data  []byte
	width uint
	bit   int
}

func (o *old) read(out []uint32) error {
	if len(o.data)*8 < o.bit+len(out)*int(o.width) {
		return errRuns
	}
	for i := range out {
		var x uint32
		for range o.width {
			x = x<<1 | uint32(o.data[o.bit>>3]>>(7-o.bit&7)&1)
			o.bit++
		}
		out[i] = x
	}
	return nil
}

// levels are the repetition or definition levels of a page.
type levels struct {
	runs hybrid
	old  old
	max  int
	bits bool // in the old encoding
}

// read fills out with the next levels. all tells that each of them is the
// highest; out is not filled then.
func (l *levels) read(out []uint32) (all bool, err error) {
	if l.max == 0 {
		return true, nil
	}
	if l.bits {
		err = l.old.read(out)
	} else {
		if x, ok := l.runs.same(len(out)); ok {
			if x == uint32(l.max) {
				return true, nil
			}
			for i := range out {
				out[i] = x
			}
		} else {
			err = l.runs.read(out)
		}
	}
	if err != nil {
		return false, err
	}
	for _, x := range out {
		if x > uint32(l.max) {
			return false, errors.New("has levels beyond what the schema allows")
		}
	}
	return false, nil
}
