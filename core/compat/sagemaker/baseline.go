package sagemaker

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"leeway/core/fault"
	"leeway/core/profile"
	"leeway/core/schema"
)

// Columns is what is known of the rows that statistics were made of, as a profile
// takes it, in their order. The notes say what of it is not known: without a
// distribution a column is a text, of which only missing cells are watched.
func (s *Statistics) Columns() (rows int64, columns []profile.Given, notes []string, err error) {
	rows = s.Dataset.ItemCount
	if rows <= 0 {
		return 0, nil, nil, fault.New(fault.Invalid, "dataset.item_count is 0: there is nothing to hold data against", "make the baseline from data that the model saw when it was good")
	}
	for i := range s.Features {
		f := &s.Features[i]
		g, why := f.given(rows)
		if why != "" {
			g.Kind, g.Values, g.Texts, g.Counts = schema.Text, nil, nil, nil
			notes = append(notes, fmt.Sprintf("%s: %s, so no drift can be told and only missing cells are watched: to have it, build a baseline of the data (leeway baseline build)", f.Name, why))
		}
		columns = append(columns, g)
	}
	return rows, columns, notes, nil
}

// given is a column, and why it has no distribution.
func (f *FeatureStatistics) given(rows int64) (profile.Given, string) {
	g := profile.Given{Name: f.Name, Kind: schema.Text, Role: schema.Feature}
	var present int64
	var into func(*profile.Given) string
	switch {
	case f.Numerical != nil:
		present, into = f.Numerical.Common.Present, f.Numerical.into
		g.Kind = schema.Numeric
		if f.Type == Integral {
			g.Kind = schema.Integer
		}
	case f.Text != nil:
		present, into = f.Text.Common.Present, f.Text.into
		g.Kind = schema.Categorical
	default:
		return g, "it has no statistics"
	}
	if present < 0 || present > rows {
		return g, "its counts do not add up"
	}
	g.Missing = rows - present
	if present == 0 {
		return g, ""
	}
	why := into(&g)
	return g, why
}

// into fills in numbers, of which there are some.
func (n *NumericalStatistics) into(g *profile.Given) string {
	present := n.Common.Present
	switch {
	case g.Kind == schema.Integer && n.pair(g):
		return ""
	case n.Distribution == nil || n.Distribution.KLL == nil || n.Distribution.KLL.Sketch == nil:
		return "the statistics hold its moments but no sketch"
	case n.Min == nil || n.Max == nil || n.Mean == nil || n.Std == nil || *n.Min > *n.Max || *n.Std < 0:
		return "the statistics hold a sketch without min, max, mean and std_dev"
	}
	values, counts, exact := n.Distribution.KLL.Sketch.weighted(*n.Min, *n.Max)
	if !fitTo(counts, present) {
		return fmt.Sprintf("its sketch is of another number of values than %d", present)
	}
	g.Values, g.Counts, g.Estimated = values, counts, !exact
	g.Min, g.Max = *n.Min, *n.Max
	g.Sum = *n.Mean * float64(present)
	if n.Sum != nil {
		g.Sum = *n.Sum
	}
	// Deequ's standard deviation is that of the values themselves (n, not n-1).
	g.Squares = float64(present) * (float64(*n.Std**n.Std) + float64(*n.Mean**n.Mean))
	return ""
}

// pair fills in whole numbers of which there are no more than two, next to each
// other, as of flags: their sum tells how many of each there are.
func (n *NumericalStatistics) pair(g *profile.Given) bool {
	if n.Min == nil || n.Max == nil || n.Sum == nil || *n.Min != math.Trunc(*n.Min) || *n.Max != *n.Min && *n.Max != *n.Min+1 {
		return false
	}
	low, present := *n.Min, n.Common.Present
	upper := math.Round(*n.Sum - float64(low*float64(present)))
	if upper < 0 || upper > float64(present) || upper > 0 && *n.Max == low {
		return false
	}
	g.Min, g.Max, g.Values, g.Counts = low, *n.Max, []float64{low}, []int64{present - int64(upper)}
	if upper > 0 {
		g.Values, g.Counts = append(g.Values, low+1), append(g.Counts, int64(upper))
	}
	g.Sum = *n.Sum
	g.Squares = float64(low*low*float64(g.Counts[0])) + float64((low+1)*(low+1)*upper)
	return true
}

