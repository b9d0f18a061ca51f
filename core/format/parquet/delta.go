package parquet

import (
	"encoding/binary"
	"errors"
)

var errDelta = errors.New("has deltas that end too early")

// delta decodes whole numbers that are stored as differences, in blocks of
// bit-packed miniblocks.
type delta struct {
	data   []byte // behind what was read
	mini   int    // values of a miniblock
	minis  int    // miniblocks of a block
	total  int    // values not yet read, the first included
	first  bool   // the next value is the first: it has no difference
	last   uint64
	least  uint64 // smallest difference of the block
	widths []byte // of the miniblocks of the block that were not begun
	packed []byte // the miniblock
	width  uint
	left   int // values of the miniblock not yet read
	bit    int
}

// reset reads the head. limit is how many values there may be.
func (d *delta) reset(data []byte, limit int) error {
	*d = delta{data: data, first: true}
	block, minis, total := d.varint(), d.varint(), d.varint()
	d.last = unzigzag(d.varint())
	if d.data == nil || minis == 0 || block == 0 || block > 1<<20 || block%128 != 0 || block%minis != 0 || block/minis%32 != 0 {
		return errors.New("has deltas with an invalid head")
	}
	if total > uint64(limit) {
		return errors.New("has more deltas than values")
	}
	d.mini, d.minis, d.total = int(block/minis), int(minis), int(total)
	return nil
}

// varint reads a number; at the end of the data it makes data nil.
func (d *delta) varint() uint64 {
	x, n := binary.Uvarint(d.data)
	if n <= 0 {
		d.data = nil
		return 0
	}
	d.data = d.data[n:]
	return x
}

func unzigzag(x uint64) uint64 { return x>>1 ^ -(x & 1) }

// next begins the next miniblock.
func (d *delta) next() error {
	if len(d.widths) == 0 {
		d.least = unzigzag(d.varint())
		if len(d.data) < d.minis {
			return errDelta
		}
		d.widths, d.data = d.data[:d.minis], d.data[d.minis:]
	}
	d.width = uint(d.widths[0])
	d.widths = d.widths[1:]
	size := d.mini * int(d.width) / 8
	if d.width > 64 || size > len(d.data) && (d.total > d.mini || d.total*int(d.width) > 8*len(d.data)) {
		return errDelta
	}
	size = min(size, len(d.data)) // the last one may be cut short
	d.packed, d.data = d.data[:size], d.data[size:]
	d.left, d.bit = d.mini, 0
	return nil
}

// read fills out with the next values, wrapping around as the format asks for.
func (d *delta) read(out []uint64) error {
	if len(out) > d.total {
		return errDelta
	}
	for i := range out {
		if d.first {
			d.first = false
		} else {
			if d.left == 0 {
				if err := d.next(); err != nil {
					return err
				}
			}
			d.last += d.least + word(d.packed, d.bit, d.width)
			d.bit += int(d.width)
			d.left--
		}
		out[i] = d.last
		d.total--
	}
	return nil
}

// rest is what follows the last value, passing over those not yet read.
func (d *delta) rest() ([]byte, error) {
	var scratch [256]uint64
	for d.total > 0 {
		if err := d.read(scratch[:min(d.total, len(scratch))]); err != nil {
			return nil, err
		}
	}
	return d.data, nil
}

// word reads a number of up to 64 bits, lowest bit first.
func word(data []byte, at int, width uint) uint64 {
	if width == 0 {
		return 0
	}
	i, shift := at>>3, uint(at&7)
	var low, high uint64
	if i+9 <= len(data) {
		low, high = binary.LittleEndian.Uint64(data[i:]), uint64(data[i+8])
	} else {
		var word [9]byte
		copy(word[:], data[min(i, len(data)):])
		low, high = binary.LittleEndian.Uint64(word[:]), uint64(word[8])
	}
	x := low>>shift | high<<(64-shift)
	if width < 64 {
		x &= 1<<width - 1
	}
	return x
}
