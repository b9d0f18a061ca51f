package profile

import (
	"math"

	"leeway/core/schema"
	"leeway/core/sketch"
)

// Column is the summary of one column. Which of Numeric, Categories and
// Distinct is there follows from kind and role: numbers have Numeric,
// categories and booleans Categories, texts, times and columns of role id
// Distinct, embeddings none of them.
type Column struct {
	Name string
	Kind schema.Kind
	Role schema.Role

	Rows     int64 // rows of the files that have the column
	Missing  int64
	Mistyped int64

	Numeric    *Numeric
	Categories *sketch.Counts
	Distinct   *sketch.Distinct // nil also after Subtract

	First, Last int64  // Time: Unix nanoseconds; 0 without valid values
	Hours       *Hours // Time: values by hour of the day; nil where unknown, as in old profiles
}

// Hours counts times by hour of the day, UTC.
type Hours [24]int64

// Valid is the number of cells that hold a value of the column's kind.
func (c *Column) Valid() int64 { return c.Rows - c.Missing - c.Mistyped }

// DistinctCount is the number of distinct values, without missing and mistyped
// ones. It is exact up to the bounds of [Options], then estimated with a
// relative standard error of 1.6%; NaN where it is unknown: for embeddings, and
// after Subtract unless the values are known exactly.
func (c *Column) DistinctCount() (n float64, exact bool) {
	switch {
	case c.Numeric != nil:
		return c.Numeric.Grid.Distinct()
	case c.Categories != nil:
		return c.Categories.Distinct()
	case c.Distinct != nil:
		return c.Distinct.Estimate()
	}
	return math.NaN(), false
}

// Numeric is the summary of numbers.
type Numeric struct {
	Min, Max     float64 // NaN without values; after Subtract bounds only, unless Grid is exact
	Sum, Squares sketch.Sum
	Grid         *sketch.Grid
}

// Mean is the arithmetic mean from the exact sum, NaN without values.
func (n *Numeric) Mean() float64 { return sketch.Mean(n.Grid.Count(), &n.Sum) }

// Std is the sample standard deviation (n-1) from exact sums, NaN for fewer
// than two values.
func (n *Numeric) Std() float64 { return sketch.Std(n.Grid.Count(), &n.Sum, &n.Squares) }

// Variance is the sample variance (n-1) from exact sums, NaN for fewer than two
// values.
func (n *Numeric) Variance() float64 { return sketch.Variance(n.Grid.Count(), &n.Sum, &n.Squares) }

// Quantile is [sketch.Grid.Quantile], within Min and Max.
func (n *Numeric) Quantile(q float64) float64 { return n.Quantiles(q)[0] }

// Quantiles are [sketch.Grid.Quantiles], within Min and Max.
func (n *Numeric) Quantiles(qs ...float64) []float64 {
	at := n.Grid.Quantiles(qs...)
	for i, x := range at {
		at[i] = min(max(x, n.Min), n.Max)
	}
	return at
}

// form is which summaries a column has.
type form uint8

const (
	skipped form = iota
	numeric
	categorical
	instants
	named // only how many distinct values
	bare  // only counts of cells
)

func formOf(kind schema.Kind, role schema.Role) form {
	switch {
	case kind == "" || role == schema.Ignore:
		return skipped
	case kind == schema.Embedding:
		return bare
	case role == schema.ID || kind == schema.Text:
		return named
	case kind.Quantitative():
		return numeric
	case kind.Discrete():
		return categorical
	case kind == schema.Time:
		return instants
	}
	return skipped
}

// newColumn is an empty summary.
func newColumn(name string, kind schema.Kind, role schema.Role, o *Options) *Column {
	c := &Column{Name: name, Kind: kind, Role: role}
	switch formOf(kind, role) {
	case numeric:
		c.Numeric = &Numeric{Min: math.NaN(), Max: math.NaN(), Grid: sketch.NewGrid(o.Cells)}
	case categorical:
		c.Categories = sketch.NewCounts(o.Categories)
	case instants:
		c.Distinct, c.Hours = sketch.NewDistinct(o.Distinct), new(Hours)
	case named:
		c.Distinct = sketch.NewDistinct(o.Distinct)
	}
	return c
}

// settle makes the column safe to read from several goroutines.
func (c *Column) settle() {
	if c.Numeric != nil {
		c.Numeric.Grid.Settle()
	}
	c.Categories.Settle()
	if c.Distinct != nil {
		c.Distinct.Settle()
	}
}
