package sketch

import (
	"math"
	"math/big"
	"math/bits"
	"sync"
)

// Sum is the exact sum of finite float64 values, or of their squares: a fixed
// point number so long that nothing is ever rounded away or overflows (after
// Neal 2015, "Fast exact summation using small and large superaccumulators").
// Sums can be added and subtracted in any order with the same result to the
// bit. The zero value is the sum of nothing.
type Sum struct {
	limbs [sumLimbs]uint64 // two's complement, least significant first
}

// A square is a multiple of 2^-2148 and below 2^2048; 64 bits more hold the
// sum of as many values as can be counted.
const (
	sumLimbs = 68
	sumUnit  = -2176 // exponent of the lowest bit
)

// lanes are sums of mantissas and of their squares, one for each sign and
// exponent: a value needs three additions there, and what is in the lanes goes
// into the long sums once per step.
type lanes [4096]lane

type lane struct{ sum, low, high uint64 }

// laneStep is how many 53-bit mantissas fit a 64-bit sum.
const laneStep = 1 << 11

var freeLanes = sync.Pool{New: func() any { return new(lanes) }}

// Accumulate adds values to sum and their squares to squares. NaN and
// infinities are left out.
func Accumulate(values []float64, sum, squares *Sum) {
	l := freeLanes.Get().(*lanes)
	for len(values) > 0 {
		part := values[:min(laneStep, len(values))]
		values = values[len(part):]
		low, high := l.add(part)
		l.drain(low, high, sum, squares)
	}
	freeLanes.Put(l)
}

// add fills the lanes and gives the range of exponents that it met.
func (l *lanes) add(values []float64) (low, high uint64) {
	low, high = 2047, 0
	for _, x := range values {
		b := math.Float64bits(x)
		at := b >> 52
		e := at & 2047
		m := b&(1<<52-1) | (e+2047)>>11<<52 // denormals have no leading one
		low, high = min(low, e), max(high, e)
		lane := &l[at]
		h, s := bits.Mul64(m, m)
		lane.sum += m
		var carry uint64
		lane.low, carry = bits.Add64(lane.low, s, 0)
		lane.high += h + carry
	}
	return low, high
}

// drain moves the lanes of a range of exponents into the sums and clears them.
func (l *lanes) drain(low, high uint64, sum, squares *Sum) {
	for e := low; e <= high; e++ {
		plus, minus := &l[e], &l[e|2048]
		if plus.low|plus.high|minus.low|minus.high == 0 {
			continue
		}
		if e < 2047 {
			exponent := int(max(e, 1)) - 1075
			sum.add(0, plus.sum, exponent)
			sum.sub(0, minus.sum, exponent)
			squares.add(plus.high, plus.low, 2*exponent)
			squares.add(minus.high, minus.low, 2*exponent)
		}
		*plus, *minus = lane{}, lane{}
	}
}

// place cuts a 128-bit integer times 2^exponent into limbs.
func place(high, low uint64, exponent int) (first int, part [3]uint64) {
	at := uint(exponent - sumUnit)
	by := at & 63
	return int(at >> 6), [3]uint64{low << by, high<<by | low>>(64-by), high >> (64 - by)}
}

func (s *Sum) add(high, low uint64, exponent int) {
	first, part := place(high, low, exponent)
	var carry uint64
	for i, p := range part {
		s.limbs[first+i], carry = bits.Add64(s.limbs[first+i], p, carry)
	}
	for i := first + len(part); carry != 0 && i < sumLimbs; i++ {
		s.limbs[i], carry = bits.Add64(s.limbs[i], 0, carry)
	}
}

func (s *Sum) sub(high, low uint64, exponent int) {
	first, part := place(high, low, exponent)
	var borrow uint64
	for i, p := range part {
		s.limbs[first+i], borrow = bits.Sub64(s.limbs[first+i], p, borrow)
	}
	for i := first + len(part); borrow != 0 && i < sumLimbs; i++ {
		s.limbs[i], borrow = bits.Sub64(s.limbs[i], 0, borrow)
	}
}

