// Package quality looks at whether the data are what they are supposed to be:
// cells that are missing or unreadable, values out of range, unknown
// categories, repeated rows, columns that come or go.
//
// Its samples describe the current side; its evidence compares it with the
// reference, or with what the configuration promises. Every test is exact or
// errs on the side of caution, conditions on what both sides hold together, and
// takes part in the one false-alarm budget of core/policy. Tests that could not
// find anything (a column without a missing value on either side) say so
// through check.Evidence.Null and cost the others nothing.
package quality

import (
	"math"
	"slices"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/schema"
)

// Name is the family's name.
const Name = "quality"

// Check is the family.
type Check struct{}

// Name is "quality".
func (Check) Name() string { return Name }

// Metrics lists what the checks measure.
func (Check) Metrics() []metric.Desc {
	descs := slices.Clone(Table)
	for i := range descs {
		descs[i].Laws = laws
	}
	return descs
}

// laws hold for every metric of the family.
var laws = []string{"the same for any order of rows and any split into files"}

// samplesEach is about how many samples a column has.
const samplesEach = 12

// Evaluate describes the current side and tests it.
func (Check) Evaluate(in *check.Input) (check.Outcome, error) {
	w := &window{in: in}
	w.out.Samples = make([]metric.Sample, 0, samplesEach*(len(in.Schema.Columns)+1))
	if in.Segment == "" {
		w.table()
	} else {
		w.sample("rows", metric.Labels{}, float64(in.Current.Rows), true, 0, in.Current.Rows, "")
	}
	for i := range in.Schema.Columns {
		contract := &in.Schema.Columns[i]
		if contract.Role == schema.Ignore {
			continue
		}
		if cur := in.Current.Column(contract.Name); cur != nil {
			w.column(contract, in.Reference.Column(contract.Name), cur)
		}
	}
	return w.out, nil
}

// table looks at what is no single column, of all rows: those of a segment have
// the files, and the time, of all.
func (w *window) table() {
	w.schema()
	w.rows()
	w.unread()
	w.labels()
	w.duplicates()
	w.freshness()
	w.clocks()
}

type window struct {
	in  *check.Input
	out check.Outcome
}

// sample records a value of the current side. reason says why there is none.
func (w *window) sample(name string, labels metric.Labels, value float64, exact bool, n, m int64, reason string) {
	if reason != "" {
		value = math.NaN()
	}
	w.out.Samples = append(w.out.Samples, metric.Sample{
		Check: Name, Metric: name, Labels: labels, Value: value, P: math.NaN(),
		Exact: exact, NReference: n, NCurrent: m, Reason: reason,
	})
}

// evidence is a piece of evidence with all unknowns NaN.
func evidence(name string, labels metric.Labels) check.Evidence {
	return check.Evidence{
		Check: Name, Metric: name, Labels: labels, Bounds: bounds(name),
		Value: math.NaN(), NoiseFloor: math.NaN(), Effect: math.NaN(),
		P: math.NaN(), Low: math.NaN(), High: math.NaN(),
	}
}

// bounds is the range of a metric, nil for an event that is none.
func bounds(name string) *check.Bounds {
	i := slices.IndexFunc(Table, func(d metric.Desc) bool { return d.Name == name })
	if i < 0 {
		return nil
	}
	return check.BoundsOf(&Table[i])
}

func (w *window) add(e check.Evidence) { w.out.Evidence = append(w.out.Evidence, e) }

// bounded is the null of a test that gives a small P only if something happens
// whose chance is at most most.
func bounded(most float64) func(float64) float64 {
	return func(x float64) float64 { return min(x, most) }
}

// least is the null of a test whose P cannot fall below smallest.
func least(smallest float64) func(float64) float64 {
	return func(x float64) float64 {
		if x < smallest {
			return 0
		}
		return x
	}
}
