package stat

import "math"

// AndersonDarling is the two-sample Anderson-Darling statistic with midranks,
// standardised to mean 0 and the variance that it has without ties:
// scipy.stats.anderson_ksamp(midrank=True). It weighs the squared distance of
// the distribution functions by its variance, so that the tails count as much
// as the middle; equal samples give the smallest value there is, about -1.3.
func (p *Pair) AndersonDarling() (float64, error) {
	switch {
	case p.empty():
		return 0, ErrEmpty
	case p.n+p.m < 4:
		return 0, ErrFour
	case len(p.values) == 1:
		return 0, ErrAlike
	}
	return (p.darling() - 1) / darlingStd(p.n, p.m), nil
}

// darling is the statistic before it is standardised, with mean 1 under every
// split of the pooled values into sides of these sizes.
func (p *Pair) darling() float64 {
	w := newWeights(p.n, p.m)
	var s sum
	var ca, cb int64
	for i, a := range p.a {
		b := p.b[i]
		s.add(w.of(ca, cb, a, b))
		ca, cb = ca+a, cb+b
	}
	return s.value()
}

// weights holds what the terms of the statistic share.
type weights struct{ n, m, all, scale float64 }

func newWeights(n, m int64) weights {
	w := weights{n: float64(n), m: float64(m), all: float64(n + m)}
	w.scale = (w.all - 1) / w.all * (1/w.n + 1/w.m) / w.all
	return w
}

// of is the term of a value that occurs a and b times, after ca and cb smaller
// ones.
func (w weights) of(ca, cb, a, b int64) float64 {
	size := float64(a + b)
	middle := float64(ca+cb) + float64(size/2)
	d := float64(w.m*(float64(ca)+float64(float64(a)/2))) - float64(w.n*(float64(cb)+float64(float64(b)/2)))
	return w.scale * size * d * d / w.spread(middle, size)
}

// spread is the variance of d, up to a factor that is the same for all values.
func (w weights) spread(middle, size float64) float64 {
	return float64(middle*(w.all-middle)) - float64(w.all*size/4)
}

// darlingStd is the standard deviation of the statistic without ties (Scholz
// and Stephens, K-Sample Anderson-Darling Tests, JASA 82, 1987) for two samples.
func darlingStd(n, m int64) float64 {
	all := float64(n + m)
	turned := 1/float64(n) + 1/float64(m)
	h := harmonic(n+m-1, 1)
	g := harmonic(n+m-1, 2) - float64(2*h/all)
	g2, g4, h2 := float64(2*g), float64(4*g), float64(2*h)
	g6, h4, h6, h14 := float64(6*g), float64(4*h), float64(6*h), float64(14*h)
	// Their a, b, c and d for k = 2 samples, with the terms in h and g gathered.
	a := g4 - 6 + float64((10-g6)*turned)
	b := float64(12*g) - 22 + float64(8*h) + float64((g2-h14-4)*turned)
	c := float64(4*(h6+g2-2)) + float64(2*(h4-g4+6)) + float64((h2-6)*turned) + h4
	const d = 24
	// Divided by N³ throughout, so that nothing overflows.
	top := a + (b+(c+d/all)/all)/all
	return math.Sqrt(top / ((1 - 1/all) * (1 - 2/all) * (1 - 3/all)))
}

// harmonic is Σ 1/i^power for i = 1..n, power 1 or 2: by the Euler-Maclaurin
// formula where n is large.
func harmonic(n int64, power int) float64 {
	if n < 100 {
		var s float64
		for i := n; i > 0; i-- {
			s += math.Pow(float64(i), -float64(power))
		}
		return s
	}
	x := 1 / float64(n)
	xx := x * x
	if power == 1 {
		const euler = 0.57721566490153286060651209008240243
		return math.Log(float64(n)) + euler + float64(x/2) - float64(xx/12) + float64(xx*xx/120)
	}
	return math.Pi*math.Pi/6 - x + float64(xx/2) - float64(xx*x/6) + float64(xx*xx*x/30)
}
