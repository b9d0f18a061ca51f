package stat

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Rose is the p-value of "the current mean is no higher": the chance that a draw
// of as many values from both sides together has a mean as high. It holds for
// values of any distribution, ties and heavy tails included.
func (p *Pair) Rose() (float64, error) {
	switch {
	case p.empty():
		return 0, ErrEmpty
	case len(p.values) == 1:
		return 1, nil
	}
	largest := max(math.Abs(p.values[0]), math.Abs(p.values[len(p.values)-1]))
	totals, scores := make([]float64, len(p.values)), make([]float64, len(p.values))
	for i, x := range p.values {
		totals[i], scores[i] = float64(p.a[i]+p.b[i]), x/largest
	}
	d, ok := newDraw(totals, scores, float64(p.m))
	if !ok {
		return 1, nil
	}
	var s sum
	for i, n := range p.b {
		s.add(float64(n) * d.scores[i])
	}
	half := float64(d.twoSided(s.value()) / 2)
	if s.value() < 0 {
		return 1 - half, nil
	}
	return half, nil
}

// MeanInterval is the 95% interval of a mean from its variance, by Student's t
// with n - 1 degrees of freedom; n may be an effective number.
func MeanInterval(mean, variance, n float64) (low, high float64) {
	if !(n > 1) {
		return math.Inf(-1), math.Inf(1)
	}
	half := float64(student95(n-1) * math.Sqrt(variance))
	return mean - half, mean + half
}

// student95 is the t with P(|T| >= t) = 5% for k degrees of freedom.
func student95(k float64) float64 {
	if k > 1e7 {
		return normal95
	}
	x := mathext.InvRegIncBeta(k/2, 0.5, 0.05)
	return math.Sqrt(k * (1 - x) / x)
}

// Spreads is a mean of weighted values of one side, with what its test takes: the
// effective number of values, Σ w² and Σ w²·(x - mean)².
type Spreads struct{ Mean, Effective, Squares, About float64 }

// Above is the p-value of "the current mean is no higher" for values with
// weights, of which no draw can be made: Student's t with the variance of both
// sides together, as it would be if nothing had changed, and with the degrees of
// freedom of the side that knows less.
func (a *Spreads) Above(current *Spreads) float64 {
	each := (a.About + current.About) / (a.Squares + current.Squares)
	variance := each * (1/a.Effective + 1/current.Effective)
	degrees := min(a.Effective, current.Effective) - 1
	if !(variance > 0) || !(degrees > 0) {
		return 1
	}
	return studentAbove((current.Mean-a.Mean)/math.Sqrt(variance), degrees)
}

// WilsonEffective is [Wilson] of a share p of n rows, where n may be an
// effective number.
func WilsonEffective(p, n float64) (low, high float64) {
	if !(n > 0) {
		return 0, 1
	}
	const z = normal95
	centre := p + float64(z*z/(2*n))
	half := float64(z * math.Sqrt(float64(p*(1-p)/n)+float64(z*z/(4*n*n))))
	scale := 1 + z*z/n
	low, high = max((centre-half)/scale, 0), min((centre+half)/scale, 1)
	return min(low, p), max(high, p) // rounded, the end at 0 or 1 need not be
}
