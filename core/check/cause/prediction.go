package cause

import (
	"fmt"
	"math"

	"leeway/core/internal/words"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
)

// output is what a model of two classes says, on both sides: how often the positive
// class, and how often a score of a threshold or more.
type output struct {
	threshold         float64
	predicted, scored [2]float64 // shares of the reference and the current side
}

// steady tells that the reference's predictions are those of a score at the threshold,
// to a row of two hundred.
func (o *output) steady() bool { return math.Abs(o.predicted[0]-o.scored[0]) <= 0.005 }

// turned tells that now they are the others: to a row of a hundred where the two would
// differ by a fifth of all.
func (o *output) turned() bool {
	return math.Abs(o.predicted[1]+o.scored[1]-1) <= 0.01 && math.Abs(o.predicted[1]-o.scored[1]) >= 0.2
}

// output finds what the model says; nil unless it has two classes, a score of 0 to 1 and
// a threshold that the reference's predictions follow.
func (w *window) output() *output {
	predictions, scores := w.in.Schema.ByRole(schema.Prediction), w.in.Schema.ByRole(schema.Score)
	if len(predictions) != 1 || len(scores) != 1 || w.in.Schema.Positive == "" {
		return nil
	}
	o := &output{threshold: 0.5}
	if w.in.Schema.Threshold != nil {
		o.threshold = *w.in.Schema.Threshold
	}
	for i, side := range []*profile.Dataset{w.in.Reference, w.in.Current} {
		prediction, score := side.Column(predictions[0].Name), side.Column(scores[0].Name)
		if prediction == nil || score == nil || prediction.Categories == nil || score.Numeric == nil || !prediction.Categories.Exact() ||
			prediction.Valid() < 100 || score.Valid() < 100 || score.Numeric.Min < 0 || score.Numeric.Max > 1 {
			return nil
		}
		o.predicted[i] = float64(prediction.Categories.Of(w.in.Schema.Positive)) / float64(prediction.Valid())
		o.scored[i] = 1 - float64(score.Numeric.Grid.CountBelow(o.threshold))/float64(score.Valid())
	}
	if !o.steady() {
		return nil
	}
	return o
}

// opposite tells that the predictions are the opposite of what the score says, or that
// the score is the other class's: whatever else has changed, the two went together
// before. Which of the two it was, its own change tells.
func (c *column) opposite() *found {
	role := c.contract.Role
	if role != schema.Prediction && role != schema.Score {
		return nil
	}
	o := c.output()
	if o == nil || !o.turned() {
		return nil
	}
	moved := [2]float64{math.Abs(o.predicted[1] - o.predicted[0]), math.Abs(o.scored[1] - o.scored[0])}
	if (role == schema.Prediction) != (moved[0] > moved[1]) {
		return nil
	}
	at := words.Number(o.threshold)
	w := &found{
		cause: report.Cause{Explains: explained(math.Abs(o.predicted[1]-o.scored[1]), math.Abs(o.predicted[1]+o.scored[1]-1)),
			Evidence: fmt.Sprintf("the reference predicts %s in %s of the rows and has a score of %s or more in %s; now %s and %s",
				words.Quoted(c.in.Schema.Positive), words.Share(o.predicted[0]), at, words.Share(o.scored[0]), words.Share(o.predicted[1]), words.Share(o.scored[1]))},
		sure:   true,
		likely: min(moved[0], moved[1]) > max(moved[0], moved[1])/2,
	}
	if role == schema.Prediction {
		w.message = fmt.Sprintf("%s has its two classes exchanged: it says the opposite of what the score does.", c.title())
		w.short = "its two classes are exchanged"
		w.hint = fmt.Sprintf("Find out where %s is turned into its opposite: a map of classes, a changed order of them.", c.title())
		return w
	}
	w.message = fmt.Sprintf("%s is the score of the other class: it says the opposite of what the predictions do.", c.title())
	w.short = "it is the score of the other class"
	w.hint = fmt.Sprintf("Find out which class %s is taken of: the first column of what a model returns is that of the first class.", c.title())
	return w
}

// otherClass tells that a score is 1 minus what it was, where nothing else says so.
func (c *column) otherClass() *found {
	if c.contract.Role != schema.Score || c.a.n < enough || c.b.n < enough || c.a.least() < 0 || c.a.most() > 1 || c.b.least() < 0 || c.b.most() > 1 {
		return nil
	}
	before := c.changedBy()
	turned := c.a.apply(func(x float64) float64 { return 1 - x })
	left := gap(turned, c.b, 0)
	if before < 0.2 || left > before/3 || moved(c.a, c.b) < max(float64(2*left), noise(c.a.n, c.b.n)) {
		return nil
	}
	return &found{
		cause: report.Cause{Explains: explained(before, left),
			Evidence: fmt.Sprintf("1 minus it, %s%s", fell(before, left), remains(left, c.a, c.b))},
		message: fmt.Sprintf("%s is the score of the other class: 1 minus what it was (%s).", c.title(), c.typical()),
		short:   "it is the score of the other class",
		hint:    fmt.Sprintf("Find out which class %s is taken of: the first column of what a model returns is that of the first class.", c.title()),
		likely:  left > noise(c.a.n, c.b.n),
	}
}
