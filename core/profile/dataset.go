package profile

import (
	"cmp"
	"slices"

	"leeway/core/schema"
	"leeway/core/sketch"
)

// Dataset is the summary of a set of rows. It is not changed once made, and may
// be read by several goroutines at once.
type Dataset struct {
	Rows       int64
	Columns    []*Column // ascending by name
	Lines      *sketch.Rows
	Start, End int64     // first and last instant of the column of role time; 0 without
	Segments   []Segment // ascending by key; nil where rows are not divided, and without rows
}

// Column finds a column by name, nil if there is none.
func (d *Dataset) Column(name string) *Column {
	at, found := d.find(name)
	if !found {
		return nil
	}
	return d.Columns[at]
}

func (d *Dataset) find(name string) (int, bool) {
	return slices.BinarySearchFunc(d.Columns, name, func(c *Column, name string) int { return cmp.Compare(c.Name, name) })
}

// finish derives what hangs on more than one column, and settles everything.
func (d *Dataset) finish() *Dataset {
	d.Lines.Settle()
	d.Start, d.End = 0, 0
	timed := false
	for _, c := range d.Columns {
		c.settle()
		if !c.Categories.Exact() {
			c.Categories.Suggest(d.Lines.Known(c.Name))
		}
		if c.Kind == schema.Time && c.Role == schema.Timestamp && c.Valid() > 0 {
			if !timed {
				d.Start, d.End, timed = c.First, c.Last, true
			}
			d.Start, d.End = min(d.Start, c.First), max(d.End, c.Last)
		}
	}
	return d
}
