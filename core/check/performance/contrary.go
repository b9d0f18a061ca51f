package performance

import (
	"fmt"
	"math"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/metric"
)

// contraryPredictions counts rows whose id comes again with another prediction.
var contraryPredictions = method{Desc: metric.Desc{Name: "predictions_contrary", Unit: "rows", High: math.Inf(1), Better: "lower",
	Help:    "Rows whose id comes again with another prediction.",
	Formula: "rows of ids that come more than once in the window (in check: in the current data) with predictions that are not all the same; of more than 131,072 ids an estimate by those whose hash divides by a power of two (exact: false)",
	Use:     "None of them wins: each row counts, and the id's label is held against each. Of ids that come again by design (a customer who is scored each day) log one made of id and time; else find out why a row was predicted twice.",
	Needs:   "a column of role prediction, and labels that come in files, or groups",
	Cite:    "a count"},
	of: func(s *side, l *check.Labelled) []value {
		if l.Contrary == nil {
			return nil
		}
		return []value{{value: float64(l.Contrary.Rows), coarse: !l.Contrary.Exact}}
	}}

// contrary says so.
func contrary(c *check.Contrary) string {
	about := ""
	if !c.Exact {
		about = "About "
	}
	come := "come"
	if c.IDs == 1 {
		come = "comes"
	}
	return fmt.Sprintf("%s%s %s more than once with predictions that differ (%s): none of them wins, each row counts and the label of its id is held against each.",
		about, words.Plural(c.IDs, "id"), come, words.Plural(c.Rows, "row"))
}
