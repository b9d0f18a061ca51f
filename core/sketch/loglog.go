package sketch

import (
	"math"
	"math/bits"

	"leeway/core/frame"
)

// registers is HyperLogLog (Flajolet, Fusy, Gandouet, Meunier 2007) with 2^12
// registers over 64-bit hashes: a relative standard error of 1.6%.
type registers [1 << precision]uint8

const (
	precision = 12
	topRank   = 64 - precision + 1
)

// add takes a hash: its first bits choose the register, which keeps the longest
// run of zeros that followed.
func (r *registers) add(hash uint64) {
	rank := uint8(bits.LeadingZeros64(hash<<precision|1<<(precision-1))) + 1
	if at := &r[hash>>(64-precision)]; *at < rank {
		*at = rank
	}
}

func (r *registers) addAll(hashes []uint64) {
	for _, h := range hashes {
		r.add(h)
	}
}

// addValues takes numbers, without those that are not finite.
func (r *registers) addValues(values []float64) {
	for _, x := range values {
		if math.Float64bits(x)&^sign < infinite {
			r.add(frame.HashFloat(x))
		}
	}
}

func (r *registers) merge(o *registers) {
	for i, rank := range o {
		r[i] = max(r[i], rank)
	}
}

// estimate is the improved raw estimator of Ertl 2017 ("New cardinality
// estimation algorithms for HyperLogLog sketches", algorithm 6), which needs no
// switch between ranges and no table of corrections.
func (r *registers) estimate() float64 {
	var of [topRank + 1]float64
	for _, rank := range r {
		of[rank]++
	}
	const m = float64(len(r))
	z := float64(m * tau(1-float64(of[topRank]/m)))
	for k := topRank - 1; k >= 1; k-- {
		z = float64((z + of[k]) / 2)
	}
	z += float64(m * sigma(of[0]/m))
	return m * m / (2 * math.Ln2 * z)
}

func sigma(x float64) float64 {
	if x == 1 {
		return math.Inf(1)
	}
	y, z := 1.0, x
	for last := -1.0; z != last; y += y {
		x *= x
		last = z
		z += float64(x * y)
	}
	return z
}

func tau(x float64) float64 {
	if x == 0 || x == 1 {
		return 0
	}
	y, z := 1.0, 1-x
	for last := -1.0; z != last; {
		x = math.Sqrt(x)
		last = z
		y /= 2
		z -= float64(float64((1-x)*(1-x)) * y)
	}
	return z / 3
}
