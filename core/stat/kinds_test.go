package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestFewerKinds: of samples from one population the p-value is no smaller than it may
// be, whether kinds are many, few, or of very unlike sizes, and either side is larger.
func TestFewerKinds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	shapes := map[string]func() int64{
		"many": func() int64 { return r.Int64() },
		"some": func() int64 { return r.Int64N(200) },
		"few":  func() int64 { return r.Int64N(5) },
		"uneven": func() int64 {
			return int64(math.Pow(r.Float64(), -1.5))
		},
	}
	kinds := func(draw func() int64, items int64) float64 {
		seen := map[int64]bool{}
		for range items {
			seen[draw()] = true
		}
		return float64(len(seen))
	}
	const runs = 400
	for name, draw := range shapes {
		for _, size := range [][2]int64{{200, 200}, {1000, 100}, {100, 500}} {
			low := 0
			for range runs {
				p, _ := FewerKinds(kinds(draw, size[0]), size[0], kinds(draw, size[1]), size[1], 1)
				if p <= 0.05 {
					low++
				}
			}
			if low > runs/20 {
				t.Errorf("%s, %v: p of 0.05 or less in %d of %d", name, size, low, runs)
			}
		}
	}
	for _, c := range []struct {
		before float64
		n      int64
		now    float64
		m      int64
		want   float64
	}{
		{3000, 3000, 1200, 3000, math.Exp(-2 * 1500 * 1500 / (0.81*3000 + 3000))},
		{3000, 3000, 50, 100, math.Exp(-2 * 40 * 40 / (0.03*0.03*3000 + 100))},
		{300, 3000, 30, 100, 1},
		{0, 0, 3, 9, 1},
	} {
		if p, _ := FewerKinds(c.before, c.n, c.now, c.m, 0.9); math.Abs(p-c.want) > 1e-12*c.want {
			t.Errorf("%+v: p %g", c, p)
		}
	}
}
