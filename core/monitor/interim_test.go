package monitor_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"leeway/core/report"
)

// pattern is a log whose rows follow the weekday and the hour: what is common, how
// large amounts are, and what is missing.
type pattern struct {
	rows   int                     // a day
	level  func(time.Time) float64 // of amounts, in standard deviations
	also   func(time.Time) float64 // is added to amounts alone; nil: nothing
	drift  func(time.Time) float64 // the same of plain, of which nothing else depends on time
	busy   func(hour int) float64  // how much of an hour's rows are there; nil: all alike
	column func(time.Time) string  // a column that says when it is
	mood   float64                 // by which days differ besides, in standard deviations
}

const patternHeader = "order_id,timestamp,when,amount,plain,channel,prediction\n"

// hours is the log of some hours.
func (p *pattern) hours(from, to time.Time) string {
	var b strings.Builder
	b.WriteString(patternHeader)
	for at := from; at.Before(to); at = at.Add(time.Hour) {
		day := at.Truncate(24 * time.Hour)
		mood := p.mood * rand.New(rand.NewPCG(uint64(day.Unix()), 5)).NormFloat64()
		r := rand.New(rand.NewPCG(uint64(at.Unix()), 31))
		n := float64(p.rows) / 24
		if p.busy != nil {
			n *= p.busy(at.Hour())
		}
		for i := range int(n + r.Float64()) {
			when := at.Add(time.Duration(r.Int64N(int64(time.Hour))))
			channel := "app"
			if x := r.Float64(); x < 0.3+0.1*p.level(when) {
				channel = "web"
			} else if x < 0.6 {
				channel = "shop"
			}
			more := mood
			if p.also != nil {
				more += p.also(when)
			}
			amount := fmt.Sprintf("%.3f", r.NormFloat64()+p.level(when)+more)
			if r.Float64() < 0.03*(1+p.level(when)) {
				amount = ""
			}
			fmt.Fprintf(&b, "o%d-%d,%s,%s,%s,%.3f,%s,%d\n", at.Unix(), i, when.Format(time.RFC3339), p.column(when), amount, r.NormFloat64()+p.drift(when), channel, r.IntN(2))
		}
	}
	return b.String()
}

func none(time.Time) float64 { return 0 }

func weekday(t time.Time) string { return t.Weekday().String() }

// byDay is how amounts follow the weekday: Sundays stand apart.
func byDay(t time.Time) float64 { return []float64{1, 0.3, 0, -0.2, 0, 0.2, 0.5}[t.Weekday()] }

// byHour is how they follow the hour.
func byHour(t time.Time) float64 {
	switch h := t.Hour(); {
	case h < 6:
		return -0.8
	case h < 9:
		return 0.2
	case h < 20:
		return 0.4
	}
	return -0.2
}

// byNight is when rows come.
func byNight(hour int) float64 {
	if hour < 7 {
		return 0.4
	}
	return 1.2
}

// interim counts the windows that were not over when they were judged, and those
// that alarmed.
func (p *pattern) interim(t *testing.T, every string, reference int, from time.Time, step time.Duration, steps int) (windows, alarms, unknown int) {
	w := newWorld(t)
	w.put("config/m.yaml", "window: {every: "+every+"}\n")
	w.put("reference/m/r.csv", p.hours(from.AddDate(0, 0, -reference), from))
	for i := range steps {
		at := from.Add(time.Duration(i) * step)
		w.put(fmt.Sprintf("logs/m/%05d.csv", i), p.hours(at, at.Add(step)))
		for _, r := range w.run().Reports {
			if r.Partial == nil {
				continue
			}
			windows++
			switch full := w.newest(r.Window.Start[:10]); r.Verdict {
			case report.Alert, report.Warn:
				alarms++
				t.Logf("%s: %s", at.Format(time.RFC3339), full.Summary)
			case report.Unknown:
				unknown++
			}
		}
	}
	return windows, alarms, unknown
}

// long makes a simulation so many times as long: LEEWAY_CALIBRATE=20.
func long() int {
	n, err := strconv.Atoi(os.Getenv("LEEWAY_CALIBRATE"))
	if err != nil {
		return 1
	}
	return n
}

// byMonth is how they follow the month: the first day stands apart.
func byMonth(t time.Time) float64 {
	if t.Day() == 1 {
		return 2
	}
	return byDay(t)
}

// midnight stands apart.
func midnight(t time.Time) float64 {
	if t.Hour() == 0 {
		return 2
	}
	return 0
}

