package stat

import (
	"math"
	"slices"
	"sort"
)

// Cells are the counts of both sides in the same cells. A cell that is empty
// on both sides does not exist: [NewCells] leaves it out.
type Cells struct {
	Reference []int64
	Current   []int64
	n, m      int64
}

// NewCells takes counts per cell. The two slices have the same length.
func NewCells(reference, current []int64) *Cells {
	c := &Cells{}
	for i, r := range reference {
		if r > 0 || current[i] > 0 {
			c.Reference = append(c.Reference, r)
			c.Current = append(c.Current, current[i])
			c.n += r
			c.m += current[i]
		}
	}
	return c
}

// K is the number of cells, N and M the number of values of the reference and
// of the current side.
func (c *Cells) K() int { return len(c.Reference) }

// Edges are the cell borders that a reference gives to numeric values: the
// distinct deciles (numpy.quantile, linear). A value that two or more deciles
// share is a cell of its own, so that a spike can be seen to move.
type Edges struct {
	At    []float64
	Alone []bool // At[i] is a cell of its own
}

// Tenths are the shares whose quantiles give the edges.
var Tenths = []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}

// NewEdges makes edges of the reference's quantiles at [Tenths].
func NewEdges(deciles []float64) *Edges {
	e := &Edges{}
	for _, x := range deciles {
		if last := len(e.At) - 1; last >= 0 && e.At[last] == x {
			e.Alone[last] = true
			continue
		}
		e.At, e.Alone = append(e.At, x), append(e.Alone, false)
	}
	return e
}

// Cell describes cell i: the edges it lies between, -Inf and +Inf for none, and
// whether it is the single value low = high.
func (e *Edges) Cell(i int) (low, high float64, single bool) {
	low = math.Inf(-1)
	for j, x := range e.At {
		if i == 0 {
			return low, x, false
		}
		i--
		if e.Alone[j] {
			if i == 0 {
				return x, x, true
			}
			i--
		}
		low = x
	}
	return low, math.Inf(1), false
}

// Count puts total values into the cells, from low to high: … < x <= edge, or
// … < x < edge and x = edge where the edge is a cell of its own; the outer
// cells are open. below and above count the values < x and > x.
func (e *Edges) Count(total int64, below, above func(x float64) int64) []int64 {
	var counts []int64
	var taken int64
	upTo := func(cumulative int64) {
		counts = append(counts, cumulative-taken)
		taken = cumulative
	}
	for i, x := range e.At {
		if e.Alone[i] {
			upTo(below(x))
		}
		upTo(total - above(x))
	}
	upTo(total)
	return counts
}

// ChiSquare is Pearson's statistic of the two-sample homogeneity test, without
// correction, and its degrees of freedom. It is 0 with 0 degrees for one cell.
func (c *Cells) ChiSquare() (statistic float64, degrees int, err error) {
	if c.n == 0 || c.m == 0 {
		return 0, 0, ErrEmpty
	}
	all := float64(c.n + c.m)
	var s sum
	for i, r := range c.Reference {
		total := float64(r + c.Current[i])
		expected := float64(total * (float64(c.n) / all))
		d := float64(r) - expected
		s.add(d * d / expected)
		expected = float64(total * (float64(c.m) / all))
		d = float64(c.Current[i]) - expected
		s.add(d * d / expected)
	}
	return s.value(), c.K() - 1, nil
}

// G is the log-likelihood ratio statistic of the same test.
func (c *Cells) G() (float64, error) {
	if c.n == 0 || c.m == 0 {
		return 0, ErrEmpty
	}
	all := float64(c.n + c.m)
	var s sum
	for i, r := range c.Reference {
		total := float64(r + c.Current[i])
		s.add(excess(float64(r), total*(float64(c.n)/all)))
		s.add(excess(float64(c.Current[i]), total*(float64(c.m)/all)))
	}
	return 2 * s.value(), nil
}

// excess is x·ln(x/expected) - x + expected: the last two add up to nothing
// over all cells, and with them no term is negative.
func excess(x, expected float64) float64 {
	if x == 0 {
		return expected
	}
	return deviance(x, expected)
}

// CramersV is sqrt(chi²/N), 0..1: the strength of the association between
// side and cell.
func (c *Cells) CramersV() (float64, error) {
	chi, _, err := c.ChiSquare()
	if err != nil {
		return 0, err
	}
	return math.Sqrt(chi / float64(c.n+c.m)), nil
}

// Pooled merges sparse cells by Cochran's rule: cells expected below 5 on
// either side become one; while that one is below 5 it takes the smallest
// other cell, the first of equals.
func (c *Cells) Pooled() *Cells {
	if c.n == 0 || c.m == 0 {
		return c
	}
	order := make([]int, c.K())
	for i := range order {
		order[i] = i
	}
	total := func(i int) int64 { return c.Reference[i] + c.Current[i] }
	slices.SortStableFunc(order, func(i, j int) int { return int(min(max(total(i)-total(j), -1), 1)) })
	// Expected counts go with a cell's total on both sides, so the sparse cells
	// are the first ones in order, and the next ones join them.
	share := float64(min(c.n, c.m)) / float64(c.n+c.m)
	sparse := func(total int64) bool { return float64(total)*share < 5 }
	taken := sort.Search(len(order), func(i int) bool { return !sparse(total(order[i])) })
	if taken == 0 {
		return c
	}
	var one [2]int64
	for i, cell := range order {
		if i >= taken && !sparse(one[0]+one[1]) {
			break
		}
		one[0] += c.Reference[cell]
		one[1] += c.Current[cell]
		taken = max(taken, i+1)
	}
	pooled := &Cells{Reference: []int64{one[0]}, Current: []int64{one[1]}, n: c.n, m: c.m}
	for _, cell := range order[taken:] {
		pooled.Reference = append(pooled.Reference, c.Reference[cell])
		pooled.Current = append(pooled.Current, c.Current[cell])
	}
	return pooled
}

// ChiSquareP is the p-value of the homogeneity test on the [Cells.Pooled]
// cells: the upper tail of chi-squared.
func (c *Cells) ChiSquareP() (float64, error) {
	pooled := c.Pooled()
	if pooled.K() < 2 {
		return 0, ErrOneCell
	}
	chi, degrees, err := pooled.ChiSquare()
	if err != nil {
		return 0, err
	}
	return ChiSquareTail(chi, float64(degrees)), nil
}
