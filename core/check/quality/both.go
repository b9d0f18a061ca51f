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
//
// Values that come in runs are no such draw: each day has one weekday, and most
// days are no holiday from the first hour to the last. What the reference's own
// windows were like counts as well.
func (c *column) constant() {
	if c.own == nil || c.ref == nil || c.cur.Valid() < 2 {
		return
	}
	before, _ := c.own.DistinctCount()
	now, exact := c.cur.DistinctCount()
	if !(before > 1) {
		return
	}
	single := now == 1 && exact
	c.steady(single)
	if !single {
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
	if usual := c.usuallySteady(); usual > e.P {
		e.P, e.Null = usual, least(usual)
	}
	e.Value, e.Effect, e.NReference, e.NCurrent = 1, 1, n, m
	e.Message = fmt.Sprintf("`%s` has the same value in every row; the reference had %s different ones.", c.contract.Name, words.Count(int64(before)))
	e.Hint = "A default has replaced the real values: check what fills the column."
	c.add(e)
}

// steadyKey names whether a column held one value only in check.Outcome and in
// check.Input.Variation. It begins as the ids of constant do: both are of what is
// known (ByKnown).
func steadyKey(column string) string { return prefix("constant") + column + " single" }

// steady notes whether a window of a series holds one value only.
func (c *column) steady(single bool) {
	if !c.in.Series {
		return
	}
	one := 0.0
	if single {
		one = 1
	}
	c.note(steadyKey(c.contract.Name), one)
}

// usuallySteady is the chance that a window holds one value only if it is like
// those of the reference: of k in n that did, this one is as likely as any of the
// n+1 to be one of k+1. 0 where none did, or too few are known.
func (c *column) usuallySteady() float64 {
	windows := c.in.Variation[steadyKey(c.contract.Name)]
	k := 0.0
	for _, one := range windows {
		k += one.Z
	}
	if k == 0 || len(windows) < metric.FewestWindows {
		return 0
	}
	return (k + 1) / float64(len(windows)+1)
}

// same counts how often the one value of the current side occurs on both sides
// together. Of texts it is as often as it can be at most, since the reference's other
// ones occur once or more; unknown for other kinds whose values are not kept.
func (c *column) same() (n int64, known bool) {
	switch {
	case c.cur.Categories != nil && c.ref.Categories != nil:
		for name := range c.cur.Categories.All() {
			return c.ref.Categories.Of(name) + c.cur.Valid(), true
		}
	case c.cur.Numeric != nil && c.ref.Numeric != nil:
		x, ref := c.cur.Numeric.Min, c.ref.Numeric.Grid
		return ref.Count() - ref.CountBelow(x) - ref.CountAbove(x) + c.cur.Valid(), true
	case text(c.cur) && text(c.ref) && fewest(c.ref) >= 1:
		return c.ref.Valid() - int64(fewest(c.ref)) + 1 + c.cur.Valid(), true
	}
	return 0, false
}
