package confidence

import (
	"fmt"
	"math"
	"strings"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/sketch"
	"leeway/core/stat"
)

// When rows with a label and rows without count as unlike each other.
const (
	selective     = "labels_selective"
	fewestOfEach  = 30
	unlikeBy      = 0.1 // Kolmogorov-Smirnov distance of their scores
	unlikeByFluke = 0.001
)

var eventSelective = metric.Desc{Check: Name, Name: selective, Unit: "ratio", High: 1,
	Help:    "The rows whose label came are not like those whose label did not, so metrics of performance are not those of all rows.",
	Formula: "Kolmogorov-Smirnov distance between the scores (several classes: the highest; numbers: the predictions) of rows with a label and rows without; said from 0.1 where p < 0.001, with 30 rows or more of either",
	Use:     "Often the easy cases are known first: look again when more labels are there. Where labels never come for some, label a random sample of those. The estimate for all rows allows for it as far as scores tell.",
	Cite:    "scipy.stats.ks_2samp; no test of the budget: labels that come bit by bit are mostly selective at first, and that is no fault of the model"}

// selection says that the rows whose label came are not like the others, and what
// that does to the first metric that is estimated of both.
func selection(in *check.Input, foretold []check.Foretold) []check.Evidence {
	l := in.Labelled
	if l == nil || l.Unlabelled == nil || l.Current == nil {
		return nil
	}
	with, without := saidOf(l.Current.Said), saidOf(l.Unlabelled)
	if with == nil || without == nil || with.Count() < fewestOfEach || without.Count() < fewestOfEach {
		return nil
	}
	a, b := sampleOf(without), sampleOf(with)
	d, err := stat.NewPair(a, b).KS()
	if err != nil || d < unlikeBy {
		return nil
	}
	p, err := stat.KSP(d, without.Count(), with.Count())
	if err != nil || !(p < unlikeByFluke) {
		return nil
	}
	what := "score"
	if l.Current.Errors != nil {
		what = "prediction"
	}
	e := check.Evidence{
		Check: Name, Metric: selective, Value: d, P: math.NaN(), Effect: math.NaN(), NoiseFloor: math.NaN(), Low: math.NaN(), High: math.NaN(),
		NReference: without.Count(), NCurrent: with.Count(), Notable: true,
		Message: fmt.Sprintf("The rows whose label came are not like those whose label did not: their mean %s is %s, that of the others %s. Performance is that of the labelled rows alone%s.",
			what, words.Number(meanOf(b)), words.Number(meanOf(a)), skewed(foretold)),
		Hint: "Look again when more labels are there; where they never come for some rows, label a random sample of those.",
	}
	return []check.Evidence{e}
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

// saidOf is how what was said of rows is spread.
func saidOf(s *outcome.Said) *sketch.Marked {
	switch {
	case s.Numbers != nil:
		return s.Numbers
	case s.Top != nil:
		return s.Top
	case len(s.Scores) > 0:
		return s.Scores[0]
	}
	return nil
}

func sampleOf(m *sketch.Marked) (w stat.Weighted) {
	for _, step := range m.Steps() {
		w.Values, w.Counts = append(w.Values, step.Value), append(w.Counts, step.Counts[0]+step.Counts[1])
	}
	return w
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
