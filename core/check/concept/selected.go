package concept

import "leeway/core/cases"

// FindSelected looks at rows of the current side that got a label sooner than others.
// like is the rows of the reference that would have one, had they been current.
//
// Regressions that miss something find a change that is none where the rows of the sides
// are too unlike. Those of like are not unlike. But they lack rows by their features: where labels came
// by what came true (positive cases first), that bends what rows of a class look
// like, and all of the reference does not. So a change of the concept must show against both, and the simpler
// of both verdicts holds.
func FindSelected(reference, like, current *cases.Table) *Finding {
	whole, f := Find(reference, current), Find(like, current)
	if whole.untold() {
		return whole
	}
	if f.untold() {
		f.Reason = "labels came for other rows first, and too few of the reference are like those"
		f.Needed = 0
		return f
	}
	concept, shape := max(whole.Concept.P, f.Concept.P), max(whole.Shape.P, f.Shape.P)
	if whole.Verdict.parts() < f.Verdict.parts() {
		f = whole
	}
	f.Concept.P, f.Shape.P = concept, shape
	return f
}

// untold tells whether nothing was tested.
func (f *Finding) untold() bool { return f.Verdict == Unknown && f.Concept.P == 0 && f.Label.P == 0 }

// parts orders verdicts by how much they say.
func (v Verdict) parts() int {
	switch v {
	case None:
		return 0
	case Unknown: // a change that matters might not show
		return 1
	case LabelOrConcept:
		return 2
	case Label:
		return 3
	case Data:
		return 4
	case Prediction, PredictionOrData:
		return 5
	case Concept:
		return 6
	case DataPredictionAndConcept:
		return 8
	}
	return 7
}
