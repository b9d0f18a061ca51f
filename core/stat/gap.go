package stat

import (
	"math"
	"sync"
)

// Share is the share of rows that have something, of n rows; n is an effective
// number where rows have weights.
type Share struct{ P, N float64 }

// wilson is [WilsonEffective] at z standard errors.
func (s Share) wilson(z float64) (low, high float64) {
	centre := s.P + float64(z*z/(2*s.N))
	half := float64(z * math.Sqrt(float64(s.P*(1-s.P)/s.N)+float64(z*z/(4*s.N*s.N))))
	scale := 1 + float64(z*z/s.N)
	low, high = max((centre-half)/scale, 0), min((centre+half)/scale, 1)
	return min(low, s.P), max(high, s.P)
}

// A gap between groups is the largest difference between two of them, and so is
// too large by chance: among groups that are all alike it is positive. Its limits
// come from those of all pairs. The lower one must hold for all pairs at once,
// since the largest of them is taken: it takes the range of as many normal values
// as there are groups (Tukey; conservative for groups of different sizes: Hayter,
// 1984). The upper one must hold only for the pair that really is furthest apart,
// whichever that is, so it is an ordinary limit, the largest of all pairs.

// Gap is the 95% interval of the difference between the largest and the smallest
// of the true shares of independent groups, two at least, by limits of Newcombe
// (1998, method 10). either is 1, or 2 where the larger of two gaps will be taken.
func Gap(groups []Share, either float64) (low, high float64) {
	each, all := limits(groups, either)
	for i, a := range groups {
		for j, b := range groups {
			if i == j {
				continue
			}
			d := a.P - b.P
			low = max(low, d-math.Hypot(a.P-all[i][0], all[j][1]-b.P))
			high = max(high, d+math.Hypot(each[i][1]-a.P, b.P-each[j][0]))
		}
	}
	return low, min(high, 1)
}

// Ratio is the 95% interval of the smallest of the true shares of independent
// groups, two at least, over the largest, in the manner of [Gap], by limits of
// Donner and Zou (2012, MOVER-R). One share is positive.
func Ratio(groups []Share) (low, high float64) {
	each, all := limits(groups, 1)
	low, high = 1, 1
	for i, a := range groups {
		for j, b := range groups {
			if i == j {
				continue
			}
			below, _ := quotient(a.P, b.P, each[i], each[j])
			_, above := quotient(a.P, b.P, all[i], all[j])
			low, high = min(low, below), min(high, above)
		}
	}
	return max(low, 0), high
}

// RatioOf is the 95% interval of the true share of one group over that of another,
// of whichever two of all groups: it holds for all pairs at once whose ratio is 0.9
// at most (of two shares near 1 it is too narrow). The other's share is positive.
func RatioOf(groups []Share, of, over int) (low, high float64) {
	_, all := limits(groups, 1)
	low, high = quotient(groups[of].P, groups[over].P, all[of], all[over])
	return max(low, 0), high
}

// limits are the Wilson limits of each group by itself, and of all at once for
// their differences.
func limits(groups []Share, either float64) (each, all [][2]float64) {
	z := RangeLimit(0.025/either, len(groups)) / math.Sqrt2
	for _, g := range groups {
		low, high := g.wilson(normal95)
		each = append(each, [2]float64{low, high})
		low, high = g.wilson(z)
		all = append(all, [2]float64{low, high})
	}
	return each, all
}

// quotient gives limits for a/b from limits of both.
func quotient(a, b float64, ofA, ofB [2]float64) (low, high float64) {
	root := func(l, u float64) float64 {
		ab := float64(a * b)
		return math.Sqrt(max(float64(ab*ab)-float64(float64(l*u)*float64((2*a-l)*(2*b-u))), 0))
	}
	low, high = 0, math.Inf(1)
	// Multiplied by ab + root above and below, neither limit divides by zero where
	// 2b is as large as a limit.
	if l, u := ofA[0], ofB[1]; l > 0 {
		low = float64(l*(2*a-l)) / (float64(a*b) + root(l, u))
	}
	if l, u := ofB[0], ofA[1]; l > 0 {
		high = (float64(a*b) + root(u, l)) / float64(l*(2*b-l))
	}
	return low, high
}

// RangeTail is the chance that the largest and the smallest of k independent
// standard normal values are more than q apart (the studentized range of known
// variance), to a relative 1e-9.
func RangeTail(q float64, k int) float64 {
	if !(q > 0) || k < 2 {
		return 1
	}
	// The largest is z, and some of the others is below z - q. The trapezoidal rule
	// is as good as exact for what is this smooth and dies away at both ends.
	const step = 1.0 / 16
	others := float64(k - 1)
	var tail sum
	for i := range int((q + 18) / step) {
		z := -9 + float64(float64(i)*step)
		up := NormalTail(-z)
		outside := -math.Expm1(others * math.Log1p(-NormalTail(q-z)/up))
		tail.add(float64(float64(normalDensity(z)*math.Pow(up, others)) * outside))
	}
	return min(float64(k)*step*tail.value(), 1)
}

