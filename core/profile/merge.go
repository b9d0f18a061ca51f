package profile

import (
	"fmt"
	"slices"
	"strings"

	"leeway/core/fault"
	"leeway/core/schema"
	"leeway/core/sketch"
)

// Merge is the summary of all rows of the given ones, which stay as they are.
// Columns are matched by name; one that only some of them have keeps its own
// number of rows. A column of numbers that are whole on one side only is
// numeric; other kinds must agree, and so must the role where it decides what
// is kept, or else the error is of kind Invalid.
func Merge(ds ...*Dataset) (*Dataset, error) {
	var m Merger
	for _, d := range ds {
		if err := m.Add(d); err != nil {
			return nil, err
		}
	}
	return m.Dataset(), nil
}

// Merger merges profiles one after the other, for when there are too many of
// them to be held at once. The zero value has merged none.
type Merger struct {
	first   *Dataset // while it is the only one: then nothing is copied
	rows    int64
	lines   *sketch.Rows
	columns map[string]*Column
	parts   segments
}

// Add merges d, which stays as it is. After an error the Merger is of no use.
func (m *Merger) Add(d *Dataset) error {
	if m.first == nil && m.lines == nil {
		m.first = d
		return nil
	}
	if first := m.first; first != nil {
		m.first, m.lines, m.columns = nil, first.Lines.Clone(), map[string]*Column{}
		if err := m.add(first); err != nil {
			return err
		}
	}
	m.lines.Merge(d.Lines)
	return m.add(d)
}

// add merges all but the lines.
func (m *Merger) add(d *Dataset) error {
	m.rows += d.Rows
	for _, c := range d.Columns {
		known := m.columns[c.Name]
		if known == nil {
			m.columns[c.Name] = c.clone()
			continue
		}
		if err := known.merge(c); err != nil {
			return err
		}
	}
	return m.parts.add(d)
}

// Dataset is what was merged, a single one itself; the Merger is used up.
func (m *Merger) Dataset() *Dataset {
	switch {
	case m.first != nil:
		return m.first
	case m.lines == nil:
		return New(nil, nil).Profile()
	}
	d := &Dataset{Rows: m.rows, Lines: m.lines, Segments: m.parts.list()}
	for _, c := range m.columns {
		d.Columns = append(d.Columns, c)
	}
	slices.SortFunc(d.Columns, func(a, b *Column) int { return strings.Compare(a.Name, b.Name) })
	return d.finish()
}

func (c *Column) clone() *Column {
	d := *c
	if c.Numeric != nil {
		n := *c.Numeric
		n.Grid = n.Grid.Clone()
		d.Numeric = &n
	}
	if c.Categories != nil {
		d.Categories = c.Categories.Clone()
	}
	if c.Distinct != nil {
		d.Distinct = c.Distinct.Clone()
	}
	if c.Hours != nil {
		hours := *c.Hours
		d.Hours = &hours
	}
	return &d
}

// agree tells whether two columns of a name can be counted together.
func (c *Column) agree(o *Column) error {
	kinds := c.Kind == o.Kind || c.Kind.Quantitative() && o.Kind.Quantitative()
	if kinds && formOf(c.Kind, c.Role) == formOf(o.Kind, o.Role) {
		return nil
	}
	what := fmt.Sprintf("column %q is %s (%s) in one profile and %s (%s) in another", c.Name, c.Kind, c.Role, o.Kind, o.Role)
	return fault.New(fault.Invalid, what, "declare its kind and role in the configuration, and make the profiles again")
}

