package monitor_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/core/state"
)

// shop says when rows are, and what they have of the calendar.
type shop struct {
	open, close int                     // hours of a day
	short       int                     // closing hour on Saturdays, 0: as on other days
	shut        func(time.Weekday) bool // nil: never
	dates       bool                    // rows have a date and no time
	rows        int                     // of a day
}

// days is the log of so many days, of which each has a weekday of its own, and
// each hour its level; off moves the amounts.
func (s shop) days(from time.Time, days int, off float64) string {
	var b strings.Builder
	b.WriteString("order_id,timestamp,weekday,amount,channel,prediction\n")
	for d := range days {
		at := from.AddDate(0, 0, d)
		if s.shut == nil || !s.shut(at.Weekday()) {
			s.day(&b, at, 0, 24, off)
		}
	}
	return b.String()
}

// hours is that of some hours of a day.
func (s shop) hours(at time.Time, from, to int, off float64) string {
	var b strings.Builder
	b.WriteString("order_id,timestamp,weekday,amount,channel,prediction\n")
	s.day(&b, at, from, to, off)
	return b.String()
}

func (s shop) day(b *strings.Builder, at time.Time, from, to int, off float64) {
	r := rand.New(rand.NewPCG(uint64(at.Unix()), 29))
	open, shut := s.open, s.close
	if s.short > 0 && at.Weekday() == time.Saturday {
		shut = s.short
	}
	span := time.Duration(shut-open) * time.Hour
	for i := range s.rows {
		when := at.Add(time.Duration(open)*time.Hour + span*time.Duration(i)/time.Duration(s.rows) + time.Duration(r.Int64N(int64(span)/int64(s.rows))))
		stamp, level := when.Format(time.RFC3339), 0.0
		if s.dates {
			stamp = at.Format(time.DateOnly)
		} else if when.Hour() < 12 {
			level = 1
		}
		channel, amount, prediction := r.IntN(3), r.NormFloat64(), r.IntN(2)
		if when.Hour() < from || when.Hour() >= to {
			continue
		}
		fmt.Fprintf(b, "o%d-%d,%s,%s,%.2f,%s,%d\n", at.Unix(), i, stamp, at.Weekday(), 80+20*(amount-level+off), []string{"web", "shop", "app"}[channel], prediction)
	}
}

// always is a shop that never closes.
var always = shop{close: 24, rows: 120}

// one is what was said of the window that begins on a day.
func (w *world) one(day string) state.Summary {
	w.Helper()
	all := w.history()
	at := slices.IndexFunc(all, func(s state.Summary) bool { return s.Window.Start.Format(time.DateOnly) == day })
	if at < 0 {
		w.Fatalf("no window of %s", day)
	}
	return all[at]
}

// weekly is a bucket of windows of a week with a reference of whole ones.
func (s shop) weekly(t *testing.T) *world {
	w := newWorld(t)
	w.put("config/m.yaml", "window: {every: week}\n")
	w.put("reference/m/r.csv", s.days(monday.AddDate(0, 0, -70), 70, 0))
	return w
}

// reports names the newest report of each window.
func (w *world) reports() map[string]string {
	w.Helper()
	all := map[string]string{}
	for _, s := range w.history() {
		all[s.Window.Key()] = s.Report
	}
	return all
}

