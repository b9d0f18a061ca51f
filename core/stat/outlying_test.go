package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// windows are deviates of windows that are alike, but for what is at some of them.
func windowsWith(r *rand.Rand, k int, at map[int]float64) []float64 {
	z := make([]float64, k)
	for i := range z {
		z[i] = r.NormFloat64() + at[i]
	}
	return z
}

// TestStretch: a bad stretch is found where it is, also where it moves the mean of all;
// what comes twice, stays, begins or ends the series, or is a single window, is none.
func TestStretch(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		name     string
		k        int
		at       map[int]float64
		from, to int
	}{
		{"two", 60, map[int]float64{20: 12, 21: 12}, 20, 22},
		{"four, one of them mild", 60, map[int]float64{20: -12, 21: -12, 22: 0, 23: -12}, 20, 24},
		{"single", 60, map[int]float64{20: 12}, 0, 0},
		{"twice", 60, map[int]float64{20: 12, 21: 12, 40: 12}, 0, 0},
		{"both ways", 60, map[int]float64{20: 12, 21: -12}, 0, 0},
		{"the end", 60, map[int]float64{58: 12, 59: 12}, 0, 0},
		{"the beginning", 60, map[int]float64{0: 12, 1: 12}, 0, 0},
		{"more than a tenth", 30, map[int]float64{10: 12, 11: 12, 12: 12, 13: 12}, 0, 0},
		{"few windows", 19, map[int]float64{8: 12, 9: 12}, 0, 0},
	} {
		z := windowsWith(r, c.k, c.at)
		for i := range z {
			z[i] -= 2 // where the others are from a mean that has the stretch in it
		}
		if from, to, _ := Stretch(z); from != c.from || to != c.to {
			t.Errorf("%s: %d to %d, not %d to %d", c.name, from, to, c.from, c.to)
		}
	}
}

// TestStretchByChance: next to no series of normal windows, of moods that last, or of
// heavy tails has one.
func TestStretchByChance(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const runs = 4000
	mood := 0.0
	for name, next := range map[string]func() float64{
		"normal": r.NormFloat64,
		"moods":  func() float64 { mood = float64(0.8*mood) + float64(0.6*r.NormFloat64()); return 3 * mood },
		"heavy":  func() float64 { return 3 * r.NormFloat64() / math.Sqrt(r.ExpFloat64()) },
	} {
		found := 0
		for range runs {
			z := make([]float64, 60)
			for i := range z {
				z[i] = next()
			}
			if from, to, _ := Stretch(z); to > from {
				found++
			}
		}
		t.Logf("%s: %d of %d", name, found, runs)
		if limit := map[string]int{"normal": 2, "moods": 12, "heavy": 80}[name]; found > limit {
			t.Errorf("%s: %d stretches in %d series", name, found, runs)
		}
	}
}

// TestRecurring: what stands apart now and then is found; one bad stretch, or what may
// be chance, is not.
func TestRecurring(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, c := range []struct {
		name string
		at   map[int]float64
		want int
	}{
		{"none", nil, 0},
		{"a stretch", map[int]float64{20: 15, 21: 15, 22: 15}, 0},
		{"one", map[int]float64{20: 15}, 0},
		{"four", map[int]float64{5: 15, 20: 15, 33: -15, 50: 15}, 3},
		{"a stretch and two", map[int]float64{20: 25, 21: 15, 33: 15, 50: 15}, 2},
	} {
		z := windowsWith(r, 60, c.at)
		square, degrees := Scatter(z, 1)
		o := Recurring(z, math.Sqrt(square), degrees)
		if len(o.sizes) != c.want {
			t.Errorf("%s: %v", c.name, o.sizes)
			continue
		}
		if c.want == 0 {
			if o.Tail(100) != 0 || o.Limit(0.01) != 0 {
				t.Errorf("%s: tail %g, limit %g", c.name, o.Tail(100), o.Limit(0.01))
			}
			continue
		}
		if p := o.Tail(14); p < 0.03 {
			t.Errorf("%s: one as those before has p %g", c.name, p)
		}
		for _, p := range []float64{0.03, 0.01, 1e-3, 1e-5} {
			if got := o.Tail(o.Limit(p)); math.Abs(got/p-1) > 1e-6 {
				t.Errorf("%s: the limit of %g has %g", c.name, p, got)
			}
		}
		for z := 0.0; z < 60; z++ {
			if o.Tail(z+1) > o.Tail(z) {
				t.Errorf("%s: the tail rises at %g", c.name, z)
			}
		}
	}
}