func (c *Column) merge(o *Column) error {
	if err := c.agree(o); err != nil {
		return err
	}
	if c.Kind != o.Kind {
		c.Kind = schema.Numeric
	}
	c.Role = max(c.Role, o.Role) // any rule will do that does not hang on the order
	if o.Valid() > 0 {
		c.span(o)
	}
	c.Rows, c.Missing, c.Mistyped = c.Rows+o.Rows, c.Missing+o.Missing, c.Mistyped+o.Mistyped
	if c.Numeric != nil {
		c.Numeric.Sum.Merge(&o.Numeric.Sum)
		c.Numeric.Squares.Merge(&o.Numeric.Squares)
		c.Numeric.Grid.Merge(o.Numeric.Grid)
	}
	if c.Categories != nil {
		c.Categories.Merge(o.Categories)
	}
	if c.Distinct != nil && o.Distinct != nil {
		c.Distinct.Merge(o.Distinct)
	} else {
		c.Distinct = nil
	}
	if c.Hours != nil && o.Hours != nil {
		for i, n := range o.Hours {
			c.Hours[i] += n
		}
	} else {
		c.Hours = nil
	}
	return nil
}

// span widens the extremes by those of o, which has values.
func (c *Column) span(o *Column) {
	if c.Numeric != nil {
		c.Numeric.widen(o.Numeric.Min, o.Numeric.Max)
		return
	}
	if c.Valid() == 0 {
		c.First, c.Last = o.First, o.Last
	}
	c.First, c.Last = min(c.First, o.First), max(c.Last, o.Last)
}

// Subtract gives d without the rows of o, which must have been merged into d
// before; both stay as they are. Counts, sums and cells are then those of the
// remaining rows, the cells as coarse as in d. Extremes are bounds of the
// remaining ones, exact where the cells are. Numbers of distinct values are
// unknown except where every value is known.
func (d *Dataset) Subtract(o *Dataset) (*Dataset, error) {
	left := &Dataset{Rows: d.Rows - o.Rows, Lines: d.Lines.Clone()}
	for _, c := range d.Columns {
		left.Columns = append(left.Columns, c.clone())
	}
	if err := left.Lines.Subtract(o.Lines); err != nil {
		return nil, err
	}
	for _, c := range o.Columns {
		known := left.Column(c.Name)
		if known == nil {
			what := fmt.Sprintf("column %q is not part of what it is subtracted from", c.Name)
			return nil, fault.New(fault.Invalid, what, "subtract only what was merged before")
		}
		if err := known.subtract(c); err != nil {
			return nil, err
		}
	}
	var err error
	if left.Segments, err = d.subtractSegments(o); err != nil {
		return nil, err
	}
	if left.Rows == 0 {
		left.Segments = nil
	}
	return left.finish(), nil
}

// less takes hours away; unknown ones make the rest unknown.
func (c *Column) less(hours *Hours) error {
	if c.Hours == nil || hours == nil {
		c.Hours = nil
		return nil
	}
	for i, n := range hours {
		if c.Hours[i] -= n; c.Hours[i] < 0 {
			what := fmt.Sprintf("column %q has fewer times at %d h than what is subtracted from it", c.Name, i)
			return fault.New(fault.Invalid, what, "subtract only what was merged before")
		}
	}
	return nil
}

func (c *Column) subtract(o *Column) error {
	if err := c.agree(o); err != nil {
		return err
	}
	c.Rows, c.Missing, c.Mistyped = c.Rows-o.Rows, c.Missing-o.Missing, c.Mistyped-o.Mistyped
	if min(c.Rows, c.Missing, c.Mistyped, c.Valid()) < 0 {
		what := fmt.Sprintf("column %q has fewer rows than what is subtracted from it", c.Name)
		return fault.New(fault.Invalid, what, "subtract only what was merged before")
	}
	if c.Valid() == 0 {
		c.First, c.Last = 0, 0
	}
	c.Distinct = nil
	if err := c.less(o.Hours); err != nil {
		return err
	}
	if c.Categories != nil {
		return c.Categories.Subtract(o.Categories)
	}
	if c.Numeric == nil {
		return nil
	}
	n := c.Numeric
	n.Sum.Subtract(&o.Numeric.Sum)
	n.Squares.Subtract(&o.Numeric.Squares)
	if err := n.Grid.Subtract(o.Numeric.Grid); err != nil {
		return err
	}
	n.Min, n.Max = max(n.Min, n.Grid.Min()), min(n.Max, n.Grid.Max())
	return nil
}
