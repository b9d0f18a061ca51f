package profile

import (
	"fmt"
	"slices"
	"strings"

	"leeway/core/fault"
	"leeway/core/frame"
	"leeway/core/schema"
	"leeway/core/sketch"
)

// Given is what is known of a column without its rows: what another tool has
// counted of them.
type Given struct {
	Name    string
	Kind    schema.Kind
	Role    schema.Role
	Missing int64

	Values    []float64 // numbers: each stands for as many cells as Counts says
	Texts     []string  // categories, the same
	Counts    []int64
	Estimated bool // Values stand for others near them

	Min, Max     float64 // numbers
	Sum, Squares float64 // numbers: of the values, and of their squares
}

// OfGiven makes a profile of what is known of rows. Counts of numbers and categories
// must add up to the cells that hold a value. Of texts, times and ids it knows only
// how many there are; of whole rows nothing.
func OfGiven(rows int64, columns []Given, o *Options) (*Dataset, error) {
	if o == nil {
		o = &Baseline
	}
	d := &Dataset{Rows: rows, Lines: sketch.UnknownRows(rows)}
	for i := range columns {
		c, err := columns[i].column(rows, o)
		if err != nil {
			return nil, err
		}
		d.Columns = append(d.Columns, c)
	}
	slices.SortFunc(d.Columns, func(a, b *Column) int { return strings.Compare(a.Name, b.Name) })
	for i, c := range d.Columns {
		if i > 0 && c.Name == d.Columns[i-1].Name {
			return nil, fault.New(fault.Invalid, fmt.Sprintf("column %q is there twice", c.Name), "give each column once")
		}
	}
	return d.finish(), nil
}

func (g *Given) column(rows int64, o *Options) (*Column, error) {
	c := newColumn(g.Name, g.Kind, g.Role, o)
	c.Rows, c.Missing = rows, g.Missing
	c.Distinct, c.Hours = nil, nil
	var counted int64
	switch {
	case c.Numeric != nil:
		for i, x := range g.Values {
			c.Numeric.Grid.AddCount(x, g.Counts[i])
		}
		if g.Estimated {
			c.Numeric.Grid.Estimate()
		}
		if counted = c.Numeric.Grid.Count(); counted > 0 {
			var unused sketch.Sum
			sketch.Accumulate([]float64{g.Sum}, &c.Numeric.Sum, &unused)
			sketch.Accumulate([]float64{g.Squares}, &c.Numeric.Squares, &unused)
			c.Numeric.widen(g.Min, g.Max)
		}
	case c.Categories != nil:
		for i, text := range g.Texts {
			c.Categories.Add(text, frame.HashText([]byte(text)), g.Counts[i])
		}
		counted = c.Categories.Count()
	default:
		counted = c.Valid()
	}
	if g.Missing < 0 || g.Missing > rows || counted != c.Valid() {
		what := fmt.Sprintf("column %q has %d values in %d rows, of which %d are missing", g.Name, counted, rows, g.Missing)
		return nil, fault.New(fault.Invalid, what, "counts must add up")
	}
	return c, nil
}
