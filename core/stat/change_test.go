package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// leveled is the chance, where nothing changed, that level, spread and tails of a large
// sample combine to p or less: level independent of the others, those with a correlation
// of 0.88. By a grid, to less than a hundredth.
func leveled(p float64) float64 {
	const rho, step = 0.88, 0.1
	density := func(z float64) float64 { return step * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) }
	narrow := func(z float64) float64 { return mostlyWider(2*NormalTail(math.Abs(z)), z > 0) }
	all := 0.0
	for z := -6 + step/2; z < 6; z += step {
		for e := -5 + step/2; e < 5; e += step {
			rest := []component{{"level", spreadOut.level + spreadOut.shape, 0, 0}, {"spread", spreadOut.spread, narrow(z), 0},
				{"tails", spreadOut.tails, narrow(rho*z + math.Sqrt(1-rho*rho)*e), 0}}
			low, high := 0., 1. // of the p of level that is enough
			for range 24 {
				rest[0].p = (low + high) / 2
				if entwined(combine(rest).P) <= p {
					low = rest[0].p
				} else {
					high = rest[0].p
				}
			}
			all += density(z) * density(e) * low
		}
	}
	return all
}

// TestEntwined: components that see much of the same do not add up to more than they say.
func TestEntwined(t *testing.T) {
	for _, p := range []float64{0.1, 0.05, 0.01, 0.001, 1e-4} {
		got := leveled(p) / p
		t.Logf("P <= %g: %.4f times as often", p, got)
		if got > 1.01 || got < 0.94 {
			t.Errorf("P <= %g %.4f times as often as that", p, got)
		}
	}
}

// TestLevelOfChange: a p-value of p or less comes in a share p of samples without change.
func TestLevelOfChange(t *testing.T) {
	for _, sides := range [][2]int{{100, 100}, {300, 300}, {1000, 1000}, {3000, 300}} {
		r := rand.New(rand.NewPCG(uint64(sides[0]), uint64(sides[1])))
		runs := draws(400, 300_000)
		levels := []float64{0.05, 0.01, 0.001}
		small := make([]int64, len(levels))
		values := make([]float64, sides[0]+sides[1])
		for i := range values {
			values[i] = float64(i)
		}
		for range runs {
			counts := [2][]int64{make([]int64, len(values)), make([]int64, len(values))}
			for i, at := range r.Perm(len(values)) {
				side := 0
				if i >= sides[0] {
					side = 1
				}
				counts[side][at] = 1
			}
			var p Pair
			p.Pool(Weighted{values, counts[0]}, Weighted{values, counts[1]})
			c, err := p.Change()
			if err != nil {
				t.Fatal(err)
			}
			for i, level := range levels {
				if c.P <= level {
					small[i]++
				}
			}
		}
		t.Logf("%v: %v of %d", sides, small, runs)
		for i, level := range levels {
			if BinomialTail(small[i], int64(runs), level) < 1e-4 {
				t.Errorf("%v: P <= %g in %d of %d samples", sides, level, small[i], runs)
			}
		}
	}
}