// TestMildOutliers: where one window in 15 is off by three standard deviations and a bit, few
// references have enough of them to say so for certain; later ones are little news all the same,
// and where there are none a level that is off by four shows about as often.
func TestMildOutliers(t *testing.T) {
	const known, later, runs, alpha = 60, 60, 1000, 0.01
	for _, c := range []struct {
		off, step float64
		low, high float64 // share of windows with a p-value of alpha or less
	}{{3.3, 0, 0, 0.0145}, {0, 0, 0, 0.01}, {0, 4, 0.82, 1}} {
		r := rand.New(rand.NewPCG(7, 9))
		draw := func() float64 {
			z := r.NormFloat64()
			if r.Float64() < 1./15 {
				z += c.off
			}
			return 7 * z
		}
		seen := 0
		for range runs {
			z, mean := make([]float64, known), 0.0
			for i := range z {
				z[i] = draw()
				mean += z[i] / known
			}
			for i := range z {
				z[i] -= mean
			}
			square, degrees := Scatter(z, 1-1./known)
			scale := math.Sqrt(square)
			o := Recurring(z, scale, degrees)
			for range later {
				if one := math.Abs(draw() + 7*c.step - mean); max(StudentTwoSided(one/scale, degrees), o.Tail(one)) <= alpha {
					seen++
				}
			}
		}
		if share := float64(seen) / (runs * later); share < c.low || share > c.high {
			t.Errorf("off by %g, all by %g: %g of windows", c.off, c.step, share)
		}
	}
}

// TestCentral: most windows are found where they are, whatever a few do; of normal ones
// nothing is cut to speak of.
func TestCentral(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	clean := windowsWith(r, 60, nil)
	cut, off := Central(clean)
	if math.Abs(off) > 0.02 || math.Abs(Wander(cut)-Wander(clean)) > 0.1 {
		t.Errorf("normal windows: off %g, wander %g and %g", off, Wander(cut), Wander(clean))
	}
	bad := windowsWith(r, 60, map[int]float64{4: 20, 19: 20, 33: 20, 47: 20})
	mean := 0.0
	for _, z := range bad {
		mean += z / 60
	}
	for i := range bad {
		bad[i] -= mean // as windows are held against all of them
	}
	cut, off = Central(bad)
	if math.Abs(off+mean-0.2) > 0.25 || Wander(cut) > 3 {
		t.Errorf("four outliers: off %g of %g, wander %g", off, -mean, Wander(cut))
	}
	if cut, off := Central(nil); cut != nil || off != 0 {
		t.Errorf("no windows: %v, %g", cut, off)
	}
}

// TestOneQuietWindow: a change does not end with one window that shows little of it by
// chance; with two it does, and with one that is clearly back.
func TestOneQuietWindow(t *testing.T) {
	for _, c := range []struct {
		quiet []float64 // means of the windows after it showed
		lasts bool
	}{{nil, true}, {[]float64{0.1}, true}, {[]float64{0.1, 0.1}, false}, {[]float64{0.1, 0.3}, true}, {[]float64{0}, false}} {
		var steps []Step
		add := func(n int, mean float64) {
			for range n {
				steps = append(steps, Step{Mean: mean, Rows: 100})
			}
		}
		add(10, 0)
		add(10, 0.3)
		for _, mean := range c.quiet {
			add(1, mean)
		}
		if found, err := Slow(20000, 1, steps); err != nil || found.LogE < alarmAt || found.Lasts != c.lasts {
			t.Errorf("after %v: %+v, %v", c.quiet, found, err)
		}
	}
}
