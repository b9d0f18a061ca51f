package compare

import (
	"slices"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/report"
)

// slices is the report's part on slices in which the model became worse: those
// that are findings.
func (m *Measured) slices(findings []report.Finding) *report.Slices {
	of := m.outcome.Slices
	if of == nil {
		return nil
	}
	all := &report.Slices{Rows: of.Rows, Searched: of.Looked}
	for i := range of.Found {
		one := &of.Found[i]
		at := slices.IndexFunc(findings, func(f report.Finding) bool {
			return f.Check == "performance" && f.Metric == check.SliceErrors && f.Labels.Group == one.Name
		})
		if at < 0 {
			continue
		}
		slice := report.Slice{
			Name: one.Name, Finding: findings[at].ID, Severity: findings[at].Severity, Message: findings[at].Message, Rows: one.Rows, Share: one.Share,
			Wrong: one.Wrong, Elsewhere: one.Elsewhere, Reference: metric.Number(one.Before), RowsBefore: one.RowsBefore,
		}
		for _, c := range one.Conditions {
			to := report.SliceCondition{Column: c.Column, Missing: c.Missing, Above: c.Low, UpTo: c.High}
			if !c.Numeric && !c.Missing {
				category := c.Category
				to.Category = &category
			}
			slice.Conditions = append(slice.Conditions, to)
		}
		all.Found = append(all.Found, slice)
	}
	return all
}
