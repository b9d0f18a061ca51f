package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestAnytime: a sample in which nothing changes has a p-value as small as a level at
// any of many looks no more often than the level says, and a level is the inverse.
func TestAnytime(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	const rounds, looks = 20000, 48
	levels := []float64{0.2, 0.05, 0.01}
	ever, plain := make([]int, len(levels)), make([]int, len(levels))
	for range rounds {
		sum, least, single := 0.0, 1.0, 1.0
		for look := 1; look <= looks; look++ {
			sum += r.NormFloat64()
			p := 2 * NormalTail(math.Abs(sum)/math.Sqrt(float64(look)))
			least, single = min(least, Anytime(p, float64(look)/looks)), min(single, p)
		}
		for i, level := range levels {
			if least <= level {
				ever[i]++
			}
			if single <= level {
				plain[i]++
			}
		}
	}
	for i, level := range levels {
		rate := float64(ever[i]) / rounds
		t.Logf("%g: %.4f, uncorrected %.4f", level, rate, float64(plain[i])/rounds)
		if rate > level || rate < level/20 || float64(plain[i])/rounds < 2*level {
			t.Errorf("at %g: %.4f of samples, uncorrected %.4f", level, rate, float64(plain[i])/rounds)
		}
	}
	for _, share := range []float64{1e-4, 1.0 / 30, 0.5, 1, 3} {
		for _, level := range []float64{0.05, 1e-4, 1e-9} {
			one := AnytimeLevel(level, share)
			if !(one > 0 && one < level) {
				t.Errorf("level %g at %g of a sample: %g", level, share, one)
			}
			if got := Anytime(one, share); one > 1e-290 && math.Abs(got/level-1) > 1e-6 {
				t.Errorf("level %g at %g of a sample: %g, which is %g", level, share, one, got)
			}
		}
	}
	if p := Anytime(1, 0.5); p != 1 {
		t.Errorf("of no deviation: %g", p)
	}
	if p := Anytime(math.NaN(), 0.5); !math.IsNaN(p) {
		t.Errorf("of no test: %g", p)
	}
}
