package dash

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"leeway/core/report"
	"leeway/core/report/chart"
	"leeway/core/report/plain"
	"leeway/core/state"
)

// metricNames are what the metrics that summaries keep are called on pages.
var metricNames = map[string]string{
	"roc_auc": "ROC AUC", "roc_auc_macro": "ROC AUC, mean over classes", "accuracy": "Accuracy", "f1": "F1", "f1_macro": "F1, mean over classes",
	"mae": "Mean absolute error", "rmse": "Root mean squared error", "cost_per_1000": "Cost of 1,000 predictions",
}

// metricName is a metric for people.
func metricName(name string) string {
	if text, known := metricNames[name]; known {
		return text
	}
	return strings.ReplaceAll(plain.Text(name), "_", " ")
}

// goodness is how good the model was over time, by one metric.
type goodness struct {
	Metric    string
	Name      string
	Chart     template.HTML
	Now       string // the newest realized value, "" for none
	Estimated bool   // there are estimates in it
	Realized  bool   // there are realized values in it
	Baseline  string // the baseline's value, "" where it is not known
}

// goodnesses are all that is known over time, the main metric first.
func (s *subject) goodnesses(history []state.Summary, costs *report.Costs) []goodness {
	var all []goodness
	for _, name := range state.Main {
		if g := s.goodness(history, name, costs); g != nil {
			all = append(all, *g)
		}
	}
	return all
}

// main is the first metric of them, nil where nothing is known.
func (s *subject) main(history []state.Summary) *goodness {
	for _, name := range state.Main {
		if g := s.goodness(history, name, nil); g != nil {
			return g
		}
	}
	return nil
}

// goodness draws a metric over time: what came true with its interval, what was
// estimated with its own, and the baseline; nil where no window has either. costs
// name the currency of amounts, nil: it is not known.
func (s *subject) goodness(history []state.Summary, name string, costs *report.Costs) *goodness {
	g := &goodness{Metric: name, Name: metricName(name) + costs.Unit(name)}
	series := &chart.Series{Title: g.Name + " over time", Limit: math.NaN(), Touch: true}
	labels := marks(history)
	for i := range history {
		one := metricAt(&history[i], name)
		stop := chart.Stop{Moment: s.moment(&history[i], labels[i], chart.None), Band: unknownBand}
		other := unknownBand
		if one != nil {
			stop.Band, other = interval(one.Value, one.Interval), interval(one.Estimate, one.EstimateInterval)
			stop.Title = goodText(&history[i], g.Name, one)
			if stop.Level = judged(&history[i], name); one.Reference != nil {
				base := chart.Flat(*one.Reference)
				series.Baseline, g.Baseline = &base, plain.Number(*one.Reference)
			}
			if one.Value != nil {
				g.Now, g.Realized = plain.Number(*one.Value), true
			}
			g.Estimated = g.Estimated || one.Estimate != nil
		}
		series.Stops, series.Other = append(series.Stops, stop), append(series.Other, other)
	}
	if !g.Realized && !g.Estimated {
		return nil
	}
	g.Chart = chart.Lines(series)
	return g
}

// metricAt is a metric in a window, nil where nothing is known of it.
func metricAt(one *state.Summary, name string) *state.MetricSummary {
	if one.Performance == nil {
		return nil
	}
	at := slices.IndexFunc(one.Performance.Metrics, func(m state.MetricSummary) bool { return m.Metric == name })
	if at < 0 {
		return nil
	}
	return &one.Performance.Metrics[at]
}

// interval is a number with its interval as a band.
func interval(value *float64, span *[2]float64) chart.Band {
	if value == nil {
		return unknownBand
	}
	band := chart.Flat(*value)
	if span != nil {
		band.Low, band.High = span[0], span[1]
	}
	return band
}

// goodText is what a window says on hovering.
func goodText(one *state.Summary, name string, m *state.MetricSummary) string {
	text := windowText(one.Window) + ": " + name
	side := func(value *float64, span *[2]float64) string {
		if span == nil {
			return plain.Number(*value)
		}
		return fmt.Sprintf("%s (%s to %s)", plain.Number(short(*value)), plain.Number(short(span[0])), plain.Number(short(span[1])))
	}
	var parts []string
	if m.Value != nil {
		parts = append(parts, side(m.Value, m.Interval))
	}
	if m.Estimate != nil {
		parts = append(parts, "estimated "+side(m.Estimate, m.EstimateInterval))
	}
	return text + " " + strings.Join(parts, ", ")
}

// short keeps three digits.
func short(x float64) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(x)))-2)
	return math.Round(x/unit) * unit
}

// judged is the tone of a metric in a window: that of a finding about it.
func judged(one *state.Summary, name string) chart.Level {
	gravest := report.Severity("")
	for i := range one.Findings {
		f := &one.Findings[i]
		if f.Check == "performance" && f.Metric == name && rankOf(f.Severity) > rankOf(gravest) {
			gravest = f.Severity
		}
	}
	return levelOf(gravest)
}

// coverage draws how many labels have come; "" where none ever did.
func (s *subject) coverage(history []state.Summary) template.HTML {
	moments, shares := make([]chart.Moment, len(history)), make([]float64, len(history))
	labels := marks(history)
	ever := false
	for i := range history {
		one := &history[i]
		labelled := int64(0)
		if one.Performance != nil {
			labelled = one.Performance.Labelled
		}
		ever = ever || labelled > 0
		moments[i] = s.moment(one, labels[i], chart.None)
		moments[i].Title = windowText(one.Window) + ": " + plain.Count(labelled) + " of " + plain.Plural(one.Rows, "row", "rows") + " have a label"
		if shares[i] = 0; one.Rows > 0 {
			shares[i] = float64(labelled) / float64(one.Rows)
		}
	}
	if !ever {
		return ""
	}
	return chart.Shares("Rows with a label", moments, shares)
}

// labelled is the newest window most of whose labels have come, else the newest
// that has any; nil for none.
func labelled(history []state.Summary) *state.Summary {
	var partly *state.Summary
	for i := len(history) - 1; i >= 0; i-- {
		p := history[i].Performance
		if p == nil || p.Labelled == 0 {
			continue
		}
		if 2*p.Labelled >= history[i].Rows {
			return &history[i]
		}
		if partly == nil {
			partly = &history[i]
		}
	}
	return partly
}
