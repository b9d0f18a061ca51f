package cause_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"leeway/core/profile"
	"leeway/core/schema"
)

// TestRoundedFinely: that decimals were lost is told by the values that there are, where the
// distribution is hardly another one; not where most values were round before, nor of
// numbers that chance may have made round.
func TestRoundedFinely(t *testing.T) {
	cents := func(r *rand.Rand) float64 { return math.Round(100*(90+40*r.NormFloat64())) / 100 }
	fine := func(r *rand.Rand) float64 { return 50 + 20*r.NormFloat64() }
	priced := func(round float64) func(*rand.Rand) float64 { // as prices are: most are round
		return func(r *rand.Rand) float64 {
			if r.Float64() < round {
				return math.Round(90 + 40*r.NormFloat64())
			}
			return cents(r)
		}
	}
	to := func(step float64) func(float64) float64 {
		return func(x float64) float64 { return math.Round(math.Round(x/step)*step*1e6) / 1e6 }
	}
	drifted := func(by float64) func(float64) float64 { return func(x float64) float64 { return math.Round(x + by) } }
	for _, c := range []struct {
		what  string
		draw  func(*rand.Rand) float64
		wrong func(float64) float64
		step  float64 // 0: not to be named
	}{
		{"cents", cents, to(1), 1},
		{"fine", fine, to(1), 1},
		{"fine to a decimal", fine, to(0.1), 0.1},
		{"prices", priced(0.3), to(1), 1},
		{"prices that were mostly round", priced(0.8), to(1), 0},
		{"dearer", cents, drifted(4), 1},
		{"quarters", fine, to(0.25), 0},
	} {
		r := rand.New(rand.NewPCG(4, 28))
		side := func(n int, f func(float64) float64) rows {
			d := &data{kind: schema.Numeric}
			for range n {
				d.numbers = append(d.numbers, f(c.draw(r)))
			}
			return rows{"x": d}
		}
		before := side(8000, func(x float64) float64 { return x })
		j := judged(t, before.profile(&profile.Baseline), side(4000, c.wrong).profile(&profile.Stored), before.columns())
		told, got := causes(j)["x"], 0.0
		if told != nil && told.Kind == "rounded" {
			got = *told.Step
		}
		if got != c.step || len(j.Findings) == 0 && c.step > 0 {
			t.Errorf("%s: %g, want %g: %s", c.what, got, c.step, j.Summary)
		}
		if told != nil {
			t.Logf("%s: %s\n%s", c.what, j.Summary, told.Evidence)
		}
	}
}
