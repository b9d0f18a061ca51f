package monitor_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"leeway/core/report"
	"leeway/core/state"
)

// TestPartialHidden: where pieces of the reference differ so much that what matters
// would not show, a window that is not over is not said to be ok, whatever windows
// are, and neither is it news.
func TestPartialHidden(t *testing.T) {
	if testing.Short() {
		t.Skip("several baselines")
	}
	weekend := func(t time.Time) float64 {
		if d := t.Weekday(); d == time.Saturday || d == time.Sunday {
			return -0.5
		}
		return 0
	}
	night := func(t time.Time) float64 { return map[bool]float64{true: -1.5, false: 0.5}[t.Hour() < 6] }
	minutes := func(t time.Time) float64 { return map[bool]float64{true: -1.5, false: 0.5}[t.Minute() < 15] }
	for every, test := range map[string]struct {
		level     func(time.Time) float64
		rows      int // a day
		reference int // days
		off       float64
		before    time.Duration // of logs
		length    time.Duration // of the window that is there
	}{
		"week":  {weekend, 120, 70, 0.7, 168 * time.Hour, 72 * time.Hour},
		"month": {weekend, 120, 182, 0.7, 744 * time.Hour, 72 * time.Hour},
		"day":   {night, 2400, 14, 1, 24 * time.Hour, 5 * time.Hour},
		"hour":  {minutes, 48000, 1, 1, time.Hour, time.Hour},
	} {
		t.Run(every, func(t *testing.T) {
			for _, off := range []float64{0, test.off} {
				w := newWorld(t)
				w.put("config/m.yaml", "window: {every: "+every+"}\n")
				from := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)    // a Monday
				file := func(from, to time.Time, off float64) string { // of amounts, which follow the level, alone
					p := pattern{rows: test.rows, level: func(t time.Time) float64 { return test.level(t) + off }, drift: none, column: weekday}
					var b strings.Builder
					for _, line := range strings.Split(strings.TrimSuffix(p.hours(from, to), "\n"), "\n") {
						cells := strings.Split(line, ",")
						if every == "hour" && !from.Before(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)) && cells[1] != "timestamp" && cells[1] > "2026-06-01T00:10" {
							continue
						}
						fmt.Fprintf(&b, "%s,%s,%s\n", cells[0], cells[1], cells[3])
					}
					return b.String()
				}
				w.put("reference/m/r.csv", file(from.AddDate(0, 0, -test.reference), from, 0))
				w.put("logs/m/0.csv", file(from.Add(-test.before), from, 0))
				w.run()
				before := state.Present(w.history()).Window
				w.put("logs/m/1.csv", file(from, from.Add(test.length), off))
				result := w.run()
				r := w.newest(from.Format(time.DateOnly))
				if r.Verdict != report.Unknown || !strings.Contains(r.Summary, " times as large as what matters would show. It is judged in full when ") || result.Verdict() != report.OK || state.Present(w.history()).Window != before {
					t.Errorf("off by %g: %s, run %s: %s", off, r.Verdict, result.Verdict(), r.Summary)
				}
			}
		})
	}
}

// TestPartialBegun: where rows are too few to know hours, days that are only begun
// are held against whole ones, with a margin.
func TestPartialBegun(t *testing.T) {
	for off, want := range map[float64]report.Verdict{0: report.Unknown, 3: report.Alert} {
		p := pattern{rows: 13, level: none, column: weekday, drift: func(at time.Time) float64 {
			if at.Before(monday) {
				return 0
			}
			return off
		}}
		w := newWorld(t)
		w.put("config/m.yaml", "window: {every: week}\n")
		w.put("reference/m/r.csv", p.hours(monday.AddDate(0, 0, -70), monday))
		for d := range 3 {
			at := monday.AddDate(0, 0, d)
			w.put(fmt.Sprintf("logs/m/%d.csv", d), p.hours(at, at.Add(18*time.Hour)))
		}
		w.run()
		r := w.newest(monday.Format(time.DateOnly))
		if r.Verdict != want || len(r.Partial.Pieces) != 1 || r.Partial.Pieces[0].Seconds != 86400 {
			t.Errorf("off by %g: %s %+v: %s", off, r.Verdict, r.Partial, r.Summary)
		}
	}
}
