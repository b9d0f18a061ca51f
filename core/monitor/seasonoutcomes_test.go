package monitor_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"leeway/core/report"
)

// TestSeasonalOutcomes: under a seasonal baseline what came true is held against the same
// day of the week, whether labels of the reference are in its rows or in a file of their own:
// a Wednesday on which the model is as wrong as it always is at weekends is an alarm, a
// Saturday like any other is none, and one on which it is as wrong again is one. Where too few
// rows of the day have a label the whole is what counts, and the report says so.
func TestSeasonalOutcomes(t *testing.T) {
	saturday, wednesday := monday.AddDate(0, 0, 5), monday.AddDate(0, 0, 9)
	for _, apart := range []bool{false, true} {
		w := newWorld(t)
		w.put("config/m.yaml", "version: 1\nbaseline: {kind: seasonal}\n")
		reference, labels := busy(monday.AddDate(0, 0, -56), 56, 350, 0, !apart)
		w.put("reference/m/r.csv", reference)
		if apart {
			w.put("labels/m/reference.csv", labels)
		}
		for day, wrong := range map[time.Time]float64{saturday: 0, saturday.AddDate(0, 0, 7): 0.2, wednesday: 0.1} {
			logs, labels := busy(day, 1, 350, wrong, false)
			w.put("logs/m/"+day.Format(time.DateOnly)+".csv", logs)
			w.put("labels/m/"+day.Format(time.DateOnly)+".csv", labels)
		}
		w.run()
		for day, want := range map[time.Time]report.Verdict{saturday: report.OK, saturday.AddDate(0, 0, 7): report.Alert, wednesday: report.Alert} {
			r := w.newest(day.Format(time.DateOnly))
			if got := r.Checks["performance"].Verdict; got != want {
				t.Errorf("labels apart %v, %s: %s, want %s: %s", apart, day.Weekday(), got, want, r.Summary)
			}
			note := "what came true is compared with that of " + day.Weekday().String() + "s of the baseline: 2800 labelled rows"
			if !slices.Contains(r.Notes, note) {
				t.Errorf("labels apart %v: no note %q in %q", apart, note, r.Notes)
			}
			was := 0.92
			if day != wednesday {
				was = 0.84
			}
			if got := *r.Performance.Metrics[0].Reference.Value; math.Abs(got-was) > 0.02 {
				t.Errorf("labels apart %v: accuracy of %ss of the reference is %g", apart, day.Weekday(), got)
			}
		}
		w.wantIdle()
	}
}

// TestSeasonalOutcomesOfFew: of days of which the reference has few labels the whole is what
// counts.
func TestSeasonalOutcomesOfFew(t *testing.T) {
	w := newWorld(t)
	w.put("config/m.yaml", "version: 1\nbaseline: {kind: seasonal}\n")
	reference, labels := busy(monday.AddDate(0, 0, -56), 56, 100, 0, false)
	w.put("reference/m/r.csv", reference)
	var some []string
	for i, line := range strings.Split(strings.TrimSpace(labels), "\n") {
		if i == 0 || i%20 == 1 {
			some = append(some, line)
		}
	}
	w.put("labels/m/reference.csv", strings.Join(some, "\n")+"\n")
	logs, labels := busy(monday, 1, 100, 0, false)
	w.put("logs/m/a.csv", logs)
	w.put("labels/m/a.csv", labels)
	w.run()
	want := "what came true is compared with that of the whole baseline: it has 40 labelled rows of Mondays, fewer than 100"
	if r := w.newest(monday.Format(time.DateOnly)); !slices.Contains(r.Notes, want) || r.Performance.Labelled != 100 || r.Performance.Metrics[0].Reference.Rows != 280 {
		t.Errorf("%q, %+v", r.Notes, r.Performance.Metrics[0].Reference)
	}
}

// TestRollingOutcomes: under a rolling baseline what came true is held against the whole of the
// approved one, which is said of windows that are held against others.
func TestRollingOutcomes(t *testing.T) {
	const note = "what came true is compared with that of the whole baseline: labels of the windows before may still come"
	w := newWorld(t)
	w.put("config/m.yaml", "version: 1\nbaseline: {kind: rolling, windows: 3}\n")
	reference, _ := busy(monday.AddDate(0, 0, -14), 14, 200, 0, true)
	w.put("reference/m/r.csv", reference)
	for i := range 5 {
		logs, labels := busy(monday.AddDate(0, 0, i), 1, 200, 0, false)
		w.put("logs/m/"+string(rune('a'+i))+".csv", logs)
		if i != 3 {
			w.put("labels/m/"+string(rune('a'+i))+".csv", labels)
		}
	}
	w.run()
	for i := range 5 {
		day := monday.AddDate(0, 0, i).Format(time.DateOnly)
		r := w.newest(day)
		others := strings.Contains(strings.Join(r.Notes, "\n"), "compared with the last 3 windows")
		if got := slices.Contains(r.Notes, note); got != (others && i != 3) || others != (i >= 3) {
			t.Errorf("%s: %q", day, r.Notes)
		}
	}
	w.wantIdle()
}
