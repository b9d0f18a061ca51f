package report

import (
	"maps"
	"math"
	"time"

	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/schema"
)

// topCategories is how many categories a Description names.
const topCategories = 10

// Describe sums up every column of both profiles: those of the contract in its
// order, then others in order of their names. Identifiers and free text have
// no distribution: their values belong to single rows.
func Describe(contract *schema.Schema, ref, cur *profile.Dataset) []Column {
	var columns []Column
	var memory [2]weighted
	known := map[string]bool{}
	add := func(name string, kind schema.Kind, role schema.Role) {
		r, c := ref.Column(name), cur.Column(name)
		if !known[name] && (r != nil || c != nil) {
			columns = append(columns, describe(name, kind, role, r, c, &memory))
		}
		known[name] = true
	}
	for _, c := range contract.Columns {
		if c.Role == schema.Ignore { // since the baseline was built, which may have it
			known[c.Name] = true
		}
		add(c.Name, c.Kind, c.Role)
	}
	for _, side := range []*profile.Dataset{ref, cur} {
		for _, c := range side.Columns {
			add(c.Name, c.Kind, c.Role)
		}
	}
	return columns
}

func describe(name string, kind schema.Kind, role schema.Role, ref, cur *profile.Column, memory *[2]weighted) Column {
	if role == "" {
		role = schema.Feature
	}
	c := Column{Name: name, Kind: kind, Role: role, Reference: description(ref), Current: description(cur)}
	if role == schema.ID {
		return c
	}
	switch {
	case kind.Quantitative():
		c.Distribution = numbers(ref, cur, kind == schema.Integer, memory)
	case kind.Discrete():
		c.Distribution = categories(ref, cur)
	}
	return c
}

func description(c *profile.Column) *Description {
	if c == nil {
		return nil
	}
	d := &Description{Rows: c.Rows, Missing: c.Missing, Mistyped: c.Mistyped}
	if c.Rows > 0 {
		d.MissingRatio = float64(c.Missing) / float64(c.Rows)
	}
	distinct, exact := c.DistinctCount()
	d.Distinct, d.Exact = distinct, exact
	if math.IsNaN(distinct) { // unknown, and then not Exact either
		d.Distinct = 0
	}
	if n := c.Numeric; n != nil && c.Valid() > 0 {
		d.Exact = exact && n.Grid.Exact()
		d.Min, d.Max = metric.Number(n.Min), metric.Number(n.Max)
		d.Mean, d.Std = metric.Number(n.Mean()), metric.Number(n.Std())
		q := n.Quantiles(.01, .05, .25, .5, .75, .95, .99)
		d.Quantiles = &Quantiles{q[0], q[1], q[2], q[3], q[4], q[5], q[6]}
	}
	if c.Kind == schema.Time && c.Valid() > 0 {
		d.First, d.Last = instant(c.First), instant(c.Last)
	}
	if c.Categories != nil {
		for _, heavy := range c.Categories.Heavy() {
			if len(d.Top) == topCategories {
				break
			}
			d.Top = append(d.Top, Category{Name: heavy.Text, Count: heavy.Count})
		}
	}
	return d
}

func instant(nanoseconds int64) string {
	return time.Unix(0, nanoseconds).UTC().Format(time.RFC3339Nano)
}

// numbers is the distribution of a quantitative column, nil without values.
func numbers(ref, cur *profile.Column, whole bool, memory *[2]weighted) *Distribution {
	r, c := &memory[0], &memory[1]
	r.weigh(ref)
	c.weigh(cur)
	edges := cut(*r, *c, whole)
	if edges == nil {
		return nil
	}
	d := &Distribution{Edges: edges}
	if ref != nil {
		d.Reference = r.spread(edges)
	}
	if cur != nil {
		d.Current = c.spread(edges)
	}
	return d
}

// weigh takes a column's numbers; within its range, which the middle of a
// grid's outermost cell need not be.
func (w *weighted) weigh(c *profile.Column) {
	w.values, w.counts, w.total = w.values[:0], w.counts[:0], 0
	if c == nil || c.Numeric == nil || c.Valid() == 0 {
		return
	}
	w.values, w.counts = c.Numeric.Grid.Weighted(w.values, w.counts)
	for i, x := range w.values {
		w.values[i] = min(max(x, c.Numeric.Min), c.Numeric.Max)
		w.total += w.counts[i]
	}
}

// categories is the distribution of a discrete column, nil without values.
func categories(ref, cur *profile.Column) *Distribution {
	r, c := tally(ref), tally(cur)
	complete(r, c, ref)
	complete(c, r, cur)
	return pick(r, c)
}

func tally(c *profile.Column) *tallied {
	if c == nil {
		return nil
	}
	t := &tallied{counts: maps.Collect(c.Categories.All()), total: c.Categories.Count()}
	if !c.Categories.Exact() {
		for _, heavy := range c.Categories.Heavy() {
			t.counts[heavy.Text] = heavy.Count
		}
	}
	return t
}

// complete asks a side whose counts are estimates for the categories that only
// the other side names: at most so often they occur.
func complete(t, other *tallied, of *profile.Column) {
	if t == nil || other == nil || of.Categories.Exact() {
		return
	}
	for name := range other.counts {
		if _, named := t.counts[name]; !named {
			t.counts[name] = of.Categories.Of(name)
		}
	}
}
