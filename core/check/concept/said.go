package concept

import (
	"math"

	"leeway/core/stat"
)

// The predictions moved where scores are others of the same rows: another model, or one that
// is given something else than what is logged. Other rows get other scores too. So scores are
// looked at given features, among rows that both sides have.

// The levels of the verdict that the predictions moved.
const (
	restated = 0.001 // of that scores are others, given features
	worse    = 2.0   // how many times as far (mean square) scores are from what the reference's say of them
	few      = 100   // rows that both sides must have, by their weights, where columns drifted
)

// restate tests whether scores and predictions are what they were given features, and names the
// predictions as what moved if they are not: them alone where neither features nor labels given features
// show anything. Where labels are others given features, rows may be others in what no
// column shows, which moves both; but not how scores hang on a column.
//
// Columns that go together in another way may move scores while no column shows it, and
// columns that are not logged may move with those that are. Both move what is left of scores
// hardly by more than that varies. So scores must be further off than that, too; or else
// labels, others given the scores, must be what they were given what the reference's would have been.
// Rows that are others in what no column shows leave labels as they were given scores.
func (f *Finding) restate(j *join, targets [][]float64, binary bool, room int) {
	said, p := j.few.hanging(room)
	if len(said) == 0 {
		return
	}
	f.Drifted = f.moved(together(nil, j.looks.data[1]))
	if f.Apart = f.Drifted && j.few.shared(said[0].side) < few; f.Apart {
		return
	}
	if f.Prediction.P = p; p >= restated {
		return
	}
	j.bin()
	side := j.few.unlike(said[0].design)
	if f.Apart = f.Drifted && j.few.shared(side) < few; f.Apart {
		f.Prediction.P = math.NaN()
		return
	}
	before, bends, further := f.exchanges(j.few, said, side)
	if f.Prediction.P >= restated || further < worse && f.Concept.P >= restated {
		return
	}
	alone := *f
	alone.relation(targets, func(y []float64) relation {
		return j.few.relate(y, binary, j.few.regressors(before, y, room), j.few.knew)
	})
	others := alone.moved(alone.Concept.P) || !f.Drifted && f.moved(f.Label.P)
	switch {
	case !others:
		*f = alone
		f.Verdict = f.besides(Prediction, DataAndPrediction)
	case further < worse: // no more than rows that are others in what no column shows would move both
	case bends < restated:
		f.Verdict = f.besides(PredictionAndConcept, DataPredictionAndConcept)
	default:
		f.Verdict = PredictionOrData
	}
}

// besides is the verdict, or the one where columns drifted besides.
func (f *Finding) besides(still, drifted Verdict) Verdict {
	if f.Drifted {
		return drifted
	}
	return still
}

// hanging is how each score, or prediction, hangs on columns, and the p-value of that each does as it did.
func (b *both) hanging(room int) (all []relation, p float64) {
	if len(b.knew) == 0 {
		return nil, 1
	}
	var ps []float64
	for i := range b.said {
		if t := &b.said[i]; t.kind == level || t.kind == member {
			r := b.relate(t.values, false, b.regressors(nil, t.values, room), b.knew)
			all, ps = append(all, r), append(ps, together(r.said, r.knew))
		}
	}
	return all, stat.Together(ps)
}

// exchanges looks at every score among rows that both sides have: what the reference's would
// have been, the p-value of that they hang on each column as they did, and how many times as far they are.
func (f *Finding) exchanges(b *both, said []relation, side []float64) (before []term, bends, further float64) {
	var all, each []float64
	var was, is, most float64
	for i := range said {
		x := b.exchanged(&said[i], side)
		all, each, before = append(all, x.p), append(each, x.bends), append(before, x.before)
		if i == 0 || x.p < most {
			most, f.Prediction.Column = x.p, x.top
		}
		was, is = was+x.was, is+x.is
	}
	f.Prediction.P = stat.Together(all)
	return before, stat.Together(each), is / was
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
