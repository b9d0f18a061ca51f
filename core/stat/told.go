package stat

import "math"

// Told is how two columns go together, in numbers that people know.
type Told struct {
	By string // "correlation", "shape", "height", "share"; "" where there is nothing to tell

	// Before and After are, of numbers, their rank correlation (Spearman's), which
	// anybody can compute again;
	// of a number and a category, the middle rank in 0..1 of the number where
	// the category is the one of Codes; of two categories, the share of the
	// second where the first is the one of Codes.
	Before, After float64

	Codes [2]uint32 // of the categories; 0: neither of the largest
}

// tell fills in Told for a test, but for the correlation of numbers.
func (r *Relation) tell(c *crosstab, tables [2][]float64, t *test) {
	switch {
	case c.a.numbers && c.b.numbers:
		r.By = "shape"
		if t.k == 0 && t.l == 0 {
			r.By = "correlation"
		}
	case c.a.numbers:
		r.By = "height"
		at := c.furthest(tables, func(i, j int) bool { return c.b.code[j] != 0 })
		r.Codes[1] = c.b.code[at%c.b.count]
		r.Before, r.After = c.height(0, at%c.b.count, true), c.height(1, at%c.b.count, true)
	case c.b.numbers:
		r.By = "height"
		at := c.furthest(tables, func(i, j int) bool { return c.a.code[i] != 0 })
		r.Codes[0] = c.a.code[at/c.b.count]
		r.Before, r.After = c.height(0, at/c.b.count, false), c.height(1, at/c.b.count, false)
	default:
		r.By = "share"
		at := c.furthest(tables, func(i, j int) bool { return c.a.code[i] != 0 && c.b.code[j] != 0 })
		i, j := at/c.b.count, at%c.b.count
		r.Codes = [2]uint32{c.a.code[i], c.b.code[j]}
		r.Before, r.After = c.given(0, i, j), c.given(1, i, j)
	}
}

// tellable is the largest p-value of what is told in numbers: sorting the rows
// takes time, and most windows have nothing to tell.
const tellable = 0.1

// correlate fills in the correlation of numbers.
func (r *Relation) correlate(a, b *levels, s *sample) {
	switch {
	case !a.numbers || !b.numbers:
	case r.P > tellable:
		r.By = ""
	default:
		r.Before, r.After = s.spearman(0, a.of.Codes[0], b.of.Codes[0]), s.spearman(1, a.of.Codes[1], b.of.Codes[1])
	}
}

// furthest is the cell that says most of the change, among those that can be
// named.
func (c *crosstab) furthest(tables [2][]float64, named func(i, j int) bool) int {
	best, at := -1.0, 0
	for cell := range c.all {
		if !named(cell/c.b.count, cell%c.b.count) {
			continue
		}
		x, y := tables[0][cell], tables[1][cell]
		if d := math.Abs(y - x); d > 0 {
			d /= math.Sqrt(x + y)
			if d > best {
				best, at = d, cell
			}
		}
	}
	return at
}

// covariance is that of two scores on one side.
func (c *crosstab) covariance(side, k, l int) float64 {
	x, y, xy := 0.0, 0.0, 0.0
	for cell, w := range c.side[side] {
		f, g := c.a.scores[k][cell/c.b.count], c.b.scores[l][cell%c.b.count]
		x += float64(w * f)
		y += float64(w * g)
		xy += float64(w * f * g)
	}
	n := c.n[side]
	return xy/n - float64(x/n*(y/n))
}

// height is the mean rank of a number's level where the category is the given
// one, above the mean of the side, around the middle.
func (c *crosstab) height(side, category int, first bool) float64 {
	var sum, n, all float64
	for cell, w := range c.side[side] {
		i, j := cell/c.b.count, cell%c.b.count
		x, at := c.a.middle[i], j
		if !first {
			x, at = c.b.middle[j], i
		}
		all += float64(w * x)
		if at == category {
			sum += float64(w * x)
			n += w
		}
	}
	if n == 0 {
		return math.NaN()
	}
	return min(max(0.5+sum/n-all/c.n[side], 0), 1)
}

// given is the share of the second column's level where the first has its own.
func (c *crosstab) given(side, i, j int) float64 {
	return c.side[side][i*c.b.count+j] / total(c.side[side][i*c.b.count:(i+1)*c.b.count])
}
