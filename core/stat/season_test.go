package stat

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// TestBetween: with three groups the tail of F has a closed form,
// (1 + 2F/d)^(-d/2), and F comes of the ranks 1..13 by hand.
func TestBetween(t *testing.T) {
	groups := [][]float64{{1, 5, 3.5, 9}, {2, 8, 8, 12, 7}, nil, {11, 14, 9, 10}}
	p, err := Between(groups)
	if want := math.Pow(1+2*4.671386588298156/10, -5); err != nil || math.Abs(p-want) > 1e-12 {
		t.Errorf("p %.15g, %v", p, err)
	}
	for _, few := range [][][]float64{nil, {{1, 2, 3, 4, 5, 6, 7}}, {{1, 2}, {3, 4}}, {{1, 2, 3, 4, 5, 6, 7}, {1}}} {
		if _, err := Between(few); !errors.Is(err, ErrFew) {
			t.Errorf("%v: %v", few, err)
		}
	}
	same := [][]float64{{1, 1, 1, 1}, {1, 1, 1, 1}}
	if p, err := Between(same); p != 1 || err != nil {
		t.Errorf("one value: %g, %v", p, err)
	}
}

// TestSeasonOverflow: values that are not finite end in an error.
func TestSeasonOverflow(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if p, err := Between([][]float64{{1, 2, bad, 3}, {4, 5, 6, 7}}); !errors.Is(err, ErrOverflow) {
			t.Errorf("groups with %g: %g, %v", bad, p, err)
		}
		if p, err := Cycle(turnsOf([]float64{1, 2, 3, 4, 5, bad, 7, 8, 9, 10}, 2)); !errors.Is(err, ErrOverflow) {
			t.Errorf("turns with %g: %g, %v", bad, p, err)
		}
	}
	if p, err := Cycle(turnsOf([]float64{1, 2, 3, 4, 5, 6, 7, 8, math.MaxFloat64, math.MaxFloat64}, 2)); !errors.Is(err, ErrOverflow) {
		t.Errorf("large turns: %g, %v", p, err)
	}
}

// turnsOf cuts values into turns.
func turnsOf(x []float64, length int) []Turn {
	var turns []Turn
	for i := 0; i < len(x); i += length {
		turns = append(turns, Turn{int64(i / length), x[i : i+length]})
	}
	return turns
}

// courses without any season: each gives the next value, where it begins a turn
// of so many or not.
var courses = []struct {
	name string
	make func(r *rand.Rand) func(start bool) float64
}{
	{"noise", wandering(0, 1, 0, 0)},
	{"noise that keeps half", wandering(0.5, math.Sqrt(0.75), 0, 0)},
	{"noise that keeps 0.9", wandering(0.9, math.Sqrt(0.19), 0, 0)},
	{"a random walk", wandering(1, 1, 0, 0)},
	{"a random walk with a drift", wandering(1, 1, 0.5, 0)},
	{"a slow slope", wandering(0, 1, 0, 0.02)},
	{"a slope", wandering(0, 1, 0, 0.5)},
	{"a slope in noise that keeps 0.9", wandering(0.9, math.Sqrt(0.19), 0, -0.1)},
	{"each turn constant", stairs(1, 0)},
	{"each turn constant, and higher than the one before", stairs(0.1, 1)},
}

func wandering(keep, noise, drift, slope float64) func(*rand.Rand) func(bool) float64 {
	return func(r *rand.Rand) func(bool) float64 {
		x, line := 0.0, 0.0
		return func(bool) float64 {
			x, line = keep*x+noise*r.NormFloat64()+drift, line+slope
			return 100 + x + line
		}
	}
}

func stairs(noise, step float64) func(*rand.Rand) func(bool) float64 {
	return func(r *rand.Rand) func(bool) float64 {
		x, level := 0.0, 100.0
		return func(start bool) float64 {
			if start {
				level += step
				x = level + noise*r.NormFloat64()
			}
			return x
		}
	}
}

// TestSeasonCalibration: where there is no season, whatever else there is from
// value to value, none is found more often than asked for.
func TestSeasonCalibration(t *testing.T) {
	const runs, level = 2000, 0.01
	for _, course := range courses {
		r := rand.New(rand.NewPCG(1, 2))
		days, found := 0, map[int]int{}
		for range runs {
			next := course.make(r)
			week := make([][]float64, 7)
			for i := range 56 {
				week[i%7] = append(week[i%7], next(true))
			}
			if p, err := Between(week); err != nil {
				t.Fatal(err)
			} else if p <= level {
				days++
			}
			for _, length := range []int{24, 4, 2} {
				var turns []Turn
				next := course.make(r)
				for day := range int64(20) {
					turn := Turn{At: day}
					for k := range length {
						turn.Values = append(turn.Values, next(k == 0))
					}
					if day%7 < 5 { // weekends are missing
						turns = append(turns, turn)
					}
				}
				if p, err := Cycle(turns); err != nil {
					t.Fatal(err)
				} else if p <= level {
					found[length]++
				}
			}
		}
		for _, n := range append([]int{days}, found[24], found[4], found[2]) {
			if n > 1.6*level*runs {
				t.Errorf("%s: a week in %d of %d, turns %v", course.name, days, runs, found)
				break
			}
		}
	}
}

// TestSeasonPower: a wave of one standard deviation over eight weeks, or two
// weeks of hours, is found, whatever its phase and however the level wanders.
func TestSeasonPower(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	week := make([][]float64, 7)
	for i := range 56 {
		low := 0.0
		if i%7 > 4 {
			low = 2
		}
		week[i%7] = append(week[i%7], r.NormFloat64()-low)
	}
	if p, err := Between(week); err != nil || p > 1e-4 {
		t.Errorf("weekends that are lower: %g, %v", p, err)
	}
	for name, shape := range map[string]func(k, day int) float64{
		"a sine":            func(k, _ int) float64 { return math.Sin(2 * math.Pi * float64(k) / 24) },
		"a cosine":          func(k, _ int) float64 { return math.Cos(2 * math.Pi * float64(k) / 24) },
		"two waves":         func(k, _ int) float64 { return math.Sin(4 * math.Pi * float64(k) / 24) },
		"a saw":             func(k, _ int) float64 { return float64(k) / 8 },
		"a sine on a slope": func(k, day int) float64 { return math.Sin(2*math.Pi*float64(k)/24) + float64(24*day+k)/50 },
		"a sine that days move": func(k, day int) float64 {
			return math.Sin(2*math.Pi*float64(k)/24) + []float64{0, 0, 0, 1, -1, -2, -2}[day%7]
		},
	} {
		turns := make([]Turn, 14)
		for i := range turns {
			turns[i].At = int64(i)
			for k := range 24 {
				turns[i].Values = append(turns[i].Values, r.NormFloat64()+shape(k, i))
			}
		}
		if p, err := Cycle(turns); err != nil || p > 1e-4 {
			t.Errorf("%s: %g, %v", name, p, err)
		}
	}
	same := turnsOf([]float64{1, 2, 1, 2, 1, 2, 1, 2, 1, 2}, 2)
	if p, err := Cycle(same); err != nil || p > 1e-6 {
		t.Errorf("turns that are all the same: %g, %v", p, err)
	}
}
