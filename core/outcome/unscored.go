package outcome

import (
	"slices"

	"leeway/core/sketch"
)

// fewUnscored is the share of rows without a score of what came true up to which the
// others speak for all: as of foreign labels.
const fewUnscored = fewForeign

// FewUnscored tells whether rows of classes without scores are so few that metrics of
// scores leave them out: up to 5% of the rows with scores.
func (s *Summary) FewUnscored() bool {
	return float64(s.Unscored) <= fewUnscored*float64(s.WithScores())
}

// WithScores is how many labelled rows have all scores.
func (s *Summary) WithScores() int64 {
	if s.LogLoss == nil {
		return 0
	}
	return s.LogLoss.Rows() + s.Beyond + s.Unscored
}

// Against are the scores of a class, by its place in Shape.Scored: marked where it came
// true, else of all other rows. Rows of classes without scores are others too, save where
// they are so few that they are left out.
func (s *Summary) Against(class int) *sketch.Marked {
	if s.unscored == nil || s.FewUnscored() {
		return s.Scores[class]
	}
	all := sketch.NewMarked(s.Shape.budget(), s.Shape.Weighted)
	all.Merge(s.Scores[class])
	all.Merge(s.unscored[class])
	return all
}

// hasScore tells whether a class has scores.
func (s *Shape) hasScore(class int32) bool { return slices.Contains(s.Scored, class) }

// score adds the scores of a row.
func (s *Summary) score(r *Row, actual int32, weight float64) {
	known, within := scoresOf(r)
	if !known {
		return
	}
	if s.Tops != nil {
		top, _ := highest(r.Scores)
		predicted, _ := s.Shape.Predicted(r)
		s.Tops.Add(r.Scores[top], actual == predicted, weight)
		if !s.Shape.hasScore(actual) {
			s.lacking(r.Scores, weight)
			return
		}
	}
	for i, x := range r.Scores {
		s.Scores[i].Add(x, actual == s.Shape.Scored[i], weight)
	}
	if !within {
		s.Beyond++
		return
	}
	loss, brier := s.losses(r.Scores, actual)
	s.LogLoss.add(loss, weight)
	s.Brier.add(brier, weight)
	if s.Losses != nil {
		s.Losses.Add(loss, false, weight)
	}
	s.bin(r.Scores, actual, weight)
}

// lacking adds the scores of a row that do not have the class which came true.
func (s *Summary) lacking(scores []float64, weight float64) {
	s.Unscored++
	s.makeUnscored()
	for i, x := range scores {
		s.unscored[i].Add(x, false, weight)
	}
}

func (s *Summary) makeUnscored() {
	for len(s.unscored) < len(s.Scores) {
		s.unscored = append(s.unscored, sketch.NewMarked(s.Shape.budget(), s.Shape.Weighted))
	}
}

// mergeUnscored adds those of o.
func (s *Summary) mergeUnscored(o *Summary) {
	s.Unscored += o.Unscored
	if o.unscored == nil {
		return
	}
	s.makeUnscored()
	for i := range o.unscored {
		s.unscored[i].Merge(o.unscored[i])
	}
}
