package performance

import (
	"math"
	"math/rand/v2"
	"testing"

	"leeway/core/outcome"
	"leeway/core/stat"
)

// binomialLimit is the count that so many draws of probability p exceed once in
// a few thousand tests.
func binomialLimit(draws int, p float64) float64 {
	mean := float64(draws) * p
	return mean + 4*math.Sqrt(mean) + 1
}

// TestNothingChanged: where both sides are alike, no test gives a low p-value
// more often than it may.
func TestNothingChanged(t *testing.T) {
	if testing.Short() {
		t.Skip("draws some million rows")
	}
	const draws = 1000
	levels := []float64{0.05, 0.01, 0.001}
	for _, w := range worlds {
		for _, sizes := range [][2]int{{400, 100}, {120, 600}} {
			r := rand.New(rand.NewPCG(3, uint64(sizes[0])))
			low := map[string][]int{}
			for range draws {
				for _, e := range compare(newSide(w.draw(r, sizes[0])), newSide(w.draw(r, sizes[1]))) {
					if low[e.Metric] == nil {
						low[e.Metric] = make([]int, len(levels))
					}
					for i, level := range levels {
						if e.P <= level {
							low[e.Metric][i]++
						}
					}
				}
			}
			if len(low) < 2 {
				t.Errorf("%s: only %d tests", w.name, len(low))
			}
			for name, counts := range low {
				t.Logf("%s %v %s: %v of %d", w.name, sizes, name, counts, draws)
				for i, n := range counts {
					if float64(n) > binomialLimit(draws, levels[i]) {
						t.Errorf("%s %v: %s gives p <= %v in %d of %d draws", w.name, sizes, name, levels[i], n, draws)
					}
				}
			}
		}
	}
}

// TestWorseIsSeen: a model that got worse is found, and one that got better is
// not called worse.
func TestWorseIsSeen(t *testing.T) {
	worse := func(r *rand.Rand) outcome.Row {
		row := clinical(false)(r)
		if r.Float64() < 0.25 { // a quarter of the labels have nothing to do with the score
			row.Actual = float64(r.IntN(2))
		}
		return row
	}
	w := worlds[0]
	r := rand.New(rand.NewPCG(5, 5))
	good := newSide(w.draw(r, 2000))
	w.row = worse
	bad := newSide(w.draw(r, 2000))
	for _, e := range compare(good, bad) {
		if e.Metric != "precision" && e.Metric != "recall" && !(e.P < 1e-4 && e.Effect > 0) {
			t.Errorf("worse: %s has p = %v, effect %v", e.Metric, e.P, e.Effect)
		}
		if e.Notable || e.Message == "" {
			t.Errorf("worse: %s says %q", e.Metric, e.Message)
		}
	}
	for _, e := range compare(bad, good) {
		if e.P < 0.3 || e.Effect != 0 {
			t.Errorf("better: %s has p = %v, effect %v", e.Metric, e.P, e.Effect)
		}
		if e.Metric == "roc_auc" && !e.Notable {
			t.Error("better: nobody says so")
		}
	}
}

// TestError: the more labels are turned round, the more standard errors is every
// metric of how good the model is from what it was; without any, a few.
func TestError(t *testing.T) {
	draw := func(turned float64, seed uint64, rows int) *side {
		w := worlds[0]
		w.row = func(r *rand.Rand) outcome.Row {
			row := clinical(false)(r)
			if r.Float64() < turned {
				row.Actual = 1 - row.Actual
			}
			return row
		}
		return newSide(w.draw(rand.New(rand.NewPCG(5, seed)), rows))
	}
	last := map[string]float64{}
	for _, turned := range []float64{0, 0.1, 0.4, 1} {
		for _, e := range compare(draw(0, 1, 4000), draw(turned, 2, 1000)) {
			if e.Metric == "precision" || e.Metric == "recall" {
				continue
			}
			z := math.Abs(e.Value-e.Base) / e.Error
			if before, known := last[e.Metric]; known && !(z > before) || !known && z > 4 || turned == 0.1 && math.Abs(z/stat.Deviate(e.Either)-1) > 0.25 {
				t.Errorf("%s, %v turned: %v errors, before %v", e.Metric, turned, z, before)
			}
			if e.Either <= 0 {
				t.Errorf("%s: the p-value of either direction counts as none", e.Metric)
			}
			last[e.Metric] = z
		}
	}
}
