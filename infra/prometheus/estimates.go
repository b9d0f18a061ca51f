package prometheus

import (
	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/state"
)

// estimates writes what labels showed last, which is mostly not of the newest
// window, and how good estimates were so far.
func (o *writer) estimates(models []Model) {
	o.main(models, metric.Realized, func(m *state.MetricSummary) *float64 { return m.Value })
	o.main(models, metric.RealizedGuess, func(m *state.MetricSummary) *float64 { return m.Expected })
	o.standing(metric.RealizedEnd)
	for _, m := range models {
		if m.Labelled != nil {
			o.sample(metric.RealizedEnd, float64(m.Labelled.Window.End.Unix()), "model", m.Name)
		}
	}
	o.recorded(models)
}

// main writes a number of each main metric.
func (o *writer) main(models []Model, name string, of func(*state.MetricSummary) *float64) {
	o.standing(name)
	for _, m := range models {
		if m.Labelled == nil {
			continue
		}
		for i := range m.Labelled.Performance.Metrics {
			if one := &m.Labelled.Performance.Metrics[i]; of(one) != nil {
				o.sample(name, *of(one), "model", m.Name, "metric", one.Metric)
			}
		}
	}
}

// recorded writes the record of estimates as the newest window has it whose labels
// came.
func (o *writer) recorded(models []Model) {
	each := func(name string, write func(model string, r *report.Record)) {
		o.standing(name)
		for _, m := range models {
			if m.Labelled != nil && m.Labelled.Performance.Record != nil {
				write(m.Name, m.Labelled.Performance.Record)
			}
		}
	}
	each(metric.EstimateError, func(model string, r *report.Record) {
		for _, one := range r.Metrics {
			o.sample(metric.EstimateError, one.Error, "model", model, "metric", one.Metric)
		}
	})
	each(metric.EstimateHeld, func(model string, r *report.Record) {
		for _, one := range r.Metrics {
			o.sample(metric.EstimateHeld, ratio(one.Held, one.Windows), "model", model, "metric", one.Metric)
		}
	})
	each(metric.EstimateTrust, func(model string, r *report.Record) {
		trusted := 0.0
		if r.Trusted {
			trusted = 1
		}
		o.sample(metric.EstimateTrust, trusted, "model", model)
	})
}

// labels writes what the label files of each model hold, over all windows.
func (o *writer) labels(models []Model) {
	for _, one := range []struct {
		name string
		of   func(*state.LabelCounts) int64
	}{
		{metric.LabelIDs, func(c *state.LabelCounts) int64 { return c.IDs }},
		{metric.Unmatched, func(c *state.LabelCounts) int64 { return c.Unmatched }},
		{metric.LateLabels, func(c *state.LabelCounts) int64 { return c.Late }},
		{metric.Duplicates, func(c *state.LabelCounts) int64 { return c.Duplicate }},
		{metric.Conflicting, func(c *state.LabelCounts) int64 { return c.Conflicting }},
	} {
		o.standing(one.name)
		for _, m := range models {
			if m.Labels != nil {
				o.sample(one.name, float64(one.of(m.Labels)), "model", m.Name)
			}
		}
	}
}
