package outcome

import (
	"cmp"
	"slices"

	"leeway/core/schema"
)

// Respelt is predictions in other words than those of the reference: labels in the words that
// they were cannot be held against them, and of labels in the same new words nobody knows which
// is the positive class, nor which score is whose.
type Respelt struct {
	Predictions int64        // all
	Foreign     int64        // of classes that neither the reference's labels nor its predictions have
	Labels      int64        // of these classes
	Classes     []ClassCount // these, the most frequent first
	Gone        []string     // classes that the reference predicted and nobody predicts any more, in order
	Known       []string     // classes of the reference, in order
}

// alien tells whether a class is predicted that the reference does not have.
func (a *Admission) alien() bool {
	for code, n := range a.predicted {
		if n > 0 && a.usual != nil && !a.usual[int32(code)] {
			return true
		}
	}
	return false
}

// usually is what classes the reference has; nil where it predicts nothing, or calls its own
// labels otherwise.
func usually(shape *Shape, reference *Summary) map[int32]bool {
	if reference == nil || reference.Strange != nil || len(reference.Said.Predicted) == 0 {
		return nil
	}
	usual := map[int32]bool{}
	for _, code := range shape.Scored {
		usual[code] = true
	}
	for _, counts := range [][]int64{reference.Said.Predicted, reference.Came} {
		for code, n := range counts {
			if n > 0 {
				usual[int32(code)] = true
			}
		}
	}
	if shape.Task == schema.Binary && len(usual) < 2 { // the other one is not known yet
		return nil
	}
	return usual
}

// respelt tells of predictions in other words, given the labels that came by the code of
// their class; nil for none. Of two classes any third is another word. Of several a class
// that is new may be one, so another word is one whose like is gone: a class that the reference
// predicted is predicted no more, and labels do not have the new one either, unless nothing is
// left of the reference's classes. Few are left to count as wrong, as foreign labels are left out.
func (a *Admission) respelt(came []int64, reference *Summary) *Respelt {
	if !a.alien() {
		return nil
	}
	r := &Respelt{}
	kept := false // a class of the reference is still there
	for code, n := range a.predicted {
		if r.Predictions += n; n == 0 || a.usual[int32(code)] {
			continue
		}
		r.Foreign += n
		r.Labels += at(came, code)
		r.Classes = append(r.Classes, ClassCount{Name: a.shape.Classes.Name(int32(code)), Standing: Foreign, Labels: n})
	}
	var known, gone []int32
	for code := range a.usual {
		known = append(known, code)
		kept = kept || at(a.predicted, int(code)) > 0 || at(came, int(code)) > 0
		if at(reference.Said.Predicted, int(code)) > 0 && at(a.predicted, int(code)) == 0 {
			gone = append(gone, code)
		}
	}
	if r.Foreign < 2 || float64(r.Foreign) <= fewForeign*float64(r.Predictions) {
		return nil
	}
	if a.shape.Task != schema.Binary && (len(gone) == 0 || r.Labels > 0 && kept) {
		return nil
	}
	slices.SortFunc(r.Classes, func(x, y ClassCount) int {
		return cmp.Or(cmp.Compare(y.Labels, x.Labels), cmp.Compare(x.Name, y.Name))
	})
	r.Known, r.Gone = a.called(known), a.called(gone)
	return r
}

// Respells tells whether other rows are predicted in other words than these, whatever their
// labels say.
func (s *Summary) Respells(said *Said) bool {
	a := &Admission{shape: s.Shape, predicted: said.Predicted, usual: usually(s.Shape, s)}
	return a.respelt(nil, s) != nil
}

// forget takes classes that are predicted in other words for unknown.
func (a *Admission) forget() {
	for code, n := range a.predicted {
		if n > 0 && !a.usual[int32(code)] && code < len(a.known) && a.known[code] {
			a.known[code] = false
			a.count(int32(code), -1)
		}
	}
	a.standings = a.standings[:0]
}

// called are the names of classes, in order.
func (a *Admission) called(codes []int32) (names []string) {
	for _, code := range a.shape.Classes.Ordered(codes) {
		names = append(names, a.shape.Classes.Name(code))
	}
	return names
}
