package policy

import (
	"testing"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/report"
)

// TestPartial: of a window that is not whole nothing alarms but what is certain,
// and what differs besides counts for no streak.
func TestPartial(t *testing.T) {
	o := Default
	o.Partial = &Partial{Message: "Not over.", Hint: "Judged on Monday."}
	o.Streaks = map[string]int{"drift.js_distance.large": 3}
	evidence := []check.Evidence{tested("still", 0.4, 0), tested("large", 1e-9, 0.3)}
	j := Judge(evidence, &o)
	if j.Verdict != report.Unknown || j.Summary != "Not over. Judged on Monday." || j.Checks["drift"].Verdict != report.Unknown {
		t.Errorf("%s %v: %s", j.Verdict, j.Checks, j.Summary)
	}
	if len(j.Findings) != 2 || j.Findings[0].ID != "drift.partial_window" || j.Findings[0].Value != nil || j.Findings[0].NCurrent != 1000 {
		t.Errorf("%+v", j.Findings)
	}
	if f := j.Findings[1]; f.Severity != report.SeverityInfo || f.Streak != 0 || f.Hint != "What the window lacks may explain this. Judged on Monday." {
		t.Errorf("%+v", f)
	}
	lost := tested("", 1e-9, 0.3)
	lost.Check, lost.Metric = "quality", check.DroppedRatio
	j = Judge(append(evidence, lost), &o)
	if j.Verdict != report.Alert || j.Checks["drift"].Verdict != report.Unknown || j.Checks["quality"].Verdict != report.Alert || j.Findings[0].Metric != check.DroppedRatio {
		t.Errorf("%s %v: %+v", j.Verdict, j.Checks, j.Findings)
	}
}

// TestPartialPieces: part of a window alarms where it is far beyond how parts of
// the reference's windows differ, if it is as long as they are.
func TestPartialPieces(t *testing.T) {
	const id = "drift.js_distance.large"
	alike, days, one := make([]metric.Deviate, 42), make([]metric.Deviate, 42), make([]metric.Deviate, 42)
	for i := range alike {
		z := []float64{0.3, 0.7, 1, 1.4, 0.1, 2}[i%6]
		alike[i], one[i], days[i] = metric.Deviate{Z: z, N: 500}, metric.Deviate{Z: z, N: 500}, metric.Deviate{Z: 5 * z, N: 500}
	}
	one[7].Z = 12
	few := []metric.Deviate{{Z: 1, N: 2000}}
	for range 3 {
		few = append(few, few...)
	}
	for name, c := range map[string]struct {
		pieces []metric.Deviate
		p      float64
		alarms bool
	}{
		"parts that are alike":       {alike, 1e-9, true},
		"by a hair":                  {alike, 1e-3, false},
		"parts that differ":          {days, 1e-9, false},
		"parts that differ, far off": {days, 1e-200, true},
		"one part is another":        {one, 1e-9, false},
		"less than such parts have":  {few, 1e-200, false},
		"nothing is known":           {nil, 1e-200, false},
		"too few parts are known":    {alike[:7], 1e-200, false},
	} {
		o := Default
		o.Partial = &Partial{Message: "Not over.", Hint: "Later.", Pieces: map[string][]metric.Deviate{id: c.pieces, "drift.js_distance.still": c.pieces}}
		j := Judge([]check.Evidence{tested("still", 0.4, 0), tested("large", c.p, 0.3)}, &o)
		if alarms := j.Verdict == report.Alert; alarms != c.alarms {
			t.Errorf("%s: %s: %+v", name, j.Verdict, j.Findings)
		}
	}
}
