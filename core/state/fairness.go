package state

import "leeway/core/report"

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
	for i := range r.Fairness {
		for _, m := range r.Fairness[i].Metrics {
			if m.Current != nil {
				all = append(all, FairnessSummary{
					Column: r.Fairness[i].Name(), Metric: m.Metric, Value: m.Current.Value, Interval: m.Current.Interval,
				})
			}
		}
	}
	return all
}
