package report

import (
	"cmp"
	"math"
	"slices"

	"leeway/core/report/chart"
)

// How finely a distribution is described.
const (
	mostCells = 40 // of a quantitative column, tails included
	mostNames = 12 // of a discrete column, and one for all others
)

// weighted are ascending values with how often each occurs.
type weighted struct {
	values []float64
	counts []int64
	total  int64
}

// quantile is the smallest value that a share q of all does not exceed.
func (w weighted) quantile(q float64) float64 {
	rank := int64(math.Ceil(q * float64(w.total)))
	seen := int64(0)
	for i, n := range w.counts {
		if seen += n; seen >= rank {
			return w.values[i]
		}
	}
	return w.values[len(w.values)-1]
}

func (w weighted) whole() bool {
	return !slices.ContainsFunc(w.values, func(x float64) bool { return x != math.Trunc(x) })
}

// spread counts values into cells, edge <= x < next edge, the last one closed,
// and gives shares.
func (w weighted) spread(edges []float64) []float64 {
	shares := make([]float64, len(edges)-1)
	cell := 0
	for i, x := range w.values {
		for cell < len(shares)-1 && x >= edges[cell+1] {
			cell++
		}
		shares[cell] += float64(w.counts[i])
	}
	for i := range shares {
		shares[i] = share(shares[i], w.total)
	}
	return shares
}

// share is n of total to six decimals: what a chart can show, and short.
func share(n float64, total int64) float64 {
	if total == 0 {
		return 0
	}
	return math.Round(1e6*n/float64(total)) / 1e6
}

// cut chooses the edges of at most mostCells cells that show both sides. They
// lie at round numbers over the bulk of the reference, as far as the bulk of
// the current side reaches beyond it, but no further than twice the
// reference's width: what was never there must not squeeze what was. All that
// lies outside goes into an end cell. Empty sides take no part; nil for none.
// Whole numbers get edges between them.
func cut(ref, cur weighted, whole bool) []float64 {
	if ref.total == 0 {
		ref = cur
	}
	if cur.total == 0 {
		cur = ref
	}
	if ref.total == 0 {
		return nil
	}
	least := min(ref.values[0], cur.values[0])
	most := max(ref.values[len(ref.values)-1], cur.values[len(cur.values)-1])
	low, high := bulk(ref)
	width := high - low
	if a, b := bulk(cur); width > 0 {
		low, high = min(low, max(a, low-width)), max(high, min(b, high+width))
	} else {
		low, high = min(low, a), max(high, b)
	}
	parts := int(min(max(2*math.Cbrt(float64(min(ref.total, cur.total))), 8), mostCells-4))
	inner := round(low, high, parts, whole || ref.whole() && cur.whole())
	if inner == nil {
		if least == most {
			least = math.Nextafter(most, math.Inf(-1))
		}
		return []float64{max(least, -math.MaxFloat64), most}
	}
	if math.Abs(inner[0]-math.Trunc(inner[0])) == 0.5 && inner[1]-inner[0] == 1 {
		least, most = least-0.5, most+0.5 // cells centred on whole numbers
	}
	if least < inner[0] {
		inner = append([]float64{least}, inner...)
	}
	if most > inner[len(inner)-1] {
		inner = append(inner, most)
	}
	return inner
}

// bulk is the range of a side without its tails: the middle 99%, or all of it
// where the rest does not reach far.
func bulk(w weighted) (low, high float64) {
	low, high = w.quantile(0.005), w.quantile(0.995)
	least, most := w.values[0], w.values[len(w.values)-1]
	near := 0.3 * (high - low)
	if low-least <= near {
		low = least
	}
	if most-high <= near {
		high = most
	}
	return low, high
}

