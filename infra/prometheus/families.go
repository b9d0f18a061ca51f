package prometheus

import (
	"maps"
	"slices"

	"leeway/core/metric"
	"leeway/core/report"
)

// Whole is the check label of the verdict over all checks.
const Whole = "all"

var verdicts = map[report.Verdict]float64{
	report.OK: 0, report.Warn: 1, report.Alert: 2, report.Unknown: -1, report.Invalid: -2,
}

var (
	everyVerdict  = []report.Verdict{report.OK, report.Warn, report.Alert, report.Unknown, report.Invalid}
	everySeverity = []report.Severity{report.SeverityAlert, report.SeverityWarn, report.SeverityUnknown, report.SeverityInfo}
)

// summary writes the families that are always there.
func (o *writer) summary(models []Model) {
	o.verdict(models)
	o.reported(models, "leeway_drifted_columns", "", "Columns of the newest window that drifted.",
		func(m Model) float64 { return float64(m.Drifted) })
	o.reported(models, "leeway_drifted_ratio", "ratio", "Columns of the newest window that drifted, as a share of those tested for it.",
		func(m Model) float64 { return ratio(m.Drifted, m.Tested) })
	o.reported(models, "leeway_rows", "", "Rows of the newest window.",
		func(m Model) float64 { return float64(m.Report.Current.Rows) })
	o.findings(models)
	o.batches(models)
	o.family("leeway_last_batch_timestamp_seconds", "gauge", "seconds", "When the newest batch arrived, in seconds since 1970.")
	for _, m := range models {
		if !m.LastBatch.IsZero() {
			o.sample("leeway_last_batch_timestamp_seconds", float64(m.LastBatch.UnixMilli())/1000, "model", m.Name)
		}
	}
	o.family("leeway_model_errors", "gauge", "", "Errors that stop the model's runs, such as those in its configuration: while there are any, new batches wait and all else is as of the last report.")
	for _, m := range models {
		o.sample("leeway_model_errors", float64(m.Errors), "model", m.Name)
	}
	o.family("leeway_run_seconds", "gauge", "seconds", "Seconds that this process last spent on pending batches, 0 before it met any.")
	for _, m := range models {
		o.sample("leeway_run_seconds", m.Run.Seconds, "model", m.Name)
	}
	o.family("leeway_run_bytes", "gauge", "bytes", "Bytes of the batches that were last worked on; those of the newest batch before this process met any.")
	for _, m := range models {
		o.sample("leeway_run_bytes", float64(m.Run.Bytes), "model", m.Name)
	}
}

func (o *writer) verdict(models []Model) {
	o.family("leeway_verdict", "gauge", "", "Verdict of the newest window by check, and over all of them: 0 ok, 1 warn, 2 alert, -1 unknown. Over all it is -2, invalid, while the newest batch cannot be read.")
	for _, m := range models {
		switch {
		case m.Invalid: // whatever the last window said is out of date
			o.sample("leeway_verdict", verdicts[report.Invalid], "model", m.Name, "check", Whole)
		case m.Report != nil:
			o.sample("leeway_verdict", verdicts[m.Report.Verdict], "model", m.Name, "check", Whole)
		}
		if m.Report == nil {
			continue
		}
		for _, check := range slices.Sorted(maps.Keys(m.Report.Checks)) {
			o.sample("leeway_verdict", verdicts[m.Report.Checks[check].Verdict], "model", m.Name, "check", check)
		}
	}
}

// reported writes one gauge of each model that has a report.
func (o *writer) reported(models []Model, name, unit, help string, value func(Model) float64) {
	o.family(name, "gauge", unit, help)
	for _, m := range models {
		if m.Report != nil {
			o.sample(name, value(m), "model", m.Name)
		}
	}
}

func (o *writer) findings(models []Model) {
	o.family("leeway_findings", "gauge", "", "Findings of the newest window by severity.")
	for _, m := range models {
		if m.Report == nil {
			continue
		}
		counts := map[report.Severity]int{}
		for i := range m.Report.Findings {
			counts[m.Report.Findings[i].Severity]++
		}
		for _, severity := range everySeverity {
			o.sample("leeway_findings", float64(counts[severity]), "model", m.Name, "severity", string(severity))
		}
	}
}

func (o *writer) batches(models []Model) {
	o.family("leeway_batches_total", "counter", "", "Batches that were judged, by the verdict of their window, again when that becomes another; content that was there before is not counted, and invalid ones could not be read.")
	for _, m := range models {
		for _, verdict := range everyVerdict {
			o.sample("leeway_batches_total", float64(m.Batches[verdict]), "model", m.Name, "verdict", string(verdict))
		}
	}
	o.family("leeway_windows", "gauge", "", "Windows by their present verdict; one that is not whole yet counts once it is judged.")
	for _, m := range models {
		for _, verdict := range gravest {
			o.sample("leeway_windows", float64(m.Windows[verdict]), "model", m.Name, "verdict", string(verdict))
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
