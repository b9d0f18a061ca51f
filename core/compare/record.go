package compare

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"leeway/core/check"
	"leeway/core/check/confidence"
	"leeway/core/internal/numeral"
	"leeway/core/report"
	"leeway/core/state"
)

// Promises collects what was estimated and came true in the windows of a pass, by
// the version of the baseline that estimates were made from, oldest first.
type Promises map[string][]promise

// promise is what was estimated in one window whose labels came.
type promise struct {
	at      int // the how manieth window it is
	metrics []state.MetricSummary
	drifted bool // labels showed concept drift
}

// remembered is how many windows a record is of.
const remembered = check.Recent

// promised is that of a window; ok is false where nothing was estimated and came
// true, or of too few rows to tell. Of labels that are not comparable only a concept
// that moved counts.
func promised(at int, s *state.PerformanceSummary, shown report.Shown) (one promise, ok bool) {
	if s == nil || s.Labelled < confidence.FewestTold {
		return promise{}, false
	}
	one = promise{at: at, drifted: shown.Drift()}
	for _, m := range s.Metrics {
		if m.Value != nil && m.Expected != nil && m.ExpectedInterval != nil {
			one.metrics = append(one.metrics, m)
		}
	}
	ok = len(one.metrics) > 0
	if shown.Chosen {
		one.metrics, ok = nil, ok && one.drifted
	}
	return one, ok
}

// Add appends a window.
func (p Promises) Add(version string, at int, s *state.PerformanceSummary, shown report.Shown) {
	if one, ok := promised(at, s, shown); ok {
		p[version] = append(p[version], one)
	}
}

// Onto sets what a window knows of those before it, no further back than
// [check.TrailLength] windows.
func (p Promises) Onto(past *Past, version string, at int) {
	all := p[version]
	first := max(0, len(all)-remembered)
	for first < len(all) && all[first].at < at-check.TrailLength {
		first++
	}
	past.promises, past.Distrust = slices.Clip(all[first:]), ""
	if len(past.promises) > 0 {
		past.Distrust = recordOf(past.promises).Reason
	}
}

// promiseNames tells of the past what a window depends on: one whose labels came
// on all that was promised before, another one only on whether that can be trusted.
func (p *Past) promiseNames(b *strings.Builder) {
	if !p.Labelled {
		if p.Distrust != "" {
			b.WriteString("\n" + p.Distrust)
		}
		return
	}
	for _, one := range p.promises {
		fmt.Fprintf(b, "\n%t", one.drifted)
		for i := range one.metrics {
			m := &one.metrics[i]
			fmt.Fprint(b, " ", m.Metric, *m.Value, *m.Expected, *m.ExpectedInterval)
		}
	}
}

// record is that of earlier windows and of a window whose labels came and tell; nil for
// any other.
func (p *Past) record(e *report.Estimates, performance *report.Performance, shown report.Shown) *report.Record {
	if e == nil || e.Labelled == 0 {
		return nil
	}
	one, ok := promised(0, state.Performed(&report.Report{Estimates: e, Performance: performance}), shown)
	if !ok {
		return nil
	}
	all := append(slices.Clone(p.promises), one)
	return recordOf(all[max(0, len(all)-remembered):])
}

// recordOf is the record of some windows, oldest first.
func recordOf(all []promise) *report.Record {
	made := &report.Record{Windows: len(all), Metrics: []report.RecordOfOne{}}
	for _, one := range all {
		if one.drifted {
			made.Drifted++
		}
	}
	var kept []confidence.Kept
	for _, name := range state.Main {
		if m := recordOfOne(name, all); m.Windows > 0 {
			made.Metrics = append(made.Metrics, m)
			kept = append(kept, confidence.Kept{Windows: m.Windows, Held: m.Held})
		}
	}
	made.Reason = confidence.Distrust(kept, all[len(all)-1].drifted)
	made.Trusted = made.Reason == ""
	return made
}

// recordOfOne is the record of one metric.
func recordOfOne(name string, all []promise) report.RecordOfOne {
	one := report.RecordOfOne{Metric: name}
	for _, p := range all {
		at := slices.IndexFunc(p.metrics, func(m state.MetricSummary) bool { return m.Metric == name })
		if at < 0 {
			continue
		}
		m := &p.metrics[at]
		one.Windows++
		one.Error += math.Abs(*m.Expected - *m.Value)
		if *m.Value >= m.ExpectedInterval[0] && *m.Value <= m.ExpectedInterval[1] {
			one.Held++
		}
	}
	if one.Windows > 0 {
		one.Error = numeral.Digits(one.Error/float64(one.Windows), 3)
	}
	return one
}
