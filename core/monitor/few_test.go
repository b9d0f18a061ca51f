package monitor_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"leeway/core/report"
)

// uneven is a log of days with moods, between 150 and 250 rows each.
func uneven(r *rand.Rand, start time.Time, days int, shift float64) string {
	var b strings.Builder
	b.WriteString(header)
	for d := range days {
		b.WriteString(strings.TrimPrefix(moody(r, start.AddDate(0, 0, d), 1, 150+r.IntN(100), 0.3, shift), header))
	}
	return b.String()
}

// TestFewDays: whatever the days of a reference are, days that differ as those did
// among themselves are no news, whether they are held against days of the same name
// or against all; a day that is ten times as far off is.
func TestFewDays(t *testing.T) {
	ofNumbers(t)
	for _, c := range []struct {
		settings string
		days     int
		note     string
	}{
		{seasonal, 5, "compared with the whole baseline: it has 5 windows, too few to tell how those of one day of the week differ"},
		{seasonal, 7, "compared with the whole baseline: it has 7 windows, too few to tell how those of one day of the week differ"},
		{"", 7, ""},
		{"baseline: {kind: rolling}\n", 7, ""},
		{seasonal, 10, "compared with the whole baseline: it has 10 windows, too few to tell how those of one day of the week differ"},
		{seasonal, 14, "compared with Mondays of the baseline: 2 windows"},
		{seasonal, 21, "compared with Mondays of the baseline: 3 windows"},
	} {
		t.Run(fmt.Sprintf("%d days, %s", c.days, strings.TrimSpace(c.settings)), func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(c.days), 5))
			w := newWorld(t)
			w.put("config/m.yaml", "version: 1\n"+c.settings)
			w.put("reference/m/r.csv", uneven(r, monday.AddDate(0, 0, -c.days), c.days, 0))
			w.put("logs/m/a.csv", uneven(r, monday, 42, 0))
			w.put("logs/m/b.csv", uneven(r, monday.AddDate(0, 0, 42), 1, 4))
			w.run()
			days, verdicts := w.course()
			alarms := 0
			for i := range days[:42] {
				if verdicts[i] == report.Alert || verdicts[i] == report.Warn {
					alarms++
				}
			}
			if alarms > 4 { // of 42, at a budget of 1%: as if rows were independent it is 17 to 29
				t.Errorf("%d of 42 days like those of the reference alarm", alarms)
			}
			if last := verdicts[42]; last != report.Alert {
				t.Errorf("a day that is far off: %s: %s", last, w.newest(days[42]).Summary)
			}
			if notes := strings.Join(w.newest(days[0]).Notes, "\n"); !strings.Contains(notes, c.note) {
				t.Errorf("notes %q", notes)
			}
		})
	}
}

// TestReferenceOfOneWindow: that nothing is known of how windows differ is the first
// thing to be said, and no more than said.
func TestReferenceOfOneWindow(t *testing.T) {
	for days, begins := range map[int]string{
		1: "the reference is a single window (2026-01-04, window: {every: day}): it cannot tell how windows differ",
		2: "the reference is two windows (from 2026-01-03 on, window: {every: day}): it cannot tell how windows differ",
		3: "",
	} {
		r := rand.New(rand.NewPCG(uint64(days), 6))
		w := newWorld(t)
		w.put("reference/m/r.csv", uneven(r, monday.AddDate(0, 0, -days), days, 0))
		w.put("logs/m/a.csv", uneven(r, monday, 1, 4))
		w.run()
		date := monday.Format("2006-01-02")
		said := w.newest(date).Notes[0]
		if begins == "" && strings.Contains(said, "cannot tell how windows differ") || !strings.HasPrefix(said, begins) || begins != "" && w.newest(date).Verdict != report.Alert {
			t.Errorf("%d days: %s: %q", days, w.newest(date).Verdict, said)
		}
	}
}
