// Package all lists the families of checks that run on every window.
package all

import (
	"leeway/core/check"
	"leeway/core/check/drift"
	"leeway/core/check/quality"
	"leeway/core/metric"
)

// Checks are the families, in the order of samples in a report.
var Checks = []check.Check{quality.Check{}, drift.Check{}}

// Metrics is the catalogue: every metric that any family can give.
func Metrics() []metric.Desc {
	var all []metric.Desc
	for _, family := range Checks {
		all = append(all, family.Metrics()...)
	}
	return all
}
