package policy

import (
	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/segment"
	"leeway/core/stat"
)

// plain is the chance that a few windows of independent rows are said to differ.
const plain = 0.1

// allow allows in all evidence for how windows differ. From fewer than [metric.FewestWindows] windows an
// estimate of how they differ is so uncertain that to allow for it hides most of
// what there is to see: to people whose rows are independent that would be a loss
// for nothing. So few windows count only where they plainly differ, in any of
// what was tested: then the rows are not independent, and a reference that cannot
// tell what is usual is no excuse for taking every window for news.
func (j *judge) allow(evidence []check.Evidence) {
	if j.options.Partial != nil {
		j.allowForPieces(evidence)
		return
	}
	windows := make([][]metric.Deviate, len(evidence))
	for i := range evidence {
		windows[i] = j.options.Variation[Key(evidence[i].Check, evidence[i].Metric, evidence[i].Labels)]
	}
	count := differ(windows)
	alike := pooled(evidence, windows)
	for i := range evidence {
		if len(windows[i]) < metric.FewestWindows && !count {
			windows[i] = nil
		}
		s, n := allowed(&evidence[i], windows[i], j.options.Wider, j.options.Free)
		if others := alike[kin(&evidence[i])]; len(others) >= metric.FewestWindows {
			if t, m := allowed(&evidence[i], others, j.options.Wider, j.options.Free); t.P > s.P {
				s, n = t, m
			}
		}
		j.evidence, j.noise = append(j.evidence, s), append(j.noise, n)
	}
}

// pooled are the windows of all segments of a division together, by kin: of one
// there may be few, and what makes some windows differ (a customer who comes with
// many rows) is in one of them now and then.
func pooled(evidence []check.Evidence, windows [][]metric.Deviate) map[string][]metric.Deviate {
	all := map[string][]metric.Deviate{}
	for i := range evidence {
		if key := kin(&evidence[i]); key != "" {
			all[key] = append(all[key], windows[i]...)
		}
	}
	return all
}

// kin names a test of a segment by what it has in common with those of the others
// of its division; "" for a test of all rows.
func kin(e *check.Evidence) string {
	if e.Labels.Segment == "" {
		return ""
	}
	labels := e.Labels
	labels.Segment = segment.DivisionOf(labels.Segment)
	return Key(e.Check, e.Metric, labels)
}

// differ tells whether few windows plainly differ by more than their rows explain.
// Their deviates are from what they have in common, which takes a degree of
// freedom away.
func differ(all [][]metric.Deviate) bool {
	var ps []float64
	for _, windows := range all {
		k := float64(len(windows))
		if len(windows) < metric.LeastWindows || len(windows) >= metric.FewestWindows {
			continue
		}
		var squares float64
		for _, w := range windows {
			squares += float64(w.Z * w.Z)
		}
		ps = append(ps, stat.ChiSquareTail(squares*(k-1)/k, k-1))
	}
	return len(ps) > 0 && stat.Together(ps) <= plain
}
