package truth

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"leeway/core/check"
	"leeway/core/fault"
	"leeway/core/internal/words"
	"leeway/core/ledger"
)

// joining is the labels of files by the side whose rows they are of.
type joining struct{ reference, current *ledger.Labels }

// sides are the labels of either side. A nil receiver has none: then rows' own count.
func (l *Labels) sides() joining {
	switch {
	case l == nil:
		return joining{&ledger.Labels{}, &ledger.Labels{}}
	case l.Reference != nil:
		return joining{&l.Reference.into, &l.into}
	}
	return joining{&l.into, &l.into}
}

// came tells whether any label file of current rows was read.
func (l *Labels) came() bool { return l != nil && len(l.objects) > 0 }

// called names the first of the files.
func (l *Labels) called() string {
	names := make([]string, len(l.objects))
	for i := range l.objects {
		names[i] = l.objects[i].Key
	}
	slices.Sort(names)
	const most = 3
	if more := len(names) - most; more > 0 {
		names = append(names[:most], fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, ", ")
}

// Outcome joins the labels to both sides, whose rows' own labels count as well; nil where
// there are no label files of current rows and these have none of their own.
func (l *Labels) Outcome(reference, current *Outcomes) *check.Labelled {
	of := l.sides()
	all := of.sum(reference, current)
	if !l.came() && (all.Current == nil || all.Current.Labelled == 0 && !IsOdd(all)) {
		return nil
	}
	all.Cases, all.Unlabelled = of.tables(reference, current), current.unlabelled(of.current)
	if l.came() {
		all.Delivery = &check.Delivery{
			Files: l.called(), Labels: l.into.Rows(), Unmatched: l.into.Unmatched(), Duplicate: l.into.Duplicate(), Conflicting: l.into.Conflicting(), Corrected: l.into.Corrected(), Incomplete: l.incomplete, Mistyped: l.mistyped, Example: l.example,
		}
	}
	return all
}

// Own is what came true by the labels in the logs themselves; nil where the
// current ones have none.
func Own(reference, current *Outcomes) *check.Labelled {
	return (*Labels)(nil).Outcome(reference, current)
}

// sum sums both sides up.
func (j joining) sum(reference, current *Outcomes) *check.Labelled {
	before, odd, twice := j.ready(reference, current)
	all := &check.Labelled{Reference: before, Current: current.Sum(j.current), Contrary: twice, Before: reference.joined(j.reference, before)}
	if all.Odd = odd(all.Current); current != nil && current.ledger == nil {
		all.Current = current.summary // forgotten, where labels cannot be taken
	}
	return all
}

// strayLabel is a label of the reference that is neither of the two classes there are.
type strayLabel struct {
	row     int64
	id      uint64
	value   float64
	version int64
}

// mostStrays is the largest share of labels of the reference that may be none of its
// classes: of more, they are other words for these, which is found when both are joined.
const mostStrays = 0.05

// settleStrays leaves labels of a file out that are neither class, where they are few, and
// says so; else they count as the others.
func (l *Labels) settleStrays(name, column string, part *labelled) {
	n := len(part.strays)
	if n == 0 {
		return
	}
	if float64(n) > mostStrays*float64(part.rows) {
		for _, one := range part.strays {
			part.into.Add(one.id, one.value, one.version, 0)
		}
		return
	}
	first, known := part.strays[0], l.Shape.Classes
	l.notes = append(l.notes, fmt.Sprintf("%s, row %d, column %q: %s is neither of the classes %s and %s; %s of this file %s left out so: correct it, or say what it means (labels.map)",
		name, first.row, column, words.Quoted(known.Name(int32(first.value))), words.Quoted(known.Name(0)), words.Quoted(known.Name(1)), words.Plural(int64(n), "label"), words.Are(int64(n))))
}

// OfReference says what became of labels of the reference that came in files, once they
// were joined, one line each. The error is of labels of which none fits a row.
func (l *Labels) OfReference() ([]string, error) {
	ids, unmatched := l.into.IDs(), l.into.Unmatched()
	if ids > 0 && unmatched == ids {
		return nil, &fault.Error{Kind: fault.Invalid, Object: l.objects[0].Key, Err: fmt.Errorf("none of %s is of a row of the reference", words.Plural(ids, "label")),
			Hint: fmt.Sprintf("are these its labels? Rows are found by %s", quotedOr(l.Names))}
	}
	if ids == 0 {
		return nil, &fault.Error{Kind: fault.Invalid, Object: l.objects[0].Key, Err: errors.New("there are no labels in it"), Hint: "each row needs an id and what came true"}
	}
	var lines []string
	for _, object := range l.objects {
		for _, f := range object.Faults {
			if f.Column == "" {
				lines = append(lines, fmt.Sprintf("labels of the reference: %s, row %d: %s (%s: %d)", object.Key, f.Row, words.Quoted(f.Text), f.What, f.Count))
			}
		}
	}
	for _, one := range []struct {
		n    int64
		what string
	}{{unmatched, "fit no row of it"}, {l.into.Conflicting(), "contradict each other and count for no row"}} {
		if one.n > 0 {
			lines = append(lines, fmt.Sprintf("labels of the reference: of %s %d %s", words.Plural(ids, "id"), one.n, one.what))
		}
	}
	return lines, nil
}
