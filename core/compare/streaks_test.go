package compare

import (
	"maps"
	"testing"

	"leeway/core/report"
	"leeway/core/state"
)

// TestStreaksOfSlices: what windows in a row are counted by is the same from a
// report and from the summary of one, and of slices it is their columns.
func TestStreaksOfSlices(t *testing.T) {
	r := &report.Report{Findings: []report.Finding{
		{ID: "performance.slice_error_ratio.a", Metric: "slice_error_ratio", Columns: []string{"age", "site"}, Streak: 1},
		{ID: "performance.slice_error_ratio.b", Metric: "slice_error_ratio", Columns: []string{"site", "age"}, Streak: 3},
		{ID: "drift.psi.age", Metric: "psi", Streak: 2},
		{ID: "drift.psi.site", Metric: "psi"},
	}}
	summary := state.Summarize(r, state.Window{}, nil)
	got := Lasting(r.Findings)
	slice := report.Finding{ID: "performance.slice_error_ratio.c", Metric: "slice_error_ratio", Columns: []string{"age", "site"}}
	if len(got) != 2 || got["drift.psi.age"] != 2 || got[slice.Lasting()] != 3 || !maps.Equal(got, Lasted(&summary)) {
		t.Errorf("%v, and of the summary %v", got, Lasted(&summary))
	}
}
