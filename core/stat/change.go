package stat

import "math"

// Change is a test of "both samples come from one distribution".
type Change struct {
	P  float64 // p-value, calibrated at every number of values, ties or not
	By string  // the component that found most: "level", "spread", "shape", "value"
	At int     // By "value": index of that value or cell

	// Least is the smallest P that these totals can give at all, where that is
	// known to be worth knowing; else 0.
	Least float64
}

// A component of a test is one way to look, and the weight it has among them.
type component struct {
	by     string
	weight float64
	p      float64
	at     int
}

// combine makes one p-value of the components' (Liu and Xie, Cauchy combination
// test, 2020): about the weighted harmonic mean, so that each component has its
// share of the level, and components that see the same change add up theirs.
// Cauchy variables have the tail index 1, at which the tail of a weighted mean
// is the mean of the tails, whatever the variables have to do with each other.
func combine(components []component) Change {
	c := Change{P: 1}
	var total, weighted float64
	for _, one := range components {
		total += one.weight
	}
	for _, one := range components {
		if p := one.p * total / one.weight; p < c.P || c.By == "" {
			c = Change{P: min(p, 1), By: one.by, At: one.at}
		}
		weighted += float64(one.weight / math.Tan(math.Pi*min(one.p, mostHeld)))
	}
	if c.P > 1e-300 { // beyond, nothing adds up
		c.P = math.Atan2(1, weighted/total) / math.Pi
	}
	return c
}

// mostHeld is what larger p-values count as: a discrete test that often gives 1
// holds nothing against the others.
const mostHeld = 0.9

// The weights of the components depend on the pooled values alone, so choosing
// between them costs nothing. Level and spread cannot both be tested at the
// whole level; what a half costs is a fifth of a standard error.
var (
	spreadOut = emphasis{level: 0.5, spread: 0.39, shape: 0.06, value: 0.05}
	// Where one value is half of all, as the zeros of a column that is mostly
	// zero, its share is the likeliest thing to change.
	dominated = emphasis{level: 0.35, spread: 0.2, shape: 0.1, value: 0.35}
)

type emphasis struct{ level, spread, shape, value float64 }

// widening is the part of the spread's level that is spent on values that
// spread out: noise, outliers and mixtures do that, and by little; what narrows
// (a sensor that sticks, a default) does so by much.
const widening = 2. / 3

// tellsNothing is a p-value that is not worth a component: where no value is
// frequent enough to get below it, single values are not looked at.
const tellsNothing = 1e-3

// Change tests two samples of numbers. It conditions on the pooled values,
// so it knows the ties, and looks four ways:
//
//   - level: van der Waerden's normal scores, as strong as the t-test on normal
//     values and stronger on others;
//   - spread: Klotz's squared normal scores, as strong as the F-test;
//   - shape: chi-squared on pooled tenths, against everything else;
//   - value: one single value that became frequent or rare ([Cells.Change]).
func (p *Pair) Change() (Change, error) {
	switch {
	case p.empty():
		return Change{}, ErrEmpty
	case len(p.values) == 1:
		return Change{}, ErrOneCell
	}
	single, at := scan(p.a, p.b, p.n, p.m)
	if len(p.values) == 2 {
		return Change{P: single, By: "value", At: at, Least: Hypergeometric{p.n + p.m, p.a[0] + p.b[0], p.m}.Smallest()}, nil
	}
	most := p.most()
	weights := spreadOut
	if 2*most >= p.n+p.m {
		weights = dominated
	}
	var components []component // of equal p the first is named
	if level, spread, ok := p.ranks(most); ok {
		components = []component{{"level", weights.level, level, 0}, {"spread", weights.spread, spread, 0}}
	}
	components = append(components, component{"shape", weights.shape, p.tenths(), 0})
	if (Hypergeometric{All: p.n + p.m, Marked: most, Draw: p.m}).Smallest() < tellsNothing {
		components = append(components, component{"value", weights.value, single, at})
	}
	return combine(components), nil
}

// Change tests two sets of counts in the same cells: chi-squared on pooled
// cells, and each cell by itself against all others (hypergeometric).
func (c *Cells) Change() (Change, error) {
	switch {
	case c.n == 0 || c.m == 0:
		return Change{}, ErrEmpty
	case c.K() == 1:
		return Change{}, ErrOneCell
	}
	single, at := scan(c.Reference, c.Current, c.n, c.m)
	pooled := c.Pooled()
	if c.K() == 2 {
		return Change{P: single, By: "value", At: at, Least: Hypergeometric{c.n + c.m, c.Reference[0] + c.Current[0], c.m}.Smallest()}, nil
	}
	if pooled.K() < 3 {
		return Change{P: single, By: "value", At: at}, nil
	}
	return combine([]component{{"value", 0.5, single, at}, {"shape", 0.5, pooled.homogeneity(), 0}}), nil
}

