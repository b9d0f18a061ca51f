// Package all lists the families of checks that run on every window.
package all

import (
	"math"
	"slices"

	"leeway/core/check"
	"leeway/core/check/confidence"
	"leeway/core/check/drift"
	"leeway/core/check/fairness"
	"leeway/core/check/performance"
	"leeway/core/check/quality"
	"leeway/core/metric"
)

// Checks are the families, in the order of samples in a report.
var Checks = []check.Check{quality.Check{}, drift.Check{}, performance.Check{}, confidence.Check{}, fairness.Check{}}

// OfSegments are those that run on the rows of each segment as well.
var OfSegments = []check.Check{quality.Check{}, drift.Check{}}

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
	return append(slices.Concat(quality.Events, performance.Events, confidence.Events, fairness.Events), metric.Desc{
		Check: drift.Name, Name: check.PartialWindow, Unit: "event", High: 1,
		Help:    "The window is not whole: more rows are to come, or the data begin within it.",
		Formula: "no row of the model is of the window's end or later, and its last row is further from the end than is usual in windows of the reference; or no row is from before the window, and its first row is further from its start than is usual",
		Use:     "Nothing. Part of a week need not be like whole weeks, so columns are held against how pieces of the reference differ (its days, a few hours, some minutes), which hides smaller changes, and with a margin for that it may be looked at after each file; its verdict is unknown where that hides what matters in the column in the middle, and where no pieces are known: then only what is broken for certain alarms. All is judged when the window is whole: as soon as its rows reach as far as is usual, or a row of a later window comes. Where it is always so, build a baseline whose windows reach as far as those of now (leeway baseline build).",
		Cite:    "of the first and last rows of the reference's windows: the upper decile and five times the narrower half of the 80% in the middle, or five times the distance between rows; an hour more where a day has quiet hours, which move when clocks are changed",
	}, metric.Desc{
		Check: drift.Name, Name: check.SampleSize, Unit: "rows", High: math.Inf(1),
		Help:    "A change that would matter might not show: too few rows, too few windows of a reference whose windows differ, or nothing that can be compared.",
		Formula: "current rows; there where nothing alarms and the detectable effect is more than 2.5 times the material one in the column in the middle, by the rows or by three to seven windows of the reference that plainly differ (of a window that is not over by the rows, see partial_window); and, whatever else is found, where no column could be compared for drift. Of performance labelled rows: there where nothing of it alarms and a fall of accuracy or a rise of mae by 10/3 of what is material (10 points, a third) might not show, by the labelled rows or by so few windows; with label files given to check the verdict is unknown too, else the check alone, for more labels may come",
		Use:     "The finding says which, and what would be enough. Rows: merge several batches into one window, or choose a longer window.every. Windows: build a baseline of eight or more. Nothing to compare: see what the quality checks say of the columns, or say what a column is. Where most rows could not be read, it says so instead.",
		Cite:    "the power of the tests, 80%; see detectable",
	})
}
