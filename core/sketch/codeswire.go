package sketch

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"

	"leeway/core/internal/wire"
)

// append writes the codes of the rows whose hashes, which are written before,
// lie up to the cut.
func (c *Codes) append(to []byte) []byte {
	to = wire.Uint(to, uint64(c.bound))
	if c.bound == 0 {
		return to
	}
	to = AppendNames(wire.Uint(to, math.MaxUint64-c.cut), c.names)
	column, known := make([]uint32, len(c.hashes)), make([]uint32, 0, len(c.hashes))
	for j := range c.names {
		for i := range column {
			column[i] = c.codes[i*len(c.names)+j]
		}
		known = append(known[:0], column...)
		slices.Sort(known)
		to = appendCodes(to, column, slices.Compact(known))
	}
	return to
}

// mostKnown is how many different codes are written as a list and a byte per
// row.
const mostKnown = 256

// appendCodes writes one column: few different codes as a list of them and the
// place of each row's in it; many as what they are above the smallest, in as
// many bytes as the largest needs.
func appendCodes(to []byte, column, known []uint32) []byte {
	if len(known) == 0 {
		return to
	}
	few := len(known) <= mostKnown
	to = wire.Uint(wire.Flag(to, few), uint64(known[0]))
	if !few {
		width := bytesOf(known[len(known)-1] - known[0])
		to = append(to, byte(width))
		for _, code := range column {
			var raw [4]byte
			binary.LittleEndian.PutUint32(raw[:], code-known[0])
			to = append(to, raw[:width]...)
		}
		return to
	}
	to = append(to, byte(len(known)-1))
	for i := range known[1:] {
		to = wire.Uint(to, uint64(known[i+1]-known[i]-1))
	}
	for _, code := range column {
		at, _ := slices.BinarySearch(known, code)
		to = append(to, byte(at))
	}
	return to
}

func bytesOf(x uint32) int { return (bits.Len32(x) + 7) / 8 }

// readCodes reads what append wrote. Every code takes a byte at least, so that
// memory stays in proportion.
func (rows *Rows) readCodes(r *wire.Reader) {
	c := &Codes{bound: int(min(r.Uint(), 1<<30))}
	rows.codes = c
	if c.bound == 0 {
		return
	}
	c.cut, c.names = math.MaxUint64-r.Uint(), ReadNames(r)
	if c.bound > rows.bound || c.cut > rows.limit {
		r.Fail("codes are of more rows than there are")
		return
	}
	n := 0
	for n < len(rows.cells) && rows.cells[n].key <= c.cut {
		n++
	}
	high, low := bits.Mul(uint(n), uint(len(c.names)))
	if n > c.bound || high > 0 || low > uint(r.Left()) {
		r.Fail("more codes than follow")
		return
	}
	c.hashes, c.codes = make([]uint64, n), make([]uint32, low)
	for i := range c.hashes {
		c.hashes[i] = rows.cells[i].key
	}
	for j := range c.names {
		if n > 0 && r.Err() == nil {
			c.readColumn(r, j)
		}
	}
}

func (c *Codes) readColumn(r *wire.Reader, j int) {
	n, width := len(c.hashes), len(c.names)
	few, first := r.Flag(), min(r.Uint(), math.MaxUint32+1)
	if first > math.MaxUint32 {
		r.Fail("codes are out of range")
		return
	}
	if !few {
		c.readWide(r, j, uint32(first))
		return
	}
	var known [mostKnown]uint32
	count := int(r.Byte()) + 1
	known[0] = uint32(first)
	for i := 1; i < count; i++ {
		first += min(r.Uint(), math.MaxUint32) + 1
		if first > math.MaxUint32 {
			r.Fail("codes are out of range")
			return
		}
		known[i] = uint32(first)
	}
	var used [mostKnown]bool
	missing := count
	for i, at := range r.Bytes(n) {
		if int(at) >= count {
			r.Fail("code is unknown")
			return
		}
		if !used[at] {
			used[at] = true
			missing--
		}
		c.codes[i*width+j] = known[at]
	}
	if missing > 0 {
		r.Fail("codes that no row has")
	}
}

// readWide reads a column of more different codes than are listed.
func (c *Codes) readWide(r *wire.Reader, j int, first uint32) {
	n, width := len(c.hashes), len(c.names)
	size := int(r.Byte())
	if size < 1 || size > 4 {
		r.Fail("codes are out of range")
		return
	}
	raw := r.Bytes(n * size)
	least, most := uint32(math.MaxUint32), uint32(0)
	var known few
	for i := 0; len(raw) > 0; i, raw = i+1, raw[size:] {
		var four [4]byte
		copy(four[:], raw[:size])
		above := binary.LittleEndian.Uint32(four[:])
		if uint64(first)+uint64(above) > math.MaxUint32 {
			r.Fail("codes are out of range")
			return
		}
		c.codes[i*width+j] = first + above
		known.add(above)
		least, most = min(least, above), max(most, above)
	}
	if known.count <= mostKnown || least != 0 || bytesOf(most) != size {
		r.Fail("codes are not in their shortest form")
	}
}

// few is a set of codes that stops to grow beyond mostKnown of them: it tells
// whether they are more, without sorting all.
type few struct {
	count int
	slots [4 * mostKnown]uint64 // code + 1; 0 is free
}

func (f *few) add(code uint32) {
	if f.count > mostKnown {
		return
	}
	at := code * 0x9E3779B1 >> 22 // multiplicative hashing: as many bits as there are slots
	for ; f.slots[at] != 0; at = (at + 1) % uint32(len(f.slots)) {
		if f.slots[at] == uint64(code)+1 {
			return
		}
	}
	f.slots[at] = uint64(code) + 1
	f.count++
}
