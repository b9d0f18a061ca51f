package stat

import (
	"cmp"
	"math"
	"slices"
)

// Joint is a sample of whole rows of both sides, to test whether the columns
// go together as before. What one column does alone is not its business: the
// tests are blind to it, see crosstab.
type Joint struct {
	columns []*levels
	index   []int // of each column among those given
	sample  sample
	most    int // levels of a column
	pairs   float64
}

// LeastRows is how many rows each side needs for whole rows to be compared.
const LeastRows = 20

// How many of the tests are computed exactly, and from which approximate
// p-value on.
const (
	exactTests = 12
	worthwhile = 0.2
)

// jointCells bounds the number of cells that are read.
const jointCells = 8 << 20

// NewJoint takes columns over the same rows, reference first; rows count as
// often as weights say, once each if these are nil. Of very wide tables it
// reads the first rows only: they should be in an order that says nothing.
func NewJoint(columns []Column, weights [2][]float64) (*Joint, error) {
	if len(columns) < 2 {
		return nil, ErrColumns
	}
	j := &Joint{}
	least := math.Inf(1)
	for side := range weights {
		n := min(len(columns[0].Codes[side]), max(jointCells/2/len(columns), 256))
		j.sample.rows[side] = n
		if weights[side] != nil {
			j.sample.weights[side] = weights[side][:n]
		}
		least = min(least, j.sample.size(side))
	}
	if least < LeastRows {
		return nil, ErrRows
	}
	j.most = int(min(max(least/16, 4), mostLevels))
	for i := range columns {
		if l := newLevels(&columns[i], &j.sample, j.most); l != nil {
			j.columns, j.index = append(j.columns, l), append(j.index, i)
		}
	}
	n := float64(len(j.columns))
	j.pairs = n * (n - 1) / 2
	if n < 2 {
		return nil, ErrColumns
	}
	return j, nil
}

// Relation is how two columns go together on both sides.
type Relation struct {
	// P is the p-value of "all columns go together as before". It is a valid
	// one whatever the columns are distributed like and however they depend on
	// each other, as long as rows are independent.
	P float64

	// A and B are the two columns for which P is smallest. Judged holds the
	// maximum mean discrepancy between the sides of these two: the root of the
	// summed squares of the differences of the means of products of scores, on
	// the scale of a correlation.
	A, B int
	Judged
	noise, share float64

	Told
	Others [][2]int // further pairs of columns whose own P is small, the smallest first
}

// test is one product of scores.
type test struct {
	i, j, k, l int
	share      float64 // its part of the chance of a false alarm
	score      float64 // the larger the less likely by chance
}

// Relation tests all pairs of columns.
func (j *Joint) Relation() (Relation, error) {
	var tests []test
	close := 32 + int(math.Sqrt(j.pairs)) // pairs of columns that are looked at closely
	for _, pair := range screen(j.columns, &j.sample, close) {
		tests = append(tests, j.look(pair)...)
	}
	if len(tests) == 0 {
		return Relation{}, ErrBound
	}
	slices.SortStableFunc(tests, func(a, b test) int { return cmp.Compare(b.score, a.score) })
	var all []Relation
	for i, t := range tests {
		if i == exactTests || len(all) > 0 && t.approximate() > worthwhile {
			break
		}
		if r, ok := j.judge(&t); ok {
			all = append(all, r)
		}
	}
	if len(all) == 0 {
		return Relation{}, ErrApart
	}
	slices.SortStableFunc(all, func(a, b Relation) int { return cmp.Compare(a.P, b.P) })
	best := all[0]
	for _, r := range all[1:] {
		pair := [2]int{r.A, r.B}
		if r.P < 1e-3 && pair != [2]int{best.A, best.B} && !slices.Contains(best.Others, pair) {
			best.Others = append(best.Others, pair)
		}
	}
	best.correlate(j.columns[slices.Index(j.index, best.A)], j.columns[slices.Index(j.index, best.B)], &j.sample)
	return best, nil
}

// approximate is the p-value of a test by the normal approximation, corrected
// for all tests.
func (t *test) approximate() float64 { return 2 * math.Exp(-t.score) }

// look scores all products of a pair of columns, by the normal approximation.
func (j *Joint) look(pair screened) []test {
	a, b := j.columns[pair.i], j.columns[pair.j]
	c := newCrosstab(a, b, &j.sample)
	if c.n[0] < LeastRows || c.n[1] < LeastRows {
		return nil
	}
	var tests []test
	for k := range a.scores {
		for l := range b.scores {
			difference, variance := c.moved(c.rest(a.scores[k][:a.count], b.scores[l][:b.count]))
			if !(variance > 1e-6) { // one column says what the other one is
				continue
			}
			t := test{i: pair.i, j: pair.j, k: k, l: l, share: a.share(k) * b.share(l) / j.pairs}
			z := math.Abs(difference) / math.Sqrt(variance*c.noise())
			t.score = math.Log(t.share) - logNormalTail(z)
			tests = append(tests, t)
		}
	}
	return tests
}

// noise is 1/n + 1/m.
func (c *crosstab) noise() float64 { return 1/c.n[0] + 1/c.n[1] }

