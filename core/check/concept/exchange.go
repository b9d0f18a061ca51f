package concept

import (
	"math"

	"leeway/core/stat"
)

// exchange holds scores of either side against what the reference's scores say of rows like them, where
// both sides have such rows. Each row weighs as much as it is likely to be of the other side (overlap
// weights: Li, Morgan and Zaslavsky 2018): weighted so, rows of both sides are alike, and
// those that one side alone has weigh nothing. So what a regression misses it misses on both.
type exchange struct {
	p      float64 // that scores are what they were, given columns
	bends  float64 // that they hang on each column as they did
	top    string  // the column by which that shows most, "" for by none more than all
	was    float64 // mean square of what is left of scores by what the reference's say, on either side
	is     float64
	before term // what the reference's scores say of all rows
}

// exchanged looks at one score, given how it hangs on columns by a regression, and what is left of
// the side by columns.
func (b *both) exchanged(r *relation, side []float64) exchange {
	says := b.foreseen(r)
	left, sizes := make([]float64, b.rows), make([]float64, b.rows)
	var squares, rows [2]float64
	for i, w := range b.weights {
		left[i] = r.y[i] - says[i]
		sizes[i] = math.Abs(left[i])
		at, n := b.of(i), float64(w*math.Abs(side[i]))
		rows[at] += n
		squares[at] += float64(n * left[i] * left[i])
	}
	looks := *r
	looks.side = side
	_, bends := b.bends(&looks, beyond(left, side, b.weights))
	all := []component{{z: covariance(side, left, nil, b.weights)}, {kind: bend, z: covariance(side, centred(sizes, b.weights), nil, b.weights)}}
	x := exchange{p: together(all, bends), bends: together(nil, bends), top: strongest(all, bends), was: squares[0] / rows[0], is: squares[1] / rows[1]}
	standard(says, b.weights)
	x.before = term{kind: level, values: says}
	return x
}

// beyond is what is left of scores that are higher by as much everywhere: where columns
// drifted that is more in the rows which both sides have more of, and no other way of hanging on columns.
func beyond(left, side, weights []float64) []float64 {
	by := ratio(side, left, weights)
	rest := make([]float64, len(left))
	for i, x := range left {
		rest[i] = x - float64(by*side[i])
	}
	return rest
}

// foreseen is what the reference's scores say of rows: of either half of it those of the other, of
// current rows those of one or the other. Trees say what the regression does not.
func (b *both) foreseen(r *relation) []float64 {
	return b.crossed(b.reference, r.design, func(part *stat.Design, learns []int32, t *booster, says []float64) {
		beta := part.Linear(picked(r.y, learns))
		for i := range says {
			says[i] = stat.Dot(r.design.Row(i), beta)
		}
		t.fit(learns, says, learning, func(row int, says float64) float64 { return r.y[row] - says })
	})
}

// unlike is what is left of the side by columns: by a regression on those of the design, and by trees.
func (b *both) unlike(d *stat.Design) []float64 {
	left := b.crossed(b.rows, d, func(part *stat.Design, learns []int32, t *booster, says []float64) {
		beta := part.Logistic(picked(b.side, learns))
		for i := range says {
			says[i] = stat.Dot(d.Row(i), beta)
		}
		t.fit(learns, says, 4*learning, func(row int, says float64) float64 { return b.side[row] - stat.Expit(says) }) // the logit moves by a quarter of what it moves shares by, at most
	})
	for i, z := range left {
		left[i] = b.side[i] - stat.Expit(z)
	}
	return left
}

// crossed is what is said of every other row by what the rows between say, of those up to a number.
func (b *both) crossed(known int, d *stat.Design, learn func(part *stat.Design, learns []int32, t *booster, says []float64)) []float64 {
	t, said, all := newBooster(b.columns, b.weights), make([]float64, b.rows), make([]float64, b.rows)
	for half := range 2 {
		part, learns := &stat.Design{Width: d.Width}, []int32(nil)
		for row := half; row < known; row += 2 {
			part.Cells, part.Weights = append(part.Cells, d.Row(row)...), append(part.Weights, b.weights[row])
			learns = append(learns, int32(row))
		}
		learn(part, learns, t, said)
		for row := 1 - half; row < b.rows; row += 2 {
			all[row] = said[row]
		}
	}
	return all
}

// of is 0 for a row of the reference, 1 for a current one.
func (b *both) of(row int) int { return side(row, b.reference) }

func picked(values []float64, rows []int32) []float64 {
	some := make([]float64, len(rows))
	for i, row := range rows {
		some[i] = values[row]
	}
	return some
}

// shared is how many rows there are of which both sides have some: those of the side that has fewer, by
// their weights. Of two sides that are alike it is half the rows.
func (b *both) shared(side []float64) float64 {
	var sums [2]float64
	for i, w := range b.weights {
		sums[b.of(i)] += float64(w * math.Abs(side[i]))
	}
	return min(sums[0], sums[1])
}
