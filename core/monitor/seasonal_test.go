package monitor_test

import (
	"fmt"
	"math"
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

const seasonal = "baseline: {kind: seasonal}\n"

// weekly is the log of days of which weekends are lower, each with a mood of its
// own; like is the day of the week that they are all like, where that is not nil.
func weekly(start time.Time, days, rows int, like *time.Weekday) string {
	var b strings.Builder
	b.WriteString(header)
	for d := range days {
		at := start.AddDate(0, 0, d)
		r := rand.New(rand.NewPCG(uint64(at.Unix()), 17))
		weekday := at.Weekday()
		if like != nil {
			weekday = *like
		}
		low, web := 0.0, 0.4
		if weekday == time.Saturday || weekday == time.Sunday {
			low, web = 1.5, 0.7
		}
		mood := 0.1 * r.NormFloat64()
		for i := range rows {
			channel := []string{"shop", "app"}[r.IntN(2)]
			if r.Float64() < web {
				channel = "web"
			}
			fmt.Fprintf(&b, "o%d-%d,%s,%.2f,%s,%d\n", at.Unix(), i, at.Add(time.Duration(i)*time.Minute).Format(time.RFC3339), 80+20*(r.NormFloat64()+mood-low), channel, r.IntN(2))
		}
	}
	return b.String()
}

var monday = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// weeks is a bucket with eight weeks of reference, four like them, and a Saturday
// that is like a weekday.
func weeks(t *testing.T, settings string) *world {
	w := newWorld(t)
	w.put("config/m.yaml", settings)
	w.put("reference/m/r.csv", weekly(monday.AddDate(0, 0, -56), 56, 300, nil))
	w.put("logs/m/a.csv", weekly(monday, 28, 300, nil))
	usual := time.Wednesday
	w.put("logs/m/b.csv", weekly(monday.AddDate(0, 0, 33), 1, 300, &usual))
	w.run()
	return w
}

// TestSeasonal: with a baseline by the day of the week, a weekend is no drift and
// a Saturday that is like a weekday is; without, that one cannot be told.
func TestSeasonal(t *testing.T) {
	ofNumbers(t)
	for _, c := range []struct {
		settings string
		saturday bool // alarms
	}{{seasonal, true}, {"baseline: {kind: static}\n", false}} {
		w := weeks(t, c.settings)
		days, verdicts := w.course()
		alarms := 0
		for _, verdict := range verdicts[:28] {
			if verdict == report.Alert {
				alarms++
			}
		}
		if alarms > 1 {
			t.Errorf("%q: %d of 28 usual days alarm", c.settings, alarms)
		}
		if (verdicts[28] == report.Alert) != c.saturday {
			t.Errorf("%q: %s is %s: %s", c.settings, days[28], verdicts[28], w.newest(days[28]).Summary)
		}
		w.wantIdle()
		other := seasonal
		if c.saturday {
			other = "baseline: {kind: static}\n"
		}
		if _, would := courses(w.backtest(&monitor.BacktestOptions{Config: tried(t, other)})); (would[28] == report.Alert) == c.saturday {
			t.Errorf("backtest with %q: %v", other, would)
		}
		if was, would := courses(w.backtest(nil)); !cmp.Equal(was, would) {
			t.Errorf("backtest with the same settings: %v, %v", was, would)
		}
		told := strings.Join(w.newest(days[3]).Notes, "\n")
		hint := strings.Contains(told, "the reference's days of the week differ (`channel`, `amount`), which hides smaller changes: baseline: {kind: seasonal, season: day-of-week} would")
		if hint == c.saturday {
			t.Errorf("%q: notes %s", c.settings, told)
		}
		if ok := w.newest(days[28]); !c.saturday && !strings.HasSuffix(ok.Summary, "The reference's days of the week differ, which hides smaller changes: baseline: {kind: seasonal, season: day-of-week} would show them.") {
			t.Errorf("%q: %s", c.settings, ok.Summary)
		}
	}
}

// TestSeasonalReference: what a window is held against is said, and few are
// helped out by what came since.
func TestSeasonalReference(t *testing.T) {
	ofNumbers(t)
	w := weeks(t, seasonal)
	r := w.newest("2026-01-31") // Saturdays since are not needed
	if r.Reference.Rows != 2400 || r.Reference.Slot != "saturday" || r.Reference.Earlier != nil ||
		!slices.Contains(r.Notes, "compared with Saturdays of the baseline: 8 windows") {
		t.Errorf("%+v, %q", r.Reference, r.Notes)
	}
	b := w.baseline()
	if slot := b.Slot("day-of-week", "saturday"); slot == nil || slot.Windows != 8 || slot.Turns != 8 || slot.Rows != 2400 {
		t.Errorf("%+v", slot)
	}
	w = newWorld(t)
	w.put("config/m.yaml", seasonal)
	w.put("reference/m/r.csv", weekly(monday.AddDate(0, 0, -14), 14, 300, nil))
	w.put("logs/m/a.csv", weekly(monday, 28, 300, nil))
	w.run()
	days, verdicts := w.course()
	for day, earlier := range map[int]int{5: 0, 12: 1, 19: 2, 26: 2} {
		r := w.newest(days[day])
		fit := 0
		for i := range earlier {
			if verdicts[day-7*(i+1)] != report.Alert {
				fit++
			}
		}
		if len(r.Reference.Earlier) != fit || r.Reference.Rows != int64(600+300*fit) || !strings.Contains(strings.Join(r.Notes, "\n"), "compared with Saturdays of the baseline") {
			t.Errorf("%s: %+v, %q", days[day], r.Reference, r.Notes)
		}
	}
	w = newWorld(t)
	w.put("config/m.yaml", seasonal)
	w.put("reference/m/r.csv", weekly(monday.AddDate(0, 0, -2), 2, 300, nil))
	w.put("logs/m/a.csv", weekly(monday, 7, 300, nil))
	w.run()
	if r := w.newest("2026-01-05"); r.Reference.Rows != 600 || r.Reference.Slot != "" || !strings.Contains(strings.Join(r.Notes, "\n"), "compared with the whole baseline: it knows no day-of-week") {
		t.Errorf("%+v, %q", r.Reference, r.Notes)
	}
	if b := w.backtest(nil); !strings.Contains(strings.Join(b.Notes, "\n"), "not compared with parts of the baseline: it knows no day-of-week") {
		t.Errorf("backtest: %q", b.Notes)
	}
}

// TestSeasonalDamage: a part of a baseline that is damaged stops its model, as a
// damaged baseline does, until another is built; a static baseline needs none.
func TestSeasonalDamage(t *testing.T) {
	ofNumbers(t)
	w := weeks(t, seasonal)
	w.put(state.SlotKey("m", w.baseline().Version, "day-of-week", "friday"), "cut off")
	w.put("logs/m/c.csv", weekly(monday.AddDate(0, 0, 39), 1, 300, nil))
	_, err := w.monitor().Run(t.Context(), "m")
	if err == nil || !strings.Contains(err.Error(), "friday.profile: is damaged") || !strings.Contains(err.Error(), "leeway baseline build") {
		t.Fatalf("%v", err)
	}
	w.put("config/m.yaml", "version: 1\n")
	w.run()
	w.put("config/m.yaml", seasonal)
	if _, err := w.monitor().BuildBaseline(t.Context(), "m", nil, true); err != nil {
		t.Fatal(err)
	}
	w.put("logs/m/d.csv", weekly(monday.AddDate(0, 0, 46), 1, 300, nil))
	w.run()
	if r := w.newest("2026-02-20"); r.Reference.Slot != "friday" {
		t.Errorf("%+v", r.Reference)
	}
}

// hourly is the log of days of which the nights are lower.
func hourly(start time.Time, days, rows int, night float64) string {
	var b strings.Builder
	b.WriteString(header)
	for h := range 24 * days {
		at := start.Add(time.Duration(h) * time.Hour)
		r := rand.New(rand.NewPCG(uint64(at.Unix()), 23))
		low := 0.0
		if at.Hour() < 8 {
			low = night
		}
		for i := range rows {
			fmt.Fprintf(&b, "o%d-%d,%s,%.2f,web,%d\n", at.Unix(), i, at.Add(time.Duration(i)*time.Minute).Format(time.RFC3339), 80+20*(r.NormFloat64()-low), r.IntN(2))
		}
	}
	return b.String()
}

// TestHours: windows of an hour are held against the same hour of the week, and
// an hour of the night that is like the day is told.
func TestHours(t *testing.T) {
	ofNumbers(t)
	w := newWorld(t)
	w.put("config/m.yaml", "window: {every: hour}\n"+seasonal)
	w.put("reference/m/r.csv", hourly(monday.AddDate(0, 0, -28), 28, 30, 2))
	w.put("logs/m/a.csv", hourly(monday, 1, 30, 2)+strings.TrimPrefix(hourly(monday.AddDate(0, 0, 1), 1, 30, 0), header))
	w.run()
	alarms := map[bool]int{}
	for _, s := range w.history() {
		r, err := w.db.Report(t.Context(), "m", s.Report)
		if err != nil {
			t.Fatal(err)
		}
		if want := strings.ToLower(s.Window.Start.Format("Monday-15")); r.Reference.Slot != want || r.Reference.Rows != 120 {
			t.Errorf("%s: %q, %d rows", s.Window.Key(), r.Reference.Slot, r.Reference.Rows)
		}
		if s.Verdict == report.Alert {
			alarms[s.Window.Start.Hour() < 8 && s.Window.Start.Day() == 6]++
		}
	}
	if alarms[true] < 7 || alarms[false] > 1 {
		t.Errorf("%d of 8 hours that are off alarm, %d of 40 others", alarms[true], alarms[false])
	}
	b := w.baseline()
	if differ := b.Season("hour-of-week").Differ; !cmp.Equal(differ, []string{"amount"}) {
		t.Errorf("differ: %q", differ)
	}
	w.wantIdle()
}

// yearly is the log of months, the amounts of which rise and fall with the year.
func yearly(from time.Time, months, rows int, off float64) string {
	var b strings.Builder
	b.WriteString(header)
	for i := range months {
		at := from.AddDate(0, i, 0)
		r := rand.New(rand.NewPCG(uint64(at.Unix()), 29))
		level := 2*math.Sin(2*math.Pi*float64(at.Month())/12) + 0.1*r.NormFloat64() + off
		for k := range rows {
			fmt.Fprintf(&b, "o%d-%d,%s,%.2f,web,%d\n", at.Unix(), k, at.Add(time.Duration(k)*time.Hour).Format(time.RFC3339), 80+20*(r.NormFloat64()+level), r.IntN(2))
		}
	}
	return b.String()
}

// TestMonths: windows of a month are held against the same month of earlier
// years, so that a June that is like a May is told.
func TestMonths(t *testing.T) {
	ofNumbers(t)
	start := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	w := newWorld(t)
	w.put("config/m.yaml", "window: {every: month}\n"+seasonal)
	w.put("reference/m/r.csv", yearly(start, 36, 400, 0))
	w.put("logs/m/a.csv", yearly(start.AddDate(3, 0, 0), 5, 400, 0)+strings.TrimPrefix(yearly(start.AddDate(3, 5, 0), 1, 400, 1), header))
	w.run()
	days, verdicts := w.course()
	for i, verdict := range verdicts {
		if (verdict == report.Alert) != (i == 5) {
			t.Errorf("%s: %s: %s", days[i], verdict, w.newest(days[i]).Summary)
		}
	}
	if r := w.newest("2026-04-01"); r.Reference.Slot != "april" || r.Reference.Rows != 1200 {
		t.Errorf("%+v", r.Reference)
	}
	b := w.baseline()
	if differ := b.Season("month-of-year").Differ; !cmp.Equal(differ, []string{"amount"}) {
		t.Errorf("differ: %q", differ)
	}
	if _, would := courses(w.backtest(&monitor.BacktestOptions{Config: tried(t, "window: {every: month}\n")})); would[5] == report.Alert {
		t.Errorf("a static baseline: %v", would)
	}
}

// TestOneYear: of a reference that has each month once nobody can tell whether
// months differ.
func TestOneYear(t *testing.T) {
	ofNumbers(t)
	w := newWorld(t)
	w.put("config/m.yaml", "window: {every: month}\n")
	w.put("reference/m/r.csv", yearly(time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), 12, 200, 0))
	w.put("logs/m/a.csv", yearly(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), 1, 200, 0))
	w.run()
	b := w.baseline()
	if season := b.Season("month-of-year"); season == nil || len(season.Slots) != 12 || season.Differ != nil {
		t.Errorf("%+v", season)
	}
	if told := strings.Join(w.newest("2026-01-01").Notes, "\n"); strings.Contains(told, "differ") {
		t.Errorf("notes: %s", told)
	}
}

