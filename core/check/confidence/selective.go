package confidence

import (
	"fmt"
	"math"
	"strings"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/sketch"
	"leeway/core/stat"
)

var eventSelective = metric.Desc{Check: Name, Name: check.LabelsSelective, Unit: "ratio", High: 1,
	Help:    "The rows whose label came are not like those whose label did not, so metrics of performance are not those of all rows.",
	Formula: "Kolmogorov-Smirnov distance between the scores (several classes: the highest; numbers: the predictions) of rows with a label and rows without, else the largest of their columns in a sample (categories: total variation); said where p < 0.001 over all that are looked at, and distance · (share of rows without a label) >= 0.01, with 30 rows or more of either",
	Use:     "Where labels of the reference came for such rows too, performance is compared as usual. Else it is unknown (not_comparable), and what is measured on labelled rows (performance, slices, errors of groups, label drift) is told and alarms nobody, for it moves with which labels came; concept_shift, what comes true of the same scores and features, remains a test, which must show against rows of the reference alike too. Often the easy cases are known first: look again when more labels are there. Where labels never come for some, label a random sample of those. The estimate for all rows allows for it as far as scores tell.",
	Cite:    "scipy.stats.ks_2samp; missing at random: Rubin (1976); no test of the budget: labels that come bit by bit are mostly selective at first, and that is no fault of the model"}

// selection says that the rows whose label came are not like the others, and what
// that does to the first metric that is estimated of both.
func selection(in *check.Input, foretold []check.Foretold) []check.Evidence {
	l := in.Labelled
	if l == nil || l.Unlabelled == nil || l.Current == nil {
		return nil
	}
	found := l.Selection()
	if found == nil {
		return nil
	}
	with, without := check.SaidOf(l.Current.Said), check.SaidOf(l.Unlabelled)
	what := "score"
	if l.Current.Errors != nil {
		what = "prediction"
	}
	differ := fmt.Sprintf("their mean %s is %s, that of the others %s", what, words.Number(meanOf(check.SampleOf(with))), words.Number(meanOf(check.SampleOf(without))))
	if found.Column != "" {
		differ = fmt.Sprintf("they differ in `%s`", found.Column)
	}
	e := check.Evidence{
		Check: Name, Metric: check.LabelsSelective, Value: found.Distance, P: math.NaN(), Effect: math.NaN(), NoiseFloor: math.NaN(), Low: math.NaN(), High: math.NaN(),
		NReference: without.Count(), NCurrent: with.Count(), Notable: true,
		Message: fmt.Sprintf("The rows whose label came are not like those whose label did not: %s. Performance is that of the labelled rows alone, %s%s.",
			differ, amounts(l.Selected()), skewed(foretold)),
		Hint: "Look again when more labels are there; where they never come for some rows, label a random sample of those.",
	}
	return []check.Evidence{e}
}

// amounts says what becomes of performance.
func amounts(s check.Selected) string {
	if s == check.AsBefore {
		return "as in the reference, where labels came for such rows too, so both are compared"
	}
	return "and no alarm hangs on it"
}

// skewed says by how much a metric of all rows is estimated to differ from that of
// the labelled ones.
func skewed(foretold []check.Foretold) string {
	for i := range foretold {
		f := &foretold[i]
		if f.Labelled == nil || f.All.Reason != "" || f.Labelled.Reason != "" {
			continue
		}
		return fmt.Sprintf("; by the scores, %s is %s for them and %s for all rows", spoken(f.Metric), words.Number(f.Labelled.Value), words.Number(f.All.Value))
	}
	return ""
}

// spoken is a metric in a sentence.
func spoken(name string) string {
	for _, all := range [][]watched{ofClasses, ofNumbers} {
		for i := range all {
			if all[i].name == name {
				return all[i].words
			}
		}
	}
	return strings.ReplaceAll(name, "_", " ")
}

// meanOf is the mean of a sample.
func meanOf(w stat.Weighted) float64 {
	var sum, none sketch.Sum
	var n int64
	terms := make([]float64, len(w.Values))
	for i, x := range w.Values {
		terms[i] = x * float64(w.Counts[i])
		n += w.Counts[i]
	}
	sketch.Accumulate(terms, &sum, &none)
	return sum.Float() / float64(n)
}
