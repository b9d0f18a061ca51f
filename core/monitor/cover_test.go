package monitor

import (
	"math"
	"math/rand/v2"
	"testing"
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
			if mean*r.ExpFloat64() > float64(usual(gaps, mean)) {
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
		if got := float64(usual(c.gaps, 60)) / hour; got > c.want || got < math.Floor(c.want) {
			t.Errorf("%s: %.2f hours", name, got)
		}
	}
}
