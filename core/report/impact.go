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

// impacts says what the drift of columns costs, the dearest first: in money where
// costs are configured; "" where it is not known or costs nothing to speak of.
// Columns move together, so the parts do not add up.
func (r *Report) impacts() string {
	if r.Performance == nil {
		return ""
	}
	numbers := r.Performance.Task == "regression"
	var parts []string
	for _, f := range r.dearest() {
		amount := plus(plain.Number(rounded(-100*(*f.Impact)))) + " points"
		if numbers {
			amount = plus(plain.Number(rounded(*f.Impact)))
		}
		if f.ImpactCost != nil {
			amount = plus(r.Costs.money(*f.ImpactCost)) + " (" + amount + ")"
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
	if r.Costs != nil {
		what = "the cost of 1,000 predictions (and to " + what + ")"
	}
	return "What drift alone does to " + what + ", by how good the model was in the reference: " + strings.Join(parts, ", ") + "."
}

// dearest are the findings with an impact to speak of, one a column, the dearest
// first: by money where there is any. A hundredth of what the reference cost is
// money to speak of.
func (r *Report) dearest() []*Finding {
	least, money := 0.001, math.Inf(1)
	if r.Performance.Task == "regression" {
		least = 0
	}
	for _, m := range r.Performance.Metrics {
		if m.Metric == "cost_per_1000" && m.Reference != nil && m.Reference.Value != nil {
			money = 0.01 * math.Abs(*m.Reference.Value)
		}
	}
	var all []*Finding
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Impact == nil || slices.ContainsFunc(all, func(o *Finding) bool { return o.Labels.Column == f.Labels.Column }) {
			continue
		}
		if math.Abs(*f.Impact) > least || f.ImpactCost != nil && math.Abs(*f.ImpactCost) > money {
			all = append(all, f)
		}
	}
	slices.SortStableFunc(all, func(a, b *Finding) int {
		if a.ImpactCost != nil && b.ImpactCost != nil {
			if c := cmp.Compare(*b.ImpactCost, *a.ImpactCost); c != 0 {
				return c
			}
		}
		return cmp.Compare(*b.Impact, *a.Impact)
	})
	return all[:min(len(all), mostImpacts)]
}
