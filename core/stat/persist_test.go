package stat

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// moods are how days differ though nothing changes, in standard deviations of a
// value.
var moods = map[string]func(r *rand.Rand) func(day int) float64{
	"alike":  func(*rand.Rand) func(int) float64 { return flat },
	"differ": func(r *rand.Rand) func(int) float64 { return func(int) float64 { return 0.3 * r.NormFloat64() } },
	"weather": func(r *rand.Rand) func(int) float64 {
		e := 0.3 * r.NormFloat64()
		return func(int) float64 { e = 0.8*e + 0.18*r.NormFloat64(); return e }
	},
	"heavy": func(r *rand.Rand) func(int) float64 { // Student's t with two degrees of freedom
		return func(int) float64 { return 0.2 * r.NormFloat64() / math.Sqrt(r.ExpFloat64()) }
	},
	"weekly": func(*rand.Rand) func(int) float64 {
		return func(day int) float64 { return 0.2 * math.Sin(2*math.Pi*float64(day)/7) }
	},
}

// lived is a reference of so many days and the days after it, all of 200 rows,
// with what is known of how the days of the reference wander.
func lived(r *rand.Rand, past, days int, wobble, change func(day int) float64) (steps []Step, reference, excess float64) {
	const rows = 200
	all := make([]float64, past+days)
	level := 0.0
	for i := range all {
		all[i] = wobble(i) + r.NormFloat64()/math.Sqrt(rows)
		if i < past {
			level += all[i] / float64(past)
		}
	}
	z := make([]float64, past)
	for i := range z {
		z[i] = (all[i] - level) * math.Sqrt(rows/(1-1/float64(past)))
	}
	for i, mean := range all[past:] {
		steps = append(steps, Step{Mean: mean - level + change(i), Rows: rows})
	}
	return steps, rows * float64(past), math.Sqrt(Wander(z))
}

// TestCalibrationPersistent: what sets days apart is no creep, and weather that
// stays for days is one on few days, fewer the longer the reference; creeps are
// found in all of it, in weather late.
func TestCalibrationPersistent(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	const days, onset = 120, 20
	alarmed := func(past int, wobble, change func(int) float64) (on []int) {
		steps, reference, excess := lived(r, past, days, wobble, change)
		for day := 3; day <= days; day += 2 {
			c, err := Slow(reference, excess, steps[:day])
			if err != nil {
				t.Fatal(err)
			}
			if c.Lasts && c.LogE >= alarmAt {
				on = append(on, day-1)
			}
		}
		return on
	}
	for _, c := range []struct {
		noise string
		past  int
		most  float64 // share of days that alarm
		late  int     // days until a creep of 0.03 a day is found in most series
	}{
		{"alike", 10, 0, 12}, {"alike", 30, 0, 12},
		{"differ", 10, 0, 40}, {"differ", 30, 0, 38},
		{"weather", 10, 0.25, 60}, {"weather", 30, 0.08, 60}, {"weather", 90, 0.01, 60},
		{"heavy", 30, 0, 48},
		{"weekly", 30, 0, 28},
	} {
		runs := years(8)
		quiet, series, found := 0, 0, 0
		for range runs {
			none := len(alarmed(c.past, moods[c.noise](r), flat))
			if quiet += none; none > 0 {
				series++
			}
			for _, on := range alarmed(c.past, moods[c.noise](r), rising(onset, 0.03, always)) {
				if on > onset && on <= onset+c.late {
					found++
					break
				}
			}
		}
		t.Logf("%s, %d days of reference: %d of %d days alarm (in %d of %d series); found in %d", c.noise, c.past, quiet, runs*days/2, series, runs, found)
		if share := float64(quiet) / float64(runs*days/2); share > c.most {
			t.Errorf("%s, %d days of reference: %.2g of the days alarm", c.noise, c.past, share)
		}
		if 3*found < 2*runs-2 { // two thirds, or one series less
			t.Errorf("%s, %d days of reference: found in %d of %d series", c.noise, c.past, found, runs)
		}
	}
}

