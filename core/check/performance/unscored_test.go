package performance

import (
	"math"
	"strings"
	"testing"

	"leeway/core/check"
	"leeway/core/internal/golden"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// ofRows evaluates rows of three classes with scores; the labels of those from stray on
// are a class without any.
func ofRows(t *testing.T, n, stray int) (map[string]metric.Sample, []check.Evidence) {
	t.Helper()
	d := drawn{Task: schema.Multiclass, N: n, Classes: 3, Seed: 7}
	shape := d.shape()
	typo := float64(shape.Classes.Code("typo"))
	current := outcome.New(shape)
	for i, row := range d.rows() {
		if i >= stray {
			row.Actual = typo
		}
		current.Add(&row)
	}
	out, err := Check{}.Evaluate(&check.Input{Schema: &schema.Schema{Task: schema.Multiclass}, Labelled: &check.Labelled{Current: current}})
	if err != nil {
		t.Fatal(err)
	}
	samples := map[string]metric.Sample{}
	for _, s := range out.Samples {
		samples[s.Metric+s.Labels.Class+s.Labels.Actual+s.Labels.Predicted] = s
	}
	return samples, out.Evidence
}

var fromScores = []string{"log_loss", "brier", "ece", "roc_auc_macro", "roc_auc_weighted", "average_precision_macro", "average_precision_weighted"}

// TestUnscored: a few rows of a class without scores are left out of the metrics of
// scores, as if they were not there, and count in all others.
func TestUnscored(t *testing.T) {
	const n, stray = 1000, 997
	got, said := ofRows(t, n, stray)
	want, _ := ofRows(t, stray, stray)
	for _, name := range append([]string{"roc_aucc0", "roc_aucc2", "average_precisionc1"}, fromScores...) {
		if a, b := got[name], want[name]; !(math.Abs(a.Value-b.Value) <= 1e-12) || a.NCurrent != stray {
			t.Errorf("%s is %v of %d rows (%s), want %v of %d", name, a.Value, a.NCurrent, a.Reason, b.Value, b.NCurrent)
		}
	}
	if a, b := got["accuracy"].Value*n, want["accuracy"].Value*stray; !(math.Abs(a-b) < 1e-9) {
		t.Errorf("%v rows are right, want %v", a, b)
	}
	if got["labels_unscored"].Value != n-stray || want["labels_unscored"].Value != 0 {
		t.Errorf("labels_unscored is %v and %v", got["labels_unscored"].Value, want["labels_unscored"].Value)
	}
	found := false
	for _, e := range said {
		found = found || e.Metric == "labels_unscored" && e.Notable && strings.Contains(e.Message, `3 of 1,000 labelled rows are of a class without a column of role score (typo)`)
	}
	if !found {
		t.Errorf("nothing is said of them: %+v", said)
	}
}

// TestManyUnscored: where they are more than a few nobody can say how good scores are,
// save those of one class against all others.
func TestManyUnscored(t *testing.T) {
	got, said := ofRows(t, 1000, 949)
	for _, name := range fromScores {
		if s := got[name]; !math.IsNaN(s.Value) || !strings.Contains(s.Reason, "(typo)") || !strings.Contains(s.Reason, "51 of 1,000") {
			t.Errorf("%s is %v: %q", name, s.Value, s.Reason)
		}
	}
	if s := got["roc_aucc0"]; math.IsNaN(s.Value) || s.NCurrent != 1000 {
		t.Errorf("roc_auc of c0 is %v of %d rows: %q", s.Value, s.NCurrent, s.Reason)
	}
	for _, e := range said {
		if e.Metric == "labels_unscored" {
			t.Errorf("said though no metric leaves them out: %s", e.Message)
		}
	}
	if got, _ := ofRows(t, 1000, 950); math.IsNaN(got["log_loss"].Value) {
		t.Errorf("50 of 1,000: %q", got["log_loss"].Reason)
	}
}

// TestUnscoredMerge: parts add up to the same as all rows at once.
func TestUnscoredMerge(t *testing.T) {
	d := drawn{Task: schema.Multiclass, N: 200, Classes: 3, Seed: 7}
	shape := d.shape()
	typo := float64(shape.Classes.Code("typo"))
	whole, a, b := outcome.New(shape), outcome.New(shape), outcome.New(shape)
	r := golden.NewSplitMix(3)
	for _, row := range d.rows() {
		if r.Uniform() < 0.3 {
			row.Actual = typo
		}
		whole.Add(&row)
		if part := a; r.Uniform() < 0.5 {
			part.Add(&row)
		} else {
			b.Add(&row)
		}
	}
	b.Merge(a)
	if b.Unscored != whole.Unscored || b.Unscored == 0 {
		t.Errorf("%d unscored, want %d", b.Unscored, whole.Unscored)
	}
	for i := range shape.Scored {
		if x, y := newArea(b.Against(i)).roc(), newArea(whole.Against(i)).roc(); x != y || x.n != 200 {
			t.Errorf("area of class %d is %+v, want %+v", i, x, y)
		}
	}
}
