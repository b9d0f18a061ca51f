package performance

import (
	"math"

	"leeway/core/check"
	"leeway/core/metric"
)

// Events are the findings that are no metric.
var Events = []metric.Desc{
	{Check: Name, Name: check.NotComparable, Unit: "ratio", High: 1,
		Help:    "Labels came for some rows and not for others like them (labels_selective), and not for such rows of the reference, so performance cannot be compared: it is unknown.",
		Formula: "value: that of labels_selective. Labels came for such rows of the reference as well where its own are selective too, and whether a row has one hangs on scores and features as it did: p >= 0.01 of the test of concept_shift with having a label in the place of the label (rows mixed so that as large a share has one as of all), as labels came, or as if on both sides as few had come. Samples of up to 20,000 distinct rows a side, of a window in a bucket up to 4,096",
		Use:     "Wait for the other labels, or label a random sample of the rows that have none. Where labels always come for the same kinds of rows, keep the rows without one in the reference: then performance is compared as usual. concept_shift, drift and all that is of all rows remain tests meanwhile.",
		Cite:    "Shah and Peters (2020); missing at random: Rubin (1976)"},
	{Check: Name, Name: check.UnlabelledReference, Unit: "rows", High: math.Inf(1),
		Help:    "Current rows have labels and the reference has none to compare with: whether the model became worse is not known.",
		Formula: "value: labelled rows of the reference, fewer than 10. The check performance is unknown by it, the report's verdict is not: that is by all else",
		Use:     "The metrics and their intervals say how good the model is now. To see it become worse give the reference labels: a column of role label, or label files with its ids (labels/ of the bucket, --reference-labels of check); or build a baseline of newer rows that have labels (leeway baseline build). Where the reference's labels contradict each other, find out which source is wrong.",
		Cite:    "a count"},
}
