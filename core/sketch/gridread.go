package sketch

import (
	"math"
	"slices"
	"sort"
)

// Count is the number of values.
func (g *Grid) Count() int64 {
	if g == nil {
		return 0
	}
	return g.count
}

// Len is the number of cells: of distinct values while Exact.
func (g *Grid) Len() int {
	if g == nil {
		return 0
	}
	g.settle()
	return len(g.cells)
}

// Exact tells whether every distinct value is known with its count.
func (g *Grid) Exact() bool {
	if g == nil {
		return true
	}
	g.settle()
	return g.shift == 0
}

// Width is the relative width of a cell: 0 while Exact, else 2^-m with m bits
// of the mantissa kept. A quantile, and every value that stands for a cell, is
// within Width·|x| of the truth; a distribution function read between cells is
// within the share of one cell.
func (g *Grid) Width() float64 {
	if g.Exact() {
		return 0
	}
	return math.Ldexp(1, int(g.shift)-52)
}

// Distinct is the number of distinct values: exact while the grid is, else
// estimated with a relative standard error of 1.6%, NaN after Subtract.
func (g *Grid) Distinct() (n float64, exact bool) {
	switch {
	case g.Exact():
		return float64(g.Len()), true
	case g.seen == nil:
		return math.NaN(), false
	}
	return g.seen.estimate(), false
}

// Weighted lists the distinct values in ascending order with their counts, in
// the memory of the given slices, which may be nil. The value of a cell is its
// midpoint, or 0 if it begins there.
func (g *Grid) Weighted(values []float64, counts []int64) ([]float64, []int64) {
	n := g.Len()
	values, counts = slices.Grow(values[:0], n)[:n], slices.Grow(counts[:0], n)[:n]
	if n == 0 {
		return values, counts
	}
	if g.shift == 0 { // as middle is then
		for i, c := range g.cells {
			values[i], counts[i] = unordered(c.key), c.count
		}
		return values, counts
	}
	for i, c := range g.cells {
		values[i], counts[i] = middle(c.key, g.shift), c.count
	}
	return values, counts
}

// Align gives both grids at the coarser shift of the two, so that their cells
// are the same intervals. A grid that has it already is given back itself.
func Align(a, b *Grid) (*Grid, *Grid) {
	if a == nil {
		a = NewGrid(MinCells)
	}
	if b == nil {
		b = NewGrid(MinCells)
	}
	a.settle()
	b.settle()
	return a.at(b.shift), b.at(a.shift)
}

func (g *Grid) at(shift uint8) *Grid {
	if shift <= g.shift {
		return g
	}
	c := g.Clone()
	c.recut(shift - c.shift)
	return c
}

// Quantile is the quantile at q in [0, 1] with numpy's linear interpolation;
// NaN for no values. Values of a cell count as evenly spread over it, so that
// the result is exact while the grid is, and within Width·|x| otherwise.
func (g *Grid) Quantile(q float64) float64 { return g.Quantiles(q)[0] }

// Quantiles are several of them, found in one pass if they ascend.
func (g *Grid) Quantiles(qs ...float64) []float64 {
	at := make([]float64, len(qs))
	if g != nil {
		g.settle()
	}
	i, before := 0, int64(0) // a cell, and the values in those before it
	value := func(rank int64) float64 {
		if rank < before {
			i, before = 0, 0
		}
		for before+g.cells[i].count <= rank {
			before += g.cells[i].count
			i++
		}
		return g.cells[i].value(g.shift, rank-before)
	}
	for k, q := range qs {
		if g.Count() == 0 || math.IsNaN(q) {
			at[k] = math.NaN()
			continue
		}
		position := float64(min(max(q, 0), 1) * float64(g.count-1))
		rank := min(int64(position), g.count-1)
		at[k] = value(rank)
		if t := position - float64(rank); t != 0 {
			at[k] = lerp(at[k], value(rank+1), t)
		}
	}
	return at
}

// value is the i-th smallest of a cell's values, as if evenly spread.
func (c cell) value(shift uint8, i int64) float64 {
	low, high := bounds(c.key, shift)
	if shift == 0 || low == 0 {
		return low
	}
	return low + float64((high-low)*((float64(i)+0.5)/float64(c.count)))
}

// lerp interpolates from the nearer end, as NumPy does.
func lerp(a, b, t float64) float64 {
	d := b - a
	switch {
	case math.IsInf(d, 0): // opposite ends of the number line
		return float64(a*(1-t)) + float64(b*t)
	case t >= 0.5:
		return b - float64(d*(1-t))
	}
	return a + float64(d*t)
}

// CountBelow is the number of values that are certainly smaller than x: exact
// while the grid is, else without those in the cell of x.
func (g *Grid) CountBelow(x float64) int64 {
	if g.Count() == 0 || math.IsNaN(x) {
		return 0
	}
	return g.before(func(c cell) bool {
		_, high := bounds(c.key, g.shift)
		return high < x
	})
}

// CountAbove is the number of values that are certainly larger than x: exact
// while the grid is, else without those in the cell of x.
func (g *Grid) CountAbove(x float64) int64 {
	if g.Count() == 0 || math.IsNaN(x) {
		return 0
	}
	return g.count - g.before(func(c cell) bool {
		low, _ := bounds(c.key, g.shift)
		return low <= x
	})
}

// before counts the values of the first cells, those that a condition holds for.
func (g *Grid) before(condition func(cell) bool) int64 {
	g.settle()
	n := sort.Search(len(g.cells), func(i int) bool { return !condition(g.cells[i]) })
	if n > len(g.cells)/2 { // the other side is shorter
		return g.count - added(g.cells[n:])
	}
	return added(g.cells[:n])
}

func added(cells []cell) (n int64) {
	for _, c := range cells {
		n += c.count
	}
	return n
}

// Min is the lower end of the first cell: the smallest value while Exact, NaN
// for no values.
func (g *Grid) Min() float64 {
	if g.Len() == 0 {
		return math.NaN()
	}
	low, _ := bounds(g.cells[0].key, g.shift)
	return low
}

// Max is the upper end of the last cell: the largest value while Exact, NaN
// for no values.
func (g *Grid) Max() float64 {
	if g.Len() == 0 {
		return math.NaN()
	}
	_, high := bounds(g.cells[len(g.cells)-1].key, g.shift)
	return high
}
