package dash

import (
	"testing"

	"leeway/core/metric"
	"leeway/core/state"
)

// TestCardTitle: a card is called after its columns, else after what was found.
func TestCardTitle(t *testing.T) {
	for want, f := range map[string]state.FindingSummary{
		"price":              {Metric: "psi", Labels: metric.Labels{Column: "price"}},
		"rows":               {Metric: "rows"},
		"a, b":               {Metric: "rff_mmd", Columns: []string{"a", "b"}},
		"a, b, c and 2 more": {Metric: "rff_mmd", Columns: []string{"a", "b", "c", "d", "e"}},
	} {
		if got := cardOf("m", &episode{FindingSummary: &f}, nil).Title; got != want {
			t.Errorf("%q instead of %q", got, want)
		}
	}
}
