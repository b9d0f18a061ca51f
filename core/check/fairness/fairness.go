// Package fairness compares how a model treats groups of people: the values of
// columns of role sensitive, and their combinations.
//
// What is predicted is compared at once (demographic parity), what came true once
// labels are there (equal opportunity, equalized odds, predictive parity). Gaps
// are between the groups that are furthest apart, so chance alone makes them
// positive; their intervals allow for that (see [stat.Gap]).
//
// Two things are tested, within the one false-alarm budget of core/policy: whether
// a gap grew since the reference, of which somebody ought to hear; and whether the
// rule of four fifths is broken. A model that broke the rule in its reference
// already is no news: that is an info, unless the configuration declares the rule
// (policy.material: {demographic_parity_ratio: 0.8}), which makes it an alert
// whatever the reference was. Groups of which nothing can be said are named, with
// how many rows it would take.
package fairness

import (
	"math"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/outcome"
)

// Name is the family's name.
const Name = "fairness"

// Check is the family.
type Check struct{}

// Name is "fairness".
func (Check) Name() string { return Name }

// Metrics lists what the checks measure.
func (Check) Metrics() []metric.Desc {
	return metric.Descs(Table, func(m *method) metric.Desc { return m.Desc })
}

// Evaluate describes the current side and tests what got worse. Without sensitive
// columns there is nothing to say. Of a window of the reference only its deviates
// are wanted.
func (Check) Evaluate(in *check.Input) (check.Outcome, error) {
	var out check.Outcome
	for _, v := range views(in) {
		if in.Wanted != check.Everything {
			out.Deviates = append(out.Deviates, v.deviates()...)
			continue
		}
		for i := range Table {
			m := &Table[i]
			if m.labels && !v.labelled {
				continue
			}
			for _, one := range m.of(v) {
				out.Samples = append(out.Samples, one.sample(v, m.Name))
			}
		}
		out.Evidence = append(out.Evidence, v.evidence(in)...)
		out.Treated = append(out.Treated, v.treated())
	}
	return out, nil
}

// views are the partitions into groups of people.
func views(in *check.Input) (all []*view) {
	if in.Groups == nil || in.Groups.Current == nil {
		return nil
	}
	for i := range in.Groups.Current.Cut {
		if in.Groups.Current.Cut[i].Sensitive {
			all = append(all, newView(in, i))
		}
	}
	return all
}

// value is what a method gives.
type value struct {
	group    string
	value    float64
	interval *[2]float64
	n        [2]int64 // rows that entered, of the reference and of the current side
	reason   string
}

// missing is a value that is undefined.
func missing(reason string) value { return value{value: math.NaN(), reason: reason} }

func (o *value) sample(v *view, name string) metric.Sample {
	return metric.Sample{
		Check: Name, Metric: name, Labels: metric.Labels{Column: v.cut.Name(), Group: o.group}, Value: o.value, P: math.NaN(), Exact: true,
		NReference: o.n[0], NCurrent: o.n[1], Interval: o.interval, Reason: o.reason,
	}
}

// view is one partition on both sides.
type view struct {
	shape    *outcome.Shape
	cut      *outcome.Cut
	sides    [2]*outcome.Cut // reference and current
	labelled bool            // some current rows have a label
	known    bool            // the reference has rows of these groups

	pairs map[*measure][]pair // see tested

	past map[string][]metric.Deviate // how they moved in windows of the reference, by key
}

func newView(in *check.Input, at int) *view {
	g := in.Groups
	v := &view{past: in.Variation, shape: g.Current.Shape, cut: &g.Current.Cut[at], sides: [2]*outcome.Cut{&g.Reference.Cut[at], &g.Current.Cut[at]}}
	for i := range v.cut.Parts {
		v.labelled = v.labelled || v.cut.Parts[i].Labelled > 0
		v.known = v.known || v.sides[0].Parts[i].Rows > 0
	}
	return v
}

// labels are those of what is said of the partition as a whole.
func (v *view) labels() metric.Labels { return metric.Labels{Column: v.cut.Name()} }

// columns are those of a finding about several.
func (v *view) columns() []string {
	if len(v.cut.Columns) > 1 {
		return v.cut.Columns
	}
	return nil
}
