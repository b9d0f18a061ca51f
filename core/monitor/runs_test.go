package monitor_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/report"
)

// restless is the log of days of which each seven have a mood of their own, in a column and in
// how many predictions are wrong, which is more by wrong; the column is higher by shift.
func restless(start time.Time, days, rows int, shift, wrong float64) string {
	var b strings.Builder
	b.WriteString("id,ts,x,prediction,label\n")
	var mood, noise float64
	for d := range days {
		at := start.AddDate(0, 0, d)
		r := rand.New(rand.NewPCG(uint64(at.Unix()), 29))
		if d%7 == 0 {
			mood, noise = 0.3*r.NormFloat64(), min(max(0.15+0.05*r.NormFloat64(), 0.02), 0.4)
		}
		for i := range rows {
			prediction := r.Float64() < 0.4
			label := prediction != (r.Float64() < noise+wrong)
			fmt.Fprintf(&b, "o%d-%d,%s,%.3f,%s,%s\n", at.Unix(), i, at.Add(time.Duration(i)*20*time.Minute).Format(time.RFC3339), mood+shift+r.NormFloat64(), bit(prediction), bit(label))
		}
	}
	return b.String()
}

// TestFewMonths: of a reference of five months the weeks tell how months differ. Months like
// those are no alarm; one that is off is, where five months alone would have told nothing.
func TestFewMonths(t *testing.T) {
	ofNumbers(t)
	w := newWorld(t)
	w.put("config/m.yaml", "version: 1\nwindow: {every: month}\n")
	start := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	later := start.AddDate(0, 5, 0)
	w.put("reference/m/r.csv", restless(start, int(later.Sub(start).Hours()/24), 70, 0, 0))
	for i, off := range []struct{ shift, wrong float64 }{{}, {}, {}, {1.5, 0}, {0, 0.3}} {
		from := later.AddDate(0, i, 0)
		w.put(fmt.Sprintf("logs/m/%d.csv", i), restless(from, int(from.AddDate(0, 1, 0).Sub(from).Hours()/24), 70, off.shift, off.wrong))
	}
	w.run()
	runs := w.baseline().Runs
	if runs == nil || runs.Count != 20 || runs.Companies != 5 || runs.Seconds != 7*24*3600 || len(runs.Variation["drift.js_distance.x"]) != 20 || len(runs.Variation["performance.accuracy"]) != 20 {
		t.Fatalf("runs %+v", runs)
	}
	days, verdicts := w.course()
	for i, alarm := range []string{"", "", "", "drift", "performance"} {
		r := w.newest(days[i])
		if (verdicts[i] == report.Alert) != (alarm != "") || alarm != "" && r.Checks[alarm].Verdict != report.Alert {
			t.Errorf("%s: %s: %s", days[i], verdicts[i], r.Summary)
		}
	}
	const note = "the reference's 5 months are few: how they differ was taken from their 20 weeks too"
	if notes := strings.Join(w.newest(days[0]).Notes, "\n"); !strings.Contains(notes, note) {
		t.Errorf("notes %q", notes)
	}
}

// TestRuns: how windows are cut into runs does not hang on files or their order, and nothing
// is kept of runs where windows are many, or too short.
func TestRuns(t *testing.T) {
	start := time.Date(2025, 1, 6, 0, 0, 0, 0, time.UTC)
	built := func(every string, days int, parts ...int) *world {
		w := newWorld(t)
		w.put("config/m.yaml", "version: 1\nwindow: {every: "+every+"}\n")
		for _, part := range parts {
			size := days / len(parts)
			w.put(fmt.Sprintf("reference/m/%d.csv", part), restless(start.AddDate(0, 0, part*size), size, 24, 0, 0))
		}
		if _, err := w.monitor().BuildBaseline(t.Context(), "m", nil, true); err != nil {
			t.Fatal(err)
		}
		return w
	}
	one := built("week", 42, 0).baseline().Runs
	if one == nil || one.Count != 42 || one.Companies != 7 || one.Seconds != 24*3600 {
		t.Fatalf("%+v", one)
	}
	for _, parts := range [][]int{{0, 1, 2}, {2, 0, 1}} {
		if diff := cmp.Diff(built("week", 42, 0, 1, 2).baseline().Runs, built("week", 42, parts...).baseline().Runs); diff != "" {
			t.Errorf("in the order %v: %s", parts, diff)
		}
	}
	for every, days := range map[string]int{"week": 98, "day": 6, "3d": 24} {
		if runs := built(every, days, 0).baseline().Runs; runs != nil {
			t.Errorf("%s, %d days: %+v", every, days, runs)
		}
	}
}
