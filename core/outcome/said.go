package outcome

import (
	"math"

	"leeway/core/schema"
	"leeway/core/sketch"
)

// Said sums up what a model said of rows, whether they have a label or not: all
// that performance is estimated from before labels come.
type Said struct {
	Shape *Shape
	Rows  int64

	Predicted []int64 // classes: rows by the code of the prediction, where they have one

	Scores  []*sketch.Marked // by Shape.Scored, marked where the class was predicted
	Beyond  int64            // rows with a score outside 0..1
	Top     *sketch.Marked   // multiclass: the highest score of each row
	Entropy *Moment          // multiclass: -Σ p·ln p of each row whose scores are probabilities
	Numbers *sketch.Marked   // regression: predictions
}

// NewSaid is the sum of no rows.
func NewSaid(shape *Shape) *Said {
	s := &Said{Shape: shape}
	if shape.Task == schema.Regression {
		s.Numbers = sketch.NewMarked(shape.Budget, shape.Weighted)
		return s
	}
	for range shape.Scored {
		s.Scores = append(s.Scores, sketch.NewMarked(shape.budget(), shape.Weighted))
	}
	if shape.Many() {
		s.Top, s.Entropy = sketch.NewMarked(shape.Budget, shape.Weighted), newMoment(shape.Weighted)
	}
	return s
}

// Add adds a row; its label does not count.
func (s *Said) Add(r *Row) {
	s.Rows++
	if s.Numbers == nil {
		s.Predicted = Counted(s.Predicted, r.Predicted)
	}
	weight, ok := s.Shape.weigh(r)
	if !ok {
		return
	}
	if s.Numbers != nil {
		if !math.IsNaN(r.Predicted) {
			s.Numbers.Add(r.Predicted, false, weight)
		}
		return
	}
	predicted, ok := s.Shape.Predicted(r)
	known, within := scoresOf(r)
	if !ok || !known {
		return
	}
	if !within {
		s.Beyond++
	}
	for i, x := range r.Scores {
		s.Scores[i].Add(x, predicted == s.Shape.Scored[i], weight)
	}
	if s.Top == nil {
		return
	}
	top, _ := highest(r.Scores)
	s.Top.Add(r.Scores[top], false, weight)
	if within {
		s.Entropy.add(EntropyOf(r.Scores...), weight)
	}
}

// scoresOf tells whether a row has all scores, and whether these are within 0 and 1.
func scoresOf(r *Row) (known, within bool) {
	within = true
	for _, x := range r.Scores {
		if math.IsNaN(x) {
			return false, false
		}
		within = within && x >= 0 && x <= 1
	}
	return len(r.Scores) > 0, within
}

// EntropyOf is -Σ p·ln p in nats, 0·ln 0 being 0.
func EntropyOf(ps ...float64) float64 {
	var all float64
	for _, p := range ps {
		if p > 0 {
			all -= float64(p * math.Log(p))
		}
	}
	return all
}

// Merge adds the rows of o, which has the same shape.
func (s *Said) Merge(o *Said) {
	s.Rows, s.Beyond = s.Rows+o.Rows, s.Beyond+o.Beyond
	s.Predicted = Add(s.Predicted, o.Predicted)
	for i := range s.Scores {
		s.Scores[i].Merge(o.Scores[i])
	}
	if s.Top != nil {
		s.Top.Merge(o.Top)
		s.Entropy.merge(o.Entropy)
	}
	if s.Numbers != nil {
		s.Numbers.Merge(o.Numbers)
	}
}
