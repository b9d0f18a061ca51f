package stat

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

// stretch makes a series of days against one reference, whose error all days
// share. wobble is what each day has of its own.
func stretch(r *rand.Rand, days int, rows, reference float64, change, wobble func(day int) float64) []Step {
	off := r.NormFloat64() / math.Sqrt(reference)
	steps := make([]Step, days)
	for i := range steps {
		steps[i] = Step{Mean: r.NormFloat64()/math.Sqrt(rows) - off + change(i) + wobble(i), Rows: rows}
	}
	return steps
}

func flat(int) float64 { return 0 }

// alarmAt is the log e-value that costs a column among twenty its part of a
// budget of 1%: a thousandth of 0.01/20.
var alarmAt = math.Log(20 * 1000 / 0.01)

// years is how many years are stretch: 1,000 with LEEWAY_CALIBRATE.
func years(few int) int {
	switch {
	case os.Getenv("LEEWAY_CALIBRATE") != "":
		return 1000
	case testing.Short():
		return few / 4
	}
	return few
}

// TestCalibrationSlowQuiet: years without a change pass without an alarm, even
// where days differ by more than their rows explain.
func TestCalibrationSlowQuiet(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	quiet := []struct {
		name      string
		reference float64
		wobble    func(day int) float64
	}{
		{"small reference", 500, flat},
		{"large reference", 100000, flat},
		{"days differ", 5000, func(int) float64 { return 0.1 * r.NormFloat64() }},
		{"weekly", 5000, func(day int) float64 { return 0.3 * math.Sin(2*math.Pi*float64(day)/7) }},
		{"bad days", 5000, func(int) float64 {
			if r.Float64() < 0.01 {
				return 3
			}
			return 0
		}},
	}
	step := 5
	if os.Getenv("LEEWAY_CALIBRATE") != "" {
		step = 1
	}
	for _, q := range quiet {
		t.Run(q.name, func(t *testing.T) {
			worst, alarms, all := math.Inf(-1), 0, years(40)
			for range all {
				days := stretch(r, 365, 500, q.reference, flat, q.wobble)
				highest := math.Inf(-1)
				for day := 3; day <= len(days); day += step {
					c, err := Slow(q.reference, 1, days[:day])
					if err != nil {
						t.Fatal(err)
					}
					if c.Lasts {
						highest = max(highest, c.LogE)
					}
				}
				worst = max(worst, highest)
				if highest >= alarmAt {
					alarms++
				}
			}
			t.Logf("%d years: %d alarms, largest log e %.1f of %.1f", all, alarms, worst, alarmAt)
			if alarms > 0 {
				t.Errorf("%d of %d quiet years alarmed", alarms, all)
			}
		})
	}
}

// TestSlowIsEValue: before a change, the Bayes factor for each onset is on
// average at most 1, clipping and all.
func TestSlowIsEValue(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	const runs, days = 4000, 12
	var sums [days]float64
	for range runs {
		s := newSeries(2000, 1, stretch(r, days, 300, 2000, flat, flat))
		for onset := range days {
			sums[onset] += math.Exp(s.factor(onset)) / runs
		}
	}
	for onset, mean := range sums {
		if mean > 1.1 {
			t.Errorf("onset %d: mean factor %.3f without a change", onset, mean)
		}
	}
}

func TestSlowNeedsWindows(t *testing.T) {
	two := []Step{{Mean: 0, Rows: 10}, {Mean: 0, Rows: 10}}
	if _, err := Slow(100, 1, two); err != ErrFew {
		t.Errorf("two windows: %v", err)
	}
	if _, err := Slow(0, 1, append(two, two...)); err != ErrFew {
		t.Errorf("no reference: %v", err)
	}
	c, err := Slow(100, 1, append(two, Step{Mean: 0, Rows: 10}))
	if err != nil || c.Lasts {
		t.Errorf("three equal windows: %+v, %v", c, err)
	}
}

func TestStanding(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	normal := func(n int, mean, std float64) Weighted {
		values := make([]float64, n)
		for i := range values {
			values[i] = mean + std*r.NormFloat64()
		}
		return Count(values)
	}
	ref := normal(20000, 0, 1)
	for _, c := range []struct{ mean, std, level, spread float64 }{
		{0, 1, 0, 0}, {0.3, 1, 0.3, 0.06}, {-0.3, 1, -0.3, 0.06}, {0, 1.2, 0, 0.31},
	} {
		level, spread, err := NewPair(ref, normal(20000, c.mean, c.std)).Standing()
		if err != nil || math.Abs(level-c.level) > 0.04 || math.Abs(spread-c.spread) > 0.06 {
			t.Errorf("%+v: level %.3f, spread %.3f, %v", c, level, spread, err)
		}
	}
	if level, spread, err := NewPair(ref, ref).Standing(); err != nil || level != 0 || spread != 0 {
		t.Errorf("the reference itself: %g, %g, %v", level, spread, err)
	}
	if _, _, err := NewPair(Count([]float64{1, 1}), ref).Standing(); err != ErrConstant {
		t.Errorf("constant: %v", err)
	}
	if _, _, err := NewPair(Count([]float64{1, 2}), Count(nil)).Standing(); err != ErrEmpty {
		t.Errorf("empty: %v", err)
	}
}

func TestWander(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	series := func(n int, f func(i int) float64) []float64 {
		z := make([]float64, n)
		for i := range z {
			z[i] = f(i)
		}
		return z
	}
	alike := Wander(series(400, func(int) float64 { return r.NormFloat64() }))
	if alike < 1 || alike > 1.8 {
		t.Errorf("independent windows: %.2f", alike)
	}
	// Of a season of a year, half a year is warm: single weeks say 2, their runs much more.
	if season := Wander(series(104, func(i int) float64 { return 2 * math.Sin(2*math.Pi*float64(i)/52) })); season < 10 {
		t.Errorf("a season: %.2f", season)
	}
	if w := Wander([]float64{9, 9, 9}); w != 1 {
		t.Errorf("three windows say nothing: %.2f", w)
	}
}

// TestSlowKnowsSeasons: what the reference did every year is no drift.
func TestSlowKnowsSeasons(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	season := func(i int) float64 { return 0.3 * math.Sin(2*math.Pi*float64(i)/52) }
	past := stretch(r, 104, 500, 52000, flat, season)
	z := make([]float64, len(past))
	for i, w := range past {
		z[i] = w.Mean * math.Sqrt(500)
	}
	weeks := stretch(r, 52, 500, 52000, flat, season)
	naive := math.Inf(-1)
	for week := 3; week <= len(weeks); week++ {
		alone, err := Slow(52000, 1, weeks[:week])
		if err != nil {
			t.Fatal(err)
		}
		if alone.Lasts {
			naive = max(naive, alone.LogE)
		}
		c, err := Slow(52000, math.Sqrt(Wander(z)), weeks[:week])
		if err != nil {
			t.Fatal(err)
		}
		if c.Lasts && c.LogE > alarmAt {
			t.Errorf("week %d: log e %.1f", week, c.LogE)
		}
	}
	if naive < alarmAt {
		t.Errorf("without the reference's wandering nothing is seen either: %.1f", naive)
	}
}
