package quality

import (
	"fmt"

	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/sketch"
	"leeway/core/stat"
)

// pairs lays the categories of both sides side by side.
func (c *column) pairs() (names []string, a, b []int64, exact bool) {
	if c.ref == nil {
		return sketch.Pair(nil, c.cur.Categories)
	}
	return sketch.Pair(c.ref.Categories, c.cur.Categories)
}

// constant tests whether a column that varied holds one value only: the chance
// that so many values drawn from both sides together are all this one. It must
// have varied in the reference's own values.
func (c *column) constant() {
	if c.own == nil || c.ref == nil || c.cur.Valid() < 2 {
		return
	}
	before, _ := c.own.DistinctCount()
	now, exact := c.cur.DistinctCount()
	if !(before > 1) || now != 1 || !exact {
		return
	}
	same, ok := c.same()
	if !ok {
		return
	}
	n, m := c.before().valid, c.cur.Valid()
	e := evidence("constant", metric.Labels{Column: c.contract.Name})
	e.P = stat.AllDrawn(m, same, n+m)
	e.Null = bounded(e.P)
	e.Value, e.Effect, e.NReference, e.NCurrent = 1, 1, n, m
	e.Message = fmt.Sprintf("`%s` has the same value in every row; the reference had %s different ones.", c.contract.Name, words.Count(int64(before)))
	e.Hint = "A default has replaced the real values: check what fills the column."
	c.add(e)
}

// same counts how often the one value of the current side occurs on both sides
// together; unknown for kinds whose values are not kept.
func (c *column) same() (n int64, known bool) {
	switch {
	case c.cur.Categories != nil && c.ref.Categories != nil:
		for name := range c.cur.Categories.All() {
			return c.ref.Categories.Of(name) + c.cur.Valid(), true
		}
	case c.cur.Numeric != nil && c.ref.Numeric != nil:
		x, ref := c.cur.Numeric.Min, c.ref.Numeric.Grid
		return ref.Count() - ref.CountBelow(x) - ref.CountAbove(x) + c.cur.Valid(), true
	}
	return 0, false
}