// TestSlowAfterFaults: days that were off and are back, a few or two weeks of them,
// do not hide a creep that comes later.
func TestSlowAfterFaults(t *testing.T) {
	r := rand.New(rand.NewPCG(35, 36))
	const onset, runs = 60, 10
	for _, fault := range []struct {
		from, to int
		by       float64
	}{{20, 23, 1}, {20, 27, 1}, {20, 35, 0.5}, {10, 25, -0.5}} {
		var delays []int
		for range runs {
			days := stretch(r, 110, 500, 10000, func(day int) float64 {
				change := rising(onset, 0.02, always)(day)
				if day >= fault.from && day < fault.to {
					change += fault.by
				}
				return change
			}, flat)
			if delay, _ := askLater(t, 10000, 1, days, onset, nil); delay < 50 {
				delays = append(delays, delay)
			}
		}
		slices.Sort(delays)
		t.Logf("%+v: found after %v days", fault, delays)
		if len(delays) < runs || delays[runs*9/10] > 30 {
			t.Errorf("%+v: found in %d of %d, after %v days", fault, len(delays), runs, delays)
		}
	}
}

func TestPersistent(t *testing.T) {
	r := rand.New(rand.NewPCG(33, 34))
	series := func(n int, next func(before float64, i int) float64) []float64 {
		z := make([]float64, n)
		for i := range z {
			z[i] = next(z[max(i-1, 0)], i)
		}
		return z
	}
	weather := func(before float64, _ int) float64 { return 0.8*before + 0.6*r.NormFloat64() }
	// (1+r)/(1-r) = 9 is what many windows come to; Wander sees less of it in few.
	if many := persistent(series(20000, weather)).variance; math.Abs(many-9) > 2 {
		t.Errorf("20,000 windows: %.2f", many)
	}
	var few, less float64
	for range 200 {
		z := series(40, weather)
		few, less = few+persistent(z).variance/200, less+Wander(z)/200
	}
	if few < 9 || less > 6 {
		t.Errorf("40 windows: %.2f on average, by blocks %.2f", few, less)
	}
	for name, next := range map[string]func(float64, int) float64{
		"independent": func(float64, int) float64 { return r.NormFloat64() },
		"a week":      func(_ float64, i int) float64 { return 1.4 * math.Sin(2*math.Pi*float64(i)/7) },
		"to and fro":  func(before float64, _ int) float64 { return -0.8*before + 0.6*r.NormFloat64() },
	} {
		if z := series(400, next); persistent(z).variance != Wander(z) {
			t.Errorf("%s: %.2f, by blocks %.2f", name, persistent(z).variance, Wander(z))
		}
	}
	for _, z := range [][]float64{nil, {1, 1, 1}, make([]float64, 50)} {
		if p := persistent(z).variance; p != Wander(z) {
			t.Errorf("%v: %g", z, p)
		}
	}
}

func TestUncertain(t *testing.T) {
	for _, c := range []struct {
		noise
		log, want float64
	}{
		{noise{1, 3}, 20, 20}, {noise{0.5, 3}, 20, 20}, // all of it is known
		{noise{9, 1e9}, 20, 20},         // known well
		{noise{1e9, 1}, 4, math.Log(9)}, // Cauchy's: 1/(1+t²)
		{noise{9, 3}, -2, -2}, {noise{9, 3}, math.Inf(-1), math.Inf(-1)},
	} {
		if got := c.uncertain(c.log, 1); got != c.want && !(math.Abs(got-c.want) < 1e-6) {
			t.Errorf("%+v: %g", c, got)
		}
	}
	if p := persistent([]float64{3, -3, 3, -3, 3, -3, 3, -3}); p != (noise{9, 8}) {
		t.Errorf("eight windows: %+v", p)
	}
}
