package stat

import "math"

// KS is the two-sample Kolmogorov-Smirnov statistic: the largest distance
// between the two empirical distribution functions, in 0..1. Both functions
// are right-continuous, so tied values count on both sides before the distance
// is taken.
func (p *Pair) KS() (float64, error) {
	if p.empty() {
		return 0, ErrEmpty
	}
	n, m := float64(p.n), float64(p.m)
	var ca, cb int64
	var top float64
	for i := range p.values {
		ca, cb = ca+p.a[i], cb+p.b[i]
		// Cross-multiplied counts are exact below 2^53 and the one division
		// comes last: both orders of the sides give the same bits.
		top = max(top, math.Abs(float64(float64(ca)*m)-float64(float64(cb)*n)))
	}
	return top / float64(n*m), nil
}

// ksExact is the number of rows a side up to which KSP is exact, as in SciPy.
const ksExact = 10_000

// KSP is the p-value of a two-sided two-sample Kolmogorov-Smirnov statistic d
// at n and m values, as scipy.stats.ks_2samp(method="auto") gives it: exact up
// to 10,000 values a side, else the one-sample distribution of d at
// round(nm/(n+m)) values. Ties are ignored, which is conservative. Values below
// 1e-250 are only of the right order.
func KSP(d float64, n, m int64) (float64, error) {
	switch {
	case n <= 0 || m <= 0:
		return 0, ErrEmpty
	case !(d >= 0 && d <= 1):
		return 0, ErrUndefined
	}
	en := int64(math.RoundToEven(float64(n) * (float64(m) / float64(n+m))))
	if max(n, m) > ksExact {
		return kolmogorovTail(en, d), nil
	}
	g := gcd(n, m)
	h := int64(math.RoundToEven(d * float64(n/g*m)))
	if h == 0 {
		return 1, nil
	}
	if n == m {
		p := equalOutside(n, h)
		if p > 1 { // by rounding; SciPy then takes the other distribution
			return kolmogorovTail(en, d), nil
		}
		return p, nil
	}
	if kolmogorovTail(en, d) > worthCounting {
		return 1 - within(n, m, g, h), nil
	}
	return outside(n, m, g, h), nil
}

// worthCounting is from which p-value on 1 - within is as exact as outside, to
// ten digits: it is three times as fast.
const worthCounting = 0.01

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// lost is the logarithm of a number so small that 1 minus it is 1: 2^-58.
const lost = -40

// equalOutside is the share of lattice paths from (0,0) to (n,n) that touch
// the lines x-y = ±h: the alternating reflection series, factored so that
// nothing cancels.
//
// The k-th term has h factors, none above the first one, (n-kh)/(n+kh+1). Terms
// that are too small to change what is subtracted from 1 are left out.
func equalOutside(n, h int64) float64 {
	p, last := 0.0, n/h
	for k := range last {
		if float64(h)*math.Log(float64(n-k*h)/float64(n+k*h+1)) < lost {
			last = k
			break
		}
	}
	for k := last; k >= 0; k-- {
		term := 1.0
		for j := range h {
			term = float64(n-k*h-j) * term / float64(n+k*h+j+1)
		}
		p = term * (1 - p)
	}
	return 2 * p
}

// outside is the share of lattice paths from (0,0) to (m,n) that leave the
// strip |x/m - y/n| < h/lcm(m,n): the exact two-sided p for unequal sides.
//
// Let a(x,y) be that share for paths that end in (x,y). A path came to (x,y)
// along x with probability x/(x+y), so
//
//	a(x,y) = x/t·a(x-1,y) + y/t·a(x,y-1),  t = x+y,  a = 1 outside,
//
// which has no subtraction and keeps its precision however small a gets
// (Viehmann 2021, after Hodges 1958). Walking by t makes the cells of a step
// independent of each other. The strip is symmetric under a half turn, so the
// paths are cut at half their length and only that half is walked.
func outside(n, m, g, h int64) float64 {
	w := newStrip(n, m, g, h)
	half := (n + m) / 2
	for w.t < half {
		w.step()
	}
	first := append([]float64(nil), w.a...)
	inside := func(x int64) bool { return w.low(half) <= x && x <= w.high(half) }
	if (n+m)%2 != 0 {
		w.step()
	}
	p, whole := sum{}, sum{}
	overlap(n, m, half, 0, func(x int64, weight float64) {
		whole.add(weight)
		if !inside(x) {
			p.add(weight)
			return
		}
		// The second half, turned round, is a first half that ends in m-x.
		a, b := first[x], w.a[m-x]
		p.add(weight * (a + float64(b*(1-a))))
	})
	return min(p.value()/whole.value(), 1)
}

// overlap yields the weights, up to a factor, with which x of t draws without
// replacement come from the m among n+m: 1 at the mode, and down to least.
func overlap(n, m, t int64, least float64, yield func(x int64, weight float64)) {
	low, high := max(0, t-n), min(t, m)
	mode := int64(float64(t) * (float64(m) / float64(n+m)))
	mode = min(max(mode, low), high)
	weight := 1.0
	for x := mode; x <= high && weight > least; x++ {
		yield(x, weight)
		weight *= float64(m-x) / float64(x+1) * (float64(t-x) / float64(n-t+x+1))
	}
	weight = 1
	for x := mode; x > low; x-- {
		weight *= float64(x) / float64(m-x+1) * (float64(n-t+x) / float64(t-x+1))
		if weight <= least {
			return
		}
		yield(x-1, weight)
	}
}
