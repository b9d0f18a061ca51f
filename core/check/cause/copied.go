package cause

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"leeway/core/internal/words"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
)

// print is what equal columns have in common, to find them quickly.
type print struct {
	n, missing     int64
	distinct       int
	low, high, sum float64
}

// copied tells that a column now has exactly the values of another one, each in as many
// rows, which it had not before.
func copied(c *column) *found {
	mine, exact := printOf(c.cur)
	if !exact {
		return nil
	}
	var from *schema.Column
	for _, other := range c.alikes()[mine] {
		if other.Name == c.name || !equal(c.cur, c.in.Current.Column(other.Name)) || equal(c.ref, c.in.Reference.Column(other.Name)) {
			continue
		}
		if slices.Contains(c.changed, other.Name) && !c.stranger(c.column(other.Name)) {
			return nil
		}
		if from != nil { // which of them, nothing tells
			return nil
		}
		from = other
	}
	if from == nil || rare(listed(c.cur)) < enough {
		return nil
	}
	name := "`" + from.Name + "`"
	return &found{
		cause: report.Cause{Columns: []string{from.Name}, Explains: 1,
			Evidence: fmt.Sprintf("each of its %s now is there exactly as often as in %s (%s values), which the reference's are not", words.Plural(int64(mine.distinct), "value"), name, words.Count(mine.n))},
		message: fmt.Sprintf("%s is a copy of %s: each value is there as often as in that column.", c.title(), name),
		short:   "a copy of " + name,
		hint:    fmt.Sprintf("Compare the order and the names of columns where %s and %s are written and read. Do not retrain on it.", c.title(), name),
		sure:    true,
		likely:  mine.distinct < several, // so few counts may be equal by chance
	}
}

// stranger tells that of two columns with the same values these are not what the first
// one had, rather than not what the other one had: it has some that are new to it, or, if
// neither has, moved further by half.
func (c *column) stranger(o *column) bool {
	if news, others := c.news(), o.news(); math.Abs(news-others) >= tookOver {
		return news > others
	}
	return c.shift() > float64(1.5*o.shift())
}

// news is the share of the current values that the reference has none of.
func (c *column) news() float64 {
	switch {
	case c.a.n > 0 && c.b.n > 0:
		whole := c.whole()
		return foreign(whole.a, whole.b)
	case c.table != nil:
		return c.table.shareOf(c.table.b, c.table.where(c.table.fresh), c.table.m)
	}
	return 0
}

// shift is by how much the values of a column moved.
func (c *column) shift() float64 {
	if c.a.n > 0 && c.b.n > 0 {
		return c.changedBy()
	}
	if c.table != nil {
		return c.table.gap()
	}
	return 0
}

// alikes are the columns of the current side by their prints.
func (w *window) alikes() map[print][]*schema.Column {
	if w.prints == nil {
		w.prints = map[print][]*schema.Column{}
		for i := range w.in.Schema.Columns {
			contract := &w.in.Schema.Columns[i]
			if p, ok := printOf(w.in.Current.Column(contract.Name)); ok && contract.Role != schema.Ignore {
				w.prints[p] = append(w.prints[p], contract)
			}
		}
	}
	return w.prints
}

// printOf is the print of a column whose values are known one by one, of which there are
// two at least: codes count as numbers, whatever the kind.
func printOf(c *profile.Column) (print, bool) {
	if c == nil || c.Valid() < enough {
		return print{}, false
	}
	p := print{n: c.Valid(), missing: c.Missing}
	switch {
	case c.Numeric != nil:
		distinct, exact := c.Numeric.Grid.Distinct()
		p.distinct, p.low, p.high, p.sum = int(distinct), c.Numeric.Min, c.Numeric.Max, c.Numeric.Mean()
		return p, exact && distinct > 1
	case c.Categories != nil && c.Categories.Exact() && c.Categories.Len() > 1:
		p.distinct = c.Categories.Len()
		numbers, ok := codes(c)
		if !ok {
			for _, n := range c.Categories.All() {
				p.high = max(p.high, float64(n))
			}
			p.low = -1
			return p, true
		}
		s := collect(numbers.values, numbers.counts, 0)
		p.distinct, p.low, p.high, p.sum = len(s.values), s.least(), s.most(), s.mean()
		return p, true
	}
	return print{}, false
}

// codes reads categories that are all numbers; few enough to look at each time.
func codes(c *profile.Column) (s sample, ok bool) {
	if c.Categories.Len() > 64 {
		return s, false
	}
	for name, n := range c.Categories.All() {
		x, err := strconv.ParseFloat(name, 64)
		if err != nil || x-x != 0 {
			return s, false
		}
		s.values, s.counts = append(s.values, x), append(s.counts, n)
	}
	return s, true
}

// mean is as that of a profile: of an exact sum.
func (s sample) mean() float64 {
	sum := 0.0
	for i, x := range s.values {
		sum += float64(x * float64(s.counts[i]))
	}
	return sum / float64(s.n)
}

// equal tells that two columns have the same values, each as often.
func equal(a, b *profile.Column) bool {
	if a == nil || b == nil {
		return false
	}
	one, other := listed(a), listed(b)
	return one != nil && slices.Equal(one, other)
}

// listed are the values of a column with their counts, in order; nil if unknown.
func listed(c *profile.Column) (all []weighted) {
	switch {
	case c.Numeric != nil:
		s := within(c.Numeric.Grid, c.Numeric)
		for i, x := range s.values {
			all = append(all, weighted{number: x, n: s.counts[i]})
		}
	case c.Categories != nil && c.Categories.Exact():
		if s, ok := codes(c); ok {
			s = collect(s.values, s.counts, 0)
			for i, x := range s.values {
				all = append(all, weighted{number: x, n: s.counts[i]})
			}
			return all
		}
		for name, n := range c.Categories.All() {
			all = append(all, weighted{text: name, n: n})
		}
		slices.SortFunc(all, func(x, y weighted) int { return cmp.Compare(x.text, y.text) })
	}
	return all
}

// rare is how many values are not the most frequent one: few of them are equal by chance.
func rare(all []weighted) (n int64) {
	var most int64
	for _, one := range all {
		n, most = n+one.n, max(most, one.n)
	}
	return n - most
}

type weighted struct {
	text   string
	number float64
	n      int64
}
