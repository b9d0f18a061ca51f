package performance

import (
	"math"
	"testing"

	"leeway/core/internal/golden"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/sketch"
	"leeway/core/stat"
)

// drawnCurves are the curves of a case of scripts/golden/curves.py.
type drawnCurves struct {
	drawn
	Curves struct {
		FPR, TPR, Recall, Precision []float64
		Bins                        [][3]float64 // rows, mean score, share that came true
		Confusion                   [][]float64
		Residuals                   []float64
		Labels, Predictions         float64
	}
}

// TestGoldenCurves compares the curves of reports, and the whole ones that they
// are made of, with scikit-learn.
func TestGoldenCurves(t *testing.T) {
	var file struct{ Cases []drawnCurves }
	golden.Load(t, "testdata/curves.json", &file)
	tally := golden.Tally{Cases: len(file.Cases)}
	for i := range file.Cases {
		c := &file.Cases[i]
		s := summed(c.shape(), c.rows())
		got := report.CurvesOf(nil, s)
		if c.Task == schema.Regression {
			c.numbers(t, &tally, got)
			continue
		}
		if c.Task == schema.Binary {
			ranked := rankedOf(s.Scores[0])
			c.corners(t, &tally, "roc", stat.ROC(ranked), c.Curves.FPR, c.Curves.TPR)
			c.corners(t, &tally, "precision_recall", stat.PrecisionRecall(ranked), c.Curves.Recall, c.Curves.Precision)
			c.kept(t, got.Current)
		}
		if len(got.Current.Reliability) != len(c.Curves.Bins) {
			t.Fatalf("%v: %d bins instead of %d", c, len(got.Current.Reliability), len(c.Curves.Bins))
		}
		for k, want := range c.Curves.Bins {
			bin := got.Current.Reliability[k]
			tally.Near(t, "bin rows", float64(bin.Rows), want[0], 0, c)
			tally.Near(t, "bin score", bin.Expected, want[1], 0.51e-5, c)
			tally.Near(t, "bin rate", bin.Observed, want[2], 0.51e-5, c)
		}
		if c.Classes > report.MostClasses {
			continue
		}
		for k, row := range c.Curves.Confusion {
			for l, want := range row {
				tally.Value(t, "confusion", got.Current.Confusion[k][l], want, 1e-9, c)
			}
		}
	}
	tally.Log(t, "curves")
}

func rankedOf(m *sketch.Marked) []stat.Ranked {
	steps := m.Steps()
	ranked := make([]stat.Ranked, len(steps))
	for i := range steps {
		ranked[i] = stat.Ranked{Weights: steps[i].Weights, Squares: steps[i].Squares}
	}
	return ranked
}

// corners looks for those of scikit-learn among ours.
func (c *drawnCurves) corners(t *testing.T, tally *golden.Tally, name string, curve []stat.Point, x, y []float64) {
	t.Helper()
	if len(x) == 0 != (len(curve) == 0) {
		t.Errorf("%v: %s has %d corners instead of %d", c, name, len(curve), len(x))
		return
	}
	at := 0
	for i := range x {
		for at < len(curve)-1 && (math.Abs(curve[at].X-x[i]) > 1e-9 || math.Abs(curve[at].Y-y[i]) > 1e-9) {
			at++
		}
		tally.Value(t, name, curve[at].X, x[i], 1e-9, c)
		tally.Value(t, name, curve[at].Y, y[i], 1e-9, c)
	}
}

// kept holds the lines of the report against the curves of scikit-learn.
func (c *drawnCurves) kept(t *testing.T, side *report.CurveSide) {
	t.Helper()
	within := func(name string, x, y, ours, theirs []float64) {
		most := 0.002 + 1e-5
		if len(x) > 95 { // all that may be: a curve of a score that tells little
			most = 0.0035
		}
		for i := range ours {
			p := stat.Point{X: ours[i], Y: theirs[i]}
			if off := fromLine(p, x, y); off > most {
				t.Errorf("%v: %s is %.4f off at %v, with %d corners", c, name, off, p, len(x))
			}
		}
		if len(x) > 100 {
			t.Errorf("%v: %s has %d corners", c, name, len(x))
		}
	}
	for _, one := range side.ROC {
		within("roc", one.FPR, one.TPR, c.Curves.FPR, c.Curves.TPR)
	}
	for _, one := range side.PrecisionRecall {
		within("precision_recall", one.Recall, one.Precision, c.Curves.Recall, c.Curves.Precision)
	}
}

// fromLine is how far a point is from the line through corners.
func fromLine(p stat.Point, x, y []float64) float64 {
	off := math.Hypot(p.X-x[0], p.Y-y[0])
	for i := 1; i < len(x); i++ {
		dx, dy := x[i]-x[i-1], y[i]-y[i-1]
		at := 0.0
		if l := dx*dx + dy*dy; l > 0 {
			at = min(max(((p.X-x[i-1])*dx+(p.Y-y[i-1])*dy)/l, 0), 1)
		}
		off = min(off, math.Hypot(p.X-x[i-1]-at*dx, p.Y-y[i-1]-at*dy))
	}
	return off
}

// numbers holds residuals and groups of predictions against NumPy's.
func (c *drawnCurves) numbers(t *testing.T, tally *golden.Tally, got *report.Curves) {
	t.Helper()
	q := got.Current.Residuals
	scale := math.Abs(c.Curves.Residuals[0]) + math.Abs(c.Curves.Residuals[6])
	for i, x := range []float64{q.Q01, q.Q05, q.Q25, q.Q50, q.Q75, q.Q95, q.Q99} {
		tally.Near(t, "residual quantile", x, c.Curves.Residuals[i], 1e-5*scale, c)
	}
	var rows int64
	var expected, observed, size float64
	for _, one := range got.Current.Reliability {
		rows += one.Rows
		size += (math.Abs(one.Expected) + math.Abs(one.Observed)) * float64(one.Rows)
		expected += one.Expected * float64(one.Rows)
		observed += one.Observed * float64(one.Rows)
		if one.Interval != nil && !(one.Interval[0] <= one.Observed && one.Observed <= one.Interval[1]) {
			t.Errorf("%v: %v lies outside its interval %v", c, one.Observed, *one.Interval)
		}
	}
	if rows != int64(c.N) || len(got.Current.Reliability) > 10 || c.N == 4000 && c.Shape == "bell" && len(got.Current.Reliability) != 10 {
		t.Errorf("%v: %d rows in %d groups", c, rows, len(got.Current.Reliability))
	}
	if c.Weighted {
		return // groups have the same weight, not the same rows
	}
	size = size/float64(rows) + scale
	tally.Near(t, "mean prediction", expected/float64(rows), c.Curves.Predictions, 1e-5*size, c)
	tally.Near(t, "mean label", observed/float64(rows), c.Curves.Labels, 1e-5*size, c)
}
