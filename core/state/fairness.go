package state

import (
	"leeway/core/metric"
	"leeway/core/report"
)

// FairnessSummary is one metric of how groups of people were treated in a window.
type FairnessSummary struct {
	Column   string      `json:"column"` // a sensitive column, or several joined by commas
	Metric   string      `json:"metric"`
	Value    *float64    `json:"value"` // nil: it could not be told
	Interval *[2]float64 `json:"interval,omitempty"`
}

// fairness sums up what a report says of the gaps between groups; what it says of
// each group is in the report.
func fairness(r *report.Report) []FairnessSummary {
	var all []FairnessSummary
	for i := range r.Samples {
		s := &r.Samples[i]
		if s.Check != "fairness" || s.Labels != (metric.Labels{Column: s.Labels.Column}) {
			continue
		}
		all = append(all, FairnessSummary{Column: s.Labels.Column, Metric: s.Metric, Value: metric.Number(s.Value), Interval: s.Interval})
	}
	return all
}