// scan tests each value against all others and gives the smallest p-value,
// corrected for the number of values that could have reached it at all
// (Tarone, A modified Bonferroni method for discrete data, 1990): thousands of
// values that occur once cost nothing.
func scan(a, b []int64, n, m int64) (p float64, at int) {
	p, at = rarest(a, b, n, m)
	if p == 1 || len(a) == 2 { // of two values, the second says what the first one says
		return p, at
	}
	totals := map[int64]int{}
	for i := range a {
		totals[a[i]+b[i]]++
	}
	reachable := 0
	for total, values := range totals {
		if (Hypergeometric{All: n + m, Marked: total, Draw: m}).Smallest() <= p {
			reachable += values
		}
	}
	return min(p*float64(reachable), 1), at
}

// rarest is the value whose split between the sides is the least likely.
func rarest(a, b []int64, n, m int64) (p float64, at int) {
	p = 1
	most := math.Inf(-1)
	known := map[[2]int64]float64{} // many values are split alike
	for i := range a {
		total := a[i] + b[i]
		if total < 2 {
			continue
		}
		h := Hypergeometric{All: n + m, Marked: total, Draw: m}
		d := float64(b[i]) - h.Mean()
		z := d * d / max(h.Variance(), 1e-300)
		if total > 1000 && z < most/2 { // its tail is long, and it cannot win
			continue
		}
		most = max(most, z)
		split := [2]int64{total, b[i]}
		one, seen := known[split]
		if !seen {
			one = h.TwoSided(b[i])
			known[split] = one
		}
		if one < p {
			p, at = one, i
		}
	}
	return p, at
}

// tenths is chi-squared on cells of equal pooled counts, a heavy value being
// a cell of its own.
func (p *Pair) tenths() float64 {
	all := p.n + p.m
	k := min(max(min(p.n, p.m)/10, 2), 10)
	a, b := make([]int64, k), make([]int64, k)
	var before int64
	for i := range p.values {
		total := p.a[i] + p.b[i]
		cell := min(int64(float64(k)*(float64(before)+float64(float64(total)/2))/float64(all)), k-1)
		a[cell] += p.a[i]
		b[cell] += p.b[i]
		before += total
	}
	pooled := NewCells(a, b).Pooled()
	if pooled.K() < 3 {
		if pooled.K() < 2 {
			return 1
		}
		single, _ := scan(pooled.Reference, pooled.Current, pooled.n, pooled.m)
		return single
	}
	return pooled.homogeneity()
}

// leastOthers is how many values must differ from the most frequent one for
// ranks to mean anything.
const leastOthers = 12

// scoreStep is the width of the groups of neighbours that share a score, in
// standard deviations: fine enough to lose no power, few enough to be quick.
const scoreStep = 0.05

// ranks tests level and spread. ok is false where too few values differ from
// the most frequent one for the scores to mean anything.
func (p *Pair) ranks(most int64) (level, spread float64, ok bool) {
	all := float64(p.n + p.m)
	var totals, taken, z []float64
	var before float64
	group := -1
	for i := range p.values {
		count := p.a[i] + p.b[i]
		middle := (before + float64(float64(count)/2)) / all
		if group < 0 || group < len(scoreBorders) && scoreBorders[group] <= middle {
			for group = max(group, 0); group < len(scoreBorders) && scoreBorders[group] <= middle; {
				group++
			}
			totals, taken = append(totals, 0), append(taken, 0)
		}
		totals[len(totals)-1] += float64(count)
		taken[len(taken)-1] += float64(p.b[i])
		before += float64(count)
	}
	if p.n+p.m-most < leastOthers || len(totals) < 3 || min(p.n, p.m) < 5 {
		return 0, 0, false
	}
	before = 0
	for _, t := range totals {
		z = append(z, normalQuantile((before+float64(t/2))/all))
		before += t
	}
	squares := make([]float64, len(z))
	for i, x := range z {
		squares[i] = x * x
	}
	level, _ = rankTest(totals, taken, z, float64(p.m))
	spread, wider := rankTest(totals, taken, squares, float64(p.m))
	if wider {
		spread = float64(spread / (2 * widening))
	} else {
		spread = float64(spread / (2 * (1 - widening)))
	}
	return level, min(spread, 1), true
}

// rankTest is two-sided; above tells on which side the current sample is.
func rankTest(totals, taken, scores []float64, size float64) (p float64, above bool) {
	d, ok := newDraw(totals, scores, size)
	if !ok {
		return 1, false
	}
	var s sum
	for i, x := range taken {
		s.add(x * d.scores[i])
	}
	return d.twoSided(s.value()), s.value() > 0
}

// most is how often the most frequent value occurs.
func (p *Pair) most() int64 {
	var most int64
	for i := range p.values {
		most = max(most, p.a[i]+p.b[i])
	}
	return most
}

// scoreBorders are the borders of those groups as shares of all values.
var scoreBorders = func() (borders []float64) {
	for z := -6.0; z < 6; z += scoreStep {
		borders = append(borders, NormalTail(-z))
	}
	return borders
}()
