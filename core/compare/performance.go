package compare

import (
	"cmp"
	"math"
	"slices"

	"leeway/core/cases"
	"leeway/core/check/concept"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/report"
)

// performance is the report's part on how good predictions were.
func (m *Measured) performance() *report.Performance {
	l := m.Labelled
	if l == nil || l.Current == nil {
		return nil
	}
	p := &report.Performance{Task: string(l.Current.Shape.Task), Rows: l.Current.Rows, Labelled: l.Current.Labelled, Curves: m.curves}
	if r := l.Reference; r != nil && r.Rows > 0 && r.Labelled > 0 {
		coverage := float64(r.Labelled) / float64(r.Rows)
		p.ReferenceCoverage = &coverage
	}
	if j := l.Joined; j != nil {
		p.Contradicted, p.Corrected = j.Contradicted, j.Corrected
		p.LeftOut = j.Unread
	}
	if o := l.Odd; o != nil {
		p.LeftOut += o.LeftOut()
	}
	if d := l.Delivery; d != nil {
		objects := slices.Clone(m.LabelFiles)
		slices.SortFunc(objects, func(a, b report.Object) int { return cmp.Compare(a.Key, b.Key) })
		p.Labels = &report.Labels{Objects: objects, Labels: d.Labels, Unmatched: d.Unmatched, Duplicate: d.Duplicate, Conflicting: d.Conflicting}
	}
	for _, one := range m.outcome.Measured {
		measure := report.Measure{Metric: one.Desc.Name, Current: level(&one.Current)}
		if one.Reference != nil {
			measure.Reference = level(one.Reference)
			measure.Reference.Rows = one.Reference.NCurrent
		}
		p.Metrics = append(p.Metrics, measure)
	}
	p.Moved = moved(l.Moved(), m.outcome.Moved)
	return p
}

// costs is how the report's amounts of money are written.
func (m *Measured) costs() *report.Costs {
	if m.Contract.Costs == nil {
		return nil
	}
	return &report.Costs{Currency: m.Contract.Costs.Currency}
}

// moved is the report's word on which of data, labels and concept moved.
func moved(f *concept.Finding, message string) *report.Moved {
	if f == nil {
		return nil
	}
	m := &report.Moved{Verdict: string(f.Verdict), Message: message, Reference: f.Reference, Current: f.Current}
	if f.Needed > f.Current {
		m.Needed = f.Needed
	}
	m.Each = f.Each
	if f.Verdict == concept.Unknown && math.IsNaN(f.Distance) {
		return m
	}
	m.Data = &report.MovedPart{P: metric.Number(f.Data.P), Column: f.Data.Column}
	m.Label = &report.MovedPart{P: metric.Number(f.Label.P), Size: metric.Number(f.Distance)}
	m.Shape = &report.MovedPart{P: metric.Number(f.Shape.P), Column: f.Shape.Column}
	m.Concept = &report.MovedPart{P: metric.Number(f.Concept.P), Column: f.Concept.Column, Size: metric.Number(f.Size), Mean: metric.Number(f.Mean)}
	if !math.IsNaN(f.Prediction.P) {
		m.Prediction = &report.MovedPart{P: metric.Number(f.Prediction.P), Column: f.Prediction.Column}
	}
	return m
}

// weigh says what the drift of each column costs, by the losses that the reference
// had where it is now.
func (m *Measured) weigh(findings []report.Finding) {
	if m.Labelled == nil || m.Labelled.Cases == nil || m.Labelled.Cases.Reference == nil || m.Labelled.Cases.Current == nil {
		return
	}
	reference, current := m.Labelled.Cases.Reference, m.Labelled.Cases.Current
	prices := outcome.NewPrices(reference.Shape, m.Contract.Costs)
	for i := range findings {
		f := &findings[i]
		if f.Check != "drift" || f.Labels.Column == "" || f.Labels.Segment != "" {
			continue
		}
		f.Impact = metric.Number(cases.Impact(reference, current, f.Labels.Column))
		if prices != nil {
			f.ImpactCost = metric.Number(1000 * cases.Price(reference, current, f.Labels.Column, prices))
		}
	}
}

func level(s *metric.Sample) *report.Level {
	return &report.Level{Value: metric.Number(s.Value), Interval: s.Interval, Rows: s.NCurrent, Reason: s.Reason}
}

// estimates is the report's part on how good predictions are without labels.
func (m *Measured) estimates() *report.Estimates {
	if len(m.outcome.Foretold) == 0 {
		return nil
	}
	e := &report.Estimates{Rows: m.Said.Current.Rows}
	came := map[string]*metric.Sample{}
	if l := m.Labelled; l != nil && l.Current != nil {
		e.Labelled = l.Current.Labelled
		for i := range m.outcome.Measured {
			came[m.outcome.Measured[i].Desc.Name] = &m.outcome.Measured[i].Current
		}
	}
	for i := range m.outcome.Foretold {
		f := &m.outcome.Foretold[i]
		one := report.Estimate{Metric: f.Metric, Estimated: level(&f.All)}
		if f.Labelled != nil {
			one.Expected = level(f.Labelled)
		}
		if is := came[f.Metric]; is != nil && e.Labelled > 0 {
			one.Realized = level(is)
		}
		e.Metrics = append(e.Metrics, one)
	}
	return e
}
