// Package performance says how good predictions were, once labels are there:
// the metrics of scikit-learn, each with an interval, and a test of whether the
// model got worse than it was on the reference.
//
// Its samples describe the current side. Only what got worse is tested, and
// takes part in the one false-alarm budget of core/policy; what got better is
// said. Tests of shares and means are draws without replacement from both sides
// together, that of the area under the ROC curve is DeLong's.
package performance

import (
	"math"
	"slices"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// Name is the family's name.
const Name = "performance"

// Check is the family.
type Check struct{}

// Name is "performance".
func (Check) Name() string { return Name }

// Metrics lists what the checks measure.
func (Check) Metrics() []metric.Desc {
	return metric.Descs(Table, func(m *method) metric.Desc { return m.Desc })
}

// laws hold for every metric of the family.
var laws = []string{"the same for any order of rows and any split into files"}

// Evaluate describes the current side and tests whether it is worse. Without
// labels there is nothing to say.
func (Check) Evaluate(in *check.Input) (check.Outcome, error) {
	var out check.Outcome
	if in.Labelled == nil {
		return out, nil
	}
	l := in.Labelled
	cur := newSide(l.Current)
	ref := newSide(l.Reference)
	if in.Schema != nil {
		cur.price(in.Schema.Costs)
		ref.price(in.Schema.Costs)
	}
	if in.Wanted == check.Everything {
		measure(&out, ref, cur, l)
	}
	if in.Segment != "" {
		out.Evidence = compare(ref, cur)
		return out, nil
	}
	out.Evidence = slices.Concat(delivered(l), cur.leftOut(), cur.unpriced(), unlabelledReference(ref, cur, l), tooFew(ref, cur, l), compare(ref, cur))
	both := &comparison{in, ref, cur}
	both.relation(&out)
	both.worstSlices(&out)
	return out, nil
}

// measure adds what each metric of the table that fits is, of the current side.
func measure(out *check.Outcome, ref, cur *side, l *check.Labelled) {
	for i := range Table {
		m := &Table[i]
		if m.of == nil || !m.fits(cur) {
			continue
		}
		values := m.of(cur, l)
		for i := range values {
			values[i].explain(m, cur)
		}
		for _, v := range values {
			out.Samples = append(out.Samples, v.sample(m.Name, ref.rows(), cur.rows()))
		}
		if m.tasks != nil && len(values) == 1 && values[0].labels == (metric.Labels{}) {
			out.Measured = append(out.Measured, m.both(ref, cur, values[0], l))
		}
	}
}

// comparison is both sides with all that is known of them.
type comparison struct {
	in       *check.Input
	ref, cur *side
}

// both is a metric that is one number, on both sides.
func (m *method) both(ref, cur *side, now value, l *check.Labelled) check.Measured {
	one := check.Measured{Desc: &m.Desc, Current: now.sample(m.Name, ref.rows(), cur.rows())}
	if ref.rows() > 0 {
		if values := m.of(ref, l); len(values) == 1 {
			before := values[0].sample(m.Name, 0, ref.rows())
			one.Reference = &before
		}
	}
	return one
}

// value is what a method gives.
type value struct {
	labels metric.Labels
	value  float64
	low    float64 // the 95% interval; both 0 for none
	high   float64
	n      int64 // rows that entered; 0 for all labelled ones
	coarse bool  // from cells, not from single values
	reason string
}

// missing is a value that is undefined.
func missing(reason string) value { return value{value: math.NaN(), reason: reason} }

// explain says why a metric has no value where that hangs on all labels.
func (v *value) explain(m *method, cur *side) {
	switch {
	case v.reason == "" || m.tasks == nil:
	case cur.Labelled == 0:
		v.reason = "no row has a label that counts"
	case cur.Weighed == cur.Labelled:
		v.reason = "no labelled row has a weight above 0"
	}
}

func (v *value) sample(name string, reference, current int64) metric.Sample {
	s := metric.Sample{
		Check: Name, Metric: name, Labels: v.labels, Value: v.value, P: math.NaN(), Exact: !v.coarse,
		NReference: reference, NCurrent: current, Reason: v.reason,
	}
	if v.n > 0 {
		s.NCurrent = v.n
	}
	switch {
	case v.reason != "":
		s.Value = math.NaN()
	case math.IsNaN(v.value) || math.IsInf(v.value, 0):
		s.Value, s.Reason = math.NaN(), "the values are too large for a finite result"
	case v.low < v.high && !math.IsInf(v.low, 0) && !math.IsInf(v.high, 0):
		s.Interval = &[2]float64{v.low, v.high}
	}
	return s
}

// side is a summary with what several metrics need.
type side struct {
	*outcome.Summary
	matrix *matrix         // classes; nil for numbers
	area   *area           // binary: of the scores; nil without
	prices *outcome.Prices // nil: nobody said what outcomes cost
}

// newSide looks at a summary; nil gives a side without rows.
func newSide(s *outcome.Summary) *side {
	if s == nil {
		return &side{}
	}
	all := &side{Summary: s}
	if s.Shape.Task != schema.Regression {
		all.matrix = newMatrix(s, nil)
	}
	if s.Shape.Task == schema.Binary && len(s.Scores) > 0 {
		all.area = newArea(s.Scores[0])
	}
	return all
}

// rows is the number of labelled rows.
func (s *side) rows() int64 {
	if s.Summary == nil {
		return 0
	}
	return s.Labelled
}
