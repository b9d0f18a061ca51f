package outcome

import (
	"math"

	"leeway/core/sketch"
)

// Errors sums up predictions of numbers: e = prediction - label.
type Errors struct {
	weighted bool

	Signed   *Moment // e
	Absolute *Moment // |e|
	Squared  *Moment // e²
	Share    *Moment // |e/y|, over y != 0
	Smape    *Moment // 200·|e|/(|y|+|ŷ|)
	Log      *Moment // (log(1+ŷ) - log(1+y))², of values that are not negative
	Negative int64   // rows with a negative label or prediction

	Sizes *sketch.Marked // |e|, marked where e > 0

	labels  labels
	fourths [9]sketch.Sum // see powers
	pending []pending     // rows that are not in labels and fourths yet
}

type pending struct{ y, off, weight float64 }

// labels are exact sums of labels, for their variance.
type labels struct {
	sum, squares sketch.Sum // Σ w·y, Σ w·y²
}

func newErrors(shape *Shape) *Errors {
	e := &Errors{weighted: shape.Weighted, Sizes: sketch.NewMarked(shape.Budget, shape.Weighted)}
	for _, m := range []**Moment{&e.Signed, &e.Absolute, &e.Squared, &e.Share, &e.Smape, &e.Log} {
		*m = newMoment(shape.Weighted)
	}
	return e
}

func (e *Errors) add(y, predicted, weight float64) {
	off := predicted - y
	size := math.Abs(off)
	e.Signed.add(off, weight)
	e.Absolute.add(size, weight)
	e.Squared.add(off*off, weight)
	if y != 0 {
		e.Share.add(size/math.Abs(y), weight)
	}
	smape := 0.0
	if both := math.Abs(y) + math.Abs(predicted); both > 0 {
		smape = 200 * (size / both)
	}
	e.Smape.add(smape, weight)
	if y < 0 || predicted < 0 {
		e.Negative++
	} else {
		d := math.Log1p(predicted) - math.Log1p(y)
		e.Log.add(d*d, weight)
	}
	e.Sizes.Add(size, off > 0, weight)
	if e.pending = append(e.pending, pending{y, off, weight}); len(e.pending) == buffered {
		e.flush()
	}
}

// flush moves what is pending into the sums.
func (e *Errors) flush() {
	var none sketch.Sum
	column := make([]float64, 0, 4*buffered)
	for _, p := range e.pending {
		if !e.weighted {
			column = append(column, p.y)
			continue
		}
		e.label(p.y, p.weight)
	}
	sketch.Accumulate(column, &e.labels.sum, &e.labels.squares)
	for i := range e.fourths {
		column = column[:0]
		for _, p := range e.pending {
			column = append(column, powers(i, p))
		}
		sketch.Accumulate(column, &e.fourths[i], &none)
	}
	e.pending = e.pending[:0]
}

// powers are what the interval of r² is made of: sums of w² times e⁴, e², e²y,
// e²y², 1, y, y², y³ and y⁴.
func powers(i int, p pending) float64 {
	w, y, square := p.weight*p.weight, p.y, p.off*p.off
	switch i {
	case 0:
		return w * square * square
	case 1, 2, 3:
		w, i = w*square, i-1
	default:
		i -= 4
	}
	for range i {
		w *= y
	}
	return w
}

// label adds a label with a weight to the sums of which the variance is made. A
// square has more digits than a float64: what is cut off is added too, so that
// labels far from zero lose nothing.
func (e *Errors) label(y, weight float64) {
	var none sketch.Sum
	wy, low := product(weight, y)
	var parts [4]float64
	parts[0], parts[1] = product(wy, y)
	parts[2], parts[3] = product(low, y)
	sketch.Accumulate(parts[:], &e.labels.squares, &none)
	parts[0], parts[1] = wy, low
	sketch.Accumulate(parts[:2], &e.labels.sum, &none)
}

// product is a·b as a rounded product and what rounding left (Dekker, 1971);
// nothing is left where it would overflow.
func product(a, b float64) (high, low float64) {
	high = float64(a * b)
	if math.Abs(a) > 1e150 || math.Abs(b) > 1e150 || math.Abs(high) < 1e-290 {
		return high, 0
	}
	a1, a2 := split(a)
	b1, b2 := split(b)
	low = float64(a1*b1) - high
	low += float64(a1 * b2)
	low += float64(a2 * b1)
	low += float64(a2 * b2)
	return high, low
}

// split cuts the digits of x into halves.
func split(x float64) (high, low float64) {
	c := float64(134217729 * x)
	high = c - (c - x)
	return high, x - high
}

func (e *Errors) merge(o *Errors) {
	e.flush()
	o.flush()
	pairs := [][2]*Moment{{e.Signed, o.Signed}, {e.Absolute, o.Absolute}, {e.Squared, o.Squared}, {e.Share, o.Share}, {e.Smape, o.Smape}, {e.Log, o.Log}}
	for _, p := range pairs {
		p[0].merge(p[1])
	}
	e.Negative += o.Negative
	e.Sizes.Merge(o.Sizes)
	e.labels.sum.Merge(&o.labels.sum)
	e.labels.squares.Merge(&o.labels.squares)
	for i := range e.fourths {
		e.fourths[i].Merge(&o.fourths[i])
	}
}

// Spread is Σ w·(y - mean)², from exact sums; NaN for fewer than two rows.
func (e *Errors) Spread() float64 {
	e.flush()
	n := e.Absolute.Rows()
	if n < 2 {
		return math.NaN()
	}
	if !e.weighted {
		return sketch.Variance(n, &e.labels.sum, &e.labels.squares) * float64(n-1)
	}
	return sketch.Spread(&e.Absolute.count.Mass, &e.labels.sum, &e.labels.squares)
}

// RSquaredVariance is the variance of r² by the delta method, given the mean of
// the labels, r² and their spread.
func (e *Errors) RSquaredVariance(r2, spread float64) float64 {
	e.flush()
	var s [9]float64
	for i := range s {
		s[i] = e.fourths[i].Float()
	}
	mean := e.Label()
	q := 1 - r2
	// Σ w²·e²·(y-mean)² and Σ w²·(y-mean)⁴.
	cross := s[3] - float64(2*mean*s[2]) + float64(mean*mean*s[1])
	m2 := mean * mean
	fourth := s[8] - float64(4*mean*s[7]) + float64(6*m2*s[6]) - float64(4*m2*mean*s[5]) + float64(m2*m2*s[4])
	v := s[0] - float64(2*q*cross) + float64(q*q*fourth)
	return max(v, 0) / (spread * spread)
}

// Weight is the sum of all weights: without weights the number of rows.
func (e *Errors) Weight() float64 {
	if !e.weighted {
		return float64(e.Absolute.Rows())
	}
	return e.Absolute.count.Mass.Float()
}

// Label is the mean label.
func (e *Errors) Label() float64 {
	e.flush()
	return e.labels.sum.Float() / e.Weight()
}
