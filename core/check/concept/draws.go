package concept

import (
	"cmp"
	"math"
	"slices"

	"leeway/core/stat"
)

// both are the labelled rows of both sides, one after the other.
type both struct {
	rows    int
	weights []float64 // how often each occurs
	side    []float64 // 0 for the reference, 1 for the current side
	said    []term    // of scores and predictions
	knew    []term    // of columns
	actual  []float64
}

// component is one look at the rows.
type component struct {
	column string
	kind   kind
	z      float64
}

// p is two-sided.
func (c *component) p() float64 { return min(2*stat.NormalTail(math.Abs(c.z)), 1) }

// covariance tells how many standard errors the sum of products of two residuals
// is from 0: the generalised covariance measure of Shah and Peters (2020). It
// holds if either of the regressions that left them is right. w is a function of
// what both were regressed on; nil for 1.
func covariance(a, b, w, weights []float64) float64 {
	var sum, squares float64
	for i, n := range weights {
		r := float64(a[i] * b[i])
		if w != nil {
			r *= w[i]
		}
		sum += float64(n * r)
		squares += float64(n * r * r)
	}
	if !(squares > 0) {
		return 0
	}
	return sum / math.Sqrt(squares)
}

// together is one p-value of what was said and of what was known: either half of
// the level.
func together(said, knew []component) float64 {
	var halves []float64
	for _, part := range [][]component{said, knew} {
		if len(part) == 0 {
			continue
		}
		ps := make([]float64, len(part))
		for i := range part {
			ps[i] = part[i].p()
		}
		halves = append(halves, stat.Together(ps))
	}
	if len(halves) == 0 {
		return 1
	}
	return stat.Together(halves)
}

// moved looks whether terms are others on the current side, given what a basis
// tells: nothing but their mean, or what came true. It looks once for each of
// the weights, so that rows of one class do not hide what rows of another do.
func (b *both) moved(basis *stat.Design, weights [][]float64) (said, knew []component) {
	side := left(basis, b.side)
	look := func(all []term) []component {
		found := make([]component, 0, len(all)*len(weights))
		for i := range all {
			rest := left(basis, all[i].values)
			for _, w := range weights {
				found = append(found, component{all[i].column, all[i].kind, covariance(side, rest, w, b.weights)})
			}
		}
		return found
	}
	return look(b.said), look(b.knew)
}

// left is what a linear regression leaves.
func left(basis *stat.Design, y []float64) []float64 {
	beta, rest := basis.Linear(y), make([]float64, len(y))
	for i := range y {
		rest[i] = y[i] - stat.Dot(basis.Row(i), beta)
	}
	return rest
}

// constant is the basis that tells nothing.
func (b *both) constant() *stat.Design {
	d := &stat.Design{Width: 1, Cells: make([]float64, b.rows), Weights: b.weights}
	for i := range d.Cells {
		d.Cells[i] = 1
	}
	return d
}

// outcomes is the basis of what came true, classes or a bent line over numbers,
// and the weights by which rows are looked at: each class, or all numbers and the
// high ones against the low ones.
func (b *both) outcomes(numbers bool) (*stat.Design, [][]float64) {
	if numbers {
		terms := ordered("", b.actual, b.weights)
		weights := [][]float64{nil}
		if len(terms) > 0 {
			weights = append(weights, terms[0].values)
		}
		return b.design(terms), weights
	}
	var all []term
	var weights [][]float64
	for _, class := range distinct(b.actual) {
		w := make([]float64, b.rows)
		for i, x := range b.actual {
			if x == class {
				w[i] = 1
			}
		}
		if one, ok := flag("", member, func(i int) bool { return w[i] == 1 }, b.weights); ok {
			all, weights = append(all, one), append(weights, w)
		}
	}
	return b.design(all), weights
}

func distinct(values []float64) []float64 {
	all := slices.Clone(values)
	slices.SortFunc(all, cmp.Compare[float64])
	return slices.Compact(all)
}

// design is a regression on terms.
func (b *both) design(terms []term) *stat.Design {
	d := &stat.Design{Width: 1 + len(terms), Cells: make([]float64, b.rows*(1+len(terms))), Weights: b.weights}
	for i := range b.rows {
		row := d.Row(i)
		row[0] = 1
		for j := range terms {
			row[1+j] = terms[j].values[i]
		}
	}
	return d
}
