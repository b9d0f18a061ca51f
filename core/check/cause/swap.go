package cause

import (
	"fmt"

	"leeway/core/internal/words"
	"leeway/core/report"
)

// swapped tells that two columns that both changed have exchanged their
// distributions.
func swapped(c *column) *found {
	var best *column
	var left, was float64
	if !c.outlined().swaps {
		return nil
	}
	for _, other := range c.swappable() {
		if other.name == c.name {
			continue
		}
		before, after, ok := exchange(c, other)
		if ok && other.thin && !c.thin {
			other = other.whole() // what a first look sees is looked at in full
			other.outlined()
			before, after, ok = exchange(c, other)
		}
		if ok && (best == nil || after < left) {
			best, was, left = other, before, after
		}
	}
	if best == nil {
		return nil
	}
	return &found{
		cause: report.Cause{Columns: []string{best.name}, Explains: explained(was, left),
			Evidence: fmt.Sprintf("each holds what the other held; exchanged back, %s", fell(was, left))},
		message: fmt.Sprintf("%s and %s are swapped: each now holds the values of the other (%s).", c.title(), best.title(), c.typical()),
		short:   "swapped with " + best.title(),
		hint:    fmt.Sprintf("Compare the order of columns where %s and %s are written and read. Do not retrain on it.", c.title(), best.title()),
	}
}

// swappable lists the columns that changed enough to hold another one's values.
func (w *window) swappable() []*column {
	if !w.listed {
		w.listed = true
		for _, name := range w.changed {
			if c := w.column(name); c != nil && c.outlined().swaps {
				w.swaps = append(w.swaps, c)
			}
		}
	}
	return w.swaps
}

// typical tells the change of the column in a few words.
func (c *column) typical() string {
	if c.a.n > 0 {
		return fmt.Sprintf("the typical value of %s went from %s to %s", c.title(), words.Number(c.a.quantile(0.5)), words.Number(c.b.quantile(0.5)))
	}
	at := 0
	for i := range c.table.names {
		if c.table.after(i)-c.table.before(i) > c.table.after(at)-c.table.before(at) {
			at = i
		}
	}
	return fmt.Sprintf("%s went from %s to %s of %s", words.Quoted(c.table.names[at]), words.Share(c.table.before(at)), words.Share(c.table.after(at)), c.title())
}

func same(x float64) float64 { return x }

// changedBy is the gap between both sides of a column of numbers.
func (c *column) changedBy() float64 {
	if c.own == 0 {
		c.own = gap(c.a, c.b, 0)
	}
	return c.own
}

// most is how much of a gap may be left.
func most(before float64, a, b sample) float64 {
	return min(before/3, max(noise(a.n, b.n), before/10))
}

// leastGap is how much of its values a column has moved if it was swapped.
const leastGap = 0.1

// exchange tells whether two columns, which both may have been swapped, agree
// with each other's past: the larger of the two gaps before, and after.
func exchange(c, o *column) (before, after float64, ok bool) {
	switch {
	case c.outline.numbers != o.outline.numbers:
		return 0, 0, false
	case c.outline.numbers:
		return exchangeNumbers(c, o)
	}
	return exchangeCategories(c, o)
}

func exchangeNumbers(c, o *column) (before, after float64, ok bool) {
	one, two := max(o.a.width, c.b.width)+1e-9, max(c.a.width, o.b.width)+1e-9
	if o.outline.elsewhere(c.outline, one) || c.outline.elsewhere(o.outline, two) {
		return 0, 0, false
	}
	first, second := c.changedBy(), o.changedBy()
	far, near := most(first, o.a, c.b), most(second, c.a, o.b)
	if o.outline.unlike(c.outline, one, far) || c.outline.unlike(o.outline, two, near) ||
		apart(o.a, c.b, same, 0, far) || apart(c.a, o.b, same, 0, near) {
		return 0, 0, false
	}
	one, two = gap(o.a, c.b, 0), gap(c.a, o.b, 0)
	ok = undone(first, one, o.a.n, c.b.n) && undone(second, two, c.a.n, o.b.n) && one <= first/3 && two <= second/3
	return max(first, second), max(one, two), ok
}

func exchangeCategories(c, o *column) (before, after float64, ok bool) {
	first, second := c.table.gap(), o.table.gap()
	if o.outline.others(c.outline, first/3) || c.outline.others(o.outline, second/3) || o.ref.Categories.Of(c.table.heaviest()) == 0 {
		return 0, 0, false
	}
	one := newTable(o.ref.Categories, c.cur.Categories)
	two := newTable(c.ref.Categories, o.cur.Categories)
	if one == nil || two == nil {
		return 0, 0, false
	}
	ok = one.undone(first) && two.undone(second) && one.gap() <= first/3 && two.gap() <= second/3
	return max(first, second), max(one.gap(), two.gap()), ok
}