// TestPartialWeeks: a week of which only some days are there is held against days of
// the reference; once it is whole it is judged as if all had come at once.
func TestPartialWeeks(t *testing.T) {
	w, all := always.weekly(t), always.weekly(t)
	var text strings.Builder
	for d := range 17 {
		at := monday.AddDate(0, 0, d)
		file := always.days(at, 1, 0)
		w.put(fmt.Sprintf("logs/m/%02d.csv", d), file)
		if d > 0 {
			_, file, _ = strings.Cut(file, "\n")
		}
		text.WriteString(file)
		result := w.run()
		week := w.one(at.AddDate(0, 0, -(d % 7)).Format(time.DateOnly))
		whole := d%7 == 6
		if week.Verdict != report.OK || (week.Partial == "") != whole {
			t.Errorf("%s: %s, %q: %s", at.Format(time.DateOnly), week.Verdict, week.Partial, week.Text)
		}
		if result.Verdict() != report.OK {
			t.Errorf("%s: the run is %s", at.Format(time.DateOnly), result.Verdict())
		}
		present := state.Present(w.history()).Window.Start
		if want := monday.AddDate(0, 0, d/7*7); !present.Equal(want) {
			t.Errorf("%s: the present is %s", at.Format(time.DateOnly), present)
		}
	}
	r := w.newest("2026-01-19")
	want := &report.Partial{Lacks: "end", First: "2026-01-19T00:11:40Z", Last: "2026-01-21T23:55:33Z", Until: r.Partial.Until, Pieces: []report.Pieces{{Seconds: 86400, Count: 32, Rows: 120}}}
	if diff := cmp.Diff(want, r.Partial); diff != "" || r.Partial.Until < "2026-01-25T20" {
		t.Errorf("%s\n%+v", diff, r.Partial)
	}
	if len(r.Findings) != 1 || r.Findings[0].ID != "drift.partial_window" || r.Findings[0].Severity != report.SeverityInfo ||
		!strings.HasSuffix(r.Findings[0].Hint, "Until then it is held against how pieces of the reference differ (32 days).") ||
		!strings.Contains(r.Summary, " The window is not over: its rows end at 2026-01-21 23:55, those of whole windows at 2026-01-25 2") {
		t.Errorf("%+v\n%s", r.Findings, r.Summary)
	}
	w.wantIdle()
	all.put("logs/m/a.csv", text.String())
	all.run()
	for _, day := range []string{"2026-01-05", "2026-01-12", "2026-01-19"} {
		one, at := w.one(day), all.one(day)
		if one.Verdict != at.Verdict || one.Text != at.Text || one.Past != at.Past {
			t.Errorf("%s: %s, at once %s", day, one.Text, at.Text)
		}
	}
	if was, would := courses(w.backtest(nil)); !cmp.Equal(was, would) {
		t.Errorf("backtest with the same settings: %v, %v", was, would)
	}
}

// TestPartialWithoutPieces: where nothing is known of pieces, windows that are not
// over are not judged, and fail no run.
func TestPartialWithoutPieces(t *testing.T) {
	w := newWorld(t)
	w.put("config/m.yaml", "window: {every: week}\n")
	w.put("reference/m/r.csv", always.days(monday.AddDate(0, 0, -7), 3, 0))
	w.put("logs/m/a.csv", always.days(monday, 1, 3))
	result := w.run()
	r := w.newest("2026-01-05")
	f := r.Findings[0]
	if r.Verdict != report.Unknown || result.Verdict() != report.OK || f.ID != "drift.partial_window" || f.Severity != report.SeverityUnknown ||
		!strings.HasSuffix(r.Summary, "Until then only what is broken for certain alarms.") || len(r.Partial.Pieces) != 0 {
		t.Errorf("%s, the run is %s: %s %+v", r.Verdict, result.Verdict(), r.Summary, r.Partial)
	}
	info := slices.IndexFunc(r.Findings, func(f report.Finding) bool { return f.ID == "drift.js_distance.amount" })
	if info < 0 || r.Findings[info].Severity != report.SeverityInfo || r.Findings[info].Streak != 0 {
		t.Errorf("findings %+v", r.Findings)
	}
	for name, check := range r.Checks {
		if check.Tests > 0 && check.Verdict != report.Unknown {
			t.Errorf("%s is %s", name, check.Verdict)
		}
	}
}

// TestPiecesOrder: however a reference is split into files, and in whatever order
// its rows are, the baseline is the same.
func TestPiecesOrder(t *testing.T) {
	if testing.Short() {
		t.Skip("many baselines")
	}
	var versions []string
	file := always.days(monday.AddDate(0, 0, -182), 182, 0)
	lines := strings.SplitAfter(strings.TrimSuffix(file, "\n"), "\n")
	lines[len(lines)-1] += "\n"
	for _, every := range []string{"day", "month"} {
		for _, files := range []int{1, 3} {
			w := newWorld(t)
			w.put("config/m.yaml", "window: {every: "+every+"}\n")
			rows := slices.Clone(lines[1:])
			if files > 1 {
				rand.New(rand.NewPCG(1, 2)).Shuffle(len(rows), func(i, k int) { rows[i], rows[k] = rows[k], rows[i] })
			}
			for i := range files {
				part := rows[i*len(rows)/files : (i+1)*len(rows)/files]
				w.put(fmt.Sprintf("reference/m/%d.csv", i), lines[0]+strings.Join(part, ""))
			}
			w.put("logs/m/a.csv", always.days(monday, 1, 0))
			w.run()
			b := w.baseline()
			if len(b.Pieces) == 0 || b.Pieces[0].Count < 16 || b.Pieces[0].Count > 32 {
				t.Errorf("%s, %d files: %d", every, files, len(b.Pieces))
			}
			pieces, err := json.Marshal(b.Pieces)
			if err != nil {
				t.Fatal(err)
			}
			versions = append(versions, string(pieces))
		}
	}
	if versions[0] != versions[1] || versions[2] != versions[3] {
		t.Error("pieces depend on the order of rows")
	}
}

