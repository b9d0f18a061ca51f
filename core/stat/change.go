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

// Each component of a test gets a share of it: P is the smallest p-value,
// divided by its share (Bonferroni), so that any mixture of changes is seen
// at little cost.
type component struct {
	by    string
	share float64
	p     float64
	at    int
}

func combine(components []component) Change {
	c := Change{P: 1}
	for _, one := range components {
		if p := one.p / one.share; p < c.P || c.By == "" {
			c = Change{P: min(p, 1), By: one.by, At: one.at}
		}
	}
	return c
}

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
	var components []component // of equal p the first is named
	if level, spread, ok := p.ranks(); ok {
		components = []component{{"level", 0.35, level, 0}, {"spread", 0.35, spread, 0}}
	}
	components = append(components, component{"shape", 0.25, p.tenths(), 0}, component{"value", 0.05, single, at})
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

// scoreStep is the width of the groups of neighbours that share a score, in
// standard deviations: fine enough to lose no power, few enough to be quick.
const scoreStep = 0.05

// ranks tests level and spread. ok is false where too few values differ from
// the most frequent one for the scores to mean anything.
func (p *Pair) ranks() (level, spread float64, ok bool) {
	all := float64(p.n + p.m)
	var totals, taken, z []float64
	var before float64
	var most int64
	group := -1
	for i := range p.values {
		count := p.a[i] + p.b[i]
		most = max(most, count)
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
	if p.n+p.m-most < 30 || len(totals) < 3 || min(p.n, p.m) < 5 {
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
	return rankTest(totals, taken, z, float64(p.m)), rankTest(totals, taken, squares, float64(p.m)), true
}

func rankTest(totals, taken, scores []float64, size float64) float64 {
	d, ok := newDraw(totals, scores, size)
	if !ok {
		return 1
	}
	var s sum
	for i, x := range taken {
		s.add(x * d.scores[i])
	}
	return d.twoSided(s.value())
}

// scoreBorders are the borders of those groups as shares of all values.
var scoreBorders = func() (borders []float64) {
	for z := -6.0; z < 6; z += scoreStep {
		borders = append(borders, NormalTail(-z))
	}
	return borders
}()
