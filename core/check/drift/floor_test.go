package drift

import (
	"math"
	"math/rand/v2"
	"testing"

	"leeway/core/check"
	"leeway/core/schema"
)

// TestFloor: where windows differ, each having a mood, the noise floor of distances between
// cells is what unchanged windows give, simulated; not as many times what sampling gives.
func TestFloor(t *testing.T) {
	const n, m, mood, runs = 40_000, 4_000, 0.15, 60
	r := rand.New(rand.NewPCG(7, 8))
	normal := func(count int, shift float64) []float64 {
		values := make([]float64, count)
		for i := range values {
			values[i] = shift + r.NormFloat64()
		}
		return values
	}
	reference := profiled(schema.Numeric, schema.Feature, normal(n, 0), nil)
	scale := math.Hypot(1, mood/math.Sqrt(1.0/n+1.0/m))
	sum, floor := map[string]float64{}, map[string]float64{}
	for range runs {
		current := profiled(schema.Numeric, schema.Feature, normal(m, mood*r.NormFloat64()), nil)
		for _, name := range []string{"js_distance", "hellinger", "total_variation", "psi"} {
			for _, e := range compared(t, schema.Numeric, schema.Feature, reference, current, check.Methods{Names: []string{name}}).Evidence {
				sum[name] += e.Value / runs
				floor[name] = e.Floor(scale)
				if again := e.Floor(1); math.Abs(again-e.NoiseFloor) > 1e-12 {
					t.Errorf("%s: the floor of windows that do not differ is %g, and %g", name, e.NoiseFloor, again)
				}
			}
		}
	}
	for name, mean := range sum {
		if ratio := floor[name] / mean; ratio < 0.85 || ratio > 1.5 {
			t.Errorf("%s: floor %g, unchanged windows give %g on average", name, floor[name], mean)
		}
	}
	if len(sum) != 4 {
		t.Errorf("%v", sum)
	}
}
