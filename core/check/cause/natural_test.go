package cause_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"leeway/core/profile"
	"leeway/core/schema"
)

// shapes are columns of numbers as they come, with a typical width.
var shapes = []struct {
	name string
	std  float64
	draw func(r *rand.Rand) float64
}{
	{"normal", 1, func(r *rand.Rand) float64 { return r.NormFloat64() }},
	{"far from zero", 8, func(r *rand.Rand) float64 { return 70 + 8*r.NormFloat64() }},
	{"one decimal", 9, func(r *rand.Rand) float64 { return math.Round(10*(14+9*r.NormFloat64())) / 10 }},
	{"lognormal", 0.9, func(r *rand.Rand) float64 { return math.Exp(0.7 * r.NormFloat64()) }},
	{"exponential", 40, func(r *rand.Rand) float64 { return 40 * r.ExpFloat64() }},
	{"uniform", 0.29, func(r *rand.Rand) float64 { return r.Float64() }},
	{"integers", 12, func(r *rand.Rand) float64 { return math.Round(40 + 12*r.NormFloat64()) }},
	{"counts", 2, func(r *rand.Rand) float64 { return math.Floor(3 * r.ExpFloat64()) }},
	{"cents", 30, func(r *rand.Rand) float64 { return math.Round(100*math.Exp(3.6+0.7*r.NormFloat64())) / 100 }},
	{"two humps", 4, func(r *rand.Rand) float64 { return float64(r.IntN(2)*8) + r.NormFloat64() }},
	{"capped", 20, func(r *rand.Rand) float64 { return min(40*r.ExpFloat64(), 100) }},
	{"zeros", 5, func(r *rand.Rand) float64 {
		if r.Float64() < 0.6 {
			return 0
		}
		return 10 * r.ExpFloat64()
	}},
}

// natural draws what ordinary drift makes of a column: a function of its values.
func natural(r *rand.Rand, std float64) (what string, change func(float64) float64) {
	sign := float64(2*r.IntN(2) - 1)
	switch r.IntN(6) {
	case 0:
		by := sign * std * (0.1 + 1.4*r.Float64())
		return fmt.Sprintf("shift by %.3g", by), func(x float64) float64 { return x + by }
	case 1, 2:
		k := 1.2 + 1.8*r.Float64()
		for known(k) {
			k = 1.2 + 1.8*r.Float64()
		}
		if sign < 0 {
			k = 1 / k
		}
		return fmt.Sprintf("times %.4g", k), func(x float64) float64 { return x * k }
	case 3:
		by := sign * std / 2
		return "half a standard deviation", func(x float64) float64 { return x + by }
	case 4: // another population joins
		share, by := 0.1+0.4*r.Float64(), 3*sign*std
		return fmt.Sprintf("%.2g of them shifted by %.3g", share, by), func(x float64) float64 {
			if r.Float64() < share {
				return x + by + float64(std*r.NormFloat64())/2
			}
			return x
		}
	}
	share := 0.1 + 0.5*r.Float64()
	return fmt.Sprintf("%.2g of them become smaller", share), func(x float64) float64 {
		if r.Float64() < share {
			return x * r.Float64()
		}
		return x
	}
}

// known tells whether a factor is, to one and a half percent, one that units
// have: nobody could tell it from one.
func known(k float64) bool {
	for _, unit := range []float64{1.609344, 1.852, 2.2046226, 2.2369363, 2.54, 1.8} {
		if math.Abs(k/unit-1) < 0.015 {
			return true
		}
	}
	return false
}

// TestDriftIsNoFault: of simulated ordinary drift, none is called a fault.
func TestDriftIsNoFault(t *testing.T) {
	runs := 14
	if testing.Short() {
		runs = 5
	}
	alarms := 0
	for _, size := range [][2]int{{6000, 2000}, {1000, 1000}, {10000, 10000}} {
		r := rand.New(rand.NewPCG(7, uint64(size[0])))
		for run := range runs {
			before, after := rows{}, rows{}
			told := map[string]string{}
			for _, s := range shapes {
				what, change := natural(r, s.std)
				a, b := &data{kind: schema.Numeric}, &data{kind: schema.Numeric}
				for range size[0] {
					a.numbers = append(a.numbers, s.draw(r))
				}
				for range size[1] {
					b.numbers = append(b.numbers, change(s.draw(r)))
				}
				before[s.name], after[s.name], told[s.name] = a, b, what
			}
			for k := range 4 {
				name := "categories " + strconv.Itoa(k)
				before[name], after[name], told[name] = mix(r, k, size)
			}
			j := judged(t, before.profile(&profile.Baseline), after.profile(&profile.Stored), before.columns())
			alarms += len(j.Findings)
			for column, c := range causes(j) {
				t.Errorf("%v, run %d: %s, %s: called %s: %s", size, run, column, told[column], c.Kind, c.Evidence)
			}
		}
	}
	if alarms < 30*runs {
		t.Errorf("only %d alarms: the drifts are too small to prove anything", alarms)
	}
}

// mix draws categories whose shares change as they do by themselves: one grows,
// all are drawn anew, a new one appears, one disappears.
func mix(r *rand.Rand, how int, size [2]int) (before, after *data, what string) {
	names := []string{"a", "b", "c", "d", "unknown", "f", "g"}
	old := make([]float64, len(names))
	for i := range old[:len(old)-1] {
		old[i] = 0.2 + r.ExpFloat64()
	}
	changed := append([]float64{}, old...)
	switch how {
	case 0:
		changed[r.IntN(6)] *= 1.3 + 2*r.Float64()
		what = "one grows"
	case 1:
		for i := range changed[:6] {
			changed[i] = 0.2 + r.ExpFloat64()
		}
		what = "all anew"
	case 2:
		changed[6] = 0.1 + r.Float64()
		what = "a new one"
	default:
		changed[r.IntN(6)] = 0
		what = "one is gone"
	}
	side := func(n int, weights []float64) *data {
		d := &data{kind: schema.Categorical}
		for range n {
			d.texts = append(d.texts, pick(r, names, weights))
		}
		return d
	}
	return side(size[0], old), side(size[1], changed), what
}
