package stat

import "math"

// A Distance compares the shares of two sides in the same cells: a sum over
// the cells of a term in the reference's share p and the current share q, then
// a shape (identity or root) of the sum.
type Distance struct {
	term   func(p, q float64) float64
	shape  func(sum float64) float64
	smooth bool // shares are (count+½)/(n+k/2)
	most   float64
	every  float64 // how finely the term is to be averaged, in standard deviations of a normal count
}

// The distances. All are 0 for equal counts, and >= 0.
var (
	// PSI is the population stability index Σ(q-p)·ln(q/p), smoothed.
	PSI = &Distance{psiTerm, identity, true, math.Inf(1), smoothly}

	// KL is the Kullback-Leibler divergence of the current side from the
	// reference, Σq·ln(q/p) in nats, smoothed.
	KL = &Distance{klTerm, identity, true, math.Inf(1), smoothly}

	// JSDivergence is the Jensen-Shannon divergence in bits, 0..1: the square
	// of scipy.spatial.distance.jensenshannon with base 2.
	JSDivergence = &Distance{jsTerm, identity, false, 1, smoothly}

	// JSDistance is the root of JSDivergence, 0..1.
	JSDistance = &Distance{jsTerm, math.Sqrt, false, 1, smoothly}

	// Hellinger is the Hellinger distance sqrt(1 - Σ√(p·q)), 0..1.
	Hellinger = &Distance{hellingerTerm, math.Sqrt, false, 1, smoothly}

	// TotalVariation is half of Σ|p-q|, 0..1: the share of values that would
	// have to move.
	TotalVariation = &Distance{variationTerm, identity, false, 1, 0.25}
)

// smoothly is how finely a term without a kink is averaged: at steps of half a
// standard deviation the trapezoidal rule is exact but for 1e-34.
const smoothly = 0.5

func identity(x float64) float64 { return x }

func psiTerm(p, q float64) float64 { return (q - p) * math.Log(q/p) }

// klTerm is q·ln(q/p) - q + p: the shares of a side add up to 1, so the sum is
// that of q·ln(q/p), but no term is negative and nothing cancels.
func klTerm(p, q float64) float64 { return deviance(q, p) }

func jsTerm(p, q float64) float64 {
	middle := float64((p + q) / 2)
	var t float64
	if p > 0 {
		t += deviance(p, middle)
	}
	if q > 0 {
		t += deviance(q, middle)
	}
	if p == 0 || q == 0 { // deviance(0, y) is y
		t += middle
	}
	return t / (2 * math.Ln2)
}

func hellingerTerm(p, q float64) float64 {
	d := math.Sqrt(p) - math.Sqrt(q)
	return d * d / 2
}

func variationTerm(p, q float64) float64 { return math.Abs(p-q) / 2 }

// Of is the distance between the two sides.
func (d *Distance) Of(c *Cells) (float64, error) {
	s, err := d.sum(c)
	return d.shape(s), err
}

func (d *Distance) sum(c *Cells) (float64, error) {
	if c.n == 0 || c.m == 0 {
		return 0, ErrEmpty
	}
	n, m, plus := d.denominators(c)
	var s sum
	for i, r := range c.Reference {
		s.add(d.term((float64(r)+plus)/n, (float64(c.Current[i])+plus)/m))
	}
	return min(max(s.value(), 0), d.most), nil
}

// denominators are what counts are divided by, and what is added to them.
func (d *Distance) denominators(c *Cells) (n, m, plus float64) {
	n, m = float64(c.n), float64(c.m)
	if d.smooth {
		half := float64(float64(c.K()) / 2)
		return n + half, m + half, 0.5
	}
	return n, m, 0
}

// Judged is a distance with what is needed to judge it.
type Judged struct {
	Value     float64
	Null      float64 // what to expect if nothing changed
	Effect    float64 // the part of Value beyond that: the shape of the sum's excess
	Low, High float64 // 95% interval of Value
}

// Judge compares the distance with what a random split of the pooled values
// into sides of these sizes gives: its exact expectation, given how many values
// each cell holds. The interval adds the variance of such a split to that of
// the shares themselves (delta method).
func (d *Distance) Judge(c *Cells) (Judged, error) {
	s, err := d.sum(c)
	if err != nil {
		return Judged{}, err
	}
	null, variance := d.null(c)
	half := float64(1.959963984540054 * math.Sqrt(variance+d.delta(c)))
	return Judged{
		Value:  d.shape(s),
		Null:   d.shape(max(null, 0)),
		Effect: d.shape(max(s-null, 0)),
		Low:    d.shape(max(s-half, 0)),
		High:   d.shape(min(s+half, d.most)),
	}, nil
}

// null is the mean of the sum under random splits, and its variance as if
// cells were independent.
func (d *Distance) null(c *Cells) (mean, variance float64) {
	n, m, plus := d.denominators(c)
	known := map[int64][2]float64{}
	var total, spread sum
	for i, r := range c.Reference {
		t := r + c.Current[i]
		moments, ok := known[t]
		if !ok {
			moments = c.split(t, d.every, func(x float64) float64 { return d.term((float64(t)-x+plus)/n, (x+plus)/m) })
			known[t] = moments
		}
		total.add(moments[0])
		spread.add(moments[1])
	}
	return total.value(), spread.value()
}

// negligible is a weight that changes no digit of a sum in which the largest
// one is 1.
const negligible = 1e-30

// split gives mean and variance of f(x) where x of the t values of a cell are
// drawn to the current side.
func (c *Cells) split(t int64, every float64, f func(x float64) float64) [2]float64 {
	h := Hypergeometric{All: c.n + c.m, Marked: t, Draw: c.m}
	mean, std := h.Mean(), math.Sqrt(h.Variance())
	var w, s, s2 sum
	take := func(x, weight float64) {
		y := f(x)
		w.add(weight)
		s.add(weight * y)
		s2.add(weight * y * y)
	}
	low, high := float64(h.Low()), float64(h.High())
	if std > 20 && mean-float64(8*std) > low && mean+float64(8*std) < high { // as good as normal
		for z := -7.0; z <= 7; z += every {
			take(mean+float64(z*std), math.Exp(-z*z/2))
		}
	} else {
		overlap(c.n, c.m, t, negligible, func(x int64, weight float64) { take(float64(x), weight) })
	}
	first := s.value() / w.value()
	return [2]float64{first, max(s2.value()/w.value()-float64(first*first), 0)}
}

// delta is the variance of the sum to first order in the shares of both sides,
// which are multinomial.
func (d *Distance) delta(c *Cells) float64 {
	k := float64(float64(c.K()) / 2)
	n, m := float64(c.n)+k, float64(c.m)+k
	var p1, p2, q1, q2 sum
	for i, r := range c.Reference {
		p, q := (float64(r)+0.5)/n, (float64(c.Current[i])+0.5)/m
		const step = 1e-4
		dp := (d.term(p*(1+step), q) - d.term(p*(1-step), q)) / (2 * step * p)
		dq := (d.term(p, q*(1+step)) - d.term(p, q*(1-step))) / (2 * step * q)
		p1.add(p * dp)
		p2.add(p * dp * dp)
		q1.add(q * dq)
		q2.add(q * dq * dq)
	}
	return max(p2.value()-float64(p1.value()*p1.value()), 0)/n + max(q2.value()-float64(q1.value()*q1.value()), 0)/m
}
