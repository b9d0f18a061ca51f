package monitor

import (
	"slices"
	"strings"

	"leeway/core/check"
	"leeway/core/report"
	"leeway/core/retrain"
	"leeway/core/state"
)

// evidence is what the windows up to the present say about retraining, oldest first.
func evidence(batches []state.Batch, history []state.Summary) []retrain.Window {
	present := state.Present(history)
	if present == nil {
		return nil
	}
	known := references(history)
	var all []retrain.Window
	for i := range history {
		s := &history[i]
		if s.Rows > 0 && s.Window.Compare(present.Window) <= 0 {
			all = append(all, windowOf(s, known))
		}
	}
	if _, _, invalid := state.Newest(batches); invalid && len(all) > 0 {
		newest := &all[len(all)-1]
		newest.Broken = append(newest.Broken, "the newest file cannot be read")
	}
	return all
}

// measureOf is a metric of a baseline.
type measureOf struct{ baseline, metric string }

// references are what main metrics were on baselines: windows without labels do not
// say.
func references(history []state.Summary) map[measureOf]float64 {
	known := map[measureOf]float64{}
	for i := range history {
		if p := history[i].Performance; p != nil {
			for _, m := range p.Metrics {
				if m.Reference != nil {
					known[measureOf{history[i].Baseline, m.Metric}] = *m.Reference
				}
			}
		}
	}
	return known
}

// windowOf is what one window says.
func windowOf(s *state.Summary, known map[measureOf]float64) retrain.Window {
	w := retrain.Window{
		Start: s.Window.Start, End: s.Window.End, Report: s.Report, Baseline: s.Baseline,
		Judged: told(s.Verdict) && !s.Unjudged(),
	}
	if s.Performance.IsLabelled() {
		w.Labelled, w.Restated = s.Performance.Labelled, s.Performance.Restated
		w.Told = w.Judged && told(s.Checks["performance"].Verdict)
	}
	for i := range s.Findings {
		f := &s.Findings[i]
		alert := f.Severity == report.SeverityAlert
		if (alert || f.Severity == report.SeverityWarn) && (f.Check == "drift" || f.Check == "performance") {
			w.Changed = true
		}
		if alert {
			weigh(&w, f)
		}
	}
	w.Impact = impact(s, known)
	return w
}

// told tells whether a verdict is one on the data.
func told(v report.Verdict) bool { return v == report.OK || v == report.Warn || v == report.Alert }

// notBroken are alerts of quality that come with a world that changes: values and
// categories that the reference never had are what a model is retrained on.
var notBroken = []string{"unseen_category_ratio", "out_of_range_ratio", "outlier_ratio", "rows", "freshness_seconds", "unexpected_column"}

// notFallen are findings of performance that say what moved or where, but not that
// the model as a whole became worse.
var notFallen = []string{"concept_shift", "label_shift", "calibration_shift", check.SliceErrors}

// weigh takes an alert in.
func weigh(w *retrain.Window, f *state.FindingSummary) {
	subject := strings.Join(f.Columns, " and ")
	if f.Labels.Column != "" {
		subject = f.Labels.Column
	}
	switch {
	case f.Cause != "" && f.Check != "performance":
		w.Broken = add(w.Broken, strings.ReplaceAll(f.Cause, "_", " ")+" in "+subject)
	case f.Check == "quality" && !slices.Contains(notBroken, f.Metric):
		w.Broken = add(w.Broken, strings.TrimSuffix(f.Metric+" of "+subject, " of "))
	case f.Labels.Segment != "":
	case f.Check == "performance" && f.Metric == "concept_shift":
		w.Concept = true
	case f.Check == "performance" && !slices.Contains(notFallen, f.Metric):
		w.Fell = add(w.Fell, f.Metric)
	case f.Check == "drift" && subject == "":
		w.Drifted = add(w.Drifted, "what columns do together")
	case f.Check == "drift":
		w.Drifted = add(w.Drifted, subject)
	}
}

func add(list []string, one string) []string {
	if slices.Contains(list, one) {
		return list
	}
	return append(list, one)
}

// smaller are main metrics that are better the smaller they are.
var smaller = []string{"mae", "rmse"}

// impact is by which share of the reference's value the first main metric is estimated
// to be worse, if it is for certain.
func impact(s *state.Summary, known map[measureOf]float64) *float64 {
	if s.Performance == nil || s.Performance.Distrusted {
		return nil
	}
	for i := range s.Performance.Metrics {
		m := &s.Performance.Metrics[i]
		was, ok := known[measureOf{s.Baseline, m.Metric}]
		if !ok || m.Estimate == nil || m.EstimateInterval == nil || !(was > 0) || m.Metric == "cost_per_1000" {
			continue
		}
		loss, best := was-*m.Estimate, m.EstimateInterval[1]-was
		if slices.Contains(smaller, m.Metric) {
			loss, best = *m.Estimate-was, was-m.EstimateInterval[0]
		}
		if loss <= 0 || best >= 0 {
			return nil
		}
		share := loss / was
		return &share
	}
	return nil
}
