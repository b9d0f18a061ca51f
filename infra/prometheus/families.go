package prometheus

import (
	"maps"
	"slices"

	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/state"
)

var (
	everyVerdict  = []report.Verdict{report.OK, report.Warn, report.Alert, report.Unknown, report.Invalid}
	everySeverity = []report.Severity{report.SeverityAlert, report.SeverityWarn, report.SeverityUnknown, report.SeverityInfo}
)

// summary writes the families that are always there.
func (o *writer) summary(models []Model) {
	o.verdict(models)
	o.reported(models, metric.DriftedColumns, func(m Model) float64 { return float64(m.Drifted) })
	o.reported(models, metric.DriftedRatio, func(m Model) float64 { return ratio(m.Drifted, m.Tested) })
	o.reported(models, metric.Rows, func(m Model) float64 { return float64(m.Report.Current.Rows) })
	o.findings(models)
	o.batches(models)
	o.standing(metric.LastBatch)
	for _, m := range models {
		if !m.LastBatch.IsZero() {
			o.sample(metric.LastBatch, float64(m.LastBatch.UnixMilli())/1000, "model", m.Name)
		}
	}
	o.standing(metric.ModelErrors)
	for _, m := range models {
		o.sample(metric.ModelErrors, float64(m.Errors), "model", m.Name)
	}
	o.standing(metric.RunSeconds)
	for _, m := range models {
		o.sample(metric.RunSeconds, m.Run.Seconds, "model", m.Name)
	}
	o.standing(metric.RunBytes)
	for _, m := range models {
		o.sample(metric.RunBytes, float64(m.Run.Bytes), "model", m.Name)
	}
}

func (o *writer) verdict(models []Model) {
	o.standing(metric.Verdict)
	for _, m := range models {
		switch {
		case m.Invalid: // whatever the last window said is out of date
			o.sample(metric.Verdict, report.Invalid.Number(), "model", m.Name, "check", metric.Whole)
		case m.Report != nil:
			o.sample(metric.Verdict, m.Report.Verdict.Number(), "model", m.Name, "check", metric.Whole)
		}
		if m.Report == nil {
			continue
		}
		for _, check := range slices.Sorted(maps.Keys(m.Report.Checks)) {
			o.sample(metric.Verdict, m.Report.Checks[check].Verdict.Number(), "model", m.Name, "check", check)
		}
	}
}

// reported writes one gauge of each model that has a report.
func (o *writer) reported(models []Model, name string, value func(Model) float64) {
	o.standing(name)
	for _, m := range models {
		if m.Report != nil {
			o.sample(name, value(m), "model", m.Name)
		}
	}
}

func (o *writer) findings(models []Model) {
	o.standing(metric.Findings)
	for _, m := range models {
		if m.Report == nil {
			continue
		}
		counts := map[report.Severity]int{}
		for i := range m.Report.Findings {
			counts[m.Report.Findings[i].Severity]++
		}
		for _, severity := range everySeverity {
			o.sample(metric.Findings, float64(counts[severity]), "model", m.Name, "severity", string(severity))
		}
	}
}

func (o *writer) batches(models []Model) {
	o.standing(metric.Batches)
	for _, m := range models {
		for _, verdict := range everyVerdict {
			o.sample(metric.Batches, float64(m.Batches[verdict]), "model", m.Name, "verdict", string(verdict))
		}
	}
	o.standing(metric.Windows)
	for _, m := range models {
		for _, verdict := range state.Gravest {
			o.sample(metric.Windows, float64(m.Windows[verdict]), "model", m.Name, "verdict", string(verdict))
		}
	}
}

// catalogued writes the samples of one metric of the catalogue; a metric
// without any is left out whole.
func (o *writer) catalogued(desc *metric.Desc, samples []labelled) {
	if len(samples) == 0 {
		return
	}
	name := desc.FullName()
	o.family(name, "gauge", desc.Unit, desc.Help)
	for _, s := range samples {
		l := &s.sample.Labels
		o.sample(name, s.sample.Value, "model", s.model, "column", l.Column, "segment", l.Segment, "class", l.Class,
			"group", l.Group, "role", l.Role, "q", l.Q, "actual", l.Actual, "predicted", l.Predicted)
	}
}

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
