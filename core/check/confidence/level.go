package confidence

import (
	"math"

	"leeway/core/check"
	"leeway/core/outcome"
	"leeway/core/schema"
	"leeway/core/sketch"
)

// level is how sure the model is of the rows of a window.
type level struct {
	values []float64 // scores: of the positive class, or the highest of a row
	counts []int64
	binary bool
	fuzzy  bool
	said   *outcome.Said // of several classes; nil: none
	reason string
}

// low is the confidence below which a row counts as uncertain.
const low = 0.6

// newLevel reads the scores: of one column from its profile, of several from the
// rows, since only those tell which was the highest; nil without scores.
func newLevel(in *check.Input) *level {
	scores := in.Schema.ByRole(schema.Score)
	task := in.Schema.Task
	if len(scores) == 0 || task != schema.Binary && task != schema.Multiclass {
		return nil
	}
	l := &level{binary: task == schema.Binary}
	switch column := in.Current.Column(scores[0].Name); {
	case in.Said != nil && in.Said.Current.Top != nil:
		l.said = in.Said.Current
		l.of(l.said.Top)
	case len(scores) > 1 && !l.binary:
		return nil
	case column == nil || column.Numeric == nil:
		l.reason = "no row has a score"
	default:
		l.values, l.counts = column.Numeric.Grid.Weighted(nil, nil)
		l.fuzzy = !column.Numeric.Grid.Exact()
		if len(l.values) == 0 {
			l.reason = "no row has a score"
		} else if column.Numeric.Min < 0 || column.Numeric.Max > 1 {
			l.reason = outside
		}
	}
	return l
}

const otherWords = "predictions are in other words than those of the reference"

const outside = "some scores lie outside 0 to 1: they are no probabilities"

func (l *level) of(top *sketch.Marked) {
	for s := range top.All() {
		l.values, l.counts = append(l.values, s.Value), append(l.counts, s.Counts[0]+s.Counts[1])
	}
	l.fuzzy = !top.Exact()
	switch {
	case len(l.values) == 0:
		l.reason = "no row has a score"
	case l.said.Beyond > 0:
		l.reason = outside
	}
}

// mean is that of a function of the scores.
func (l *level) mean(of func(score float64) float64) estimate {
	if l.reason != "" {
		return unknown(l.reason)
	}
	var sum sketch.Sum
	var none sketch.Sum
	var rows int64
	column := make([]float64, len(l.values))
	for i, x := range l.values {
		column[i] = float64(of(min(max(x, 0), 1)) * float64(l.counts[i]))
		rows += l.counts[i]
	}
	sketch.Accumulate(column, &sum, &none)
	return estimate{value: sum.Float() / float64(rows), rows: rows, fuzzy: l.fuzzy}
}

// sure is how probable the model finds its own class.
func (l *level) sure(score float64) float64 {
	if l.binary {
		return math.Max(score, 1-score)
	}
	return score
}

func (l *level) confidence() estimate { return l.mean(l.sure) }

func (l *level) uncertain() estimate {
	return l.mean(func(score float64) float64 {
		if l.sure(score) < low {
			return 1
		}
		return 0
	})
}

func (l *level) entropy() estimate {
	switch {
	case l.binary:
		return l.mean(func(p float64) float64 { return outcome.EntropyOf(p, 1-p) })
	case l.reason != "":
		return unknown(l.reason)
	case l.said == nil:
		return unknown("needs a score of every class")
	}
	return estimate{value: l.said.Entropy.Mean(), rows: l.said.Entropy.Rows()}
}
