package stat

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// ChiSquareTail is P(X >= x) for chi-squared with k > 0 degrees of freedom.
func ChiSquareTail(x, k float64) float64 {
	if x <= 0 {
		return 1
	}
	return mathext.GammaIncRegComp(k/2, x/2)
}

// NormalTail is P(Z >= z) for a standard normal Z.
func NormalTail(z float64) float64 { return float64(math.Erfc(z/math.Sqrt2) / 2) }

// normalQuantile is the inverse of 1 - NormalTail, for 0 < p < 1.
func normalQuantile(p float64) float64 { return mathext.NormalQuantile(p) }

// logBinomial is log C(n,k)·p^k·(1-p)^(n-k), by Loader's saddle-point form:
// precise also where the factors over- and underflow.
func logBinomial(k, n int64, p float64) float64 {
	x, all := float64(k), float64(n)
	switch {
	case k < 0 || k > n:
		return math.Inf(-1)
	case p <= 0 || p >= 1:
		if p <= 0 && k == 0 || p >= 1 && k == n {
			return 0
		}
		return math.Inf(-1)
	case k == 0:
		return all * math.Log1p(-p)
	case k == n:
		return all * math.Log(p)
	}
	return stirlingError(all) - stirlingError(x) - stirlingError(all-x) -
		deviance(x, all*p) - deviance(all-x, all*(1-p)) +
		float64(0.5*math.Log(all/(2*math.Pi*x*(all-x))))
}

// deviance is x·log(x/mean) + mean - x without cancellation.
func deviance(x, mean float64) float64 {
	if math.Abs(x-mean) < 0.1*(x+mean) {
		v := (x - mean) / (x + mean)
		s := (x - mean) * v
		e := 2 * x * v
		for j := 1; j < 1000; j++ {
			e *= v * v
			next := s + e/float64(2*j+1)
			if next == s {
				return s
			}
			s = next
		}
	}
	return float64(x*math.Log(x/mean)) + mean - x
}

// BinomialTail is P(X >= k) for X binomial with n draws of probability p.
func BinomialTail(k, n int64, p float64) float64 {
	if k <= 0 {
		return 1
	}
	if k > n {
		return 0
	}
	if float64(k) <= float64(n)*p { // the shorter tail is the precise one
		return 1 - sumDown(k-1, 0, math.Exp(logBinomial(k-1, n, p)), func(i int64) float64 {
			return float64(i) / float64(n-i+1) * ((1 - p) / p)
		})
	}
	return min(sumUp(k, n, math.Exp(logBinomial(k, n, p)), func(i int64) float64 {
		return float64(n-i) / float64(i+1) * (p / (1 - p))
	}), 1)
}

// sumUp adds terms from k to end, each the one before times ratio; it stops
// when they no longer matter, and does not begin where the first is 0.
func sumUp(k, end int64, first float64, ratio func(int64) float64) float64 {
	total, term := first, first
	for i := k; i < end && first > 0; i++ {
		r := float64(ratio(i))
		term = float64(term * r)
		total += term
		if r < 1 && term < 1e-17*total*(1-r) {
			break
		}
	}
	return total
}

func sumDown(k, end int64, first float64, ratio func(int64) float64) float64 {
	total, term := first, first
	for i := k; i > end && first > 0; i-- {
		r := float64(ratio(i))
		term = float64(term * r)
		total += term
		if r < 1 && term < 1e-17*total*(1-r) {
			break
		}
	}
	return total
}

// Hypergeometric is the number of marked items in a draw without replacement:
// Draw of the All items are taken, Marked of them are marked.
type Hypergeometric struct{ All, Marked, Draw int64 }

// Low and High bound the possible values.
func (h Hypergeometric) Low() int64  { return max(0, h.Draw+h.Marked-h.All) }
func (h Hypergeometric) High() int64 { return min(h.Draw, h.Marked) }

// Mean and Variance of the number.
func (h Hypergeometric) Mean() float64 {
	return float64(float64(h.Draw) * (float64(h.Marked) / float64(h.All)))
}

func (h Hypergeometric) Variance() float64 {
	if h.All < 2 {
		return 0
	}
	all := float64(h.All)
	return h.Mean() * (float64(h.All-h.Marked) / all) * (float64(h.All-h.Draw) / (all - 1))
}

func (h Hypergeometric) log(x int64) float64 {
	if x < h.Low() || x > h.High() {
		return math.Inf(-1)
	}
	p := float64(h.Draw) / float64(h.All)
	return logBinomial(x, h.Marked, p) + logBinomial(h.Draw-x, h.All-h.Marked, p) - logBinomial(h.Draw, h.All, p)
}

// P is P(X = x).
func (h Hypergeometric) P(x int64) float64 { return math.Exp(h.log(x)) }

func (h Hypergeometric) up(i int64) float64 {
	return float64(h.Marked-i) / float64(i+1) * (float64(h.Draw-i) / float64(h.All-h.Marked-h.Draw+i+1))
}

func (h Hypergeometric) down(i int64) float64 { return 1 / h.up(i-1) }

// Above is P(X >= x), Below is P(X <= x).
func (h Hypergeometric) Above(x int64) float64 {
	if x <= h.Low() {
		return 1
	}
	if x > h.High() {
		return 0
	}
	if float64(x) < h.Mean() {
		return max(1-h.Below(x-1), 0)
	}
	return min(sumUp(x, h.High(), h.P(x), h.up), 1)
}

