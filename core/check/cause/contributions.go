package cause

import (
	"math"
	"slices"
	"strconv"

	"leeway/core/report"
	"leeway/core/stat"
)

// At most so many cells are told, and no more than carry so much of a change.
const (
	mostCells = 5
	mostOfIt  = 0.9
)

// cell is a cell of a column with its part of the Jensen-Shannon divergence.
type cell struct {
	report.Contribution
	part float64
}

// contributions lists the cells that carry most of the column's change.
func (c *column) contributions() []report.Contribution {
	var cells []cell
	switch {
	case c.a.n > 0 && c.b.n > 0:
		cells = c.bins()
	case c.table != nil:
		for i, name := range c.table.names {
			cells = append(cells, weigh(report.Contribution{Category: &name}, c.table.before(i), c.table.after(i)))
		}
	}
	slices.SortStableFunc(cells, func(x, y cell) int {
		switch {
		case x.part > y.part:
			return -1
		case x.part < y.part:
			return 1
		}
		return 0
	})
	whole := 0.0
	for i := range cells {
		whole += cells[i].part
	}
	var told []report.Contribution
	taken := 0.0
	for i := range cells {
		if i == mostCells || taken >= mostOfIt*whole {
			break
		}
		taken += cells[i].part
		told = append(told, cells[i].Contribution)
	}
	return told
}

// bins are the cells of numbers: those that drift is measured in.
func (c *column) bins() []cell {
	deciles := make([]float64, len(stat.Tenths))
	for i, q := range stat.Tenths {
		deciles[i] = c.ref.Numeric.Grid.Quantile(q)
	}
	edges := stat.NewEdges(deciles)
	ref, cur := c.ref.Numeric.Grid, c.cur.Numeric.Grid
	a := edges.Count(ref.Count(), ref.CountBelow, ref.CountAbove)
	b := edges.Count(cur.Count(), cur.CountBelow, cur.CountAbove)
	var cells []cell
	for i := range a {
		low, high, single := edges.Cell(i)
		bin := [2]*float64{limit(low), limit(high)}
		if single {
			bin[0] = limit(high)
		}
		cells = append(cells, weigh(report.Contribution{Bin: &bin}, float64(a[i])/float64(ref.Count()), float64(b[i])/float64(cur.Count())))
	}
	return cells
}

// limit is nil for an open end. Deciles between two values are written with the
// digits that matter.
func limit(x float64) *float64 {
	if math.IsInf(x, 0) {
		return nil
	}
	if short, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 12, 64), 64); err == nil {
		x = short
	}
	return &x
}

func weigh(c report.Contribution, p, q float64) cell {
	middle := float64((p + q) / 2)
	part := 0.0
	for _, share := range []float64{p, q} {
		if share > 0 {
			part += float64(share * math.Log2(share/middle))
		}
	}
	c.Reference, c.Current = rounded6(p), rounded6(q)
	return cell{c, part}
}

// rounded6 keeps six decimals, as the distributions of a report do.
func rounded6(x float64) float64 { return math.Round(1e6*x) / 1e6 }
