package vary

import (
	"math"
	"testing"

	"leeway/core/check"
	"leeway/core/metric"
)

// TestRemember: what a window says is freed from the rows that it has in common
// with the whole: of a column all of its rows, of samples of whole rows few.
func TestRemember(t *testing.T) {
	column := check.Evidence{Check: "drift", Metric: "js_distance", Labels: metric.Labels{Column: "x"}, P: 0.05, NReference: 4000, NCurrent: 1000}
	rows := check.Evidence{Check: "drift", Metric: "rff_mmd", Columns: []string{"x", "y"}, P: 0.05, NReference: 4096, NCurrent: 3000}
	half := column
	half.Labels.Column, half.NCurrent = "half", 2500
	past := map[string][]metric.Deviate{}
	Remember(past, &check.Outcome{Evidence: []check.Evidence{column, rows, half}}, 0.01)
	for key, want := range map[string]metric.Deviate{
		"drift.js_distance.x": {Z: 1.96 * math.Sqrt(1.25/0.75), N: 800},
		"drift.rff_mmd":       {Z: 1.96 / math.Sqrt(1-2*40.96/7096), N: 1732},
	} {
		if len(past[key]) != 1 || math.Abs(past[key][0].Z-want.Z) > 0.002 || past[key][0].N != want.N {
			t.Errorf("%s: %+v, want %+v", key, past[key], want)
		}
	}
	if len(past) != 2 {
		t.Errorf("a window that is most of the whole says something: %v", past)
	}
}
