package check

import (
	"math"

	"leeway/core/metric"
	"leeway/core/stat"
)

// quiet is how many windows it takes for a column in which they do not differ to
// count for one where that needs no allowance. Of fewer it is too often by chance.
const quiet = 5

// Between is the variance of a deviate between windows of n effective rows, at
// least 1, and the degrees of freedom that it is known with (infinitely many where
// sampling is all), by what was said of the reference's own windows. free is the share
// of those that are free, see [stat.Scatter]. all is for no window to be left out: a bad
// week is one of all rows, while of a segment the odd window that one customer fills is
// what it is like.
func Between(windows []metric.Deviate, n, free float64, all bool) (variance, degrees float64) {
	deviates := make([]float64, len(windows))
	var typical float64
	for i, w := range windows {
		deviates[i] = w.Z
		typical += w.N / float64(len(windows))
	}
	mean, kept := stat.Scatter(deviates, free)
	if all {
		var squares float64
		for _, z := range deviates {
			squares += float64(z * z)
		}
		mean = max(mean, squares/(free*float64(len(deviates))))
	}
	excess := float64(max(mean-1, 0) * (n / typical))
	variance = 1 + excess
	switch {
	case len(windows) < quiet: // some seem to differ by nothing, by chance
		return variance, kept
	case excess == 0:
		return 1, math.Inf(1)
	}
	return variance, kept * variance / excess
}
