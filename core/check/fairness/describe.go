package fairness

import (
	"math"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/outcome"
)

// treated is how the groups of the partition are treated, on both sides.
func (v *view) treated() check.Treated {
	t := check.Treated{Columns: v.cut.Columns, Distinct: v.cut.Distinct, Others: v.cut.Others.Rows, Absent: v.cut.Absent.Rows}
	for i := range Table {
		m := &Table[i]
		if len(m.Labels) > 1 || m.labels && !v.labelled {
			continue
		}
		now := m.of(v)[0]
		one := check.Measured{Desc: &m.Desc, Current: now.sample(v, m.Name)}
		if v.known {
			before := m.of(v.turned())[0].sample(v, m.Name)
			before.NCurrent = before.NReference
			one.Reference = &before
		}
		t.Measured = append(t.Measured, one)
	}
	for at := range v.cut.Parts {
		group := check.TreatedGroup{Name: v.cut.Parts[at].Name()}
		for side := range v.sides {
			if part := &v.sides[side].Parts[at]; part.Rows > 0 {
				group.Sides[side] = v.rated(side, at)
			}
		}
		t.Groups = append(t.Groups, group)
	}
	return t
}

// turned is the view of the reference as if it were the current side.
func (v *view) turned() *view {
	other := *v
	other.cut, other.sides = v.sides[0], [2]*outcome.Cut{v.sides[0], v.sides[0]}
	return &other
}

// rated are the rates of a group on a side.
func (v *view) rated(side, at int) *check.Rated {
	part := &v.sides[side].Parts[at]
	r := &check.Rated{Rows: part.Rows, Labelled: part.Labelled}
	if v.shape.Favoured < 0 {
		return r
	}
	r.Selection = v.level(side, at, selection, "no row of the group has a prediction")
	if part.Labelled > 0 {
		r.TruePositive = v.level(side, at, truePositive, "no labelled row of the group came out positive")
		r.FalsePositive = v.level(side, at, falsePositive, "no labelled row of the group came out negative")
		r.Precision = v.level(side, at, precision, "no labelled row of the group is predicted positive")
	}
	return r
}

func (v *view) level(side, at int, m *measure, none string) *metric.Sample {
	r := v.rate(side, at, m)
	s := &metric.Sample{Value: math.NaN(), NCurrent: r.rows}
	if !(r.weight > 0) {
		s.Reason = none
		return s
	}
	low, high := r.interval()
	s.Value, s.Interval = r.p(), &[2]float64{low, high}
	return s
}
