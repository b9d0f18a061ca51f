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

// TestSeasonCalibration: where the same noise wanders on from value to value,
// no season is found more often than asked for.
func TestSeasonCalibration(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const runs, level = 4000, 0.01
	for _, keep := range []float64{0, 0.5, 0.9} {
		var days, hours int
		for range runs {
			x := 0.0
			next := func() float64 {
				x = keep*x + math.Sqrt(1-keep*keep)*r.NormFloat64()
				return x
			}
			week := make([][]float64, 7)
			for i := range 56 {
				week[i%7] = append(week[i%7], next())
			}
			if p, err := Between(week); err != nil {
				t.Fatal(err)
			} else if p <= level {
				days++
			}
			turns := make([][]float64, 14)
			for i := range turns {
				for range 24 {
					turns[i] = append(turns[i], next())
				}
			}
			if p, err := Cycle(turns); err != nil {
				t.Fatal(err)
			} else if p <= level {
				hours++
			}
		}
		if limit := int(1.5 * level * runs); days > limit || hours > limit {
			t.Errorf("noise that keeps %g: a week in %d of %d, a day in %d", keep, days, runs, hours)
		}
	}
}

// TestSeasonPower: a wave of one standard deviation over eight weeks, or two
// weeks of hours, is found.
func TestSeasonPower(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	week, turns := make([][]float64, 7), make([][]float64, 14)
	for i := range 56 {
		low := 0.0
		if i%7 > 4 {
			low = 2
		}
		week[i%7] = append(week[i%7], r.NormFloat64()-low)
	}
	for i := range turns {
		for k := range 24 {
			turns[i] = append(turns[i], r.NormFloat64()+math.Sin(2*math.Pi*float64(k)/24))
		}
	}
	if p, err := Between(week); err != nil || p > 1e-4 {
		t.Errorf("weekends that are lower: %g, %v", p, err)
	}
	if p, err := Cycle(turns); err != nil || p > 1e-6 {
		t.Errorf("hours: %g, %v", p, err)
	}
}