// TestPartialThenOver: a week without its last days is judged once a row of the
// next one comes, in whatever order files do.
func TestPartialThenOver(t *testing.T) {
	ofNumbers(t)
	files := map[string]string{}
	for d := range 9 {
		if d < 4 || d > 6 {
			files[fmt.Sprintf("logs/m/%02d.csv", d)] = always.days(monday.AddDate(0, 0, d), 1, 0)
		}
	}
	orders := [][]string{keys(files), slices.Sorted(slices.Values(keys(files)))}
	slices.Reverse(orders[1])
	var reports []map[string]string
	for i, order := range orders {
		w := always.weekly(t)
		for _, key := range order {
			w.put(key, files[key])
			w.run()
			if i == 0 && key == "logs/m/03.csv" {
				if one := w.one("2026-01-05"); one.Verdict != report.OK {
					t.Errorf("after four days: %s", one.Text)
				}
			}
		}
		one := w.one("2026-01-05")
		if one.Verdict != report.Alert || one.Partial != "" {
			t.Errorf("order %d, once it is over: %s, %q: %s", i, one.Verdict, one.Partial, one.Text)
		}
		w.wantIdle()
		reports = append(reports, w.reports())
	}
	if diff := cmp.Diff(reports[0], reports[1]); diff != "" {
		t.Errorf("in another order: %s", diff)
	}
}

// TestPartialBroken: what is broken for certain is said on Monday.
func TestPartialBroken(t *testing.T) {
	w := always.weekly(t)
	w.put("logs/m/a.csv", strings.ReplaceAll(always.days(monday, 1, 0), ",amount,", ",price,"))
	result := w.run()
	one := w.one("2026-01-05")
	if one.Verdict != report.Alert || one.Partial != "end" || result.Verdict() != report.Alert || one.Findings[0].ID != "quality.missing_column.amount" {
		t.Errorf("%s: %s", one.Verdict, one.Text)
	}
	if !strings.Contains(one.Text, " The window is not over: ") || state.Present(w.history()).Window != one.Window {
		t.Errorf("%s", one.Text)
	}
}

// TestPartialStart: the first week is cut by the beginning of the data, until what
// was before comes.
func TestPartialStart(t *testing.T) {
	ofNumbers(t)
	w := always.weekly(t)
	w.put("logs/m/b.csv", always.days(monday.AddDate(0, 0, 3), 11, 0))
	w.run()
	one := w.one("2026-01-05")
	if one.Verdict != report.OK || one.Partial != report.LacksStart || !strings.Contains(one.Text, " The window is cut by the beginning of the data: its rows begin at 2026-01-08 ") {
		t.Errorf("%s, %q: %s", one.Verdict, one.Partial, one.Text)
	}
	next := w.one("2026-01-12")
	if next.Verdict != report.OK {
		t.Errorf("the week after: %s", next.Text)
	}
	w.put("logs/m/a.csv", always.days(monday, 3, 0))
	w.run()
	if one := w.one("2026-01-05"); one.Verdict != report.OK || one.Partial != "" {
		t.Errorf("once it is whole: %s, %q: %s", one.Verdict, one.Partial, one.Text)
	}
	w.wantIdle()
	if after := w.one("2026-01-12"); after.Past == next.Past {
		t.Error("the week after does not know of the rows of the first")
	}
}

