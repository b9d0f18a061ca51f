// Package outcome sums up labelled rows: what a model said, and what came true.
//
// A [Summary] is all that performance metrics are computed from: counts of
// actual by predicted classes, scores by label, sums of losses. It merges, and is
// the same whatever the order of rows or their split into files. Sums are exact;
// scores and errors are exact up to [Shape.Budget] distinct values, then in cells
// of their leading bits (see [sketch.Marked]).
//
// Classes are compared by what they mean, not by how they are spelt: see
// [Classes].
package outcome

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"leeway/core/schema"
	"leeway/core/sketch"
)

// Shape says what there is to sum up.
type Shape struct {
	Task     schema.Task
	Classes  *Classes // binary, multiclass; shared by all that is compared or merged
	Positive int32    // binary: the positive class
	Scored   []int32  // the classes that scores belong to: the positive one of a binary task, or several
	Weighted bool     // rows have weights

	// Threshold is the score of a binary task from which on a row without a
	// prediction is predicted positive; nil: [Threshold].
	Threshold *float64

	Budget   int     // distinct scores that are kept
	Favoured int32   // the class that groups are compared by: the positive one of a binary task, the declared one of several; -1 for none
	Groups   *Groups // by what rows are grouped; nil: not at all

	negative *int32 // binary: the class that is not the positive one, where the labels told it; see Admission
}

// scoreCells bounds what the scores of all classes keep together.
const scoreCells = 1 << 21

// budget is what one class keeps.
func (s *Shape) budget() int { return min(s.Budget, max(scoreCells/max(len(s.Scored), 1), 4096)) }

// Row is one labelled row. Classes are codes of Shape.Classes, numbers
// themselves.
type Row struct {
	Actual    float64
	Predicted float64   // NaN: there is none, and scores have to tell
	Scores    []float64 // by Shape.Scored; NaN where missing
	Weight    float64   // with Shape.Weighted
	Groups    []float64 // by Shape.Groups.Columns; see Grouping
}

// Summary is the sum of rows.
type Summary struct {
	Shape    *Shape
	Rows     int64   // all rows, with a label or without
	Labelled int64   // rows with a label
	Weighed  int64   // labelled rows without a usable weight: they enter nothing
	Came     []int64 // classes: labelled rows by the code of what came true

	// Strange are labels by the code of their class that do not count: see [Summary.Disown].
	Strange []int64

	// Classes.
	Confusion map[Pair]*Cell
	Scores    []*sketch.Marked // by Shape.Scored, marked where the class came true
	LogLoss   *Moment
	Brier     *Moment
	Bins      [Bins]Bin
	Beyond    int64          // rows with a score outside 0..1
	Unscored  int64          // multiclass: rows whose scores do not have the class that came true; in none of the above
	Losses    *sketch.Marked // multiclass: log loss of each row
	Tops      *sketch.Marked // multiclass: the highest score of each row, marked where the predicted class came true

	unscored []*sketch.Marked // of Unscored rows, as Scores

	// Numbers.
	*Errors
	Residuals *Residuals

	Said *Said // what the model said of the labelled rows
}

// Bins is how many bins calibration is looked at in.
const Bins = 10

// Bin is a tenth of the scores: how high they are, and how often they were right.
type Bin struct {
	Count  Cell
	Scores sketch.Sum // Σ weight·score
	Hits   Cell
}

// Pair is an actual and a predicted class.
type Pair struct{ Actual, Predicted int32 }

// Cell counts rows: their number, and the sums of their weights and of the
// weights' squares.
type Cell struct {
	Rows    int64
	Mass    sketch.Mass
	Squares sketch.Mass
}

func (c *Cell) merge(o *Cell) {
	c.Rows += o.Rows
	c.Mass.Merge(&o.Mass)
	c.Squares.Merge(&o.Squares)
}

// New is the sum of no rows.
func New(shape *Shape) *Summary {
	s := &Summary{Shape: shape, Said: NewSaid(shape)}
	if shape.Task == schema.Regression {
		s.Errors, s.Residuals = newErrors(shape), newResiduals(shape.Budget)
		return s
	}
	s.Confusion = map[Pair]*Cell{}
	s.LogLoss, s.Brier = newMoment(shape.Weighted), newMoment(shape.Weighted)
	for range shape.Scored {
		s.Scores = append(s.Scores, sketch.NewMarked(shape.budget(), shape.Weighted))
	}
	if shape.Many() {
		s.Losses, s.Tops = sketch.NewMarked(shape.Budget, shape.Weighted), sketch.NewMarked(shape.Budget, shape.Weighted)
	}
	return s
}

// Unlabelled counts rows that have no label.
func (s *Summary) Unlabelled(rows int64) { s.Rows += rows }

// Add adds a labelled row.
func (s *Summary) Add(r *Row) {
	s.Rows++
	s.Labelled++
	if s.Errors == nil {
		s.Came = Counted(s.Came, r.Actual)
	}
	weight, ok := s.Shape.weigh(r)
	if !ok {
		s.Weighed++
		return
	}
	s.Said.Add(r)
	if s.Errors != nil {
		if !math.IsNaN(r.Predicted) {
			s.Errors.add(r.Actual, r.Predicted, weight)
			s.Residuals.add(r.Predicted, r.Predicted-r.Actual, weight)
		}
		return
	}
	actual := int32(r.Actual)
	if predicted, ok := s.Shape.Predicted(r); ok {
		pair := Pair{actual, predicted}
		c := s.Confusion[pair]
		if c == nil {
			c = &Cell{}
			s.Confusion[pair] = c
		}
		s.count(c, weight)
	}
	s.score(r, actual, weight)
}