// TestKnownCategories: what the baseline knows is no news, though the part of
// the season that a window is held against never had it.
func TestKnownCategories(t *testing.T) {
	ofNumbers(t)
	w := newWorld(t)
	w.put("config/m.yaml", seasonal)
	reference := weekly(monday.AddDate(0, 0, -28), 28, 200, nil)
	sunday := monday.AddDate(0, 0, -1).Format(time.DateOnly)
	var lines []string
	for line := range strings.Lines(reference) {
		if strings.Contains(line, sunday) {
			line = strings.Replace(line, "web", "phone", 1)
		}
		lines = append(lines, line)
	}
	w.put("reference/m/r.csv", strings.Join(lines, ""))
	phones := strings.Replace(weekly(monday, 1, 200, nil), ",web,", ",phone,", 10)
	w.put("logs/m/a.csv", phones)
	w.run()
	r := w.newest("2026-01-05")
	if r.Reference.Slot != "monday" || slices.ContainsFunc(r.Findings, func(f report.Finding) bool { return f.Metric == "unseen_category_ratio" }) {
		t.Errorf("%+v: %s", r.Reference, r.Summary)
	}
	for _, s := range r.Samples {
		if s.Metric == "unseen_category_ratio" && s.Labels.Column == "channel" && (s.Value != 0 || s.NReference != 5600) {
			t.Errorf("%+v", s)
		}
	}
}

// TestSeasonalCreep: a creep is measured against the parts as the reference had
// them, and found.
func TestSeasonalCreep(t *testing.T) {
	ofNumbers(t)
	const onset = 14
	w := newWorld(t)
	w.put("config/m.yaml", seasonal)
	for i := range 28 {
		w.put(fmt.Sprintf("reference/m/%02d.csv", i), creeping(monday.AddDate(0, 0, i-28), 500, 0, 0))
	}
	for i := range 42 {
		w.put(fmt.Sprintf("logs/m/%02d.csv", i), creeping(monday.AddDate(0, 0, i), 500, 0.02*float64(max(i-onset+1, 0)), 0))
	}
	w.run()
	days, first := w.slowly("amount")
	if len(days) == 0 {
		t.Fatal("no day says that it creeps")
	}
	if first.NReference != 2000 || first.Since.From > monday.AddDate(0, 0, onset+7).Format(time.RFC3339) {
		t.Errorf("found on %s: %+v, %+v", days[0], first, first.Since)
	}
	if late := days[0]; late < monday.AddDate(0, 0, onset+2).Format(time.DateOnly) || late > monday.AddDate(0, 0, onset+18).Format(time.DateOnly) {
		t.Errorf("found on %s", late)
	}
}