// round gives ascending edges at round numbers from low or just below it to
// high or just above it: at most parts+1 cells. Whole numbers in a small range
// get a cell each, centred on them. nil where float64 cannot hold such edges.
func round(low, high float64, parts int, whole bool) []float64 {
	if whole && high-low < mostCells-4 && math.Abs(low) < 1e15 && math.Abs(high) < 1e15 {
		var edges []float64
		for x := low - 0.5; x <= high+0.5; x++ {
			edges = append(edges, x)
		}
		return edges
	}
	if high == low {
		margin := max(math.Abs(low)*0.05, math.SmallestNonzeroFloat64)
		low, high = low-margin, high+margin
	}
	step := chart.Step(high-low, parts)
	if whole {
		step = max(step, 1)
	}
	if step == 0 || math.Abs(low)/step > 1e12 || math.Abs(high)/step > 1e12 {
		return nil
	}
	var edges []float64
	for k := math.Floor(low / step); len(edges) <= mostCells-2; k++ {
		edges = append(edges, multiple(k, step))
		if edges[len(edges)-1] > high || edges[len(edges)-1] == high && len(edges) > 1 {
			break
		}
	}
	if len(edges) < 2 || !finite(edges...) || !slices.IsSortedFunc(edges, strictly) {
		return nil
	}
	return edges
}

func strictly(a, b float64) int {
	if a == b {
		return 1
	}
	return cmp.Compare(a, b)
}

// multiple is k*step without the rounding error of a decimal step.
func multiple(k, step float64) float64 {
	if inverse := math.Round(1 / step); step < 1 && math.Abs(float64(inverse*step)-1) < 1e-9 {
		return k / inverse
	}
	return float64(k*step) + 0 // no minus zero
}

// tallied are categories with how often each occurs on a side.
type tallied struct {
	counts map[string]int64
	total  int64 // may be more than the sum of counts: the rest is unnamed
}

// largest lists the largest categories of a side.
func (t tallied) largest(n int) []Category {
	all := make([]Category, 0, len(t.counts))
	for name, count := range t.counts {
		if count > 0 {
			all = append(all, Category{Name: name, Count: count})
		}
	}
	slices.SortFunc(all, func(a, b Category) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name))
	})
	return all[:min(n, len(all))]
}

// part is the share of a category; 0 where the column is absent.
func (t *tallied) part(name string) float64 {
	if t == nil {
		return 0
	}
	return share(float64(t.counts[name]), t.total)
}

// pick chooses the categories that are largest on either side, the largest of
// the reference first, and sums up all others. A side is nil where the column
// is absent there.
func pick(ref, cur *tallied) *Distribution {
	d := &Distribution{Names: union(ref, cur)}
	larger := func(name string) float64 { return max(ref.part(name), cur.part(name)) }
	slices.SortFunc(d.Names, func(a, b string) int {
		return cmp.Or(cmp.Compare(larger(b), larger(a)), cmp.Compare(a, b))
	})
	d.Names = d.Names[:min(len(d.Names), mostNames)]
	slices.SortFunc(d.Names, func(a, b string) int {
		return cmp.Or(cmp.Compare(ref.part(b), ref.part(a)), cmp.Compare(cur.part(b), cur.part(a)), cmp.Compare(a, b))
	})
	restRef, restCur := ref.fill(&d.Reference, d.Names), cur.fill(&d.Current, d.Names)
	if restRef > 0 || restCur > 0 {
		d.Names, d.Other = append(d.Names, "other"), true
		if ref != nil {
			d.Reference = append(d.Reference, restRef)
		}
		if cur != nil {
			d.Current = append(d.Current, restCur)
		}
	}
	if len(d.Names) == 0 {
		return nil
	}
	return d
}

// union are the largest categories of each side.
func union(sides ...*tallied) []string {
	var names []string
	for _, side := range sides {
		if side == nil {
			continue
		}
		for _, category := range side.largest(mostNames) {
			if !slices.Contains(names, category.Name) {
				names = append(names, category.Name)
			}
		}
	}
	return names
}

// fill writes the shares of the named categories and gives that of the rest.
func (t *tallied) fill(to *[]float64, names []string) (rest float64) {
	if t == nil {
		return 0
	}
	left := t.total
	*to = make([]float64, 0, len(names)+1)
	for _, name := range names {
		*to = append(*to, share(float64(t.counts[name]), t.total))
		left -= t.counts[name]
	}
	return share(float64(max(left, 0)), t.total)
}