// TestInterim: windows that are not over alarm no more than the budget, though they
// hold some days of a week, or hours of a day, that are unlike whole ones.
func TestInterim(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation")
	}
	third := func(t time.Time) string { return strconv.Itoa(t.Hour() / 3) }
	for name, test := range map[string]struct {
		pattern
		every           string
		reference, days int
		step            time.Duration
	}{
		"daily files of weeks":  {pattern{rows: 120, level: byDay, column: weekday, mood: 0.1}, "week", 70, 21, 24 * time.Hour},
		"hourly files of days":  {pattern{rows: 720, level: byHour, busy: byNight, column: third, mood: 0.05}, "day", 21, 1, time.Hour},
		"days with a midnight":  {pattern{rows: 720, level: midnight, column: third}, "day", 21, 1, time.Hour},
		"files of hours, weeks": {pattern{rows: 480, level: byHour, busy: byNight, column: third}, "week", 49, 3, 3 * time.Hour},
		"daily files of months": {pattern{rows: 60, level: byMonth, column: weekday}, "month", 182, 16, 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			test.drift = none
			windows, alarms, unknown := 0, 0, 0
			for i := range long() {
				n, alarmed, few := test.interim(t, test.every, test.reference, monday.AddDate(0, 0, 364*i), test.step, test.days*int(24*time.Hour/test.step))
				windows, alarms, unknown = windows+n, alarms+alarmed, unknown+few
			}
			t.Logf("%d of %d, %d are unknown", alarms, windows, unknown)
			if windows < 13 || alarms > 1+windows/100 {
				t.Errorf("%d of %d windows alarm", alarms, windows)
			}
		})
	}
}

// TestInterimShift: what goes beyond the pattern is told at once: of a column without
// one half a standard deviation, of others what no day or hour has.
func TestInterimShift(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation")
	}
	by := func(size float64) func(time.Time) float64 {
		return func(at time.Time) float64 {
			if at.Before(monday) {
				return 0
			}
			return size
		}
	}
	weeks := pattern{rows: 360, level: byDay, drift: by(0.5), column: weekday, mood: 0.1}
	hours := pattern{rows: 360, level: byDay, drift: by(1), column: weekday, mood: 0.1}
	far := pattern{rows: 120, level: byDay, also: by(3), drift: none, column: weekday, mood: 0.1}
	night := pattern{rows: 720, level: byHour, drift: by(0.5), busy: byNight, column: weekday, mood: 0.05}
	for name, test := range map[string]struct {
		p     *pattern
		every string
		from  time.Time
		hours int
		id    string // what ids of findings end with; "" for none
	}{
		"a day of a week":          {&weeks, "week", monday, 24, ".plain"},
		"a day beyond the pattern": {&far, "week", monday, 24, ".amount"},
		"hours of a week":          {&hours, "week", monday, 15, ".plain"},
		"hours of a day":           {&night, "day", monday, 10, ".plain"},
		"the first hours of all":   {&night, "day", monday.Add(8 * time.Hour), 16, ".plain"},
		"hours without a change":   {&pattern{rows: 720, level: byHour, drift: none, busy: byNight, column: weekday}, "day", monday.Add(8 * time.Hour), 16, ""},
		"a day without a change":   {&pattern{rows: 720, level: byDay, drift: none, column: weekday}, "week", monday, 31, ""},
		"part of an hour":          {&pattern{rows: 7200, level: none, drift: by(0.5), column: func(at time.Time) string { return strconv.Itoa(at.Minute() / 10) }}, "hour", monday, 1, ".plain"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.put("config/m.yaml", "window: {every: "+test.every+"}\n")
			days := map[string]int{"week": 63, "day": 21, "hour": 4}[test.every]
			w.put("reference/m/r.csv", test.p.hours(monday.AddDate(0, 0, -days), monday))
			file := test.p.hours(test.from, test.from.Add(time.Duration(test.hours)*time.Hour))
			if test.every == "hour" {
				lines := strings.SplitAfter(file, "\n")
				file = strings.Join(slices.DeleteFunc(lines, func(s string) bool {
					return strings.Contains(s, "T00:") && !strings.Contains(s, "T00:0") && !strings.Contains(s, "T00:1")
				}), "")
			}
			w.put("logs/m/a.csv", file)
			result := w.run()
			r := w.newest(test.from.Format(time.DateOnly))
			if test.every == "week" {
				r = w.newest(monday.Format(time.DateOnly))
			}
			if r.Partial == nil || len(r.Partial.Pieces) == 0 {
				t.Fatalf("not judged by pieces: %s", r.Summary)
			}
			if test.id == "" {
				if result.Verdict() != report.OK || r.Findings[0].ID != "drift.partial_window" {
					t.Errorf("%s: %s", r.Verdict, r.Summary)
				}
				return
			}
			if r.Verdict != report.Alert || result.Verdict() != report.Alert || !strings.HasSuffix(r.Findings[0].ID, test.id) {
				t.Errorf("%s: %s %+v", r.Verdict, r.Summary, r.Partial)
			}
			for _, f := range r.Findings {
				if f.Severity == report.SeverityAlert && !strings.HasSuffix(f.ID, test.id) {
					t.Errorf("%s: %s", f.ID, f.Message)
				}
			}
		})
	}
}
