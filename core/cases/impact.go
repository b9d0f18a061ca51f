package cases

import (
	"cmp"
	"math"
	"slices"

	"leeway/core/outcome"
	"leeway/core/schema"
)

// impactBins is how many ranges of a number, and how many categories, rows are
// weighted by.
const impactBins = 10

// Impact is by how much the mean loss of the reference's rows changes once they are
// weighted to the current side's bins of a column (tenths of a number; the most
// frequent categories, all others, and missing ones): a wrong prediction costs 1, a
// number its absolute error. It is Σ (q - p)·(loss of the bin - mean loss), with p
// and q the shares of the bin on either side. NaN where nothing tells.
func Impact(reference, current *Table, column string) float64 {
	return impact(reference, current, column, reference.Loss)
}

// Price is the same in money: by how much the mean cost of the reference's rows
// changes.
func Price(reference, current *Table, column string, prices *outcome.Prices) float64 {
	return impact(reference, current, column, func(row int) float64 {
		return prices.Of(reference.Actual[row], reference.Predicted[row])
	})
}

// impact is that on the mean of a loss of the reference's rows.
func impact(reference, current *Table, column string, lost func(row int) float64) float64 {
	at := slices.IndexFunc(reference.Columns, func(c Column) bool { return c.Name == column })
	to := slices.IndexFunc(current.Columns, func(c Column) bool { return c.Name == column })
	if at < 0 || to < 0 || reference.Rows == 0 || current.Rows == 0 {
		return math.NaN()
	}
	bin := reference.binned(at)
	p, q, losses := map[int]float64{}, map[int]float64{}, map[int]float64{}
	var n, m, whole float64
	for i, code := range reference.Codes[at] {
		loss := lost(i)
		if math.IsNaN(loss) {
			continue
		}
		b, w := bin(code), reference.Counts[i]
		p[b] += w
		losses[b] += float64(w * loss)
		n += w
		whole += float64(w * loss)
	}
	for i, code := range current.Codes[to] {
		q[bin(code)] += current.Counts[i]
		m += current.Counts[i]
	}
	if n == 0 || m == 0 {
		return math.NaN()
	}
	var sum float64
	for b := -1; b <= 2*impactBins; b++ {
		if p[b] > 0 { // of a bin that the reference lacks nothing is known
			sum += float64((q[b]/m - p[b]/n) * (losses[b]/p[b] - whole/n))
		}
	}
	return sum
}

// Loss is what a prediction costs: 1 for a wrong class, the absolute error of a
// number; NaN without a prediction.
func (t *Table) Loss(row int) float64 {
	off := math.Abs(t.Predicted[row] - t.Actual[row])
	if t.Shape.Task != schema.Regression && off > 0 {
		return 1
	}
	return off
}

// binned tells the bin of a code: -1 for a missing value, 0 for a category beyond
// the most frequent.
func (t *Table) binned(at int) func(uint32) int {
	rows := map[uint32]float64{}
	var values []uint32
	for i, code := range t.Codes[at] {
		if code != 0 {
			rows[code] += t.Counts[i]
			values = append(values, code)
		}
	}
	if !t.Columns[at].Numeric {
		all := make([]uint32, 0, len(rows))
		for code := range rows {
			all = append(all, code)
		}
		slices.SortFunc(all, func(a, b uint32) int { return cmp.Or(cmp.Compare(rows[b], rows[a]), cmp.Compare(a, b)) })
		place := map[uint32]int{}
		for i, code := range all[:min(len(all), 2*impactBins)] {
			place[code] = 1 + i
		}
		return func(code uint32) int {
			if code == 0 {
				return -1
			}
			return place[code]
		}
	}
	slices.Sort(values)
	var edges []uint32
	for k := 1; k < impactBins && len(values) > 0; k++ {
		edges = append(edges, values[k*len(values)/impactBins])
	}
	edges = slices.Compact(edges)
	return func(code uint32) int {
		if code == 0 {
			return -1
		}
		bin, _ := slices.BinarySearch(edges, code)
		return 1 + bin
	}
}
