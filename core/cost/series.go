package cost

import (
	"slices"

	"leeway/core/metric"
)

// values are how many values a label of a standing series has.
var values = map[string]int{"check": 6, "severity": 4, "verdict": 5, "metric": 1}

// standingSeries is how many series a model has whatever its columns are.
var standingSeries = func() int {
	n := 0
	for _, s := range metric.StandingSeries {
		if s.Pulled {
			continue
		}
		each := 1
		for _, label := range s.Labels {
			each *= values[label]
		}
		n += each
	}
	return n
}()

// allDay is how many of them each reminder sends, whether there was a batch or not: the
// age of the newest one, errors, and the seconds of the run.
const allDay = 3

// perColumn is how many metrics of quality and drift a column has with detail:
// all.
func perColumn(catalogue []metric.Desc) int {
	const quantiles = 5
	n := 0
	for i := range catalogue {
		d := &catalogue[i]
		if (d.Check != "quality" && d.Check != "drift") || !slices.Contains(d.Labels, "column") {
			continue
		}
		if slices.Contains(d.Labels, "q") {
			n += quantiles
			continue
		}
		n++
	}
	return n
}