func normalDensity(z float64) float64 {
	return math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
}

// RangeLimit is the q for which [RangeTail] is p.
func RangeLimit(p float64, k int) float64 {
	type asked struct {
		p float64
		k int
	}
	if q, known := rangeLimits.Load(asked{p, k}); known {
		return q.(float64)
	}
	low, high := 0.0, 80.0
	for range 60 {
		q := (low + high) / 2
		if RangeTail(q, k) > p {
			low = q
		} else {
			high = q
		}
	}
	q := (low + high) / 2
	if k <= 1000 { // so that there is a bound on how many are remembered
		rangeLimits.Store(asked{p, k}, q)
	}
	return q
}

// rangeLimits remembers limits that were found: they are asked for again and again.
var rangeLimits sync.Map

// Moved is how the share of a group moved between two sides: deviates of "no
// higher" and "no lower" that by chance are no larger than standard normal ones
// (exact for counts), and how far shares move by chance.
type Moved struct{ Up, Down, Error float64 }

// NewMoved compares x of n rows of the reference with those of the current side,
// by a draw from both together.
func NewMoved(x, n [2]int64) Moved {
	h := Hypergeometric{All: n[0] + n[1], Marked: x[0] + x[1], Draw: n[1]}
	if h.Marked == 0 || h.Marked == h.All || n[0] == 0 || n[1] == 0 {
		return Moved{}
	}
	p := float64(h.Marked) / float64(h.All)
	error := math.Sqrt(p * (1 - p) * (1/float64(n[0]) + 1/float64(n[1])))
	by := (float64(x[1])/float64(n[1]) - float64(x[0])/float64(n[0])) / error
	return Moved{
		Up:    oneSided(h.Above(x[1]), h.Below(x[1]-1), by),
		Down:  oneSided(h.Below(x[1]), h.Above(x[1]+1), -by),
		Error: error,
	}
}

// NewMovedMeans compares shares of rows with weights, as means.
func NewMovedMeans(reference, current *Spreads) Moved {
	each := (reference.About + current.About) / (reference.Squares + current.Squares)
	variance := each * (1/reference.Effective + 1/current.Effective)
	if !(variance > 0) {
		return Moved{}
	}
	up, down := reference.Above(current), current.Above(reference)
	error := math.Sqrt(variance)
	by := (current.Mean - reference.Mean) / error
	return Moved{oneSided(up, down, by), oneSided(down, up, -by), error}
}

// oneSided is the standard normal value that is exceeded with chance p, given the
// chance of the rest. Where either is next to nothing the share has moved, and what
// counts is by how many standard errors: two groups that moved alike must not seem
// to have moved apart.
func oneSided(p, rest, by float64) float64 {
	const nothing = 1e-12
	switch {
	case p < nothing || rest < nothing && by < -moved:
		return by
	case p <= 0.5:
		return -normalQuantile(p)
	}
	return normalQuantile(max(rest, 1e-300))
}

// moved is how many standard errors are more than chance.
const moved = 7

// Apart is the deviate of "the difference of a to b grew": no larger by chance than
// that of two of the groups that are furthest apart, see [RangeTail].
func Apart(a, b Moved) float64 {
	error := math.Hypot(a.Error, b.Error)
	if error == 0 {
		return 0
	}
	return (float64(a.Up*a.Error) + float64(b.Down*b.Error)) / error
}

// BelowRatio is the p-value of "the share of a is at least c times that of b",
// 0 < c <= 1, two independent groups: the signed root of the likelihood ratio, with
// half a row's correction.
func BelowRatio(a, b Share, c float64) float64 {
	x, y := float64(a.P*a.N)+0.5, float64(b.P*b.N)-0.5
	if y <= 0 || x >= a.N || !(x/a.N < c*y/b.N) {
		return 1
	}
	// The most likely t with shares c·t and t solves a quadratic.
	all, missA, missB := x+y, a.N-x, b.N-y
	q := float64(all*(1+c)) + float64(c*missA) + missB
	t := 2 * all / (q + math.Sqrt(max(float64(q*q)-float64(4*c*(a.N+b.N)*all), 0)))
	likelihood := func(x, miss, p float64) float64 {
		sum := float64(x * math.Log(p))
		if miss > 0 {
			sum += float64(miss * math.Log1p(-p))
		}
		return sum
	}
	best := likelihood(x, missA, x/a.N) + likelihood(y, missB, y/b.N)
	under := likelihood(x, missA, c*t) + likelihood(y, missB, min(t, 1-0x1p-53))
	return NormalTail(math.Sqrt(max(2*(best-under), 0)))
}
