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
	told, likely := fell, false
	for _, other := range c.swappable() {
		if best != nil || other.name == c.name {
			continue
		}
		if before, after, ok := stepsTraded(c, other); ok {
			best, was, left, told = other, before, after, fellSteps
		} else if traded(c, other) {
			best, was, left, told = other, c.outline.foreign, foreign(other.a, c.b), fellForeign
		} else if before, after, ok := oneBack(c, other); ok {
			best, was, left, likely = other, before, after, true
		}
	}
	if best == nil {
		return nil
	}
	return &found{
		cause: report.Cause{Columns: []string{best.name}, Explains: explained(was, left),
			Evidence: fmt.Sprintf("each holds what the other held; exchanged back, %s", told(was, left))},
		message: fmt.Sprintf("%s and %s are swapped: each now holds the values of the other (%s).", c.title(), best.title(), c.typical()),
		sure:    true,
		likely:  likely,
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

// remainder is how much of a gap may be left: what counts as undone, or a part of a
// wide one.
func remainder(before, part float64, a, b sample) float64 {
	chance := noise(a.n, b.n)
	switch {
	case before >= 2*farGap:
		return max(float64(max(part, 1./3)*before), min(before/3, chance))
	case before >= farGap:
		return max(float64(part*before), min(before/3, chance))
	case before < 3*chance: // what agrees by chance
		return 0
	}
	return min(before/3, max(chance, before/10))
}

// part is how much of a wide gap may be left between two columns that drifted
// besides: what was exchanged has the steps between its values with it.
func (k *bulk) part(o *bulk) float64 {
	if k.steps != [2]float64{o.steps[1], o.steps[0]} {
		return 0.1
	}
	if k.steps[0] != k.steps[1] {
		return 0.5
	}
	return 0.25
}

// leastGap is how much of its values a column has moved if it was swapped.
const leastGap = 0.1

// farGap is how much is more than columns that are alike drift apart.
const farGap = 0.25

// bulk is what a column is compared by with others: its numbers without the one
// that most are on both sides, as 0 often is. Columns that are mostly 0 are all
// alike if it counts.
type bulk struct {
	a, b     sample
	own      float64    // the gap between them
	steps    [2]float64 // between the values of both; 0 for none, or where it is not known
	common   float64    // the number that is left out
	stripped bool
}

func (c *column) bulk() bulk {
	x := c.a.mode()
	if c.b.mode() != x || c.a.part(x) < 0.5 || c.b.part(x) < 0.5 {
		return bulk{a: c.a, b: c.b, own: c.changedBy()}
	}
	other := func(y float64) bool { return y != x }
	k := bulk{a: c.a.only(other), b: c.b.only(other), common: x, stripped: true}
	if k.a.n >= enough && k.b.n >= enough {
		k.own = gap(k.a, k.b, 0)
	}
	return k
}

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
	p, q := &c.outline.bulk, &o.outline.bulk
	if p.stripped != q.stripped || p.common != q.common {
		return 0, 0, false
	}
	one, two := max(q.a.width, p.b.width)+1e-9, max(p.a.width, q.b.width)+1e-9
	if o.outline.elsewhere(c.outline, one) || c.outline.elsewhere(o.outline, two) {
		return 0, 0, false
	}
	far, near := remainder(p.own, p.part(q), q.a, p.b), remainder(q.own, p.part(q), p.a, q.b)
	if o.outline.unlike(c.outline, one, far) || c.outline.unlike(o.outline, two, near) ||
		apart(q.a, p.b, same, 0, far) || apart(p.a, q.b, same, 0, near) {
		return 0, 0, false
	}
	one, two = gap(q.a, p.b, 0), gap(p.a, q.b, 0)
	return max(p.own, q.own), max(one, two), one <= far && two <= near
}

