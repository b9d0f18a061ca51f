package check

import (
	"math"

	"leeway/core/cases"
	"leeway/core/check/concept"
	"leeway/core/check/selection"
	"leeway/core/outcome"
	"leeway/core/schema"
	"leeway/core/stat"
)

// Selected is for which rows labels came, beside those of the reference.
type Selected string

// What is known of it.
const (
	NotSelected  Selected = ""                   // labelled rows are like the others, or nothing tells
	AsBefore     Selected = "as before"          // labels came for such rows of the reference as well
	NewlyChosen  Selected = "newly"              // all, or any, rows of the reference have one
	ChosenAnew   Selected = "other rows"         // other rows of the reference have one
	NotKnownHow  Selected = "not known"          // which rows of the reference have one is not known
	NothingThere Selected = "no labels to be as" // the reference has none
)

// alike is the p-value from which on labels are taken to have come for the same kinds of
// rows on both sides. What is missed below it moves performance by less than chance does: a change of
// which rows are labelled shows in these rows themselves far sooner than in their labels.
const alike = 0.01

// Selected tells whether labels that came for some rows came for such rows of
// the reference as well. Then what is measured on labelled rows of both sides may be
// compared. It is found once; nobody else may ask meanwhile.
func (l *Labelled) Selected() Selected {
	if l.Selection() == nil {
		return NotSelected
	}
	if !l.asked {
		l.asked, l.selected = true, l.beside()
	}
	return l.selected
}

// Comparable tells whether what is measured on labelled rows may be held against those
// of the reference.
func (l *Labelled) Comparable() bool {
	s := l.Selected()
	return s == NotSelected || s == AsBefore
}

func (l *Labelled) beside() Selected {
	r, c := l.Reference, l.Cases
	switch {
	case r == nil || r.Labelled == 0:
		return NothingThere
	case r.Labelled == r.Rows:
		return NewlyChosen
	case c == nil || c.Reference == nil || c.Before == nil || c.Rest == nil || min(c.Before.Rows, c.Reference.Rows, c.Current.Rows, c.Rest.Rows) == 0:
		return NotKnownHow
	case selection.Find(saidIn(c.Reference), saidIn(c.Before), c.Reference, c.Before) == nil:
		return NewlyChosen
	}
	was, is := shareOf(r), shareOf(l.Current)
	p, known := concept.Comes(concept.Mix(c.Reference, c.Before, was), concept.Mix(c.Current, c.Rest, is))
	if known && p < alike { // as likely, but fewer or more came: labels are late, whatever the row
		least := min(was, is)
		p, known = concept.Comes(concept.Mix(c.Reference, c.Before, was).Fewer(least/was), concept.Mix(c.Current, c.Rest, is).Fewer(least/is))
	}
	switch {
	case !known:
		return NotKnownHow
	case p < alike:
		return ChosenAnew
	}
	return AsBefore
}

// shareOf is that of rows with a label.
func shareOf(s *outcome.Summary) float64 { return float64(s.Labelled) / float64(s.Rows) }

// saidIn is what was said of the rows of a sample: see [SaidOf].
func saidIn(t *cases.Table) stat.Weighted {
	switch {
	case t.Shape.Task == schema.Regression:
		return stat.Count(t.Predicted)
	case len(t.Said) == 1:
		return stat.Count(t.Said[0])
	case len(t.Said) == 0:
		return stat.Weighted{}
	}
	top := make([]float64, t.Rows)
	for row := range top {
		top[row] = t.Said[0][row]
		for _, said := range t.Said[1:] {
			top[row] = max(top[row], said[row])
		}
	}
	return stat.Count(top)
}

// unlike says why labelled rows cannot be held against those of the reference.
var unlike = map[Selected]string{
	NewlyChosen: "in the reference they came for all kinds of rows",
	ChosenAnew:  "in the reference they came for other rows",
	NotKnownHow: "for which rows of the reference they came is not known",
}

// incomparable says that nothing on labelled rows alone could be tested, so that it is
// not known whether the model is as good as it was.
func (l *Labelled) incomparable() Evidence {
	none := math.NaN()
	return Evidence{
		Check: "performance", Metric: NotComparable, Value: l.Selection().Distance, P: none, Effect: none, NoiseFloor: none, Low: none, High: none,
		NReference: l.Reference.Labelled, NCurrent: l.Current.Labelled, Unsure: true,
		Message: "Whether the model is as good as it was is not known: labels came for some rows and not for others like them, and " + unlike[l.Selected()] + ".",
		Hint:    "Wait for the other labels, or label a random sample of the rows that have none. Where labels always come for such rows alone, build a baseline from rows of which only such have one, without leaving the others out: then performance is compared.",
	}
}
