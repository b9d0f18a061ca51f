package stat

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// Groups counts groups of equal items by their size: Groups[t] groups have t
// items each, over both sides together.
type Groups map[int64]int64

func (g Groups) sizes() []int64 {
	sizes := make([]int64, 0, len(g))
	for t := range g {
		sizes = append(sizes, t)
	}
	slices.SortFunc(sizes, cmp.Compare[int64])
	return sizes
}

// allDrawn is log P(t given items are all among the m drawn of all).
func allDrawn(t, m, all int64) float64 {
	if t > m {
		return math.Inf(-1)
	}
	if t <= 64 {
		var log float64
		for i := range t {
			log += math.Log(float64(m-i) / float64(all-i))
		}
		return log
	}
	return Hypergeometric{All: all, Marked: t, Draw: m}.log(t)
}

// AllDrawn is P(t given items are all among the m drawn of all).
func AllDrawn(t, m, all int64) float64 { return math.Exp(allDrawn(t, m, all)) }

// Exceeding tests how many of m current values lie beyond the smallest or the
// largest of n reference values: P(at least k do) when all come from one
// continuous distribution. These are the k outermost of the pooled values, so
// with r_k the chance that k given values are all current it is
// r_k + k·(r_k - r_(k+1)). Ties make it conservative.
func Exceeding(k, n, m int64) float64 {
	if k <= 0 {
		return 1
	}
	r := math.Exp(allDrawn(k, m, n+m))
	next := math.Exp(allDrawn(k+1, m, n+m))
	return min(r+float64(float64(k)*(r-next)), 1)
}

// Unseen tests how many current items belong to groups that the reference did
// not have: a bound on P(at least s do) when m of all items are drawn at random
// to be the current side. mean is what to expect.
//
// That two groups are unseen together is less likely than by chance, so the
// moment generating function is at most the product over the groups, and
// Chernoff's bound holds.
func Unseen(groups Groups, m, all, s int64) (p, mean float64) {
	type term struct{ count, size, log, not float64 } // logs of the chances to be unseen, and not to be
	var terms []term
	for _, t := range groups.sizes() {
		if log := allDrawn(t, m, all); log > -745 {
			terms = append(terms, term{float64(groups[t]), float64(t), log, log1mExp(log)})
			mean += float64(float64(groups[t]) * float64(t) * math.Exp(log))
		}
	}
	if float64(s) <= mean {
		return 1, mean
	}
	log := chernoff(float64(s), func(theta float64) float64 {
		var k sum
		for _, t := range terms {
			k.add(t.count * logAdd(t.not, t.log+float64(theta*t.size)))
		}
		return k.value()
	})
	return math.Exp(log), mean
}

// Repeats tests how many current items repeat an earlier current one, groups
// being the equal items: a bound on P(at least d do), and what to expect, when
// m of all items are drawn at random.
//
// With x the draws of a group, the repeats are Σ(x-1)+, which rises with every
// x, or the groups that were not drawn plus a constant, which falls: both kinds
// of sums obey Chernoff's bound for draws without replacement. The first is
// good where most items are unique, the second where most groups are large.
func Repeats(groups Groups, m, all, d int64) (p, mean float64) {
	var repeated, absent []summand
	var missing float64
	for _, t := range groups.sizes() {
		count := float64(groups[t])
		if t > 1 {
			repeated = append(repeated, newSummand(count, t, m, all, func(x int64) float64 { return float64(max(x-1, 0)) }))
			mean += float64(count * repeated[len(repeated)-1].mean)
		}
		absent = append(absent, newSummand(count, t, m, all, func(x int64) float64 {
			if x == 0 {
				return 1
			}
			return 0
		}))
		missing += count
	}
	if float64(d) <= mean {
		return 1, mean
	}
	log := min(boundAbove(repeated, float64(d)), boundAbove(absent, float64(d-m)+missing))
	return min(2*math.Exp(log), 1), mean // 2: the better of two
}

// Larger tests whether groups of the current side are larger than those of the
// reference, each group being one draw: how many have two items or more, three or
// more, five, nine and so on, each exactly and corrected for their number.
func Larger(reference, current Groups) (p float64) {
	p = 1
	tests := 0.0
	for least := int64(2); ; least = 2*least - 1 {
		n, a := reference.from(least)
		m, b := current.from(least)
		if b == 0 {
			return min(p*max(tests, 1), 1)
		}
		tests++
		p = min(p, Hypergeometric{All: n + m, Marked: a + b, Draw: m}.Above(b))
	}
}

// from counts all groups, and those of at least so many items.
func (g Groups) from(least int64) (all, large int64) {
	for t, n := range g {
		all += n
		if t >= least {
			large += n
		}
	}
	return all, large
}

