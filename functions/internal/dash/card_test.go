package dash

import (
	"fmt"
	"slices"
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

// TestEpisodesOfSlices: slices by the same columns are one run of windows, however
// the line is drawn in each; two of one window are two.
func TestEpisodesOfSlices(t *testing.T) {
	slice := func(name string, columns ...string) state.FindingSummary {
		return state.FindingSummary{ID: "performance.slice_error_ratio." + name, Check: "performance", Metric: "slice_error_ratio", Columns: columns}
	}
	history := []state.Summary{
		{Findings: []state.FindingSummary{slice("a", "age", "site")}},
		{Findings: []state.FindingSummary{slice("b", "site", "age"), slice("c", "site")}},
		{Findings: []state.FindingSummary{slice("d", "age", "site"), slice("a", "age", "site")}},
	}
	runs := episodes(history, func(*state.Summary) bool { return true }, func(*state.FindingSummary) bool { return true })
	var got []string
	for _, run := range runs {
		got = append(got, fmt.Sprint(run.ID[len("performance.slice_error_ratio."):], run.Windows))
	}
	if want := []string{"d3", "a1", "c1"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
