package monitor

import (
	"cmp"
	"slices"

	"leeway/core/metric"
	"leeway/core/report"
)

// performance is the report's part on how good predictions were.
func (m *measured) performance() *report.Performance {
	l := m.Labelled
	if l == nil || l.Current == nil {
		return nil
	}
	p := &report.Performance{Task: string(l.Current.Shape.Task), Rows: l.Current.Rows, Labelled: l.Current.Labelled, Curves: m.curves}
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
	return p
}

func level(s *metric.Sample) *report.Level {
	return &report.Level{Value: metric.Number(s.Value), Interval: s.Interval, Rows: s.NCurrent, Reason: s.Reason}
}

// estimates is the report's part on how good predictions are without labels.
func (m *measured) estimates() *report.Estimates {
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
