package drift

import (
	"math"

	"leeway/core/check"
	"leeway/core/schema"
	"leeway/core/stat"
)

// evidence is the one decision about a column. A column that cannot be
// compared gives evidence without a test, so that it is counted as looked at;
// one that is absent is the quality checks' business.
func (s *sides) evidence(m *Method, reason error) (check.Evidence, bool) {
	e := check.Evidence{
		Check: Name, Metric: m.Name, Labels: s.labels,
		Value: math.NaN(), NoiseFloor: math.NaN(), Effect: math.NaN(), P: math.NaN(), Low: math.NaN(), High: math.NaN(),
		Material: m.Material, NReference: s.n, NCurrent: s.m,
	}
	switch reason {
	case nil:
	case errAbsent, errNotThere:
		return e, false
	default:
		return e, true
	}
	judged, err := m.Judge(s)
	if err != nil { // undefined for these values, as wasserstein_normed of a constant: take the one that is not
		m = method("js_distance")
		e.Metric, e.Material = m.Name, m.Material
		if judged, err = m.Judge(s); err != nil {
			return e, true
		}
	}
	e.Bounds = check.BoundsOf(&m.Desc)
	e.Value, e.NoiseFloor, e.Effect, e.Low, e.High = judged.Value, judged.Null, judged.Effect, judged.Low, judged.High
	s.reach(&e, m)
	change, err := s.change()
	if err != nil { // one value on both sides: there is nothing to test
		return e, true
	}
	e.P = change.P
	if stat.Deviate(e.P) >= stat.MostDeviate {
		e.Far = s.size() / s.noise()
	}
	if change.Least > 0 {
		e.Null = func(x float64) float64 {
			if x < change.Least {
				return 0
			}
			return x
		}
	}
	e.Message = s.message(change)
	e.Hint = s.hint()
	return e, true
}

// reach adds from where on a method tells of a change: where windows differ, and by level.
func (s *sides) reach(e *check.Evidence, m *Method) {
	if null := e.NoiseFloor; m.Floor != nil {
		e.Floor = func(scale float64) float64 { return m.Floor(s, null, scale) }
	}
	e.Detectable = func(alpha float64) float64 { return m.Detect(s, alpha) }
}

func (s *sides) change() (stat.Change, error) {
	if s.pair != nil {
		return s.pair.Change()
	}
	return s.cells.Change()
}

// size is how large the change is, in standard deviations of the column or what the same
// Jensen-Shannon distance is for a small shift (its square is 1/(8 ln 2) of that of the shift).
// The distance is 1 at most, while a shift of numbers has no bound.
func (s *sides) size() float64 {
	var size float64
	if distance, err := method("js_distance").Score(s); err == nil {
		size = distance * math.Sqrt(8*math.Ln2)
	}
	if s.pair != nil {
		size = max(size, s.pair.Shifted())
	}
	return size
}

func (s *sides) hint() string {
	name := "`" + s.column.Name + "`"
	switch s.column.Role {
	case schema.Prediction, schema.Score:
		return "See which features moved with it. If none did, check the model's version and how it is served."
	case schema.Label:
		return "The outcome itself changed: compare the model's performance before and after, and retrain once enough new labels are there."
	}
	return "Check what feeds " + name + ": units, defaults, a source that was added or lost. If the change is real and here to stay, retrain and approve a new baseline."
}