// Classes makes a column of whole numbers one of classes, if it is known exactly how
// often each occurs: labels of a classification are classes however they are written.
func Classes(g *profile.Given) bool {
	if g.Kind == schema.Categorical {
		return true
	}
	if g.Kind != schema.Integer || g.Estimated {
		return false
	}
	for _, x := range g.Values {
		g.Texts = append(g.Texts, strconv.FormatFloat(x, 'f', -1, 64))
	}
	g.Kind, g.Values = schema.Categorical, nil
	return true
}

// weighted lists the values of a sketch with what each stands for, ascending.
// exact: every value stands for itself. Values outside the extremes, which are
// known exactly, are moved to them.
func (s *Sketch) weighted(low, high float64) (values []float64, counts []int64, exact bool) {
	type one struct {
		value float64
		count int64
	}
	var all []one
	exact = true
	for level, held := range s.Data {
		if level > 40 {
			return nil, nil, false // more than a sketch of 2^63 values has
		}
		for _, x := range held {
			all = append(all, one{min(max(x, low), high), 1 << level})
			exact = exact && level == 0
		}
	}
	slices.SortFunc(all, func(a, b one) int { return cmp.Compare(a.value, b.value) })
	for _, o := range all {
		if n := len(values); n > 0 && values[n-1] == o.value {
			counts[n-1] += o.count
			continue
		}
		values, counts = append(values, o.value), append(counts, o.count)
	}
	return values, counts, exact
}

// fitTo makes counts add up to n, if they nearly do: a sketch that has dropped the
// odd value of a level stands for a few more or less.
func fitTo(counts []int64, n int64) bool {
	var total int64
	for _, c := range counts {
		total += c
	}
	if total == n {
		return n > 0
	}
	if total == 0 || math.Abs(float64(total-n)) > 0.05*float64(n) {
		return false
	}
	var before, given int64
	for i, c := range counts {
		before += c
		upTo := int64(math.Round(float64(before) / float64(total) * float64(n)))
		counts[i] = upTo - given
		given = upTo
	}
	return given == n
}

// into fills in categories, of which there are some.
func (s *StringStatistics) into(g *profile.Given) string {
	if s.Distribution == nil || s.Distribution.Categorical == nil {
		return fmt.Sprintf("the statistics do not say how often each of its %.0f values occurs", s.Distinct)
	}
	var total int64
	for _, bucket := range s.Distribution.Categorical.Buckets {
		if bucket.Count < 0 || bucket.Count != math.Trunc(bucket.Count) || bucket.Count > 1<<52 {
			return "its counts are no counts"
		}
		total += int64(bucket.Count)
		g.Texts, g.Counts = append(g.Texts, bucket.Value), append(g.Counts, int64(bucket.Count))
	}
	if present := s.Common.Present; total != present {
		return fmt.Sprintf("the statistics count %d of its %d values", total, present)
	}
	return ""
}

// Sketched says of which columns the distribution comes from a sketch.
func Sketched(columns []profile.Given) []string {
	n := 0
	for i := range columns {
		if columns[i].Estimated {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("the distributions of %d columns come from sketches: quantiles are off by up to a percent of the rows, and how many distinct values there are is not known (exact: false)", n)}
}

// Typed are constraints that say nothing but the names of columns.
func Typed(columns []profile.Given) *Constraints {
	c := &Constraints{}
	for i := range columns {
		c.Features = append(c.Features, FeatureConstraints{Name: columns[i].Name})
	}
	return c
}
