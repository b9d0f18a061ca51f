// Package drift compares how the values of each column are distributed on the
// two sides.
//
// There is one table of methods for columns, [Table], and one for whole rows,
// [Whole]. A method is a row: what it measures, what it may be used on, how it
// is computed, what it gives when nothing changed, and the laws it obeys, which
// the tests check for all rows alike. A new method is a new row; documentation,
// configuration and sinks follow.
//
// Methods give samples. Whether a column changed is one decision per column,
// not one per method: the effect of one method (js_distance unless configured)
// and one p-value, which is not that method's own but that of stat.Change, a
// test that knows ties and sparse cells and is calibrated on every shape of
// data. Whole rows are one decision more. Of the windows of a series, each column
// is also followed over all of them: slow_drift. Only columns that go into the
// model or come out of it are judged (schema.Role.Drifts); missing values are
// left to the quality checks, unless they creep.
package drift

import (
	"errors"
	"math"
	"slices"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/sketch"
	"leeway/core/stat"
)

// Name is the family's name.
const Name = "drift"

// Check is the family.
type Check struct{}

// Name is "drift".
func (Check) Name() string { return Name }

// Metrics lists what the methods measure.
func (Check) Metrics() []metric.Desc {
	descs := methods()
	for i := range Table {
		descs[i].Laws = Table[i].laws()
	}
	return append(descs, slow)
}

// Names lists the methods, in the order of the tables.
func Names() []string {
	var names []string
	for _, desc := range methods() {
		names = append(names, desc.Name)
	}
	return names
}

// methods are what the tables declare.
func methods() []metric.Desc {
	var descs []metric.Desc
	for i := range Table {
		descs = append(descs, Table[i].Desc)
	}
	for i := range Whole {
		descs = append(descs, Whole[i].Desc)
	}
	return descs
}

// Evaluate compares every column of the contract that can drift, and the rows.
func (Check) Evaluate(in *check.Input) (check.Outcome, error) {
	var out check.Outcome
	var memory, anchored workspace
	for i := range in.Schema.Columns {
		column := &in.Schema.Columns[i]
		if !column.Role.Drifts() || !(column.Kind.Quantitative() || column.Kind.Discrete()) {
			continue
		}
		ref, cur := in.Reference.Column(column.Name), in.Current.Column(column.Name)
		s, err := newSides(column, ref, cur, &memory)
		if in.Wanted == check.Everything {
			for _, method := range choose(column, in.Methods) {
				out.Samples = append(out.Samples, method.sample(s, err))
			}
		}
		if evidence, ok := s.evidence(decisive(column, in.Methods), err); ok {
			out.Evidence = append(out.Evidence, evidence)
		}
		anchor := ref
		if in.Anchor != nil {
			anchor = in.Anchor.Column(column.Name)
		}
		followed := in.Series && in.Segment == "" && in.Wanted != check.ColumnTests
		if followed && anchor == ref && err == nil {
			s.follow(in, &out)
		}
		s.pair = nil // the next column's
		if followed && anchor != ref {
			if s, err = newSides(column, anchor, cur, &anchored); err == nil {
				s.follow(in, &out)
			}
			s.pair = nil
		}
	}
	if in.Segment == "" && in.Wanted != check.ColumnTests {
		whole(in, &out)
	}
	return out, nil
}

// follow notes where the column stands in this window, and what is to be asked
// of all windows together.
func (s *sides) follow(in *check.Input, out *check.Outcome) {
	paces := s.paces()
	if len(paces) == 0 {
		return
	}
	if out.Paces == nil {
		out.Paces = map[string][]metric.Pace{}
	}
	out.Paces[s.column.Name] = paces
	out.Later = append(out.Later, func(trail check.Trail) (metric.Sample, check.Evidence, bool) {
		found, ok := s.slowly(in, trail, paces)
		if !ok {
			return metric.Sample{}, check.Evidence{}, false
		}
		return found.sample(s), found.evidence(s, in), true
	})
}

// choose lists the methods to show for a column: those named for this run,
// else those configured for the column, else the defaults of its kind.
func choose(column *schema.Column, methods check.Methods) []*Method {
	names := column.Methods
	if methods.Names != nil {
		names = methods.Names
	}
	var chosen []*Method
	for i := range Table {
		m := &Table[i]
		fits := m.fits(column.Kind)
		switch {
		case !fits:
		case methods.All:
			chosen = append(chosen, m)
		case names != nil:
			if slices.Contains(names, m.Name) {
				chosen = append(chosen, m)
			}
		case m.standard(column.Kind):
			chosen = append(chosen, m)
		}
	}
	return chosen
}