// TestPartialDays: files of an hour are no day, and a day is there with its file
// where all days have the same hours, or each weekday its own.
func TestPartialDays(t *testing.T) {
	ofNumbers(t)
	w := newWorld(t)
	many := shop{close: 24, rows: 480}
	w.put("reference/m/r.csv", many.days(monday.AddDate(0, 0, -28), 28, 0))
	for h := range 24 {
		w.put(fmt.Sprintf("logs/m/%02d.csv", h), many.hours(monday, h, h+1, 0))
		if h%6 != 5 {
			continue
		}
		w.run()
		if one := w.one("2026-01-05"); one.Partial != map[bool]string{false: "end"}[h == 23] || one.Verdict != report.OK {
			t.Errorf("until %d: %s, %q: %s", h, one.Verdict, one.Partial, one.Text)
		}
	}
	for name, s := range map[string]shop{
		"hours":     {open: 8, close: 18, rows: 100},
		"saturdays": {open: 8, close: 18, short: 13, rows: 100},
		"dates":     {close: 24, dates: true, rows: 100},
	} {
		w := newWorld(t)
		w.put("reference/m/r.csv", s.days(monday.AddDate(0, 0, -28), 28, 0))
		for d := range 7 {
			at := monday.AddDate(0, 0, d)
			w.put(fmt.Sprintf("logs/m/%02d.csv", d), s.days(at, 1, 0))
			w.run()
			if one := w.one(at.Format(time.DateOnly)); one.Partial != "" {
				t.Errorf("%s, %s: %s", name, at.Weekday(), one.Text)
			}
		}
	}
}

// TestPartialWorkdays: a week is over with its last day of work, and dates stand
// for days.
func TestPartialWorkdays(t *testing.T) {
	ofNumbers(t)
	for name, s := range map[string]shop{
		"dates":    {close: 24, dates: true, rows: 100},
		"workdays": {close: 24, dates: true, rows: 100, shut: func(d time.Weekday) bool { return d == time.Saturday || d == time.Sunday }},
		"hours":    {open: 8, close: 18, rows: 100, shut: func(d time.Weekday) bool { return d == time.Saturday || d == time.Sunday }},
	} {
		w, last := s.weekly(t), 4
		if s.shut == nil {
			last = 6
		}
		for d := range last + 1 {
			w.put(fmt.Sprintf("logs/m/%02d.csv", d), s.days(monday.AddDate(0, 0, d), 1, 0))
			w.run()
			if one := w.one("2026-01-05"); (one.Partial == "") != (d == last) {
				t.Errorf("%s, day %d: %q: %s", name, d, one.Partial, one.Text)
			}
		}
	}
}

// TestPartialReference: the weeks that the reference cuts at its ends tell nothing
// of how weeks differ.
func TestPartialReference(t *testing.T) {
	w := newWorld(t)
	w.put("config/m.yaml", "window: {every: week}\n")
	w.put("reference/m/r.csv", always.days(monday.AddDate(0, 0, -67), 65, 0)) // from a Thursday to a Friday
	w.put("logs/m/a.csv", always.days(monday, 7, 0))
	w.run()
	b := w.baseline()
	if n := len(b.Variation["drift.js_distance.weekday"]); n != 8 {
		t.Errorf("%d windows", n)
	}
	if b.Cover == nil || b.Cover.Head > 3600*3 || b.Cover.Tail > 3600*3 {
		t.Errorf("%+v", b.Cover)
	}
	if one := w.one("2026-01-05"); one.Verdict != report.OK {
		t.Errorf("%s", one.Text)
	}
}

// TestPartialRolling: a window that is not whole is not what later ones are held
// against, nor what is usual of rows.
func TestPartialRolling(t *testing.T) {
	w := always.weekly(t)
	w.put("config/m.yaml", "window: {every: week}\nbaseline: {kind: rolling, windows: 3}\n")
	w.put("logs/m/a.csv", always.days(monday.AddDate(0, 0, 3), 32, 0))
	w.run()
	r := w.newest("2026-02-02")
	if want := []string{"2026-01-12T00:00:00Z", "2026-01-19T00:00:00Z", "2026-01-26T00:00:00Z"}; !slices.Equal(r.Reference.Earlier, want) {
		t.Errorf("against %v", r.Reference.Earlier)
	}
	if was, would := courses(w.backtest(&monitor.BacktestOptions{Config: tried(t, "window: {every: week}\nbaseline: {kind: rolling, windows: 3}\n")})); !cmp.Equal(was, would) {
		t.Errorf("backtest with the same settings: %v, %v", was, would)
	}
}

