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
func (c *Cells) K() int   { return len(c.Reference) }
func (c *Cells) N() int64 { return c.n }
func (c *Cells) M() int64 { return c.m }

// Edges are the cell borders that a reference gives to numeric values: the
// distinct deciles (numpy.quantile, linear). A value that two or more deciles
// share is a cell of its own, so that a spike can be seen to move.
type Edges struct {
	At    []float64
	Alone []bool // At[i] is a cell of its own
}

// Deciles are the edges of a reference.
func Deciles(reference Weighted) (*Edges, error) {
	qs := make([]float64, 9)
	for i := range qs {
		qs[i] = float64(i+1) / 10
	}
	at, err := reference.quantiles(qs)
	if err != nil {
		return nil, err
	}
	e := &Edges{}
	for _, x := range at {
		if last := len(e.At) - 1; last >= 0 && e.At[last] == x {
			e.Alone[last] = true
			continue
		}
		e.At, e.Alone = append(e.At, x), append(e.Alone, false)
	}
	return e, nil
}

// Count puts a sample into the cells, from low to high: … < x <= edge, or
// … < x < edge and x = edge where the edge is a cell of its own; the outer
// cells are open.
func (e *Edges) Count(w Weighted) []int64 {
	first := make([]int, len(e.At)+1) // index of the first cell after edge i-1
	for i := range e.At {
		first[i+1] = first[i] + 1
		if e.Alone[i] {
			first[i+1]++
		}
	}
	counts := make([]int64, first[len(e.At)]+1)
	edge := 0
	for i, x := range w.Values {
		for edge < len(e.At) && x > e.At[edge] {
			edge++
		}
		cell := first[edge]
		if edge < len(e.At) && e.Alone[edge] && x == e.At[edge] {
			cell++
		}
		counts[cell] += w.Counts[i]
	}
	return counts
}

// term is a distance's summand of one cell, from the shares p of the reference
// and q of the current side. A distance is a sum of them, then shaped.
type term func(p, q float64) float64

func (c *Cells) sum(f term) (float64, error) {
	if c.n == 0 || c.m == 0 {
		return 0, ErrEmpty
	}
	var s sum
	for i, r := range c.Reference {
		s.add(f(float64(r)/float64(c.n), float64(c.Current[i])/float64(c.m)))
	}
	return s.value(), nil
}

func (c *Cells) smoothed(f term) (float64, error) {
	if c.n == 0 || c.m == 0 {
		return 0, ErrEmpty
	}
	half := float64(c.K()) / 2
	var s sum
	for i, r := range c.Reference {
		s.add(f((float64(r)+0.5)/(float64(c.n)+half), (float64(c.Current[i])+0.5)/(float64(c.m)+half)))
	}
	return s.value(), nil
}

func psiTerm(p, q float64) float64 { return (q - p) * math.Log(q/p) }
func klTerm(p, q float64) float64  { return q * math.Log(q/p) }

func jsTerm(p, q float64) float64 {
	half := (p + q) / 2
	var t float64
	if p > 0 {
		t += p * math.Log2(p/half)
	}
	if q > 0 {
		t += q * math.Log2(q/half)
	}
	return t / 2
}

func hellingerTerm(p, q float64) float64 {
	d := math.Sqrt(p) - math.Sqrt(q)
	return d * d / 2
}

func variationTerm(p, q float64) float64 { return math.Abs(p-q) / 2 }

// PSI is the population stability index Σ(q-p)·ln(q/p), >= 0, with shares
// smoothed by half a count a cell: p, q = (count+½)/(n+k/2).
func (c *Cells) PSI() (float64, error) { return c.smoothed(psiTerm) }

// KL is the Kullback-Leibler divergence of the current side from the
// reference, Σq·ln(q/p) in nats, smoothed as PSI is. >= 0.
func (c *Cells) KL() (float64, error) {
	kl, err := c.smoothed(klTerm)
	return max(kl, 0), err
}

// JSDivergence is the Jensen-Shannon divergence in bits, 0..1: the square of
// scipy.spatial.distance.jensenshannon with base 2.
func (c *Cells) JSDivergence() (float64, error) {
	js, err := c.sum(jsTerm)
	return min(max(js, 0), 1), err
}

// JSDistance is the square root of the Jensen-Shannon divergence in bits, 0..1.
func (c *Cells) JSDistance() (float64, error) {
	js, err := c.JSDivergence()
	return math.Sqrt(js), err
}

// Hellinger is the Hellinger distance sqrt(1 - Σ√(p·q)), 0..1.
func (c *Cells) Hellinger() (float64, error) {
	h, err := c.sum(hellingerTerm)
	return math.Sqrt(min(h, 1)), err
}

// TotalVariation is half of Σ|p-q|, 0..1: the share of values that would have
// to change.
func (c *Cells) TotalVariation() (float64, error) {
	tv, err := c.sum(variationTerm)
	return min(tv, 1), err
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
		expected := total * (float64(c.n) / all)
		d := float64(r) - expected
		s.add(d * d / expected)
		expected = total * (float64(c.m) / all)
		d = float64(c.Current[i]) - expected
		s.add(d * d / expected)
	}
	return s.value(), c.K() - 1, nil
}

// G is the log-likelihood ratio statistic of the same test.
func (c *Cells) G() (float64, error) {
	g, err := c.sum(func(p, q float64) float64 {
		mean := (p*float64(c.n) + q*float64(c.m)) / float64(c.n+c.m)
		var t float64
		if p > 0 {
			t += p * float64(c.n) * math.Log(p/mean)
		}
		if q > 0 {
			t += q * float64(c.m) * math.Log(q/mean)
		}
		return 2 * t
	})
	return max(g, 0), err
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
