package sketch

import "math/bits"

// CodeOrder sorts codes. It keeps its memory from one call to the next.
type CodeOrder struct{ keys, spare []uint64 }

// Of lists codes with where they stand, ascending, and those of one code in the
// order in which they stand: each is code<<32 | place. Codes 0, which stand for
// no value, are left out. The list is valid until the next call.
func (o *CodeOrder) Of(codes []uint32) []uint64 {
	keys, differ := o.keys[:0], uint64(0)
	for i, code := range codes {
		if code != 0 {
			keys = append(keys, uint64(code)<<32|uint64(i))
			differ |= keys[len(keys)-1] ^ keys[0]
		}
	}
	o.keys = keys
	if differ >>= 32; differ != 0 {
		if cap(o.spare) < len(keys) {
			o.spare = make([]uint64, len(keys))
		}
		low := 32 + bits.TrailingZeros64(differ)
		o.keys, o.spare = countKeys(keys, o.spare[:len(keys)], low, 32+bits.Len64(differ))
	}
	return o.keys
}
