package drift

import (
	"testing"
	"time"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/stat"
)

// TestWhatIsOverHidesNothing: a level that was off for long and is back does not
// keep missing values that creep now from being told.
func TestWhatIsOverHidesNothing(t *testing.T) {
	const windows, rows = 40, 1000
	s := &sides{column: &schema.Column{Name: "x"}, n: 20000, m: rows, ref: &profile.Column{Rows: 20000}, cur: &profile.Column{Rows: rows}}
	at := func(i int) []metric.Pace {
		level, missing := 0.0, 0.0
		if i < 30 {
			level = 0.5
		}
		if i >= 30 {
			missing = 0.03 * float64(i-29)
		}
		return []metric.Pace{{Of: "level", Mean: level, Rows: rows}, {Of: "missing", Mean: missing, Rows: rows}}
	}
	var trail check.Trail
	for i := range windows {
		trail = append(trail, check.Stand{Start: int64(i), Paces: map[string][]metric.Pace{"x": at(i)}})
	}
	over, ok := s.slowly(&check.Input{}, trail, at(windows)[:1])
	if !ok || over.Lasts || over.p() < 1 {
		t.Errorf("the level is back: %+v, p %g", over, over.p())
	}
	found, ok := s.slowly(&check.Input{Start: windows}, trail, at(windows))
	if !ok || found.pace.Of != "missing" || found.p() > 1e-3 || found.LogE >= over.LogE {
		t.Errorf("%+v, p %g", found, found.p())
	}
}

// TestBegan: an onset before the first window that is remembered is no date.
func TestBegan(t *testing.T) {
	start := make([]int64, 20)
	for i := range start {
		start[i] = time.Date(2026, 3, 1+i, 0, 0, 0, 0, time.UTC).UnixNano()
	}
	for _, c := range []struct {
		onset    stat.Onset
		text     string
		at, from bool
	}{
		{stat.Onset{At: 4, From: 2, To: 7}, "about 5 March 2026 (between 3 March 2026 and 8 March 2026)", true, true},
		{stat.Onset{At: 4, From: 4, To: 4}, "5 March 2026", true, true},
		{stat.Onset{At: 4, From: -1, To: 7}, "about 5 March 2026 (8 March 2026 at the latest)", true, false},
		{stat.Onset{At: 4, From: -1, To: 4}, "about 5 March 2026", true, false},
		{stat.Onset{At: -9, From: -20, To: 0}, "before 2 March 2026", false, false},
		{stat.Onset{At: -1, From: -20, To: 19}, "before 20 March 2026", false, false},
	} {
		one := creep{Creep: stat.Creep{Onset: &c.onset}, past: history{start: start}}
		since := one.since(int64(24 * time.Hour))
		if since.Text != c.text || (since.At != nil) != c.at || (since.From != nil) != c.from || since.To != start[c.onset.To] {
			t.Errorf("%+v: %+v", c.onset, since)
		}
		if c.at && *since.At != start[c.onset.At] || c.from && *since.From != start[c.onset.From] {
			t.Errorf("%+v: %+v", c.onset, since)
		}
	}
}

// TestNothingCreeps: a series that stands still has no onset and no message, and
// its test costs the others as little as one that creeps.
func TestNothingCreeps(t *testing.T) {
	s := &sides{column: &schema.Column{Name: "x"}, n: 20000, m: 1000, ref: &profile.Column{Rows: 20000}, cur: &profile.Column{Rows: 1000}}
	var trail check.Trail
	now := []metric.Pace{{Of: "level", Mean: 0.01, Rows: 1000}}
	for i := range 30 {
		trail = append(trail, check.Stand{Start: int64(i), Paces: map[string][]metric.Pace{"x": now}})
	}
	still, ok := s.slowly(&check.Input{}, trail, now)
	e := still.evidence(s, &check.Input{})
	if !ok || e.P != 1 || e.Since != nil || e.Message != "" || e.Null(0.5) != 0.5*slowShare {
		t.Errorf("%+v", e)
	}
}

// TestStepIsNoCreep: what moved at once and stayed is not said to creep.
func TestStepIsNoCreep(t *testing.T) {
	for _, c := range []struct {
		onset         stat.Onset
		moved, spread string
	}{
		{stat.Onset{Total: 0.4}, "been creeping up", "been spreading out slowly"},
		{stat.Onset{Total: -0.4}, "been creeping down", "been narrowing slowly"},
		{stat.Onset{Total: 0.4, Step: true}, "been higher", "been more spread out"},
		{stat.Onset{Total: -0.4, Step: true}, "been lower", "been less spread out"},
	} {
		one := creep{Creep: stat.Creep{Onset: &c.onset}}
		if moved, spread := one.moved("higher", "lower"), one.spread(); moved != c.moved || spread != c.spread {
			t.Errorf("%+v: %s, %s", c.onset, moved, spread)
		}
	}
}
