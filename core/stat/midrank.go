package stat

import (
	"errors"
	"math"
)

// The statistics of this file compare two samples by the ranks of their values.
// Equal values share the mean of their ranks, as in SciPy.

// Reasons why a statistic of ranks is undefined.
var (
	ErrAlike = errors.New("all values are equal")
	ErrFour  = errors.New("needs at least four values on both sides together")
)

// CramerVonMises is the statistic T of the two-sample Cramér-von Mises test
// with midranks, >= 0: scipy.stats.cramervonmises_2samp. It is nm/N² (N = n+m)
// times the sum over all values of the squared distance of the two distribution
// functions, and 0 for equal samples. Ties between samples of different sizes
// inflate it, in SciPy as here.
//
// SciPy subtracts two numbers that grow with nm. This is what is left when that
// part is taken out by hand, so that nothing cancels: with a and b the counts of
// a value and d the difference of the distribution functions in its middle,
//
//	T = nm/N² Σ(a+b)d² + ((n²+nm+m²)Σ(a³+b³) - 3nmΣab(a+b) - N(n-m)²) / 12nmN²
func (p *Pair) CramerVonMises() (float64, error) {
	switch {
	case p.empty():
		return 0, ErrEmpty
	case p.n < 2 || p.m < 2:
		return 0, ErrFew
	}
	n, m := float64(p.n), float64(p.m)
	all := n + m
	share := float64(n / all * (m / all))
	var distance, ties sum
	var ca, cb int64
	for i, a := range p.a {
		b := p.b[i]
		d := (float64(float64(2*ca+a)*m) - float64(float64(2*cb+b)*n)) / float64(2*n*m)
		distance.add(float64(a+b) * d * d)
		x, y := float64(a)/all, float64(b)/all
		ties.add((1 - share) * (float64(x*x*x) + float64(y*y*y)))
		ties.add(-float64(3*share) * (x * y * (x + y)))
		ca, cb = ca+a, cb+b
	}
	uneven := (n - m) / all / all
	ties.add(-uneven * uneven)
	return max(float64(share*distance.value())+float64(ties.value()*(all/(12*share))), 0), nil
}

// CramerVonMisesP is the p-value of T at n and m values, as
// scipy.stats.cramervonmises_2samp(method="asymptotic") gives it: T standardised
// to the limit's mean and variance. Ties are ignored.
func CramerVonMisesP(t float64, n, m int64) (float64, error) {
	if n < 2 || m < 2 {
		return 0, ErrFew
	}
	a, b := float64(n), float64(m)
	all := a + b
	share := float64(a / all * (b / all))
	mean := (1 + 1/all) / 6
	// (N+1)(4kN - 3(n²+m²) - 2k) / 180kN² with k = nm, in shares.
	variance := (1 + 1/all) * (4 - (3*(1-float64(2*share))/share+2)/all) / 180
	return cramerTail(1./6 + (t-mean)/math.Sqrt(45*variance)), nil
}

// cramerTail is P(W² >= x) for the limit of the Cramér-von Mises statistic, by
// Smirnov's series of integrals
//
//	2/π Σ (-1)^(k+1) ∫ exp(-y²x/2) / √(-y·sin y) dy  from (2k-1)π to 2kπ.
//
// Far out its first term is all there is, so that the tail keeps its digits. The
// integrand is infinite at both ends like the weight of Gauss and Chebyshev.
func cramerTail(x float64) float64 {
	if x < 0.003 { // as SciPy: 1 to eighteen digits
		return 1
	}
	const nodes = 128
	var tail sum
	sign := 1.0
	for k := 1; ; k++ {
		middle := float64((float64(2*k) - 0.5) * math.Pi)
		var term sum
		for i := range nodes {
			angle := float64((float64(i) + 0.5) * math.Pi / nodes)
			y := middle + float64(math.Pi/2*math.Cos(angle))
			// With y = middle + π/2·cos θ: -sin y = cos(π/2·cos θ), which is
			// sin(π·sin²(θ/2)) and loses no digits at the ends.
			half := math.Sin(angle / 2)
			low := float64(half * half)
			sine := math.Sin(math.Pi * min(low, 1-low))
			term.add(math.Exp(-y*y*x/2) * math.Pi * math.Sin(angle) / math.Sqrt(y*sine))
		}
		one := float64(term.value() / nodes)
		tail.add(sign * one)
		sign = -sign
		if one <= 1e-17*tail.value() || k > 200 {
			return min(max(tail.value(), 0), 1)
		}
	}
}
