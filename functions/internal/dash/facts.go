package dash

import (
	"math"

	"leeway/core/report"
	"leeway/core/report/plain"
)

// fact is one number of both sides.
type fact struct{ Name, Reference, Current string }

// numbers are what the page of a column compares; a number that neither side
// has is left out.
var numbers = []struct {
	name string
	of   func(*report.Description) string
}{
	{"Rows", func(d *report.Description) string { return plain.Count(d.Rows) }},
	{"Missing", func(d *report.Description) string { return plain.Share(d.MissingRatio) }},
	{"Wrong type", func(d *report.Description) string { return plain.Count(d.Mistyped) }},
	{"Distinct", func(d *report.Description) string { return plain.Number(math.Round(d.Distinct)) }},
	{"Mean", func(d *report.Description) string { return optional(d.Mean) }},
	{"Standard deviation", func(d *report.Description) string { return optional(d.Std) }},
	{"Smallest", func(d *report.Description) string { return optional(d.Min) }},
	{"5%", func(d *report.Description) string {
		return quantile(d, func(q *report.Quantiles) float64 { return q.Q05 })
	}},
	{"Median", func(d *report.Description) string {
		return quantile(d, func(q *report.Quantiles) float64 { return q.Q50 })
	}},
	{"95%", func(d *report.Description) string {
		return quantile(d, func(q *report.Quantiles) float64 { return q.Q95 })
	}},
	{"Largest", func(d *report.Description) string { return optional(d.Max) }},
	{"Earliest", func(d *report.Description) string { return plain.Instant(d.First) }},
	{"Latest", func(d *report.Description) string { return plain.Instant(d.Last) }},
}

// factsOf compares both sides in numbers.
func factsOf(column *report.Column) []fact {
	var facts []fact
	for _, number := range numbers {
		text := func(d *report.Description) string {
			if d == nil {
				return ""
			}
			return number.of(d)
		}
		one := fact{number.name, text(column.Reference), text(column.Current)}
		if one.Reference == "" && one.Current == "" {
			continue
		}
		if one.Reference == "" {
			one.Reference = "–"
		}
		if one.Current == "" {
			one.Current = "–"
		}
		facts = append(facts, one)
	}
	return facts
}

func optional(x *float64) string {
	if x == nil {
		return ""
	}
	return plain.Number(*x)
}

func quantile(d *report.Description, of func(*report.Quantiles) float64) string {
	if d.Quantiles == nil {
		return ""
	}
	return plain.Number(of(d.Quantiles))
}