// decisive is the method whose effect is judged: the first one named that has
// a threshold, else js_distance. What is named for this run goes first, as in
// choose, so that nothing is judged by a method that is not shown where one of
// those shown could.
func decisive(column *schema.Column, methods check.Methods) *Method {
	for _, names := range [][]string{methods.Names, column.Methods} {
		for _, name := range names {
			if m := method(name); m != nil && m.fits(column.Kind) && m.Material > 0 {
				return m
			}
		}
	}
	return method("js_distance")
}

func method(name string) *Method {
	for i := range Table {
		if Table[i].Name == name {
			return &Table[i]
		}
	}
	return nil
}

// sides is one column on both sides, laid out for every method.
type sides struct {
	column   *schema.Column
	ref, cur *profile.Column
	n, m     int64         // values
	cells    *stat.Cells   // the contract's cells
	names    []string      // discrete: of the cells
	edges    *stat.Edges   // quantitative: between the cells
	counts   [2][]int64    // quantitative: per cell, cells that are empty on both sides included
	pair     *stat.Pair    // quantitative; only while the column is evaluated
	exact    bool          // nothing was summarized
	labels   metric.Labels // of samples and evidence

	far      float64 // what wasserstein found, once it was asked
	farErr   error
	measured bool
}

var (
	errAbsent     = errors.New("the column is absent")
	errNotThere   = errors.New("the column is absent from the reference")
	errNoValues   = errors.New("the current side has no values")
	errNoneBefore = errors.New("the reference has no values")
)

// workspace is memory for the values of one column after the other.
type workspace struct {
	ref, cur stat.Weighted
	pair     stat.Pair
}

// newSides lays a column out in memory; an error says why it cannot be
// compared. Labels and numbers of values are there in any case.
func newSides(column *schema.Column, ref, cur *profile.Column, memory *workspace) (*sides, error) {
	s := &sides{column: column, ref: ref, cur: cur, labels: labels(column)}
	if ref != nil {
		s.n = ref.Valid()
	}
	if cur != nil {
		s.m = cur.Valid()
	}
	switch {
	case ref == nil:
		return s, errNotThere
	case cur == nil:
		return s, errAbsent
	case s.n == 0:
		return s, errNoneBefore
	case s.m == 0:
		return s, errNoValues
	}
	if column.Kind.Quantitative() {
		if ref.Numeric == nil || cur.Numeric == nil {
			return s, stat.ErrUndefined
		}
		s.numbers(ref.Numeric.Grid, cur.Numeric.Grid, memory)
		return s, nil
	}
	names, a, b, exact := sketch.Pair(ref.Categories, cur.Categories)
	s.names, s.cells, s.exact = names, stat.NewCells(a, b), exact
	return s, nil
}

func (s *sides) numbers(ref, cur *sketch.Grid, memory *workspace) {
	s.exact = ref.Exact() && cur.Exact()
	s.edges = stat.NewEdges(ref.Quantiles(stat.Tenths...))
	s.counts[0] = s.edges.Count(ref.Count(), ref.CountBelow, ref.CountAbove)
	s.counts[1] = s.edges.Count(cur.Count(), cur.CountBelow, cur.CountAbove)
	s.cells = stat.NewCells(s.counts[0], s.counts[1])
	a, b := sketch.Align(ref, cur)
	weigh(a, &memory.ref)
	weigh(b, &memory.cur)
	memory.pair.Pool(memory.ref, memory.cur)
	s.pair = &memory.pair
}

func weigh(g *sketch.Grid, w *stat.Weighted) { w.Values, w.Counts = g.Weighted(w.Values, w.Counts) }

// labels carries the role where it says more than "feature".
func labels(column *schema.Column) metric.Labels {
	l := metric.Labels{Column: column.Name}
	if column.Role == schema.Prediction || column.Role == schema.Score || column.Role == schema.Label {
		l.Role = string(column.Role)
	}
	return l
}

// sample is the method's value for a column, or why it has none.
func (m *Method) sample(s *sides, err error) metric.Sample {
	sample := metric.Sample{
		Check: Name, Metric: m.Name, Labels: s.labels,
		Value: math.NaN(), P: math.NaN(), Exact: s.exact, NReference: s.n, NCurrent: s.m,
	}
	if err == nil {
		var value float64
		if value, err = m.Score(s); err == nil {
			sample.Value = value
			if m.P != nil {
				if p, err := m.P(s, value); err == nil {
					sample.P = p
				}
			}
			return sample
		}
	}
	sample.Reason = err.Error()
	return sample
}
