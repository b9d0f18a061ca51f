package concept

import (
	"cmp"
	"math"
	"slices"

	"leeway/core/stat"
)

// The bounds of the regressions.
const (
	mostRows    = 5000 // of a side: more tell little and cost time
	rowsPerTerm = 10   // labelled rows of the smaller side, and of the rarer class
	mostTerms   = 60
)

// relation is how what came true hangs on what was said and known.
type relation struct {
	said, knew []component // looks at whether it changed
	mean       float64     // by how much more came true of the same rows, on average
	size       float64     // root of the mean square of by how much
	noise      float64     // what size would be had nothing changed
	top        string      // the column by which it changed most; "" for by none more than all

	regressors []term
	design     *stat.Design // of them
	y          []float64
	fit        []float64 // of both sides
	side       []float64 // what a regression of the side on them leaves
	terms      []term    // of what else was known
}

// is marks the rows of a class.
func (b *both) is(class float64) []float64 {
	y := make([]float64, b.rows)
	for i, x := range b.actual {
		if x == class {
			y[i] = 1
		}
	}
	return y
}

// relate tests whether the side still tells what comes true, given regressors: by
// what regressions of the side and of what came true on them leave. It looks by
// each of the regressors that was said, and by what else was known.
func (b *both) relate(y []float64, binary bool, regressors, knew []term) relation {
	design := design(regressors, b.weights)
	side, _ := rest(design, b.side, true)
	truth, fit := rest(design, y, binary)
	r := relation{regressors: regressors, design: design, y: y, fit: fit, side: side, terms: knew, mean: ratio(side, truth, b.weights)}
	said, known := b.bends(&r, truth)
	r.said, r.knew = append([]component{{z: covariance(side, truth, nil, b.weights)}}, said...), known
	if !binary {
		r.said = append(r.said, b.spread(design, side, truth))
	}
	r.size, r.noise = b.apart(design, y, fit, binary)
	r.top = strongest(r.said, r.knew)
	return r
}

// bends looks whether what the side tells of what came true is more in some rows than in
// others: by each of the regressors that was said, and by what else was known.
func (b *both) bends(r *relation, truth []float64) (said, knew []component) {
	products := make([]float64, b.rows)
	for i, x := range r.side {
		products[i] = float64(x * truth[i])
	}
	look := func(t *term) component {
		return component{t.column, t.kind, covariance(products, t.values, nil, b.weights)}
	}
	for i := range r.regressors {
		if t := &r.regressors[i]; t.column == "" {
			said = append(said, look(t))
		}
	}
	for i := range r.terms {
		if t := &r.terms[i]; t.column != "" && t.kind != rank {
			knew = append(knew, look(t))
		}
	}
	return said, knew
}

// odds is the p-value of that the log odds of what came true are apart by as much in all
// rows, which is what labels that moved do (of two classes).
func (b *both) odds(r *relation) float64 {
	side := term{values: b.side}
	truth, _ := rest(design(append(slices.Clone(r.regressors), side), b.weights), r.y, true)
	said, knew := b.bends(r, truth)
	return together(said, knew)
}

// spread tells whether errors are larger or smaller than they were.
func (b *both) spread(design *stat.Design, side, truth []float64) component {
	sizes := make([]float64, len(truth))
	for i, x := range truth {
		sizes[i] = math.Abs(x)
	}
	errors, _ := rest(design, sizes, false)
	return component{kind: bend, z: covariance(side, errors, nil, b.weights)}
}

// strongest names the column of the plainest change, "" where all rows changed
// as plainly.
func strongest(said, knew []component) string {
	top, most := "", math.Abs(said[0].z)
	for i := range knew {
		if z := math.Abs(knew[i].z); z > most {
			top, most = knew[i].column, z
		}
	}
	return top
}

// regressors are the terms of what was said, where that is among what is given, and of
// those columns that have most to do with both the side and with what came true: what
// could be taken for a change of the relation, were it left out.
func (b *both) regressors(said []term, y []float64, room int) []term {
	chosen := slices.Clone(said)
	side, truth := centred(b.side, b.weights), centred(y, b.weights)
	type column struct {
		terms  []term
		weight float64
	}
	byName := map[string]*column{}
	var names []string
	for _, t := range b.knew {
		c := byName[t.column]
		if c == nil {
			c = &column{}
			byName[t.column] = c
			names = append(names, t.column)
		}
		a, o := covariance(side, t.values, nil, b.weights), covariance(truth, t.values, nil, b.weights)
		c.terms, c.weight = append(c.terms, t), max(c.weight, float64((1+math.Abs(a))*(1+math.Abs(o))))
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(byName[b].weight, byName[a].weight) })
	for _, name := range names {
		if len(chosen)+len(byName[name].terms) <= min(room, mostTerms) {
			chosen = append(chosen, byName[name].terms...)
		}
	}
	return chosen
}

// rest is what a regression leaves, and its coefficients.
func rest(design *stat.Design, y []float64, binary bool) (over, fit []float64) {
	over = make([]float64, len(y))
	if !binary {
		fit = design.Linear(y)
		for i := range y {
			over[i] = y[i] - stat.Dot(design.Row(i), fit)
		}
		return over, fit
	}
	fit = design.Logistic(y)
	for i := range y {
		over[i] = y[i] - stat.Expit(stat.Dot(design.Row(i), fit))
	}
	return over, fit
}

// ratio is by how much more came true on the current side of rows that either
// side might have (Robinson 1988).
func ratio(side, truth, weights []float64) float64 {
	var above, below float64
	for i, n := range weights {
		above += float64(n * side[i] * truth[i])
		below += float64(n * side[i] * side[i])
	}
	if !(below > 0) {
		return 0
	}
	return above / below
}

// apart is by how much regressions of either side are apart on current rows. near
// is the regression of both.
func (b *both) apart(design *stat.Design, y, near []float64, binary bool) (size, noise float64) {
	fit := func(from, to int) ([]float64, float64) {
		w := design.Width
		one := &stat.Design{Width: w, Cells: design.Cells[from*w : to*w], Weights: b.weights[from:to]}
		var n float64
		for _, count := range one.Weights {
			n += count
		}
		if binary {
			return one.LogisticNear(y[from:to], near), n
		}
		return one.Linear(y[from:to]), n
	}
	before, n := fit(0, b.reference)
	after, m := fit(b.reference, b.rows)
	var squares, variance float64
	for i := b.reference; i < b.rows; i++ {
		w, was, is := b.weights[i], stat.Dot(design.Row(i), before), stat.Dot(design.Row(i), after)
		v := float64((y[i] - is) * (y[i] - is))
		if binary {
			was, is = stat.Expit(was), stat.Expit(is)
			v = float64(is * (1 - is))
		}
		squares += float64(w * (is - was) * (is - was))
		variance += float64(w * v)
	}
	return math.Sqrt(squares / m), math.Sqrt(float64(variance / m * float64(design.Width) * (1/n + 1/m)))
}
