package monitor_test

import (
	"fmt"
	"testing"
	"time"

	"leeway/core/report"
)

// looks counts windows in which nothing changed that alarmed before they were whole,
// at any of the looks there were at them; and once they were.
type looks struct {
	windows, looked, unknown, interim, whole, either int
}

// at judges windows after each file of some hours.
func (l *looks) at(t *testing.T, p *pattern, every, budget string, reference int, from time.Time, step time.Duration, days int) {
	w := newWorld(t)
	w.put("config/m.yaml", "window: {every: "+every+"}\npolicy: {false_alarms: "+budget+"}\n")
	w.put("reference/m/r.csv", p.hours(from.AddDate(0, 0, -reference), from))
	early, late := map[string]bool{}, map[string]bool{}
	for at := from; at.Before(from.AddDate(0, 0, days)); at = at.Add(step) {
		w.put("logs/m/"+at.Format("20060102T15")+".csv", p.hours(at, at.Add(step)))
		for _, r := range w.run().Reports {
			alarm := r.Verdict == report.Alert || r.Verdict == report.Warn
			if r.Partial == nil {
				late[r.Window.Start] = alarm
				continue
			}
			l.looked++
			early[r.Window.Start] = early[r.Window.Start] || alarm
			if alarm && testing.Verbose() {
				t.Logf("%s: %s", at.Format(time.RFC3339), r.Summary)
			}
			if r.Verdict == report.Unknown {
				l.unknown++
			}
		}
	}
	for start := range early {
		l.windows++
		for n, counts := range map[*int]bool{&l.interim: early[start], &l.whole: late[start], &l.either: early[start] || late[start]} {
			if counts {
				*n++
			}
		}
	}
}

func (l *looks) String() string {
	return fmt.Sprintf("%d windows, %d looks, %d unknown; alarm early %d, whole %d, either %d", l.windows, l.looked, l.unknown, l.interim, l.whole, l.either)
}

// TestLooks: that a window is looked at many times before it is whole does not make
// its chance to alarm exceed the budget.
func TestLooks(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation")
	}
	const budget = "0.05"
	for name, test := range map[string]struct {
		pattern
		every           string
		reference, days int
		step            time.Duration
	}{
		"weeks":             {pattern{rows: 60, level: none}, "week", 70, 14, 24 * time.Hour},
		"weeks of weekdays": {pattern{rows: 60, level: byDay}, "week", 70, 14, 24 * time.Hour},
		"days":              {pattern{rows: 480, level: none}, "day", 21, 1, time.Hour},
		"days of hours":     {pattern{rows: 480, level: byHour, busy: byNight}, "day", 21, 1, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			test.drift, test.column = none, func(t time.Time) string { return []string{"a", "b", "c"}[t.Unix()%3] }
			var l looks
			for i := range long() {
				l.at(t, &test.pattern, test.every, budget, test.reference, monday.AddDate(0, 0, 364*i), test.step, test.days)
			}
			t.Logf("at %s: %v", budget, &l)
			if most := 1 + l.windows/20; l.interim > most || l.either > 1+most {
				t.Errorf("at %s: %v", budget, &l)
			}
		})
	}
}
