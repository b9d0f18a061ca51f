package monitor_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"leeway/core/report"
)

// TestBadStretch: three bad days of a reference are left out of its baseline, which
// says so; without them a level that stays off shows at once. The last days are not
// left out: they may be what is usual from now on.
func TestBadStretch(t *testing.T) {
	ofNumbers(t)
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	const days, rows, bad = 40, 200, 3
	for _, c := range []struct {
		name  string
		at    int // the first bad day
		note  string
		after float64 // by how much the amount is off after the reference
		alert bool
	}{
		{"bad, then as before", 20, "left out of the baseline: 2026-01-21 to 2026-01-23, where `amount` stood apart", 0, false},
		{"bad, then off for good", 20, "left out of the baseline: 2026-01-21 to 2026-01-23, where `amount` stood apart", 0.7, true},
		{"bad at the end", days - bad, "", 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.put("config/m.yaml", "window: {every: day}\n")
			for i := range days {
				amount := 0.0
				if i >= c.at && i < c.at+bad {
					amount = 2
				}
				w.put(fmt.Sprintf("reference/m/%02d.csv", i), creeping(start.AddDate(0, 0, i), rows, amount, 0))
			}
			for i := range 3 {
				w.put(fmt.Sprintf("logs/m/%02d.csv", i), creeping(start.AddDate(0, 0, days+i), rows, c.after, 0))
			}
			w.run()
			for i := range 3 {
				r := w.newest(start.AddDate(0, 0, days+i).Format("2006-01-02"))
				said := slices.ContainsFunc(r.Notes, func(note string) bool { return c.note != "" && strings.HasPrefix(note, c.note) })
				if left := slices.ContainsFunc(r.Notes, func(note string) bool { return strings.HasPrefix(note, "left out") }); left != (c.note != "") || said != left {
					t.Errorf("notes %q", r.Notes)
				}
				if want := int64(days*rows - bad*rows); c.note != "" && r.Reference.Rows != want {
					t.Errorf("the reference has %d rows, not %d", r.Reference.Rows, want)
				}
				if alert := r.Verdict == report.Alert; alert != c.alert {
					t.Errorf("day %d: %s: %s", i, r.Verdict, r.Summary)
				}
			}
		})
	}
}
