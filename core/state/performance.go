package state

import "leeway/core/report"

// PerformanceSummary is how good the model was in a window: what came true of the
// main metrics of its task, and what they were estimated to be.
type PerformanceSummary struct {
	Labelled int64           `json:"labelled" doc:"Rows whose label came."`
	Metrics  []MetricSummary `json:"metrics" doc:"The main metrics."`
	Record   *report.Record  `json:"record,omitempty" doc:"Once labels came: how good estimates were so far."`

	Restated bool `json:"restated,omitempty" doc:"The predictions moved, not the rows: see performance.moved of the report."`

	Distrusted bool `json:"distrusted,omitempty" doc:"Estimates are not to be trusted, after what became of earlier ones."`
}

// MetricSummary is one metric. What is not known is nil.
type MetricSummary struct {
	Metric    string      `json:"metric" doc:"Name of the metric."`
	Value     *float64    `json:"value,omitempty" doc:"What came true of the labelled rows."`
	Interval  *[2]float64 `json:"interval,omitempty" doc:"Confidence interval of the value."`
	Reference *float64    `json:"reference,omitempty" doc:"What came true of the baseline."`

	Estimate         *float64    `json:"estimate,omitempty" doc:"What it was estimated to be, of all rows."`
	EstimateInterval *[2]float64 `json:"estimate_interval,omitempty" doc:"Confidence interval of the estimate."`
	Expected         *float64    `json:"expected,omitempty" doc:"The estimate for the labelled rows, to be held against the value."`
	ExpectedInterval *[2]float64 `json:"expected_interval,omitempty" doc:"Confidence interval of what was expected."`
}

// Main are the metrics that a summary keeps, in the order of pages. A task has
// those of them that its reports have.
var Main = report.Main

// Performed sums up what a report says of how good predictions were, nil where it
// says nothing.
func Performed(r *report.Report) *PerformanceSummary {
	s := &PerformanceSummary{}
	if r.Estimates != nil {
		s.Record = r.Estimates.Record
		s.Distrusted = r.Estimates.Distrust != "" || s.Record != nil && !s.Record.Trusted
	}
	for _, name := range Main {
		one := MetricSummary{Metric: name}
		if r.Performance != nil {
			s.Labelled, s.Restated = r.Performance.Labelled, r.Performance.Restated()
			one.realized(r.Performance.Metrics)
		}
		if r.Estimates != nil {
			one.estimated(r.Estimates.Metrics)
		}
		if one.Value != nil || one.Estimate != nil || one.Expected != nil {
			s.Metrics = append(s.Metrics, one)
		}
	}
	if len(s.Metrics) == 0 && s.Labelled == 0 {
		return nil
	}
	return s
}

// IsLabelled tells whether labels of any rows came.
func (s *PerformanceSummary) IsLabelled() bool { return s != nil && s.Labelled > 0 }

func (m *MetricSummary) realized(all []report.Measure) {
	for i := range all {
		if all[i].Metric != m.Metric {
			continue
		}
		m.Value, m.Interval = valued(all[i].Current)
		m.Reference, _ = valued(all[i].Reference)
		return
	}
}

func (m *MetricSummary) estimated(all []report.Estimate) {
	for i := range all {
		if all[i].Metric != m.Metric {
			continue
		}
		m.Estimate, m.EstimateInterval = valued(all[i].Estimated)
		m.Expected, m.ExpectedInterval = valued(all[i].Expected)
		return
	}
}

// Shown is what labels showed of the estimates of the window.
func (s *Summary) Shown() (shown report.Shown) {
	for i := range s.Findings {
		f := &s.Findings[i]
		shown.See(f.Check, f.Metric, f.Severity)
	}
	return shown
}

// valued are the value and the interval of a level, nil where they are not known.
func valued(l *report.Level) (*float64, *[2]float64) {
	if l == nil {
		return nil, nil
	}
	return l.Value, l.Interval
}
