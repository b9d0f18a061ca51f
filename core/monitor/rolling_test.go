package monitor_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/core/state"
)

const rolling = "baseline: {kind: rolling, windows: 5}\n"

// course is the verdict of each day in order.
func (w *world) course() (days []string, verdicts []report.Verdict) {
	for _, s := range w.history() {
		days, verdicts = append(days, s.Window.Start.Format(time.DateOnly)), append(verdicts, s.Verdict)
	}
	return days, verdicts
}

// stepped is a bucket of 12 usual days, four that are off, and two usual ones
// again.
func stepped(t *testing.T) *world {
	w := newWorld(t)
	start := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	w.put("config/m.yaml", rolling)
	w.put("reference/m/r.csv", creeping(start.AddDate(0, -1, 0), 5000, 0, 0))
	for i := range 18 {
		off := 0.0
		if i >= 12 && i < 16 {
			off = 1
		}
		w.put(fmt.Sprintf("logs/m/%02d.csv", i), creeping(start.AddDate(0, 0, i), 400, off, 0))
	}
	w.run()
	return w
}

// TestRolling: a window is held against the last ones that were not in alert,
// so that a step stays one for as long as it lasts.
func TestRolling(t *testing.T) {
	w := stepped(t)
	days, verdicts := w.course()
	for i, verdict := range verdicts {
		if (verdict == report.Alert) != (i >= 12 && i < 16) {
			t.Errorf("%s: %s", days[i], verdict)
		}
	}
	for day, want := range map[int]report.Side{
		0:  {Rows: 5000},
		2:  {Rows: 5000},
		3:  {Rows: 1200, Earlier: days[0:3]},
		12: {Rows: 2000, Earlier: days[7:12]},
		15: {Rows: 2000, Earlier: days[7:12]},
		17: {Rows: 2000, Earlier: append(slices.Clone(days[8:12]), days[16])},
	} {
		r := w.newest(days[day])
		if r.Reference.Against == nil || r.Reference.Against.Kind != "rolling" || r.Reference.Baseline != w.baseline().Version {
			t.Errorf("%s: %+v", days[day], r.Reference)
		}
		var earlier []string
		for _, at := range r.Reference.Earlier {
			earlier = append(earlier, strings.TrimSuffix(at, "T00:00:00Z"))
		}
		if diff := cmp.Diff(want.Earlier, earlier); diff != "" || r.Reference.Rows != want.Rows {
			t.Errorf("%s: %d rows; %s", days[day], r.Reference.Rows, diff)
		}
		if want.Earlier != nil && len(r.Reference.Objects) != len(want.Earlier) {
			t.Errorf("%s: %d objects", days[day], len(r.Reference.Objects))
		}
		told := strings.Join(r.Notes, "\n")
		if few := strings.Contains(told, "too few windows before it are without an alert"); few != (want.Earlier == nil) {
			t.Errorf("%s: %s", days[day], told)
		}
	}
	w.wantIdle()
	if was, would := courses(w.backtest(nil)); !cmp.Equal(was, would) {
		t.Errorf("backtest with the same settings: %v, %v", was, would)
	}
	if _, would := courses(w.backtest(&monitor.BacktestOptions{Config: tried(t, "")})); would[13] != report.Alert {
		t.Errorf("with a static baseline: %v", would)
	}
}

// TestRollingSwitch: what was reported stays as it is when the kind is changed;
// what comes then is held against what the kind says.
func TestRollingSwitch(t *testing.T) {
	w := stepped(t)
	before := w.history()
	w.put("config/m.yaml", "version: 1\n")
	w.wantIdle()
	w.put("logs/m/18.csv", creeping(time.Date(2026, 2, 19, 0, 0, 0, 0, time.UTC), 400, 0, 0))
	w.run()
	after := w.history()
	if len(after) != 19 || after[18].Against != nil || after[17].Report != before[17].Report {
		t.Errorf("%d windows, the last against %+v", len(after), after[len(after)-1].Against)
	}
	w.put("logs/m/late.csv", creeping(time.Date(2026, 2, 9, 0, 0, 0, 0, time.UTC), 300, 0, 0))
	w.run()
	if r := w.newest("2026-02-11"); r.Reference.Against == nil || r.Reference.Rows != 2300 || r.Supersedes == "" {
		t.Errorf("a window whose past changed: %+v", r.Reference)
	}
	if r := w.newest("2026-02-09"); r.Reference.Against != nil {
		t.Errorf("a window with new rows: %+v", r.Reference)
	}
	w.wantIdle()
}

// TestRollingCreep: what comes so slowly that each window is like those before
// it is found all the same, for it is measured against the baseline.
func TestRollingCreep(t *testing.T) {
	ofNumbers(t)
	const onset = 15
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	w := newWorld(t)
	w.put("config/m.yaml", rolling)
	w.put("reference/m/r.csv", creeping(start.AddDate(0, -1, 0), 5000, 0, 0))
	for i := range 34 {
		w.put(fmt.Sprintf("logs/m/%02d.csv", i), creeping(start.AddDate(0, 0, i), 500, 0.02*float64(max(i-onset+1, 0)), 0))
	}
	w.run()
	days, first := w.slowly("amount")
	if len(days) == 0 {
		t.Fatal("no day says that it creeps")
	}
	found, err := time.Parse(time.DateOnly, days[0])
	if err != nil {
		t.Fatal(err)
	}
	if late := int(found.Sub(start).Hours()/24) - onset; late < 2 || late > 13 || first.Metric != "slow_drift" || first.NReference != 5000 {
		t.Errorf("found %d days after the onset: %+v", late, first)
	}
	if r := w.newest(days[0]); len(r.Reference.Earlier) != 5 {
		t.Errorf("%+v", r.Reference)
	}
}

// TestRollingDamage: a profile that others are held against is made again where
// its file is there, and left out where it is not.
func TestRollingDamage(t *testing.T) {
	for _, there := range []bool{true, false} {
		w := stepped(t)
		want := w.newest("2026-02-12").Reference
		var profile string
		for _, part := range w.batch("logs/m/08.csv").Parts {
			profile = state.ProfileKey("m", part.Window, part.Profile)
		}
		w.put(profile, "cut off")
		if !there {
			if err := w.store.Delete(t.Context(), "logs/m/08.csv"); err != nil {
				t.Fatal(err)
			}
		}
		w.put("logs/m/more.csv", creeping(time.Date(2026, 2, 12, 0, 0, 0, 0, time.UTC), 300, 0, 0))
		w.run()
		got := w.newest("2026-02-12")
		if there && got.Reference.Rows != want.Rows || !there && (got.Reference.Rows != want.Rows || slices.Contains(got.Reference.Earlier, "2026-02-09T00:00:00Z")) {
			t.Errorf("there %v: %+v", there, got.Reference)
		}
		if r := w.newest("2026-02-09"); r.Current.Rows != 400 || r.Supersedes != "" {
			t.Errorf("there %v: the window itself has %d rows, supersedes %q", there, r.Current.Rows, r.Supersedes)
		}
		w.wantIdle()
	}
}
