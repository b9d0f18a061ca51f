package vary

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"leeway/core/partial"
	"leeway/core/state"
)

// TestUsual: of windows like those of the reference, few are taken for ones that
// end too early; a window that has no last day is.
func TestUsual(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, windows := range []int{1, 2, 4, 8, 28, 90} {
		const mean, rounds = 300.0, 4000
		early := 0
		for range rounds {
			gaps := make([]float64, windows)
			for i := range gaps {
				gaps[i] = mean * r.ExpFloat64()
			}
			if mean*r.ExpFloat64() > float64(usual(gaps, max(mean, spread80(gaps)))) {
				early++
			}
		}
		if rate := float64(early) / rounds; rate > 0.009 {
			t.Errorf("%d windows: %.2f%% of those alike are taken for early", windows, 100*rate)
		}
	}
	const hour = 3600.0
	for name, c := range map[string]struct {
		gaps []float64
		want float64 // more is too early, in hours
	}{
		"business hours":         {[]float64{6 * hour, 6.1 * hour, 6.2 * hour, 6 * hour, 6.1 * hour}, 6.8},
		"dates":                  {[]float64{24 * hour, 24 * hour, 24 * hour}, 24.2},
		"some without Sunday":    {[]float64{hour, hour, hour, 25 * hour, hour, 1.1 * hour, hour, hour, 25 * hour, hour}, 25.5},
		"a day that ended early": {[]float64{1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 14 * hour, 2}, 0.1},
	} {
		if got := float64(usual(c.gaps, max(60, spread80(c.gaps)))) / hour; got > c.want || got < math.Floor(c.want) {
			t.Errorf("%s: %.2f hours", name, got)
		}
	}
}

// TestCoverFew: of days with a hundred rows each the same at all hours, four of each
// weekday, those that end at eight in the evening are hardly ever taken for whole.
func TestCoverFew(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	const rounds = 1000
	early, late := 0, 0
	for range rounds {
		w := &Windows{extents: map[state.Window]*reached{}}
		start := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
		for d := range 30 {
			at := start.AddDate(0, 0, d)
			one := &reached{rows: 100}
			for range one.rows {
				when := at.Add(time.Duration(r.Int64N(int64(day))))
				one.Add(partial.Extent{First: when, Last: when})
			}
			w.extents[state.Window{Start: at, End: at.Add(day)}] = one
		}
		for _, reach := range w.cover().Days {
			if reach.Tail > 4*3600 || reach.Head > 4*3600 {
				early++
			}
			if reach.Tail < 3600 || reach.Head < 3600 {
				late++
			}
		}
	}
	if early > 7*rounds/150 || late > 7*rounds/150 {
		t.Errorf("of %d weekdays %d reach less far, %d further", 7*rounds, early, late)
	}
}
