package truth

import (
	"leeway/core/cases"
	"leeway/core/check"
	"leeway/core/ledger"
	"leeway/core/outcome"
)

// Admit has those labels of the current ledgers count that can be held against the
// reference's, which is said to count: see [outcome.Admission]. labels number classes by
// from; reference is what came true of the reference, nil for nothing. What it gives
// says what is odd about the labels, once they are summed up, and which ids contradict
// themselves.
func Admit(labels *ledger.Labels, from *outcome.Shape, reference *outcome.Summary, ledgers *ledger.Shelf, count func(*outcome.Admission)) (odd func(current *outcome.Summary) *outcome.Odd, twice *check.Contrary) {
	var predicted []int64
	var ids ledger.Contrary
	shape := ledgers.Shape
	for l := range ledgers.All {
		predicted = outcome.Add(predicted, l.Predicted())
		ids.Add(l)
	}
	twice = &check.Contrary{}
	twice.IDs, twice.Rows, twice.Exact = ids.Count()
	a := outcome.Admit(shape, reference, predicted)
	if a.Plain(from.Classes) && a.Plain(shape.Classes) { // spares another join
		return func(current *outcome.Summary) *outcome.Odd {
			if current == nil {
				return nil
			}
			return a.Judge(current.Came, reference)
		}, twice
	}
	found := a.Judge(labels.Came(from, ledgers), reference)
	count(a)
	return func(*outcome.Summary) *outcome.Odd { return found }, twice
}

// ready has the reference's own labels count, and makes sense of the current ones.
func (j joining) ready(reference, current *Outcomes) (before *outcome.Summary, odd func(*outcome.Summary) *outcome.Odd, twice *check.Contrary) {
	if reference != nil && reference.ledger != nil {
		reference.admits = outcome.Blanks(reference.Shape)
		reference.ledger.Admits = reference.admits
	}
	before = reference.Sum(j.reference)
	if before.Apart() {
		before = reference.disown(before)
	}
	if reference != nil {
		before.Predicts(reference.predictions())
	}
	if current == nil || current.ledger == nil {
		return before, func(*outcome.Summary) *outcome.Odd { return current.judge(before) }, nil
	}
	odd, twice = Admit(j.current, current.Shape, before, ledger.Of(current.ledger), func(a *outcome.Admission) { current.ledger.Admits = a })
	current.admits = current.ledger.Admits
	return before, odd, twice
}

// predictions counts those of rows without a label by their class.
func (o *Outcomes) predictions() []int64 {
	if o.ledger != nil {
		return o.ledger.Predicted()
	}
	return o.predicted
}

// disown has no label of a reference count whose predictions are other words; before is
// what came true of it.
func (o *Outcomes) disown(before *outcome.Summary) *outcome.Summary {
	bare := before.Disown()
	o.admits, o.cases = outcome.Nothing(o.Shape), nil
	if o.ledger != nil {
		o.ledger.Admits = o.admits
	} else {
		o.summary = bare
	}
	return bare
}

// judge says what is odd about the labels in the current rows themselves. Where they
// cannot be taken after all they are forgotten.
func (o *Outcomes) judge(reference *outcome.Summary) *outcome.Odd {
	if o == nil || o.summary == nil {
		return nil
	}
	o.admits.Predicts(o.summary.Said.Predicted)
	if o.said != nil {
		o.admits.Predicts(o.said.Predicted)
	}
	odd := o.admits.Judge(o.came, reference)
	if odd == nil || !odd.Refused {
		return odd
	}
	bare := outcome.New(o.Shape)
	bare.Rows = o.summary.Rows
	if o.said != nil {
		o.said.Merge(o.summary.Said)
	}
	if o.summary = bare; o.cases != nil { // none has a label now
		o.without.Merge(o.cases)
		o.cases = o.cases.Only(func(*cases.Row) bool { return false })
	}
	return odd
}

// admitted gets ready to look at the labels of a file while its rows are read: those
// of the reference say what the classes are, the current ones are held against them.
func (o *Outcomes) admitted() {
	switch {
	case o.admits != nil || o.Shape == nil:
	case o.Against == nil:
		o.admits = outcome.Blanks(o.Shape)
	case o.Against.summary != nil:
		if o.Against.summary.Apart() {
			o.Against.disown(o.Against.summary)
		}
		if a := outcome.Admit(o.Shape, o.Against.summary, nil); !a.Open() {
			o.admits = a
		}
	}
}

// IsOdd tells whether there is anything to be said of labels though none counts.
func IsOdd(l *check.Labelled) bool {
	return l.Odd != nil && (len(l.Odd.Classes) > 0 || len(l.Odd.Strange) > 0 || l.Odd.Respelt != nil)
}
