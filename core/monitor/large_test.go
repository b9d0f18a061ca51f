package monitor_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"leeway/core/report"
)

// TestLargeWindows: of windows so large that the p-values of ordinary ones underflow, those
// that differ as the reference's do are no news; one that differs by far more is, though
// its p-value is no smaller.
func TestLargeWindows(t *testing.T) {
	ofNumbers(t)
	r := rand.New(rand.NewPCG(3, 4))
	weeks := func(start time.Time, n int, shift float64) string {
		var b strings.Builder
		b.WriteString(header)
		for week := range n { // a row a minute
			b.WriteString(strings.TrimPrefix(moody(r, start.AddDate(0, 0, 7*week), 1, 7*24*60, 0.6, shift), header))
		}
		return b.String()
	}
	w := newWorld(t)
	w.put("config/m.yaml", "version: 1\nwindow: {every: week}\n")
	w.put("reference/m/r.csv", weeks(monday.AddDate(0, 0, -7*16), 16, 0))
	w.put("logs/m/a.csv", weeks(monday, 6, 0))
	w.put("logs/m/b.csv", weeks(monday.AddDate(0, 0, 42), 1, 5))
	w.run()
	windows, verdicts := w.course()
	for i, verdict := range verdicts[:6] {
		if verdict != report.OK {
			t.Errorf("%s, like those of the reference: %s: %s", windows[i], verdict, w.newest(windows[i]).Summary)
		}
	}
	off := w.newest(windows[6])
	for i := range off.Findings {
		if f := &off.Findings[i]; f.Check == "drift" && f.Labels.Column == "amount" && f.Severity != report.SeverityInfo {
			return
		}
	}
	t.Errorf("eight times as far off: %s: %s", off.Verdict, off.Summary)
}
