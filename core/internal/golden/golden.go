// Package golden holds what tests against reference values share: samples that
// Go and scripts/golden/shapes.py draw alike, bit for bit, and a comparison
// that says how far off a number is.
package golden

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// Load reads a file of reference values.
func Load(t testing.TB, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// Off is how far got is from want: relative, or absolute where that is smaller
// by the factor that the contract allows (1e-12 absolute for 1e-9 relative).
func Off(got, want float64) float64 {
	if got == want {
		return 0
	}
	d := math.Abs(got - want)
	off := min(d/math.Abs(want), d*1e3)
	if math.IsNaN(off) {
		return math.Inf(1)
	}
	return off
}

// SplitMix is the generator of the samples.
type SplitMix struct{ state uint64 }

// NewSplitMix starts at a seed.
func NewSplitMix(seed uint64) *SplitMix { return &SplitMix{seed} }

// Word is the next 64 bits.
func (r *SplitMix) Word() uint64 {
	r.state += 0x9E3779B97F4A7C15
	z := r.state
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9
	z = (z ^ (z >> 27)) * 0x94D049BB133111EB
	return z ^ (z >> 31)
}

// Uniform is a number in [0, 1).
func (r *SplitMix) Uniform() float64 { return float64(r.Word()>>11) * 0x1p-53 }

func bell(r *SplitMix) float64 {
	total := 0.0
	for range 12 {
		total += r.Uniform()
	}
	return total - 6
}

func zipf(k float64) func(*SplitMix) float64 {
	return func(r *SplitMix) float64 {
		low := 1 / k
		return math.Floor(1 / (float64(r.Uniform()*(1-low)) + low))
	}
}

// Shapes draw one value each. Only operations that round correctly are used,
// none of which the compiler may fuse.
var Shapes = map[string]func(*SplitMix) float64{
	"uniform": (*SplitMix).Uniform,
	"bell":    bell,
	"heavy": func(r *SplitMix) float64 {
		u := float64(float64(r.Word()>>11)*0x1p-53) + 0x1p-54
		return (u - 0.5) / (u * (1 - u))
	},
	"rounded":  func(r *SplitMix) float64 { return math.Floor(bell(r)*10) / 10 },
	"integers": func(r *SplitMix) float64 { return math.Floor(r.Uniform() * 6) },
	"zero_inflated": func(r *SplitMix) float64 {
		if r.Uniform() < 0.7 {
			return 0
		}
		return 10 / (r.Uniform() + 0.5)
	},
	"constant": func(*SplitMix) float64 { return 7 },
	"huge": func(r *SplitMix) float64 {
		x := 1e300 * (r.Uniform() + 0.5)
		if r.Uniform() < 0.5 {
			return -x
		}
		return x
	},
	"scales": func(r *SplitMix) float64 {
		x := bell(r)
		switch {
		case r.Uniform() < 0.3:
			return x * 1e-300
		case r.Uniform() < 0.3:
			return x * 1e12
		}
		return x
	},
	"spike": func(r *SplitMix) float64 {
		if r.Uniform() < 0.4 {
			return 3
		}
		return bell(r)
	},
	"denormals": func(r *SplitMix) float64 { return r.Uniform() * 1e-310 },
	"whole":     func(r *SplitMix) float64 { return math.Floor(r.Uniform() * 9e15) },
	"rare": func(r *SplitMix) float64 {
		if r.Uniform() < 0.002 {
			return 1
		}
		return 0
	},
	"gaps":      bell,
	"names":     func(r *SplitMix) float64 { return math.Floor(r.Uniform() * 1e6) },
	"two":       func(r *SplitMix) float64 { return math.Floor(r.Uniform() * r.Uniform() * 2) },
	"five":      func(r *SplitMix) float64 { return math.Floor(r.Uniform() * r.Uniform() * 5) },
	"zipf_50":   zipf(50),
	"zipf_2000": zipf(2000),
}

// Draw gives n values of a shape, each times factor plus shift. NaN stands for
// missing: in "gaps" runs of seven are.
func Draw(shape string, n int, seed uint64, factor, shift float64) []float64 {
	r := &SplitMix{seed}
	values := make([]float64, n)
	for i := range values {
		x := Shapes[shape](r)
		if shape == "gaps" && i/7%3 == 1 {
			x = math.NaN()
		}
		values[i] = float64(factor*x) + shift
	}
	return values
}
