package policy

import (
	"math"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/segment"
	"leeway/core/stat"
)

// plain is the chance that a few windows of independent rows are said to differ, and
// plainRuns that where their runs are known: to allow for what differs costs less then.
const plain, plainRuns = 0.1, 0.25

// allow allows in all evidence for how windows differ. From fewer than [metric.FewestWindows] windows an
// estimate of how they differ is so uncertain that to allow for it hides most of
// what there is to see: to people whose rows are independent that would be a loss
// for nothing. So few windows count only where they or their runs plainly differ, in any of
// what was tested: then the rows are not independent, and a reference that cannot
// tell what is usual is no excuse for taking every window for news.
func (j *judge) allow(evidence []check.Evidence) {
	if j.options.Partial != nil {
		j.allowForPieces(evidence)
		return
	}
	windows, spreads := make([][]metric.Deviate, len(evidence)), make([]*spread, len(evidence))
	for i := range evidence {
		windows[i] = j.options.Variation[Key(evidence[i].Check, evidence[i].Metric, evidence[i].Labels)]
		spreads[i] = j.spreadOf(&evidence[i], windows[i])
	}
	count := j.differ(evidence, windows, spreads)
	alike, times := pooled(evidence, windows), persist(spreads, evidence)
	for i := range evidence {
		if len(windows[i]) < metric.FewestWindows && !count {
			windows[i], spreads[i] = nil, nil
		}
		s, n := j.allowed(&evidence[i], windows[i], spreads[i], times)
		if others := alike[kin(&evidence[i])]; len(others) >= metric.FewestWindows {
			if t, m := allowed(&evidence[i], others, j.options.Wider, j.options.Free); t.P > s.P {
				s, n = t, m
			}
		}
		j.evidence, j.noise = append(j.evidence, s), append(j.noise, n)
	}
}

// allowed is that of one piece of evidence, by its windows alone where nothing is known of
// their runs.
func (j *judge) allowed(e *check.Evidence, windows []metric.Deviate, s *spread, times map[string]float64) (check.Evidence, noise) {
	if s == nil || math.IsNaN(e.P) || e.NReference == 0 || e.NCurrent == 0 {
		return allowed(e, windows, j.options.Wider, j.options.Free)
	}
	n := s.moderated(max(times[e.Check], 1), float64(effective(e.NReference, e.NCurrent)*j.options.Wider))
	if math.IsInf(n.degrees, 1) {
		return *e, sampling
	}
	return scaled(*e, n)
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

// differ tells whether few windows, or their runs, plainly differ by more than their rows
// explain. Their deviates are from what they have in common, which takes a degree of
// freedom away.
func (j *judge) differ(evidence []check.Evidence, all [][]metric.Deviate, spreads []*spread) bool {
	var ps []float64
	add := func(deviates []metric.Deviate, common int) {
		square, _ := meanSquare(deviates)
		free := float64(len(deviates) - common)
		ps = append(ps, stat.ChiSquareTail(square*free, free))
	}
	level := plain
	for i, windows := range all {
		if len(windows) < metric.LeastWindows || len(windows) >= metric.FewestWindows {
			continue
		}
		add(windows, 1)
		if spreads[i] != nil {
			level = plainRuns
			add(j.options.Runs.Variation[Key(evidence[i].Check, evidence[i].Metric, evidence[i].Labels)], j.options.Runs.Companies)
		}
	}
	return len(ps) > 0 && stat.Together(ps) <= level
}