// TestPartialDrift: a change far beyond how days of a week, or parts of a day,
// differ does not wait for the rest; one that is not does.
func TestPartialDrift(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation")
	}
	w := always.weekly(t)
	w.put("logs/m/a.csv", always.days(monday, 1, 2))
	if result := w.run(); result.Verdict() != report.Alert {
		t.Errorf("%s", w.one("2026-01-05").Text)
	}
	one := w.one("2026-01-05")
	if one.Partial != "end" || !strings.HasSuffix(one.Findings[0].ID, ".amount") || !strings.Contains(one.Text, " The window is not over: ") {
		t.Errorf("%s", one.Text)
	}
	if was, would := courses(w.backtest(nil)); !cmp.Equal(was, would) {
		t.Errorf("backtest with the same settings: %v, %v", was, would)
	}
	many := shop{close: 24, rows: 480}
	for off, want := range map[float64]report.Verdict{0: report.OK, 0.5: report.OK, 4: report.Alert} {
		w := newWorld(t)
		w.put("reference/m/r.csv", many.days(monday.AddDate(0, 0, -28), 28, 0))
		w.put("logs/m/a.csv", many.hours(monday, 0, 6, off))
		w.run()
		if one := w.one("2026-01-05"); one.Verdict != want || one.Partial != "end" {
			t.Errorf("off by %g: %s: %s", off, one.Verdict, one.Text)
		}
	}
}

// TestPartialFalseAlarms: part of a window that is like all others hardly ever
// alarms, whatever hours and days do.
func TestPartialFalseAlarms(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation")
	}
	weeks, days := 2, 3
	start := monday.AddDate(0, 0, -70)
	for name, at := range map[string]func(r *rand.Rand, when time.Time, mood float64) float64{
		"alike": func(r *rand.Rand, _ time.Time, _ float64) float64 { return r.NormFloat64() },
		"moods": func(r *rand.Rand, _ time.Time, mood float64) float64 { return r.NormFloat64() + 0.5*mood },
		"weekends": func(r *rand.Rand, when time.Time, mood float64) float64 {
			if d := when.Weekday(); d == time.Saturday || d == time.Sunday {
				return r.NormFloat64() - 2 + 0.2*mood
			}
			return r.NormFloat64() + 0.2*mood
		},
		"a night batch": func(r *rand.Rand, when time.Time, _ float64) float64 {
			if when.Hour() == 0 {
				return r.NormFloat64() - 5
			}
			return r.NormFloat64()
		},
	} {
		file := func(from time.Time, hours, every int) string {
			var b strings.Builder
			b.WriteString("order_id,timestamp,amount,weekday\n")
			for h := range hours {
				hour := from.Add(time.Duration(h) * time.Hour)
				r := rand.New(rand.NewPCG(uint64(hour.Unix()), 31))
				mood := rand.New(rand.NewPCG(uint64(hour.Truncate(24*time.Hour).Unix()), 37)).NormFloat64()
				for i := range 60 / every {
					when := hour.Add(time.Duration(i*every) * time.Minute)
					fmt.Fprintf(&b, "%d,%s,%.3f,%s\n", when.Unix(), when.Format(time.RFC3339), at(r, when, mood), when.Weekday())
				}
			}
			return b.String()
		}
		looks, alarms := 0, 0
		look := func(w *world) {
			w.run()
			if all := w.history(); all[len(all)-1].Partial != "" {
				if testing.Verbose() && (all[len(all)-1].Verdict == report.Alert || all[len(all)-1].Verdict == report.Warn) {
					t.Log(name, all[len(all)-1].Window.Start, all[len(all)-1].Text)
				}
				if looks++; all[len(all)-1].Verdict == report.Alert || all[len(all)-1].Verdict == report.Warn {
					alarms++
				}
			}
		}
		w := newWorld(t)
		w.put("config/m.yaml", "window: {every: week}\n")
		w.put("reference/m/r.csv", file(start, 70*24, 10))
		for d := range 7 * weeks {
			w.put(fmt.Sprintf("logs/m/%03d.csv", d), file(monday.AddDate(0, 0, d), 24, 10))
			look(w)
		}
		w = newWorld(t)
		w.put("reference/m/r.csv", file(start, 28*24, 3))
		for h := 0; h < 24*days; h += 3 {
			w.put(fmt.Sprintf("logs/m/%03d.csv", h), file(monday.Add(time.Duration(h)*time.Hour), 3, 3))
			look(w)
		}
		if alarms > looks/30 {
			t.Errorf("%s: %d of %d parts of windows alarm", name, alarms, looks)
		}
	}
}