// share is the part of the tests of a column that one of its scores gets: most
// for what is most likely to change.
func (l *levels) share(k int) float64 {
	switch {
	case len(l.scores) == 1:
		return 1
	case !l.numbers:
		return 1 / float64(len(l.scores))
	case k == 0:
		return 0.8
	}
	return 0.2
}

// heft is how much a score counts in the discrepancy.
func (l *levels) heft(k int) float64 {
	if l.numbers && k > 0 {
		return 0.5
	}
	return 1
}

// logNormalTail is log P(Z >= z) for z >= 0.
func logNormalTail(z float64) float64 {
	if z < 30 {
		return math.Log(NormalTail(z))
	}
	return -float64(z*z/2) - math.Log(z*math.Sqrt(2*math.Pi))
}

// judge computes the p-value of one test, the discrepancy of its columns, and
// what there is to tell. ok is false where the sides have too little in common.
func (j *Joint) judge(t *test) (r Relation, ok bool) {
	a, b := j.columns[t.i], j.columns[t.j]
	c := newCrosstab(a, b, &j.sample)
	rest := c.rest(a.scores[t.k][:a.count], b.scores[t.l][:b.count])
	difference, variance := c.moved(rest)
	r = Relation{P: 1, A: j.index[t.i], B: j.index[t.j], noise: math.Sqrt(variance * c.noise()), share: t.share}
	tables, ok := c.alike()
	if !ok {
		return r, false
	}
	views := [2]func(k, l int) float64{
		func(k, l int) float64 { return c.between(tables, k, l) },
		j.byRank(t),
	}
	square, others, size := 0.0, 0.0, 0.0
	for k := range a.scores {
		for l := range b.scores {
			heft := a.heft(k) * b.heft(l)
			d := agreed(views[0](k, l), views[1](k, l))
			square += float64(heft * d * heft * d)
			if k != t.k || l != t.l {
				_, usual := c.moved(c.rest(a.scores[k][:a.count], b.scores[l][:b.count]))
				others += float64(heft * heft * usual * c.noise())
				continue
			}
			size = heft
			p := 2 * NormalTail(math.Abs(agreed(difference, d))/r.noise)
			if t.approximate() < worthwhile {
				p = max(p, c.p(rest))
			}
			r.P = min(p/t.share, 1)
		}
	}
	r.judged(math.Sqrt(square), size, others)
	r.tell(c, tables, t)
	return r, true
}

// A change counts only if it is still there in two other views, which are
// blind to large changes of single columns in their own ways: between tables
// that were made alike, and between the ranks of the values on each side by
// itself, which a change of unit leaves as they are. The p-value is the largest
// of all: so it stays valid.

// agreed is the smaller of two differences of the same sign, else 0.
func agreed(a, b float64) float64 {
	switch {
	case a > 0 && b > 0:
		return min(a, b)
	case a < 0 && b < 0:
		return max(a, b)
	}
	return 0
}

// byRank gives the differences between the sides' means of products of scores,
// where each side's numbers are scored by their ranks on that side.
func (j *Joint) byRank(t *test) func(k, l int) float64 {
	var tables [2]*crosstab
	for side := range tables {
		alone := sample{}
		alone.rows[side], alone.weights[side] = j.sample.rows[side], j.sample.weights[side]
		a, b := j.columns[t.i].alone(&alone, j.most), j.columns[t.j].alone(&alone, j.most)
		if a == nil || b == nil {
			return func(int, int) float64 { return 0 }
		}
		tables[side] = newCrosstab(a, b, &alone)
	}
	return func(k, l int) float64 {
		for _, c := range tables {
			if k >= len(c.a.scores) || l >= len(c.b.scores) {
				return 0
			}
		}
		return tables[1].covariance(1, k, l) - tables[0].covariance(0, k, l)
	}
}

// alone is the column with the numbers of one side divided by themselves.
func (l *levels) alone(s *sample, most int) *levels {
	if !l.numbers {
		return l
	}
	return newLevels(l.of, s, most)
}

// between is the difference between the sides' means of a product of scores.
func (c *crosstab) between(tables [2][]float64, k, l int) float64 {
	d := 0.0
	for i := range c.a.count {
		for j := range c.b.count {
			cell := i*c.b.count + j
			d += float64((tables[1][cell] - tables[0][cell]) * c.a.scores[k][i] * c.b.scores[l][j])
		}
	}
	return d
}

// judged fills in what no change would give: the largest of as many differences
// as there are tests, and the usual size of the others of the pair.
func (r *Relation) judged(value, size, others float64) {
	r.noise *= size
	largest := -normalQuantile(min(0.25*r.share, 0.25)) * r.noise
	floor := math.Sqrt(float64(largest*largest) + others)
	half := float64(1.959963984540054 * r.noise)
	r.Judged = Judged{Value: value, Null: floor, Effect: max(value-floor, 0), Low: max(value-half, 0), High: value + half}
}

// Detectable is the smallest change of a correlation that is seen at level
// alpha with 80% power.
func (r *Relation) Detectable(alpha float64) float64 {
	return DetectableLevel(alpha*r.share) * r.noise
}
