package fairness

import (
	"math"

	"leeway/core/check"
	"leeway/core/metric"
)

// Events are the findings that are no metric.
var Events = []metric.Desc{
	{Check: Name, Name: check.Reversal, Unit: "ratio", Low: -1, High: 1, Labels: byColumn,
		Help:    "Two groups change places once rows are compared within segments (Simpson's paradox).",
		Formula: "the difference of selection_rate within segments (mean of the differences, weights n·m/(n+m)), where it is negative for two groups of which the first is predicted positive more often on the whole; both by a normal test, 1/1000 over all pairs and segments together; at most 20 groups",
		Use:     "Which of the two is fair hangs on whether the segment may make a difference: where it may, compare within segments. It is a note and no alarm: nothing need have changed.",
		Needs:   "segments in the configuration, and a sensitive column that is none of them", Cite: "Simpson (1951); Mantel and Haenszel (1959)"},
	{Check: Name, Name: check.NoGroups, High: math.Inf(1), Labels: byColumn,
		Help:    "There are no two groups to compare.",
		Formula: "fewer than two groups of a sensitive column have current rows with a prediction",
		Use:     "Check what fills the column. If windows of one group are as they should be, choose a longer window.every.",
		Needs:   "a column of role sensitive", Cite: "a count"},
	{Check: Name, Name: check.NoReference, High: math.Inf(1), Labels: byColumn,
		Help:    "Groups cannot be compared with what they were: the reference has no predictions of them.",
		Formula: "current rows have groups and predictions, and no row of the reference has",
		Use:     "Give a reference with the sensitive column and with predictions; a baseline that was built before the column was declared is built again (leeway baseline build).",
		Needs:   "a column of role sensitive", Cite: "a count"},
}
