package concept

import (
	"cmp"
	"math"
	"slices"

	"leeway/core/stat"
)

// The bounds of the regressions.
const (
	mostRows    = 6000 // of a side: more tell little and cost time
	rowsPerTerm = 10   // labelled rows of the smaller side, and of the rarer class
	mostTerms   = 60
)

// thinned are the first rows of either side: those of the smallest hashes, which
// is any rows.
func (b *both) thinned(reference int) *both {
	current := b.rows - reference
	if reference <= mostRows && current <= mostRows {
		return b
	}
	var keep []int
	for i := range b.rows {
		if i < min(reference, mostRows) || i >= reference && i < reference+min(current, mostRows) {
			keep = append(keep, i)
		}
	}
	few := &both{rows: len(keep), weights: pick(b.weights, keep), side: pick(b.side, keep), actual: pick(b.actual, keep)}
	for _, t := range b.said {
		few.said = append(few.said, term{t.column, t.kind, pick(t.values, keep)})
	}
	for _, t := range b.knew {
		few.knew = append(few.knew, term{t.column, t.kind, pick(t.values, keep)})
	}
	return few
}

func pick(from []float64, rows []int) []float64 {
	to := make([]float64, len(rows))
	for i, row := range rows {
		to[i] = from[row]
	}
	return to
}

// relation is how what came true hangs on what was said and known.
type relation struct {
	said, knew []component // looks at whether it changed
	mean       float64     // by how much more came true of the same rows, on average
	size       float64     // root of the mean square of by how much
	noise      float64     // what size would be had nothing changed
	top        string      // the column by which it changed most; "" for by none more than all
}

// relate tests whether the side still tells what comes true, given all that was
// said and known: by what regressions of the side and of what came true leave.
func (b *both) relate(y []float64, binary bool, room int) relation {
	regressors := b.regressors(y, room)
	design := b.design(regressors)
	side := rest(design, b.side, true)
	truth := rest(design, y, binary)
	r := relation{mean: ratio(side, truth, b.weights)}
	r.said = append(r.said, component{z: covariance(side, truth, nil, b.weights)})
	for i := range regressors {
		t := &regressors[i]
		one := component{t.column, t.kind, covariance(side, truth, t.values, b.weights)}
		switch {
		case t.column == "":
			r.said = append(r.said, one)
		case t.kind != rank:
			r.knew = append(r.knew, one)
		}
	}
	if !binary {
		r.said = append(r.said, b.spread(design, side, truth))
	}
	r.size, r.noise = b.apart(design, y, binary)
	r.top = strongest(r.said, r.knew)
	return r
}

// spread tells whether errors are larger or smaller than they were.
func (b *both) spread(design *stat.Design, side, truth []float64) component {
	sizes := make([]float64, len(truth))
	for i, x := range truth {
		sizes[i] = math.Abs(x)
	}
	return component{kind: bend, z: covariance(side, rest(design, sizes, false), nil, b.weights)}
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

// regressors are the terms of what was said, and of those columns that have most
// to do with both the side and with what came true: what could be taken for a
// change of the relation, were it left out.
func (b *both) regressors(y []float64, room int) []term {
	chosen := slices.Clone(b.said)
	constant := b.constant()
	side, truth := left(constant, b.side), left(constant, y)
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

// rest is what a regression leaves.
func rest(design *stat.Design, y []float64, binary bool) []float64 {
	if !binary {
		return left(design, y)
	}
	beta, over := design.Logistic(y), make([]float64, len(y))
	for i := range y {
		over[i] = y[i] - stat.Expit(stat.Dot(design.Row(i), beta))
	}
	return over
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

// apart is by how much regressions of either side are apart on current rows.
func (b *both) apart(design *stat.Design, y []float64, binary bool) (size, noise float64) {
	fit := func(side float64) ([]float64, float64) {
		one := &stat.Design{Width: design.Width, Cells: design.Cells, Weights: make([]float64, b.rows)}
		var n float64
		for i, w := range b.weights {
			if b.side[i] == side {
				one.Weights[i] = w
				n += w
			}
		}
		if binary {
			return one.Logistic(y), n
		}
		return one.Linear(y), n
	}
	before, n := fit(0)
	after, m := fit(1)
	var squares, variance float64
	for i, w := range b.weights {
		if b.side[i] == 0 {
			continue
		}
		was, is := stat.Dot(design.Row(i), before), stat.Dot(design.Row(i), after)
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
