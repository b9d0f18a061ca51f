package concept

import (
	"cmp"
	"slices"

	"leeway/core/cases"
	"leeway/core/schema"
	"leeway/core/stat"
)

// labelled are all labelled rows of both sides, those of the reference first.
type labelled struct {
	reference int
	weights   []float64 // how often each occurs
	actual    []float64
	classes   []class // that came true, ascending; none of numbers
	cells     []int32 // by row: 2·group of its class + side
	groups    int32
}

// class is one that came true. Those of too few rows are one group, 0.
type class struct {
	value float64
	rows  [2]float64
	group int32
}

func (c *class) all() float64 { return c.rows[0] + c.rows[1] }

func label(reference, current *cases.Table) *labelled {
	l := &labelled{reference: reference.Rows, groups: 1}
	l.weights = slices.Concat(reference.Counts, current.Counts)
	l.actual = current.Shape.Placed(slices.Concat(reference.Actual, current.Actual))
	l.cells = make([]int32, len(l.weights))
	for i := l.reference; i < len(l.cells); i++ {
		l.cells[i] = 1
	}
	if current.Shape.Task == schema.Regression {
		return l
	}
	places := map[float64]int{}
	for i, x := range l.actual {
		at, known := places[x]
		if !known {
			at = len(l.classes)
			places[x] = at
			l.classes = append(l.classes, class{value: x})
		}
		l.classes[at].rows[l.cells[i]] += l.weights[i]
	}
	rows := l.rows()
	slices.SortFunc(l.classes, func(a, b class) int { return cmp.Compare(a.value, b.value) })
	groups := map[float64]int32{}
	for i := range l.classes {
		if c := &l.classes[i]; enough(c.all(), rows[0]+rows[1]) {
			c.group = l.groups
			groups[c.value] = l.groups
			l.groups++
		}
	}
	for i, x := range l.actual {
		l.cells[i] += 2 * groups[x]
	}
	return l
}

// rows are those of either side.
func (l *labelled) rows() (n [2]float64) {
	for i, w := range l.weights {
		n[side(i, l.reference)] += w
	}
	return n
}

func side(row, reference int) int {
	if row < reference {
		return 0
	}
	return 1
}

// commonest are the most frequent classes.
func (l *labelled) commonest() []float64 {
	const most = 4
	all := slices.Clone(l.classes)
	slices.SortStableFunc(all, func(a, b class) int { return cmp.Compare(b.all(), a.all()) })
	var values []float64
	for _, c := range all[:min(len(all), most)] {
		values = append(values, c.value)
	}
	return values
}

// share is that of a class on either side.
func (l *labelled) share(value float64) (from, to float64) {
	n := l.rows()
	for i := range l.classes {
		if c := &l.classes[i]; c.value == value {
			return c.rows[0] / n[0], c.rows[1] / n[1]
		}
	}
	return 0, 0
}

// moments are those of a term in some rows.
type moments struct{ n, sum, squares float64 }

// contrast is [covariance] of the side and of a term, of which nothing is known but
// their means.
func contrast(sides *[2]moments) float64 {
	n := sides[0].n + sides[1].n
	if !(n > 0) {
		return 0
	}
	mean, share := (sides[0].sum+sides[1].sum)/n, sides[1].n/n
	var sum, squares float64
	for i := range sides {
		m, apart := &sides[i], float64(i)-share
		sum += float64(apart * (m.sum - float64(m.n*mean)))
		squares += float64(apart * apart * (m.squares - float64(2*mean*m.sum) + float64(m.n*mean*mean)))
	}
	return ratioOf(sum, squares)
}

// looks gathers whether terms are others on the current side: all in all, and
// given what came true. That looks at each class, so that rows of one do not hide
// what rows of another do; or at all numbers, and at high ones against low ones.
type looks struct {
	*labelled
	data, shape [2][]component // of what was said, and of what was known
	cells       []moments
	given       *given // of numbers
}

// see looks at a term.
func (l *looks) see(t *term) {
	clear(l.cells)
	for i, at := range l.labelled.cells {
		m, w, x := &l.cells[at], l.weights[i], t.values[i]
		wx := float64(w * x)
		m.n += w
		m.sum += wx
		m.squares += float64(wx * x)
	}
	of := 0
	if t.column != "" {
		of = 1
	}
	var all [2]moments
	for g := range int(l.groups) {
		sides := (*[2]moments)(l.cells[2*g:])
		for i := range all {
			all[i].n += sides[i].n
			all[i].sum += sides[i].sum
			all[i].squares += sides[i].squares
		}
		if g > 0 {
			l.shape[of] = append(l.shape[of], component{t.column, t.kind, contrast(sides)})
		}
	}
	l.data[of] = append(l.data[of], component{t.column, t.kind, contrast(&all)})
	if l.given != nil {
		l.shape[of] = append(l.shape[of], l.given.look(t)...)
	}
}

// given is a regression on numbers that came true.
type given struct {
	design  *stat.Design
	least   *stat.Least
	weights [][]float64
	side    []float64
	rest    []float64
}

// numbers gets ready for looks given a bent line over numbers.
func (l *looks) numbers(terms []term) {
	g := &given{design: design(terms, l.weights), weights: [][]float64{nil}, rest: make([]float64, len(l.weights))}
	if len(terms) > 0 {
		g.weights = append(g.weights, terms[0].values)
	}
	g.least = g.design.Least()
	sides := make([]float64, len(l.weights))
	for i := l.reference; i < len(sides); i++ {
		sides[i] = 1
	}
	g.side = slices.Clone(g.left(sides))
	l.given = g
}

// left is what the regression leaves.
func (g *given) left(y []float64) []float64 {
	beta := g.least.Of(y)
	for i := range y {
		g.rest[i] = y[i] - stat.Dot(g.design.Row(i), beta)
	}
	return g.rest
}

func (g *given) look(t *term) []component {
	rest := g.left(t.values)
	var found []component
	for _, w := range g.weights {
		found = append(found, component{t.column, t.kind, covariance(g.side, rest, w, g.design.Weights)})
	}
	return found
}