// AboveAtOdds is P(X >= x) of the noncentral distribution (Fisher's): that of rows
// of which the drawn ones are marked at so many times the odds of the others.
func (h Hypergeometric) AboveAtOdds(x int64, odds float64) float64 {
	if odds == 1 || x <= h.Low() || x > h.High() || !(odds > 0) {
		return h.Above(x)
	}
	// The weights of all values, as parts of the largest, from the central mean on
	// both ways: they rise to one mode and fall.
	start := min(max(int64(h.Mean()), h.Low()), h.High())
	logs := make([]float64, h.High()-h.Low()+1)
	step := math.Log(odds)
	for i := start + 1; i <= h.High(); i++ {
		logs[i-h.Low()] = logs[i-1-h.Low()] + math.Log(h.up(i-1)) + step
	}
	for i := start - 1; i >= h.Low(); i-- {
		logs[i-h.Low()] = logs[i+1-h.Low()] - math.Log(h.up(i)) - step
	}
	largest := slices.Max(logs)
	var above, all float64
	for i := len(logs) - 1; i >= 0; i-- {
		w := math.Exp(logs[i] - largest)
		all += w
		if int64(i)+h.Low() >= x {
			above += w
		}
	}
	return min(above/all, 1)
}

func (h Hypergeometric) Below(x int64) float64 {
	if x >= h.High() {
		return 1
	}
	if x < h.Low() {
		return 0
	}
	if float64(x) > h.Mean() {
		return max(1-h.Above(x+1), 0)
	}
	return min(sumDown(x, h.Low(), h.P(x), h.down), 1)
}

// TwoSided is the two-sided p-value of Blaker (2000, "Confidence curves and
// improved exact confidence intervals for discrete distributions"): the chance
// of a smaller tail that is no larger than that of x, which is the tail of x and
// the largest one on the other side that is no larger. It is at most twice the
// smaller tail, and half of that where nothing on the other side is as rare.
// Beyond 1/4, where nothing is decided, it is twice the smaller tail.
func (h Hypergeometric) TwoSided(x int64) float64 { return h.bothSides(x, h.tail(x)) }

// tail is that of x away from the mean.
func (h Hypergeometric) tail(x int64) float64 {
	if float64(x) < h.Mean() {
		return h.Below(x)
	}
	return h.Above(x)
}

// bothSides is TwoSided(x), given tail(x). It is no less than that.
func (h Hypergeometric) bothSides(x int64, p float64) float64 {
	if p > 0.25 {
		return min(2*min(h.Above(x), h.Below(x)), 1)
	}
	return min(p+h.opposite(p*alike, float64(x) >= h.Mean()), 1)
}

// alike is by how much two tails may differ by rounding.
const alike = 1 + 1e-7

// opposite is the largest tail that is at most p <= 1/4, below the mean if below
// is set, else above it. The normal approximation is a few steps off: they are
// walked, out while the tail is too large, then in while it is small enough.
func (h Hypergeometric) opposite(p float64, below bool) float64 {
	tail, in, end := h.Below, int64(1), h.Low()
	if !below {
		tail, in, end = h.Above, -1, h.High()
	}
	if p == 0 || h.P(end) > p { // nothing there is as rare
		return 0
	}
	off := float64(normalQuantile(p) * math.Sqrt(h.Variance()))
	x := min(max(int64(math.Round(h.Mean()+float64(float64(in)*off))), h.Low()), h.High())
	most, one := tail(x), h.P(x)
	for summed := most; most > p && x != end; one = h.P(x) {
		most -= one
		x -= in
		if most < summed/16 { // little is left of it: rounding counts
			most = tail(x)
			summed = most
		}
	}
	for far := h.Low() + h.High() - end; x != far; x += in {
		if one = h.P(x + in); most+one > p {
			break
		}
		most += one
	}
	return min(tail(x), p)
}

// surprise is more than -log TwoSided(x), and quicker to find: the exponent of
// the chance of x, and what its factor can add.
func (h Hypergeometric) surprise(x int64) float64 {
	mean := h.Mean()
	marked, draw, rest := float64(h.Marked), float64(h.Draw), float64(h.All-h.Marked-h.Draw)
	exponent := excess(float64(x), mean) + excess(float64(h.Marked-x), marked-mean) +
		excess(float64(h.Draw-x), draw-mean) + excess(float64(h.All-h.Marked-h.Draw+x), rest+mean)
	return exponent + 2.7 + float64(math.Log1p(h.Variance())/2)
}

// Smallest is the smallest p-value that TwoSided can give.
func (h Hypergeometric) Smallest() float64 {
	low, high := h.P(h.Low()), h.P(h.High())
	if max(low, high) <= min(low, high)*alike {
		return min(low+high, 1)
	}
	return min(low, high)
}

// Wilson is Wilson's 95% interval of a share of x in n > 0.
func Wilson(x, n int64) (low, high float64) {
	const z = 1.959963984540054
	if n <= 0 {
		return 0, 1
	}
	p, all := float64(x)/float64(n), float64(n)
	centre := p + z*z/(2*all)
	half := float64(z * math.Sqrt(p*(1-p)/all+z*z/(4*all*all)))
	scale := 1 + z*z/all
	return max((centre-half)/scale, 0), min((centre+half)/scale, 1)
}