func exchangeCategories(c, o *column) (before, after float64, ok bool) {
	first, second := c.table.gap(), o.table.gap()
	if o.outline.others(c.outline, float64(first/2)) || c.outline.others(o.outline, float64(second/2)) || o.ref.Categories.Of(c.table.heaviest()) == 0 {
		return 0, 0, false
	}
	one := newTable(o.ref.Categories, c.cur.Categories)
	two := newTable(c.ref.Categories, o.cur.Categories)
	if one == nil || two == nil {
		return 0, 0, false
	}
	fits := func(t *table, before float64) bool {
		return before >= 2*farGap && t.gap() <= before/3 || before >= farGap && t.gap() <= before/4 || t.gap() <= before/3 && t.undone(before)
	}
	ok = fits(one, first) && fits(two, second)
	return max(first, second), max(one.gap(), two.gap()), ok
}

// traded tells that two columns hold each other's values though a season moved
// both: nearly all current values of each are ones that the other had, and most
// are none that it had itself.
func traded(c, o *column) bool {
	if !c.outline.gridded || !o.outline.gridded || min(c.outline.foreign, o.outline.foreign) < 0.5 {
		return false
	}
	return foreign(o.a, c.b) <= 1-nearlyAll && foreign(c.a, o.b) <= 1-nearlyAll && gap(o.a, c.b, 0) <= 1./3 && gap(c.a, o.b, 0) <= 1./3
}

// stepsTraded tells that two columns have exchanged the steps between their values, as
// whole numbers and cents, which no season does, though it moved both: the gaps between
// the distributions, exchanged back, are half of what they were together, and each is less.
func stepsTraded(c, o *column) (before, after float64, ok bool) {
	p, q := &c.outline.bulk, &o.outline.bulk
	if !c.outline.numbers || !o.outline.numbers || p.steps != [2]float64{q.steps[1], q.steps[0]} || p.steps[0] == p.steps[1] || min(p.steps[0], p.steps[1]) == 0 ||
		max(c.a.width, c.b.width, o.a.width, o.b.width) > 0 || min(len(c.a.values), len(c.b.values), len(o.a.values), len(o.b.values)) < enough {
		return 0, 0, false
	}
	one, two := gap(o.a, c.b, 0), gap(c.a, o.b, 0)
	own, other := c.changedBy(), o.changedBy()
	ok = one < 0.8*own && two < 0.8*other && one+two <= (own+other)/2 && max(one, two) <= 1./3
	return (own + other) / 2, (one + two) / 2, ok
}

// oneBack tells that of two columns that both moved half of their values, opposite ways,
// one is what the other was, to a tenth, and the other came back by four tenths of the
// way: a season moved it.
func oneBack(c, o *column) (before, after float64, ok bool) {
	if !c.outline.numbers || !o.outline.numbers {
		return 0, 0, false
	}
	p, q := &c.outline.bulk, &o.outline.bulk
	far, near := float64(0.6*p.own), float64(0.6*q.own)
	if p.stripped || q.stripped || min(p.own, q.own) < 2*farGap || apart(q.a, p.b, same, 0, far) || apart(p.a, q.b, same, 0, near) {
		return 0, 0, false
	}
	one, two := gap(q.a, p.b, 0), gap(p.a, q.b, 0)
	ok = one <= far && two <= near && (one <= p.own/10 || two <= q.own/10)
	return max(p.own, q.own), max(one, two), ok
}

// foreign is the share of b's values that a has none of.
func foreign(a, b sample) float64 {
	var n int64
	for i, x := range b.values {
		if a.of(x) == 0 {
			n += b.counts[i]
		}
	}
	return float64(n) / float64(b.n)
}

// fellSteps tells how far the gaps of both closed.
func fellSteps(before, left float64) string {
	return fmt.Sprintf("the steps between their values are as before, and the widest gap between two distributions closes from %s to %s of the values on average", words.Share(before), words.Share(left))
}

// fellForeign tells how many values were strange.
func fellForeign(before, left float64) string {
	return fmt.Sprintf("the share of values that the reference never had falls from %s to %s", words.Share(before), words.Share(left))
}