func (s *Summary) count(c *Cell, weight float64) { s.Shape.count(c, weight) }

// count adds a row to a cell.
func (s *Shape) count(c *Cell, weight float64) {
	c.Rows++
	if s.Weighted {
		c.Mass.Add(weight)
		c.Squares.Add(weight * weight)
	}
}

// Threshold is the score from which on a row without a prediction is predicted
// positive, where nothing else is configured.
const Threshold = 0.5

// threshold is that of the shape.
func (s *Shape) threshold() float64 {
	if s.Threshold != nil {
		return *s.Threshold
	}
	return Threshold
}

// Predicted is the class that a row is taken for.
func (s *Shape) Predicted(r *Row) (int32, bool) {
	if !math.IsNaN(r.Predicted) {
		return int32(r.Predicted), true
	}
	if len(r.Scores) == 0 {
		return 0, false
	}
	if s.Task == schema.Binary {
		switch x := r.Scores[0]; {
		case math.IsNaN(x):
			return 0, false
		case x >= s.threshold():
			return s.Positive, true
		}
		if s.negative != nil {
			return *s.negative, true
		}
		return s.Classes.other(s.Positive), true
	}
	top, ok := highest(r.Scores)
	if !ok {
		return 0, false
	}
	return s.Scored[top], true
}

// highest is the first of the largest scores; not ok where one is missing.
func highest(scores []float64) (at int, ok bool) {
	for i, x := range scores {
		if math.IsNaN(x) {
			return 0, false
		}
		if x > scores[at] {
			at = i
		}
	}
	return at, true
}

// Clip is how far from 0 and 1 a probability is taken to be in the log loss:
// the precision of a float64, as in scikit-learn.
const Clip = 0x1p-52

// LogLossOf is the log loss of a probability of what came true.
func LogLossOf(p float64) float64 { return -math.Log(min(max(p, Clip), 1-Clip)) }

// losses are the log loss and the Brier score of one row.
func (s *Summary) losses(scores []float64, actual int32) (loss, brier float64) {
	if s.Shape.Task == schema.Binary {
		p := scores[0]
		if actual == s.Shape.Positive {
			return LogLossOf(p), (p - 1) * (p - 1)
		}
		return LogLossOf(1 - p), p * p
	}
	p := 0.0
	for i, x := range scores {
		y := 0.0
		if s.Shape.Scored[i] == actual {
			p, y = x, 1
		}
		brier += float64((x - y) * (x - y))
	}
	return LogLossOf(p), brier
}

// bin counts a row for calibration.
func (s *Summary) bin(scores []float64, actual int32, weight float64) {
	top := 0
	if s.Shape.Task != schema.Binary {
		top, _ = highest(scores)
	}
	p := scores[top]
	b := &s.Bins[min(int(Bins*p), Bins-1)]
	s.count(&b.Count, weight)
	one := [1]float64{weight * p}
	var squares sketch.Sum
	sketch.Accumulate(one[:], &b.Scores, &squares)
	if actual == s.Shape.Scored[top] {
		s.count(&b.Hits, weight)
	}
}

// Merge adds the rows of o, which has the same shape.
func (s *Summary) Merge(o *Summary) {
	s.Rows, s.Labelled, s.Weighed, s.Beyond = s.Rows+o.Rows, s.Labelled+o.Labelled, s.Weighed+o.Weighed, s.Beyond+o.Beyond
	s.Came, s.Strange = Add(s.Came, o.Came), Add(s.Strange, o.Strange)
	s.Said.Merge(o.Said)
	if s.Errors != nil {
		s.Errors.merge(o.Errors)
		s.Residuals.merge(o.Residuals)
		return
	}
	for pair, cell := range o.Confusion {
		if s.Confusion[pair] == nil {
			s.Confusion[pair] = &Cell{}
		}
		s.Confusion[pair].merge(cell)
	}
	for i := range s.Scores {
		s.Scores[i].Merge(o.Scores[i])
	}
	s.LogLoss.merge(o.LogLoss)
	s.Brier.merge(o.Brier)
	for i := range s.Bins {
		s.Bins[i].Count.merge(&o.Bins[i].Count)
		s.Bins[i].Hits.merge(&o.Bins[i].Hits)
		s.Bins[i].Scores.Merge(&o.Bins[i].Scores)
	}
	s.mergeUnscored(o)
	if s.Losses != nil {
		s.Losses.Merge(o.Losses)
		s.Tops.Merge(o.Tops)
	}
}

// Weight is the sum of a cell's weights, and that of their squares: without
// weights the number of rows.
func (s *Shape) Weight(c *Cell) (weight, squares float64) {
	if !s.Weighted {
		return float64(c.Rows), float64(c.Rows)
	}
	return c.Mass.Float(), c.Squares.Float()
}

// Pairs lists the pairs of an actual and a predicted class that occur, in order.
func (s *Summary) Pairs() []Pair {
	pairs := slices.Collect(maps.Keys(s.Confusion))
	slices.SortFunc(pairs, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(a.Actual, b.Actual), cmp.Compare(a.Predicted, b.Predicted))
	})
	return pairs
}
