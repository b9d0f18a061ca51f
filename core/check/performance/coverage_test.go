package performance

import (
	"math"
	"math/rand/v2"
	"testing"

	"leeway/core/outcome"
	"leeway/core/schema"
)

// world draws rows, of which the true value of each metric is what a large
// sample gives.
type world struct {
	name  string
	shape func() *outcome.Shape
	row   func(r *rand.Rand) outcome.Row
	rows  int
}

func binaryShape(weighted bool) func() *outcome.Shape {
	return func() *outcome.Shape {
		d := drawn{Task: schema.Binary, Weighted: weighted}
		return d.shape()
	}
}

// clinical is a model that is calibrated but for a bend, of cases a fifth of
// which are positive.
func clinical(weighted bool) func(*rand.Rand) outcome.Row {
	return func(r *rand.Rand) outcome.Row {
		z := r.NormFloat64() - 1.6
		row := outcome.Row{Scores: []float64{1 / (1 + math.Exp(-1.3*z))}, Weight: 1}
		if r.Float64() < 1/(1+math.Exp(-z-0.2)) {
			row.Actual = 1
		}
		if row.Scores[0] >= 0.5 {
			row.Predicted = 1
		}
		if weighted {
			row.Weight = math.Exp(r.NormFloat64() / 2)
		}
		return row
	}
}

func letters(r *rand.Rand) outcome.Row {
	row := outcome.Row{Predicted: math.NaN(), Scores: make([]float64, 4), Weight: 1}
	total := 0.0
	row.Actual = float64(min(int(r.ExpFloat64()*1.2), 3))
	for k := range row.Scores {
		row.Scores[k] = r.ExpFloat64()
		if k == int(row.Actual) {
			row.Scores[k] += 1
		}
		total += row.Scores[k]
	}
	for k := range row.Scores {
		row.Scores[k] /= total
	}
	return row
}

func fares(r *rand.Rand) outcome.Row {
	y := math.Exp(1 + r.NormFloat64()/2)
	return outcome.Row{Actual: y, Predicted: math.Max(y*(1+0.2*r.NormFloat64())+0.1, 0), Weight: 1}
}

var worlds = []world{
	{"binary", binaryShape(false), clinical(false), 400},
	{"weighted", binaryShape(true), clinical(true), 400},
	{"multiclass", func() *outcome.Shape { d := drawn{Task: schema.Multiclass, Classes: 4}; return d.shape() }, letters, 400},
	{"regression", func() *outcome.Shape { d := drawn{Task: schema.Regression}; return d.shape() }, fares, 400},
}

// TestIntervals: the 95% intervals of all metrics hold the truth in 95 of 100
// samples, give or take: no fewer than 91.
func TestIntervals(t *testing.T) {
	if testing.Short() {
		t.Skip("draws a million rows")
	}
	const samples = 600
	for _, w := range worlds {
		r := rand.New(rand.NewPCG(7, 11))
		truth := evaluated(t, w.draw(r, 1_000_000))
		held, had := map[string]int{}, map[string]int{}
		for range samples {
			for name, s := range evaluated(t, w.draw(r, w.rows)) {
				if s.Interval == nil {
					continue
				}
				had[name]++
				if x := truth[name].Value; s.Interval[0] <= x && x <= s.Interval[1] {
					held[name]++
				}
			}
		}
		if len(had) < 8 {
			t.Errorf("%s: only %d metrics have an interval", w.name, len(had))
		}
		for name, n := range had {
			share := float64(held[name]) / float64(n)
			if share < 0.91 || n < samples*9/10 {
				t.Errorf("%s: the interval of %s holds the truth in %.1f%% of %d samples", w.name, name, 100*share, n)
			}
			t.Logf("%s %s %.3f of %d", w.name, name, share, n)
		}
	}
}

func (w *world) draw(r *rand.Rand, rows int) *outcome.Summary {
	s := outcome.New(w.shape())
	for range rows {
		row := w.row(r)
		s.Add(&row)
	}
	return s
}
