package concept

import "leeway/core/stat"

// The predictions moved, and neither rows nor what comes true of them, where scores are
// others given the features: another model, or one that is given something else than what
// is logged. Other rows get other scores too, so that is asked only where features, by
// themselves, show nothing.

// The levels of the verdict that the predictions moved.
const (
	restated = 0.001 // of that scores are others, given features
	worse    = 2.0   // how many times as far (mean square) scores are from what features say of them
)

// restate tests whether scores and predictions are what they were given features, where
// features show nothing, and names the predictions as what moved if they are not and labels
// given features alone are. Where these are others as well, rows may be others in what no
// column shows, which moves both; but not how scores hang on a column.
//
// Columns that go together in another way may move scores, and no column shows it. They
// move what an additive regression leaves of scores, and hardly by more than that
// varies. So scores must be further from it than that, too.
func (f *Finding) restate(b *both, targets [][]float64, binary bool, features float64, room int) {
	if len(b.knew) == 0 || f.moved(features) {
		return
	}
	var ps, bends []float64
	var was, is, most float64
	column := ""
	for i := range b.said {
		t := &b.said[i]
		if t.kind != level && t.kind != member {
			continue
		}
		chosen := b.regressors(nil, t.values, room)
		r := b.relate(t.values, false, chosen, b.knew)
		p := together(r.said, r.knew)
		bends = append(bends, together(nil, r.knew))
		if ps = append(ps, p); len(ps) == 1 || p < most {
			most, column = p, r.top
		}
		before, after := b.off(&r)
		was, is = was+before, is+after
	}
	if len(ps) == 0 {
		return
	}
	f.Prediction = Part{stat.Together(ps), column}
	if f.Prediction.P >= restated || is < worse*was {
		return
	}
	alone := *f
	alone.relation(targets, func(y []float64) relation {
		return b.relate(y, binary, b.regressors(nil, y, room), b.knew)
	})
	switch {
	case !alone.moved(alone.Concept.P, f.Label.P):
		alone.Verdict = Prediction
		*f = alone
	case stat.Together(bends) < restated:
		f.Verdict = PredictionAndConcept
	default:
		f.Verdict = PredictionOrData
	}
}

// moved tells whether any of the tests shows that something moved.
func (f *Finding) moved(ps ...float64) bool {
	for _, p := range ps {
		if 3*p <= moves {
			return true
		}
	}
	return false
}

// off is the mean square of what the reference's regression leaves of either side.
func (b *both) off(r *relation) (was, is float64) {
	w := r.design.Width
	one := &stat.Design{Width: w, Cells: r.design.Cells[:b.reference*w], Weights: b.weights[:b.reference]}
	beta := one.Linear(r.y[:b.reference])
	var sums, rows [2]float64
	for i, n := range b.weights {
		rest := r.y[i] - stat.Dot(r.design.Row(i), beta)
		sums[side(i, b.reference)] += float64(n * rest * rest)
		rows[side(i, b.reference)] += n
	}
	return sums[0] / rows[0], sums[1] / rows[1]
}