// Merge adds o.
func (s *Sum) Merge(o *Sum) {
	var carry uint64
	for i := range s.limbs {
		s.limbs[i], carry = bits.Add64(s.limbs[i], o.limbs[i], carry)
	}
}

// Subtract takes o away.
func (s *Sum) Subtract(o *Sum) {
	var borrow uint64
	for i := range s.limbs {
		s.limbs[i], borrow = bits.Sub64(s.limbs[i], o.limbs[i], borrow)
	}
}

// Float is the sum, rounded once to the nearest float64; infinite where it lies
// beyond.
func (s *Sum) Float() float64 {
	x, _ := s.float(1).Float64()
	return x
}

func (s *Sum) negative() bool { return s.limbs[sumLimbs-1]>>63 != 0 }

// integer is the sum in units of 2^sumUnit.
func (s *Sum) integer() *big.Int {
	limbs := s.limbs
	if s.negative() {
		var zero Sum
		zero.Subtract(s)
		limbs = zero.limbs
	}
	raw := make([]byte, 8*sumLimbs)
	for i, limb := range limbs {
		for j := range 8 {
			raw[len(raw)-1-8*i-j] = byte(limb >> (8 * j))
		}
	}
	n := new(big.Int).SetBytes(raw)
	if s.negative() {
		n.Neg(n)
	}
	return n
}

// float is the sum times n, exact.
func (s *Sum) float(n int64) *big.Float {
	return exact(new(big.Int).Mul(s.integer(), big.NewInt(n)), sumUnit)
}

// exact is n·2^exponent as a Float of all its bits.
func exact(n *big.Int, exponent int) *big.Float {
	x := new(big.Float).SetPrec(uint(max(n.BitLen(), 64))).SetInt(n)
	return x.SetMantExp(x, exponent)
}

// Mean is sum/n, rounded once; NaN for n = 0.
func Mean(n int64, sum *Sum) float64 {
	if n <= 0 {
		return math.NaN()
	}
	x, _ := new(big.Float).SetPrec(53).Quo(sum.float(1), exact(big.NewInt(n), 0)).Float64()
	return x
}

// Variance is the sample variance (n·Σx² - (Σx)²) / (n·(n-1)), from exact sums
// and rounded once, so that nothing cancels; NaN for n < 2. Units: those of x,
// squared.
func Variance(n int64, sum, squares *Sum) float64 {
	x, _ := variance(n, sum, squares).Float64()
	if n < 2 {
		return math.NaN()
	}
	return x
}

// Std is the sample standard deviation, the root of [Variance]; NaN for n < 2.
func Std(n int64, sum, squares *Sum) float64 {
	if n < 2 {
		return math.NaN()
	}
	v := variance(n, sum, squares)
	x, _ := new(big.Float).SetPrec(64).Sqrt(v).Float64()
	return x
}

// variance has 106 bits, so that its root rounds well. Sums that no values can
// have, as a forged profile may hold, give 0 rather than a negative number.
func variance(n int64, sum, squares *Sum) *big.Float {
	v := new(big.Float).SetPrec(106)
	if n < 2 {
		return v
	}
	total := sum.integer()
	total.Mul(total, total) // in units of 2^(2·sumUnit)
	over := new(big.Int).Mul(squares.integer(), big.NewInt(n))
	over.Lsh(over, uint(-sumUnit)).Sub(over, total)
	if over.Sign() <= 0 {
		return v
	}
	pairs := new(big.Int).Mul(big.NewInt(n), big.NewInt(n-1))
	return v.Quo(exact(over, 2*sumUnit), exact(pairs, 0))
}

// Spread is Σ w·(x - mean)² from the exact sums of w, w·x and w·x², rounded
// once.
func Spread(weights *Mass, sum, squares *Sum) float64 {
	w := weights.float()
	if w.Sign() == 0 {
		return math.NaN()
	}
	total := sum.float(1)
	about := new(big.Float).SetPrec(6000).Mul(total, total)
	about.Quo(about, w)
	about.Sub(squares.float(1), about)
	x, _ := about.Float64()
	return max(x, 0)
}
