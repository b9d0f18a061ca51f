package performance

import (
	"strings"
	"testing"

	"leeway/core/check/concept"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// TestScatter: where errors of numbers grew, and labels are hardly higher or lower, it is
// that what is said; where labels moved, it is by how much.
func TestScatter(t *testing.T) {
	numbers := func(size float64) *side {
		s := outcome.New(&outcome.Shape{Task: schema.Regression, Positive: -1, Budget: outcome.Exact})
		for i := range 100 {
			s.Add(&outcome.Row{Actual: 0, Predicted: size * float64(i%2*2-1)})
		}
		return &side{Summary: s}
	}
	for _, one := range []struct {
		now, mean float64
		want      string
	}{
		{1.6, 0.02, "hardly higher or lower on average, and further from predictions (mean absolute error 1.6, it was 1)"},
		{0.5, 0.02, "closer to predictions (mean absolute error 0.5"},
		{1.6, 0.9, "labels of the same rows are 0.9 higher on average"},
		{1, 0.02, "labels of the same rows are 0.02 higher on average"},
	} {
		c := &comparison{ref: numbers(1), cur: numbers(one.now)}
		f := &concept.Finding{Verdict: concept.Concept, Mean: one.mean, Size: one.mean}
		if said := c.say(f); !strings.Contains(said, one.want) {
			t.Errorf("%q lacks %q", said, one.want)
		}
	}
}