// summand is a function of how many of a group are drawn: its distribution.
type summand struct {
	count     float64 // groups of this size
	values, p []float64
	logs      []float64 // of p
	mean      float64
}

func newSummand(count float64, t, m, all int64, f func(x int64) float64) summand {
	s := summand{count: count}
	var whole float64
	overlap(all-m, m, t, 1e-18, func(x int64, weight float64) {
		whole += weight
		y := f(x)
		if last := len(s.values) - 1; last >= 0 && s.values[last] == y {
			s.p[last] += weight
			return
		}
		s.values, s.p = append(s.values, y), append(s.p, weight)
	})
	for i := range s.p {
		s.p[i] /= whole
		s.mean += float64(s.p[i] * s.values[i])
		s.logs = append(s.logs, math.Log(s.p[i]))
	}
	return s
}

// boundAbove is Chernoff's bound on log P(the sum is at least x).
func boundAbove(terms []summand, x float64) float64 {
	return chernoff(x, func(theta float64) float64 {
		var k sum
		for _, t := range terms {
			log := math.Inf(-1)
			for i, y := range t.values {
				log = logAdd(log, t.logs[i]+float64(theta*y))
			}
			k.add(t.count * log)
		}
		return k.value()
	})
}

// chernoff is the smallest log of E[e^(theta(X-s))] over theta >= 0, given the
// log of the moment generating function, by golden section.
func chernoff(s float64, cumulant func(theta float64) float64) float64 {
	bound := func(theta float64) float64 { return cumulant(theta) - float64(theta*s) }
	high := 1e-3
	for here := bound(high); high < 700; high *= 2 {
		next := bound(2 * high)
		if !(next < here) {
			break
		}
		here = next
	}
	low, high := 0.0, 2*high
	const golden = 0.6180339887498949
	a, b := high-float64(golden*(high-low)), low+float64(golden*(high-low))
	fa, fb := bound(a), bound(b)
	for range 60 {
		if fa < fb {
			high, b, fb = b, a, fa
			a = high - float64(golden*(high-low))
			fa = bound(a)
		} else {
			low, a, fa = a, b, fb
			b = low + float64(golden*(high-low))
			fb = bound(b)
		}
	}
	return min(fa, fb, 0)
}

// logAdd is log(e^a + e^b).
func logAdd(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(a, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}

// log1mExp is log(1 - e^a) for a <= 0.
func log1mExp(a float64) float64 {
	if a > -math.Ln2 {
		return math.Log(-math.Expm1(a))
	}
	return math.Log1p(-math.Exp(a))
}

// StudentTwoSided is P(|T| >= |t|) for Student's t with k > 0 degrees.
func StudentTwoSided(t, k float64) float64 {
	return mathext.RegIncBeta(k/2, 0.5, k/(k+float64(t*t)))
}

// StudentLimit is the t that is exceeded on either side with a chance of p by
// Student's t with k degrees; the normal one for infinitely many.
func StudentLimit(p, k float64) float64 {
	if math.IsInf(k, 1) {
		return Deviate(p)
	}
	x := mathext.InvRegIncBeta(k/2, 0.5, p)
	return math.Sqrt(k * (1 - x) / x)
}

// Next tests whether a new value belongs to a history of at least three: the
// two-sided p-value of its distance from the mean against a t-prediction
// interval, and that mean. spread is the smallest standard deviation to
// believe in, so that a history without any variation does not make every
// change certain.
func Next(history []float64, x, spread float64) (p, mean float64, err error) {
	mean, std, err := spreadOf(history, spread)
	if err != nil {
		return 0, 0, err
	}
	k := float64(len(history))
	return StudentTwoSided((x-mean)/(std*math.Sqrt(1+1/k)), k-1), mean, nil
}

// NextMean is the p-value of the mean of n new values, as [Next] has that of one.
func NextMean(history []float64, x float64, n int, spread float64) (p float64, err error) {
	mean, std, err := spreadOf(history, spread)
	if err != nil {
		return 0, err
	}
	k := float64(len(history))
	return StudentTwoSided((x-mean)/(std*math.Sqrt(1/float64(n)+1/k)), k-1), nil
}

// spreadOf is the mean and the standard deviation of a history of at least three, with
// that which is believed in at least.
func spreadOf(history []float64, least float64) (mean, std float64, err error) {
	k := float64(len(history))
	if k < 3 {
		return 0, 0, ErrFew
	}
	var s, v sum
	for _, h := range history {
		s.add(h)
	}
	mean = s.value() / k
	for _, h := range history {
		v.add((h - mean) * (h - mean))
	}
	if std = math.Sqrt(v.value()/(k-1) + float64(least*least)); std == 0 {
		return 0, 0, ErrConstant
	}
	return mean, std, nil
}
