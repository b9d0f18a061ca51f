package sketch

import (
	"math"
	"math/big"
	"math/bits"
)

// MaxWeight is the largest weight that a [Mass] takes.
const MaxWeight = 1e9

// Mass is an exact sum of weights 0 < w <= MaxWeight, or of their squares: a
// fixed point number in units of 2^-96, so that it is the same in any order.
// What of a weight is below the unit is cut off. The zero value is no mass.
type Mass [3]uint64 // least significant first

// massUnit is the exponent of the lowest bit.
const massUnit = -96

// Add adds a weight, or the square of one.
func (m *Mass) Add(w float64) {
	fraction, exponent := math.Frexp(w)
	part := [3]uint64{uint64(math.Ldexp(fraction, 53))}
	by := exponent - 53 - massUnit
	if by < 0 {
		part[0] >>= uint(min(-by, 63))
		by = 0
	}
	at, by := by/64, by%64
	low, high := part[0]<<by, part[0]>>(64-by)
	part = [3]uint64{}
	if at < len(part) {
		part[at] = low
	}
	if at+1 < len(part) {
		part[at+1] = high
	}
	m.merge(&part)
}

// Merge adds o.
func (m *Mass) Merge(o *Mass) { m.merge((*[3]uint64)(o)) }

func (m *Mass) merge(o *[3]uint64) {
	var carry uint64
	for i := range m {
		m[i], carry = bits.Add64(m[i], o[i], carry)
	}
}

// Float is the mass.
func (m *Mass) Float() float64 {
	return math.Ldexp(float64(m[2]), massUnit+128) + math.Ldexp(float64(m[1]), massUnit+64) + math.Ldexp(float64(m[0]), massUnit)
}

// float is the mass as a number of all its bits.
func (m *Mass) float() *big.Float {
	n := new(big.Int)
	for i := len(m) - 1; i >= 0; i-- {
		n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(m[i]))
	}
	return exact(n, massUnit)
}
