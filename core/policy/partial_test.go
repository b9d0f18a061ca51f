package policy

import (
	"testing"

	"leeway/core/check"
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
