// Package all lists the families of checks that run on every window.
package all

import (
	"math"
	"slices"

	"leeway/core/check"
	"leeway/core/check/confidence"
	"leeway/core/check/drift"
	"leeway/core/check/performance"
	"leeway/core/check/quality"
	"leeway/core/metric"
)

// Checks are the families, in the order of samples in a report.
var Checks = []check.Check{quality.Check{}, drift.Check{}, performance.Check{}, confidence.Check{}}

// Metrics is the catalogue: every metric that any family can give.
func Metrics() []metric.Desc {
	var all []metric.Desc
	for _, family := range Checks {
		all = append(all, family.Metrics()...)
	}
	return all
}

// Events lists findings that are no metric: what their names mean, and what to
// do about them.
func Events() []metric.Desc {
	return append(slices.Concat(quality.Events, confidence.Events), metric.Desc{
		Check: drift.Name, Name: check.SampleSize, Unit: "rows", High: math.Inf(1),
		Help:    "The rows are too few to see a change that would matter.",
		Formula: "current rows; there where nothing alarms and the detectable effect is more than 2.5 times the material one in the column in the middle",
		Use:     "The finding says how many would be enough: merge several batches into one window, or choose a longer window.every. Where most rows could not be read, it says so instead.",
		Cite:    "the power of the tests, 80%; see detectable",
	})
}
