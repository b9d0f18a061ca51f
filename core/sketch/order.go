package sketch

import "math"

const sign = 1 << 63

// ordered maps finite float64 bits to integers of the same order. -0 and +0
// have different images: callers pass values after x + 0.
func ordered(bits uint64) uint64 {
	return bits ^ (uint64(int64(bits)>>63) | sign)
}

// unordered is the inverse of ordered. Images of no finite value become the
// largest finite value of their sign.
func unordered(key uint64) float64 {
	bits := key ^ (uint64(int64(^key)>>63) | sign)
	x := math.Float64frombits(bits)
	switch {
	case bits&^sign < infinite:
		return x
	case bits < sign:
		return math.MaxFloat64
	}
	return -math.MaxFloat64
}

// infinite are the bits of +Inf; above it, without the sign, are the NaNs.
const infinite = 0x7FF << 52

// bounds are the smallest and the largest value of a cell.
func bounds(key uint64, shift uint8) (low, high float64) {
	first := key << shift
	return unordered(first), unordered(first | (1<<shift - 1))
}

// middle is the value that stands for a cell: the value itself at shift 0, zero
// for the cell that begins with it, else the midpoint.
func middle(key uint64, shift uint8) float64 {
	low, high := bounds(key, shift)
	if low == 0 {
		return 0
	}
	return low + float64((high-low)/2)
}
