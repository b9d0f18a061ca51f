package report

import (
	"slices"
	"strings"
)

// sliceErrors names the metric of slices in which the model became worse.
const sliceErrors = "slice_error_ratio"

// Lasting names what a finding is counted by over windows in a row. That is its id;
// of a slice the columns of its conditions, whatever their values: where a search
// draws the line of the same weakness differs by chance from window to window.
func Lasting(id, metric string, columns []string) string {
	if metric != sliceErrors || len(columns) == 0 {
		return id
	}
	sorted := slices.Sorted(slices.Values(columns))
	return metric + "\x00" + strings.Join(sorted, "\x00")
}

// Lasting is [Lasting] of the finding.
func (f *Finding) Lasting() string { return Lasting(f.ID, f.Metric, f.Columns) }
