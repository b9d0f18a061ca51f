package prometheus

import (
	"leeway/core/report"
	"leeway/core/state"
)

// estimates writes what labels showed last, which is mostly not of the newest
// window, and how good estimates were so far.
func (o *writer) estimates(models []Model) {
	o.main(models, "leeway_realized", "What came true of a metric of performance in the newest window whose labels came.", func(m *state.MetricSummary) *float64 { return m.Value })
	o.main(models, "leeway_realized_estimate", "What that metric had been estimated to be for the same rows.", func(m *state.MetricSummary) *float64 { return m.Expected })
	o.family("leeway_realized_window_end_timestamp_seconds", "gauge", "seconds", "End of the newest window whose labels came, in seconds since 1970.")
	for _, m := range models {
		if m.Labelled != nil {
			o.sample("leeway_realized_window_end_timestamp_seconds", float64(m.Labelled.Window.End.Unix()), "model", m.Name)
		}
	}
	o.recorded(models)
}

// main writes a number of each main metric.
func (o *writer) main(models []Model, name, help string, of func(*state.MetricSummary) *float64) {
	o.family(name, "gauge", "", help)
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
	each := func(name, unit, help string, write func(model string, r *report.Record)) {
		o.family(name, "gauge", unit, help)
		for _, m := range models {
			if m.Labelled != nil && m.Labelled.Performance.Record != nil {
				write(m.Name, m.Labelled.Performance.Record)
			}
		}
	}
	each("leeway_estimate_error", "", "By how much estimates of a metric of performance were off, on average over the windows whose labels came: the last 30.", func(model string, r *report.Record) {
		for _, one := range r.Metrics {
			o.sample("leeway_estimate_error", one.Error, "model", model, "metric", one.Metric)
		}
	})
	each("leeway_estimate_held_ratio", "ratio", "Share of those windows where what came true was within the 95% interval of its estimate.", func(model string, r *report.Record) {
		for _, one := range r.Metrics {
			o.sample("leeway_estimate_held_ratio", ratio(one.Held, one.Windows), "model", model, "metric", one.Metric)
		}
	})
	each("leeway_estimate_trusted", "", "1 if nothing that came true says that estimates cannot be trusted, 0 if something does.", func(model string, r *report.Record) {
		trusted := 0.0
		if r.Trusted {
			trusted = 1
		}
		o.sample("leeway_estimate_trusted", trusted, "model", model)
	})
}
