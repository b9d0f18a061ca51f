package monitor_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"leeway/core/monitor"
	"leeway/core/report"
)

// moody is a log over days that each have a mood of their own: what is typical
// moves from day to day by so many standard deviations.
func moody(r *rand.Rand, start time.Time, days, rows int, sd, shift float64) string {
	var b strings.Builder
	b.WriteString(header)
	for d := range days {
		mood := 80 + 20*(shift+sd*r.NormFloat64())
		web := min(max(0.4+0.15*sd*r.NormFloat64(), 0.05), 0.9)
		for i := range rows {
			channel := []string{"shop", "app"}[r.IntN(2)]
			if r.Float64() < web {
				channel = "web"
			}
			at := start.AddDate(0, 0, d).Add(time.Duration(i) * time.Minute)
			fmt.Fprintf(&b, "o%d-%d,%s,%.2f,%s,%d\n", at.Unix(), i, at.Format(time.RFC3339), mood+20*r.NormFloat64(), channel, r.IntN(2))
		}
	}
	return b.String()
}

// TestDaysThatDiffer: where the days of the reference differ by more than their
// rows explain, days that differ as much are no drift; one that differs by far
// more is.
func TestDaysThatDiffer(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	start := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	w := newWorld(t)
	w.put("reference/m/r.csv", moody(r, start.AddDate(0, 0, -40), 40, 400, 0.25, 0))
	w.put("logs/m/a.csv", moody(r, start, 40, 400, 0.25, 0))
	w.put("logs/m/b.csv", moody(r, start.AddDate(0, 0, 40), 1, 400, 0.25, 2.5))
	w.run()
	alarms := 0
	for _, s := range w.history() {
		if s.Verdict == report.Alert && s.Window.Start.Before(start.AddDate(0, 0, 40)) {
			alarms++
			t.Log(s.Window.Key(), s.Text)
		}
	}
	if alarms > 2 { // a budget of 1% a day
		t.Errorf("%d of 40 days like those of the reference alarm", alarms)
	}
	last := w.newest(start.AddDate(0, 0, 40).Format("2006-01-02"))
	if last.Verdict != report.Alert {
		t.Errorf("a day that is ten times as far off: %s, %s", last.Verdict, last.Summary)
	}
	baselines, err := w.db.Baselines(t.Context(), "m")
	if err != nil || len(baselines) != 1 {
		t.Fatal(baselines, err)
	}
	if n := len(baselines[0].Variation["drift.js_distance.amount"]); n != 40 || baselines[0].Every != "day" {
		t.Errorf("the baseline knows %d windows of %q", n, baselines[0].Every)
	}
}

// TestWindowsOfAnotherLength: a baseline that was built for windows of another
// length is told of, by backtest too, and one that is made anew is another one
// though its rows are the same.
func TestWindowsOfAnotherLength(t *testing.T) {
	w := newWorld(t)
	start := time.Date(2026, 2, 2, 0, 0, 0, 0, time.UTC)
	w.put("reference/m/r.csv", moody(rand.New(rand.NewPCG(1, 2)), start.AddDate(0, 0, -28), 28, 100, 0.25, 0))
	w.put("logs/m/a.csv", moody(rand.New(rand.NewPCG(3, 4)), start, 1, 100, 0.25, 0))
	w.run()
	first := w.baseline()
	told := func() bool {
		return strings.Contains(strings.Join(w.newest("2026-02-02").Notes, "\n"), "known of the reference by the day, not by the week")
	}
	if told() {
		t.Error("told of windows that are as long")
	}
	weeks := "window: {every: week}\n"
	if b := w.backtest(&monitor.BacktestOptions{Config: tried(t, weeks)}); !strings.Contains(strings.Join(b.Notes, "\n"), "by the day, not by the week") {
		t.Errorf("backtest: %q", b.Notes)
	}
	w.put("config/m.yaml", "version: 1\n"+weeks)
	w.run()
	if !told() {
		t.Error("not told of windows of another length")
	}
	version, err := w.monitor().BuildBaseline(t.Context(), "m", nil, true)
	if err != nil {
		t.Fatal(err)
	}
	second, err := w.db.Baseline(t.Context(), "m", version)
	if err != nil || version == first.Version || second.Every != "week" || len(second.Variation["drift.js_distance.amount"]) == 0 {
		t.Errorf("%s after %s: every %q, %v", version, first.Version, second.Every, err)
	}
}

// TestReferenceWithoutTime: nothing is known of windows, and nothing breaks.
func TestReferenceWithoutTime(t *testing.T) {
	w := newWorld(t)
	w.put("reference/m/r.csv", "amount\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n")
	w.put("logs/m/a.csv", "amount\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n")
	w.run()
	baselines, err := w.db.Baselines(t.Context(), "m")
	if err != nil || len(baselines) != 1 || len(baselines[0].Variation) != 0 {
		t.Fatal(baselines, err)
	}
}
