package stat

import (
	"math"
	"slices"
)

// Weighted is a sample as its distinct values, ascending, each with how often
// it occurs (at least once).
type Weighted struct {
	Values []float64
	Counts []int64
}

// Count sorts values into a Weighted. NaN is left out, -0 counts as 0.
func Count(values []float64) Weighted {
	sorted := make([]float64, 0, len(values))
	for _, x := range values {
		if x == x {
			sorted = append(sorted, x+0)
		}
	}
	slices.Sort(sorted)
	var w Weighted
	for i, x := range sorted {
		if i == 0 || x != sorted[i-1] {
			w.Values, w.Counts = append(w.Values, x), append(w.Counts, 0)
		}
		w.Counts[len(w.Counts)-1]++
	}
	return w
}

// Total is the number of values.
func (w Weighted) Total() int64 {
	var n int64
	for _, c := range w.Counts {
		n += c
	}
	return n
}

// Pair is two samples over their joint distinct values: what all two-sample
// statistics start from.
type Pair struct {
	values []float64
	a, b   []int64 // counts of each side; one of the two may be 0
	n, m   int64
}

// NewPair pools a reference a and a current sample b.
func NewPair(a, b Weighted) *Pair {
	p := &Pair{}
	p.Pool(a, b)
	return p
}

// Pool pools other samples, in the memory of p.
func (p *Pair) Pool(a, b Weighted) {
	size := len(a.Values) + len(b.Values)
	values, ofA, ofB := slices.Grow(p.values[:0], size)[:size], slices.Grow(p.a[:0], size)[:size], slices.Grow(p.b[:0], size)[:size]
	i, j, k := 0, 0, 0
	for ; i < len(a.Values) && j < len(b.Values); k++ {
		x, y := a.Values[i], b.Values[j]
		// Nobody can predict which comes next, so this has no branches.
		fromA, fromB := 0, 1
		if x <= y {
			fromA = 1
		}
		if x < y {
			fromB = 0
		}
		values[k], ofA[k], ofB[k] = min(x, y), a.Counts[i]&-int64(fromA), b.Counts[j]&-int64(fromB)
		i, j = i+fromA, j+fromB
	}
	for ; i < len(a.Values); i, k = i+1, k+1 {
		values[k], ofA[k], ofB[k] = a.Values[i], a.Counts[i], 0
	}
	for ; j < len(b.Values); j, k = j+1, k+1 {
		values[k], ofA[k], ofB[k] = b.Values[j], 0, b.Counts[j]
	}
	p.values, p.a, p.b = values[:k], ofA[:k], ofB[:k]
	p.n, p.m = a.Total(), b.Total()
}

// At is one of the different values of both sides together, with its counts.
func (p *Pair) At(i int) (value float64, reference, current int64) {
	return p.values[i], p.a[i], p.b[i]
}

func (p *Pair) empty() bool { return p.n == 0 || p.m == 0 }

// sum adds with Neumaier's compensation, so that long sums keep their digits.
type sum struct{ s, c float64 }

func (k *sum) add(x float64) {
	x = float64(x) // a product is rounded before it is added, see archtest
	t := k.s + x
	if math.Abs(k.s) >= math.Abs(x) {
		k.c += (k.s - t) + x
	} else {
		k.c += (x - t) + k.s
	}
	k.s = t
}

func (k *sum) value() float64 { return k.s + k.c }
