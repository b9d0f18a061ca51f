package compare

import (
	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/report"
)

// fairness is the report's part on how groups of people are treated.
func (m *Measured) fairness() (all []report.Treated) {
	for i := range m.outcome.Treated {
		t := &m.outcome.Treated[i]
		one := report.Treated{Columns: t.Columns, Distinct: t.Distinct, Others: t.Others, Absent: t.Absent}
		for _, measured := range t.Measured {
			measure := report.Measure{Metric: measured.Desc.Name, Current: level(&measured.Current)}
			if measured.Reference != nil {
				measure.Reference = level(measured.Reference)
			}
			one.Metrics = append(one.Metrics, measure)
		}
		for j := range t.Groups {
			group := &t.Groups[j]
			one.Groups = append(one.Groups, report.TreatedGroup{Name: group.Name, Reference: rated(group.Sides[0]), Current: rated(group.Sides[1])})
		}
		all = append(all, one)
	}
	return all
}

func rated(r *check.Rated) *report.Rated {
	if r == nil {
		return nil
	}
	of := func(s *metric.Sample) *report.Level {
		if s == nil {
			return nil
		}
		return level(s)
	}
	return &report.Rated{Rows: r.Rows, Labelled: r.Labelled, Selection: of(r.Selection), TruePositive: of(r.TruePositive), FalsePositive: of(r.FalsePositive), Precision: of(r.Precision)}
}
