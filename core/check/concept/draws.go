package concept

import (
	"math"

	"leeway/core/stat"
)

// both are labelled rows of both sides, one after the other: as many as
// regressions are made of.
type both struct {
	rows      int
	reference int
	weights   []float64 // how often each occurs
	side      []float64 // 0 for the reference, 1 for the current side
	said      []term    // of scores and predictions
	knew      []term    // of columns
	actual    []float64
	columns   []binned // those of the table, for trees
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
		nr := float64(n * r)
		sum += nr
		squares += float64(nr * r)
	}
	return ratioOf(sum, squares)
}

func ratioOf(sum, squares float64) float64 {
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

// design is a regression on terms.
func design(terms []term, weights []float64) *stat.Design {
	width := 1 + len(terms)
	d := &stat.Design{Width: width, Cells: make([]float64, len(weights)*width), Weights: weights}
	for i := range weights {
		row := d.Row(i)
		row[0] = 1
		for j := range terms {
			row[1+j] = terms[j].values[i]
		}
	}
	return d
}

// centred is what is left of values without their mean.
func centred(values, weights []float64) []float64 {
	var n, sum float64
	for i, w := range weights {
		n += w
		sum += float64(w * values[i])
	}
	rest := make([]float64, len(values))
	for i, x := range values {
		rest[i] = x - sum/n
	}
	return rest
}
