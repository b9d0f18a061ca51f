package main

import (
	"math"
	"os"
	"testing"

	"leeway/core/stat"
)

// shift is the change of the mean, 10,000 rows against 1,000, in standard deviations of
// the score of level, that t finds in 36.4% at a level of budget/columns.
const shift = 2.993

// A change of spread, as the scores of spread and tails of large samples see it, which
// have a correlation of together and none with that of level: their means. The size is such that
// the score meant for it finds it, alone, as often as in 2,000 windows, 1,000 rows against 1,000.
type seen struct{ spread, tails float64 }

const together = 0.88

var (
	wider    = seen{2.81, 2.47} // the variance by 1.2: squares find it in 29.8%
	heavier  = seen{2.0, 2.64}  // the tails by h = 0.05: fourth powers find it in 24%
	narrower = seen{-2.81, -2.47}
)

// ratio is the likelihood of the scores with the change over that without.
func (s seen) ratio(spread, tails float64) float64 {
	rest := 1 - float64(together*together)
	a, b := (s.spread-float64(together*s.tails))/rest, (s.tails-float64(together*s.spread))/rest
	square := float64(s.spread*a) + float64(s.tails*b)
	return math.Exp(float64(spread*a) + float64(tails*b) - square/2)
}

// mostNarrow bounds how often any test of level, spread and tails finds what narrows, at
// a level of budget/columns, which finds the three others as often as is asked. By weights
// of these and a price of the level: the test that is best for the weighted sum of powers
// (Neyman and Pearson) gives no less than any other, whatever the weights are; these make
// it about the least.
func mostNarrow(mean, wide, heavy float64) float64 {
	weights, price, step := [3]float64{16.4, 8.63, 2.49}, 2835.0, 0.05
	bound := float64(price*budget/columns) - float64(weights[0]*mean) - float64(weights[1]*wide) - float64(weights[2]*heavy)
	for y := -7 + step/2; y < 8; y += step {
		for e := -5 + step; e < 6; e += 2 * step {
			z := float64(together*y) + float64(math.Sqrt(1-together*together)*e)
			lacks := price - float64(weights[1]*wider.ratio(y, z)) - float64(weights[2]*heavier.ratio(y, z)) - narrower.ratio(y, z)
			from := 0.0 // of the level, either way, that is enough
			if cosh := lacks / weights[0] * math.Exp(shift*shift/2); cosh > 1 {
				from = math.Acosh(cosh) / shift
			}
			gain := float64(weights[0]*(stat.NormalTail(from-shift)+stat.NormalTail(from+shift))) - float64(2*lacks*stat.NormalTail(from))
			bound += float64(math.Exp(-(float64(y*y)+float64(e*e))/2)/(2*math.Pi)) * gain * step * 2 * step
		}
	}
	return bound
}

// TestNoCombination: no way to combine level, spread and tails loses five points at most
// for each of three changes and still sees what narrows, as Leeway does.
func TestNoCombination(t *testing.T) {
	most := mostNarrow(0.364-0.05, 0.311-0.05, 0.213-0.05)
	t.Logf("a variance that falls to 1/1.2 would be found in %.1f%% at most", 100*most)
	if most > 0.1 || most < 0 {
		t.Errorf("the bound is %g", most)
	}
	windows := few(100)
	if os.Getenv("LEEWAY_CALIBRATE") != "" {
		windows = 2_000
	}
	narrow := drift{name: "variance / 1.2", best: varianceTest,
		after: func(size float64) ([]shape, float64) { return one(normal(0, math.Pow(1.2, -size/2))), 0 }}
	f, err := power(&narrow, 1, 1_000, 1_000, windows)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("it is in %d of %d windows, by the best test in %d", f.Leeway, f.Windows, f.Best)
	if f.Leeway <= f.Windows/20 || f.Windows == 2_000 && float64(f.Leeway) <= most*float64(f.Windows) {
		t.Errorf("found in %d of %d windows", f.Leeway, f.Windows)
	}
}
