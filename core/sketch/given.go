package sketch

import "math"

// AddCount counts a finite value n times.
func (g *Grid) AddCount(value float64, n int64) {
	b := math.Float64bits(value + 0)
	if b&^sign >= infinite || n <= 0 {
		return
	}
	g.warm()
	one := []cell{{ordered(b) >> g.shift, n}}
	g.addCells(one, g.shift)
	g.count += n
	if g.seen != nil {
		g.seen.addValues([]float64{value})
	}
	if g.used() > g.slack() {
		g.narrow()
	}
}

// Estimate says that the values stand for others near them, as those of a sketch do:
// the grid is not exact from then on, and how many distinct values there are is not
// known. Cells keep all bits but the last.
func (g *Grid) Estimate() {
	g.settle()
	if g.shift == 0 {
		g.recut(1)
	}
	g.seen = nil
}

// UnknownRows are rows of which only the number is known.
func UnknownRows(n int64) *Rows { return &Rows{bound: 1, rows: max(n, 0), codes: &Codes{}} }
