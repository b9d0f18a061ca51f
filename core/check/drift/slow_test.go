package drift

import (
	"testing"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/schema"
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
