package report

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"leeway/core/report/plain"
)

// mostImpacts is how many columns are named by what their drift costs.
const mostImpacts = 5

// impacts says what the drift of columns costs, the dearest first; "" where it is
// not known or costs nothing to speak of. Columns move together, so the parts do
// not add up.
func (r *Report) impacts() string {
	if r.Performance == nil {
		return ""
	}
	numbers := r.Performance.Task == "regression"
	var all []*Finding
	for i := range r.Findings {
		f := &r.Findings[i]
		least := 0.001
		if numbers {
			least = 0
		}
		if f.Impact != nil && math.Abs(*f.Impact) > least && !slices.ContainsFunc(all, func(o *Finding) bool { return o.Labels.Column == f.Labels.Column }) {
			all = append(all, f)
		}
	}
	slices.SortStableFunc(all, func(a, b *Finding) int { return cmp.Compare(*b.Impact, *a.Impact) })
	var parts []string
	for _, f := range all[:min(len(all), mostImpacts)] {
		amount := plain.Number(rounded(-100*(*f.Impact))) + " points"
		if numbers {
			amount = plain.Number(rounded(*f.Impact))
		}
		if amount[0] != '-' {
			amount = "+" + amount
		}
		parts = append(parts, "`"+plain.Name(f.Labels.Column, nameWidth)+"` "+amount)
	}
	if len(parts) == 0 {
		return ""
	}
	what := "accuracy"
	if numbers {
		what = "the mean absolute error"
	}
	return "What drift alone does to " + what + ", by how good the model was in the reference: " + strings.Join(parts, ", ") + "."
}
