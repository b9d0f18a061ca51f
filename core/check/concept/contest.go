package concept

import (
	"math"
	"slices"

	"leeway/core/stat"
)

// Two changes look alike in the labels: more of them are positive because there
// are more rows of that class (labels), or because the same rows come true more often
// (concept), by about as much everywhere. They differ in one direction alone. Had there been more
// rows of a class, rows would be more like it, by as much as its share grew times
// what the classes are apart; had the same rows come true more often, rows would be
// what they were, and those of each class less like it. What rows are in that
// direction is what they were expected to come true, by the reference: under either, the
// densities of both sides are apart by a function of it alone (Saerens, Latinne and
// Decaestecker 2002). A test in one direction sees what one in all of them does not.

// The shares of the level that the one direction gets, and, of labels alone, another test that
// they must pass; the rest is for all directions.
const (
	along = 0.7
	oddly = 0.2 // of labels alone: whether the odds of all rows moved by as much
)

// telling is the level at which labels or the concept are ruled out where both might
// have moved: how often the wrong one is named, at most.
const telling = 0.01

// contest holds the two against each other.
type contest struct {
	label, concept float64 // p-values, of one side: that labels alone, or the concept alone, explain what rows are
	apart          float64 // standard errors that what both foretell is apart
}

// hold looks at all rows by what they were expected to come true.
func (j *join) hold(r *relation, numbers bool, up float64) contest {
	t := term{values: j.expected(r, numbers)}
	if !standard(t.values, j.weights) {
		return contest{1, 1, 0}
	}
	if numbers {
		data := component{z: j.alike(&t)}
		shape := j.looks.given.look(&t)[0]
		return contest{stat.NormalTail(-math.Copysign(shape.z, shape.z*up)), stat.NormalTail(math.Copysign(data.z, data.z*up)), math.Abs(data.z - shape.z)}
	}
	return j.ofClasses(&t)
}

// alike tells how many standard errors a term is higher on the current side.
func (j *join) alike(t *term) float64 {
	var sides [2]moments
	for i, x := range t.values {
		sides[side(i, j.reference)].add(j.weights[i], x)
	}
	return contrast(&sides)
}

// ofClasses compares the means of a term, all in all and within classes.
func (j *join) ofClasses(t *term) contest {
	cells, all := make([]moments, 2*j.groups), [2]moments{}
	for i, at := range j.cells {
		m, w, x := &cells[at], j.weights[i], t.values[i]
		m.add(w, x)
		all[at%2].add(w, x)
	}
	var within, variance, foretold float64
	for g := range int(j.groups) {
		was, is := &cells[2*g], &cells[2*g+1]
		if was.n < fewestCells || is.n < fewestCells {
			continue
		}
		share := is.n / all[1].n
		within += float64(share * (is.mean() - was.mean()))
		variance += float64(share * share * (is.error() + was.error()))
		foretold += float64((share - was.n/all[0].n) * was.mean())
	}
	moved, scale := all[1].mean()-all[0].mean(), math.Sqrt(all[0].error()+all[1].error())
	up := math.Copysign(1, foretold)
	return contest{tail(-up*within, math.Sqrt(variance)), tail(up*moved, scale), math.Abs(foretold) / scale}
}

func tail(x, scale float64) float64 {
	if !(scale > 0) {
		return 1
	}
	return stat.NormalTail(x / scale)
}

func (m *moments) add(w, x float64) {
	m.n += w
	m.sum += float64(w * x)
	m.squares += float64(w * x * x)
}

func (m *moments) mean() float64 { return m.sum / m.n }

// error is the variance of the mean.
func (m *moments) error() float64 {
	mean := m.mean()
	return max(m.squares/m.n-float64(mean*mean), 0) / m.n
}

// expected is what the reference's regression says of all rows. That is two of half its rows:
// each speaks of those that the other was made of, for it knows its own too well; of others
// both do.
func (j *join) expected(r *relation, numbers bool) []float64 {
	betas := j.halves(r, numbers)
	var says [2][]float64
	for half, beta := range betas {
		says[half] = slices.Repeat(beta[:1], len(j.weights))
	}
	add := func(at int, t *term) {
		for half, beta := range betas {
			for i, x := range t.values {
				says[half][i] += float64(beta[at] * x)
			}
		}
	}
	if j.few.rows == len(j.weights) {
		for k := range r.regressors {
			add(1+k, &r.regressors[k])
		}
	} else {
		places, at := map[int]int{}, 0
		for k := range r.regressors {
			places[r.regressors[k].at] = 1 + k
		}
		j.again(func(t term) {
			if place := places[at]; place > 0 {
				add(place, &t)
			}
			at++
		})
	}
	if !numbers {
		for _, all := range says {
			for i, z := range all {
				all[i] = stat.Expit(z)
			}
		}
	}
	return j.spoken(says)
}

// spoken is what is said of each row by the regression that was not made of it.
func (j *join) spoken(says [2][]float64) []float64 {
	values := says[0]
	for i, x := range says[1] {
		switch {
		case i >= j.few.reference:
			values[i] = (values[i] + x) / 2
		case i%2 == 1:
			values[i] = x
		}
	}
	return values
}

// halves are the coefficients of the reference's odd rows, and of its even ones.
func (j *join) halves(r *relation, numbers bool) (betas [2][]float64) {
	for half := range betas {
		part, y := &stat.Design{Width: r.design.Width}, []float64(nil)
		for row := 1 - half; row < j.few.reference; row += 2 {
			part.Cells, part.Weights, y = append(part.Cells, r.design.Row(row)...), append(part.Weights, j.few.weights[row]), append(y, r.y[row])
		}
		if numbers {
			betas[half] = part.Linear(y)
		} else {
			betas[half] = part.LogisticNear(y, r.fit)
		}
	}
	return betas
}

// needed is how many labelled current rows would tell the two apart, nine times in
// ten; and how many of either side, where no number of current ones would.
func (f *Finding) needed(apart float64) (current, each int64) {
	const enough = 3.7 // standard errors: at a level of along·telling, and with power 0.9
	if !(apart > 0) {
		return 0, 0
	}
	n, m := float64(f.Reference), float64(f.Current)
	ratio := max(float64(enough/apart)*float64(enough/apart), 2) // so many do not tell though they mostly would: twice as many
	need := float64(n * m / (n + m) * ratio)
	if n <= 2*need { // current ones alone would have to be more than all of them
		return 0, int64(math.Ceil(2 * need))
	}
	return int64(math.Ceil(n * need / (n - need))), 0
}
