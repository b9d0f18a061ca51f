package confidence

import (
	"fmt"
	"math"
	"testing"

	"leeway/core/check"
	"leeway/core/internal/golden"
	"leeway/core/outcome"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/sketch"
	"leeway/core/stat"
)

// TestGoldenConfidence compares with NumPy, SciPy and scikit-learn
// (scripts/golden/confidence.py).
func TestGoldenConfidence(t *testing.T) {
	var file struct {
		Isotonic []struct {
			Kind                  string
			Values, Weights, Want []float64
		}
		Levels []struct {
			Kind   string
			Scores []float64
			Rows   [][]float64
			Want   map[string]float64
		}
	}
	golden.Load(t, "testdata/confidence.json", &file)
	tally := golden.Tally{Cases: len(file.Isotonic) + len(file.Levels)}
	for _, c := range file.Isotonic {
		fit, block := stat.Isotonic(c.Values, c.Weights)
		for i, want := range c.Want {
			at := golden.At(fmt.Sprintf("%s %d of %d", c.Kind, i, len(c.Want)))
			tally.Value(t, "isotonic", fit[i], want, 1e-9, at)
			if i > 0 && (block[i] != block[i-1]) != (fit[i] != fit[i-1]) {
				t.Errorf("%v: fits %v and %v are in blocks %d and %d", at, fit[i-1], fit[i], block[i-1], block[i])
			}
		}
	}
	for _, c := range file.Levels {
		in := ofScores(c.Scores)
		if c.Rows != nil {
			in = ofRows(c.Rows)
		}
		out, err := Check{}.Evaluate(in)
		if err != nil {
			t.Fatal(err)
		}
		got := named(out)
		for name, want := range c.Want {
			tally.Value(t, name, got[name].Value, want, 1e-9, golden.At(fmt.Sprintf("%s of %d", c.Kind, len(c.Scores)+len(c.Rows))))
		}
	}
	tally.Log(t, "confidence")
}

// ofScores is a window of a binary task, as its profile has it.
func ofScores(scores []float64) *check.Input {
	column := &profile.Column{Name: "score", Kind: schema.Numeric, Role: schema.Score, Rows: int64(len(scores)),
		Numeric: &profile.Numeric{Min: 0, Max: 1, Grid: sketch.NewGrid(1 << 16)}}
	column.Numeric.Grid.Add(scores)
	return &check.Input{
		Schema:  &schema.Schema{Task: schema.Binary, Columns: []schema.Column{{Name: "score", Kind: schema.Numeric, Role: schema.Score}}},
		Current: &profile.Dataset{Columns: []*profile.Column{column}},
	}
}

// ofRows is a window of a task of several classes.
func ofRows(rows [][]float64) *check.Input {
	shape := shapeOf(schema.Multiclass)
	said := outcome.NewSaid(shape)
	for _, scores := range rows {
		said.Add(&outcome.Row{Predicted: math.NaN(), Actual: math.NaN(), Scores: scores})
	}
	columns := []schema.Column{{Name: "a", Role: schema.Score, Class: "a"}, {Name: "b", Role: schema.Score, Class: "b"}, {Name: "c", Role: schema.Score, Class: "c"}}
	return &check.Input{Schema: &schema.Schema{Task: schema.Multiclass, Columns: columns}, Current: &profile.Dataset{}, Said: &check.Said{Current: said}}
}

// TestLevelUndefined: scores that are no probabilities have no confidence.
func TestLevelUndefined(t *testing.T) {
	in := ofScores([]float64{0.5, 1.5})
	in.Current.Columns[0].Numeric.Max = 1.5
	out, _ := Check{}.Evaluate(in)
	for _, s := range out.Samples {
		if s.Reason != outside || !math.IsNaN(s.Value) {
			t.Errorf("%s is %v, reason %q", s.Metric, s.Value, s.Reason)
		}
	}
	if len(out.Samples) != 3 {
		t.Errorf("%d samples", len(out.Samples))
	}
}

// TestLevelCoarse: beyond the grid's budget the error is within half a cell.
func TestLevelCoarse(t *testing.T) {
	scores := make([]float64, 5000)
	for i := range scores {
		scores[i] = math.Mod(float64(i)*0.6180339887, 1)
	}
	exact := ofScores(scores)
	coarse := ofScores(nil)
	grid := sketch.NewGrid(256)
	grid.Add(scores)
	coarse.Current.Columns[0].Numeric.Grid = grid
	a, _ := Check{}.Evaluate(exact)
	b, _ := Check{}.Evaluate(coarse)
	for i, s := range b.Samples {
		if s.Exact || !a.Samples[i].Exact {
			t.Errorf("%s: exact is %v of 256 cells, %v of all scores", s.Metric, s.Exact, a.Samples[i].Exact)
		}
		if off := math.Abs(s.Value - a.Samples[i].Value); off > grid.Width() || off == 0 && i == 0 {
			t.Errorf("%s is off by %v, cells are %v wide", s.Metric, off, grid.Width())
		}
	}
}
