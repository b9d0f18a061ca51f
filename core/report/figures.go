package report

import (
	"math"
	"strings"

	"leeway/core/report/plain"
)

// figure is one line of the numbers of a column.
type figure struct {
	name string
	of   func(*Description) string // "" where unknown
}

// commonFigures are those of every kind of column.
var commonFigures = []figure{
	{"Rows", func(d *Description) string { return plain.Count(d.Rows) }},
	{"Missing", func(d *Description) string { return plain.Count(d.Missing) + " (" + plain.Share(d.MissingRatio) + ")" }},
	{"Not of the kind", func(d *Description) string {
		if d.Mistyped == 0 {
			return ""
		}
		return plain.Count(d.Mistyped)
	}},
	{"Distinct", func(d *Description) string {
		n := plain.Count(int64(math.Round(d.Distinct)))
		if !d.Exact {
			return "≈ " + n
		}
		return n
	}},
	{"Mean", func(d *Description) string { return known(d.Mean) }},
	{"Standard deviation", func(d *Description) string { return known(d.Std) }},
	{"Smallest", func(d *Description) string { return known(d.Min) }},
	{"5%", quantile(func(q *Quantiles) float64 { return q.Q05 })},
	{"25%", quantile(func(q *Quantiles) float64 { return q.Q25 })},
	{"Median", quantile(func(q *Quantiles) float64 { return q.Q50 })},
	{"75%", quantile(func(q *Quantiles) float64 { return q.Q75 })},
	{"95%", quantile(func(q *Quantiles) float64 { return q.Q95 })},
	{"Largest", func(d *Description) string { return known(d.Max) }},
	{"First", func(d *Description) string { return plain.Instant(d.First) }},
	{"Last", func(d *Description) string { return plain.Instant(d.Last) }},
}

// known is a number, "" for nil.
func known(x *float64) string {
	if x == nil {
		return ""
	}
	return plain.Number(*x)
}

func quantile(of func(*Quantiles) float64) func(*Description) string {
	return func(d *Description) string {
		if d.Quantiles == nil {
			return ""
		}
		return plain.Number(of(d.Quantiles))
	}
}

// figures is the column in numbers: name, reference, current. What neither
// side has is left out.
func (c *Column) figures() [][3]string {
	all := commonFigures
	if c.Distribution == nil {
		all = append(all[:len(all):len(all)], figure{"Largest categories", func(d *Description) string { return c.largest(d, 5) }})
	}
	var rows [][3]string
	for _, f := range all {
		row, empty := [3]string{f.name, "–", "–"}, true
		for i, d := range []*Description{c.Reference, c.Current} {
			if d == nil {
				continue
			}
			if text := f.of(d); text != "" {
				row[1+i], empty = text, false
			}
		}
		if !empty {
			rows = append(rows, row)
		}
	}
	return rows
}

// largest names a side's largest categories with their shares.
func (c *Column) largest(d *Description, count int) string {
	var parts []string
	for _, category := range d.Top[:min(len(d.Top), count)] {
		parts = append(parts, plain.Name(category.Name, 24)+" "+plain.Share(c.share(d, category.Name)))
	}
	return strings.Join(parts, ", ")
}
