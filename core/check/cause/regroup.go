package cause

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"leeway/core/internal/words"
	"leeway/core/report"
	"leeway/core/schema"
)

// joined tells that categories are gone and one other has taken all of their
// rows, while those that are left are as before.
func joined(c *column) *found {
	t := c.table
	if t == nil || c.calendar() {
		return nil
	}
	gone := t.where(t.gone)
	if len(gone) == 0 || len(gone) > 20 {
		return nil
	}
	into := c.taker(gone)
	if into < 0 || t.fresh(into) && len(gone) == 1 { // that is a new name
		return nil
	}
	names, lost := list(t, gone), t.shareOf(t.a, gone, t.n)
	return c.regrouped(gone, []int{into}, func(before, left float64) *found {
		to := words.Quoted(t.names[into])
		return &found{
			cause: report.Cause{Value: t.names[into], Explains: explained(before, left),
				Evidence: fmt.Sprintf("%s had %s of the values and have none, %s rose from %s to %s; taken as one, %s", names, words.Share(lost), to, words.Share(t.before(into)), words.Share(t.after(into)), fellShares(before, left))},
			message: fmt.Sprintf("%s has categories joined: what was %s is now counted as %s.", c.title(), names, to),
			short:   names + " joined into " + to,
			hint:    fmt.Sprintf("Ask the source of %s whether categories were merged on purpose; if so, map the old ones likewise and retrain.", c.title()),
		}
	})
}

// split tells that a category is gone and several new ones have its rows.
func split(c *column) *found {
	t := c.table
	if t == nil || c.calendar() {
		return nil
	}
	gone := t.where(t.gone)
	fresh := t.heirs(gone)
	if len(gone) != 1 || len(fresh) < 2 || len(fresh) > 20 {
		return nil
	}
	return c.regrouped(gone, fresh, func(before, left float64) *found {
		from, names := words.Quoted(t.names[gone[0]]), list(t, fresh)
		return &found{
			cause: report.Cause{Value: t.names[gone[0]], Explains: explained(before, left),
				Evidence: fmt.Sprintf("%s had %s of the values and has none, the new %s have %s; taken as one, %s", from, words.Share(t.before(gone[0])), names, words.Share(t.shareOf(t.b, fresh, t.m)), fellShares(before, left))},
			message: fmt.Sprintf("%s has a category split up: what was %s now comes as %s.", c.title(), from, names),
			short:   from + " split into " + names,
			hint:    fmt.Sprintf("Ask the source of %s whether the category was divided on purpose; if so, map the new ones to the old one until the model is retrained.", c.title()),
		}
	})
}

// renamed tells that categories are gone and as many new ones have their rows,
// each its own.
func renamed(c *column) *found {
	t := c.table
	if t == nil || c.calendar() {
		return nil
	}
	gone := t.where(t.gone)
	fresh := t.heirs(gone)
	if len(gone) == 0 || len(gone) != len(fresh) || len(gone) > 10 {
		return nil
	}
	old := map[string]string{}
	for i, at := range fresh {
		old[t.names[at]] = t.names[gone[i]]
	}
	together := t.renamed(func(name string) string {
		if before, is := old[name]; is {
			return before
		}
		return name
	})
	before, left := t.gap(), together.gap()
	if len(together.names) < 2 || !t.regained(together, gone, fresh) || t.kept(gone, fresh) < 0.1 && !t.lopsided(gone, left) || t.recoded() < left/2 {
		return nil
	}
	pair := fmt.Sprintf("%s is now %s", words.Quoted(t.names[gone[0]]), words.Quoted(t.names[fresh[0]]))
	evidence := fmt.Sprintf("%s had %s of the values and have none, %s are new with %s; taken as the same, %s", list(t, gone), words.Share(t.shareOf(t.a, gone, t.n)), list(t, fresh), words.Share(t.shareOf(t.b, fresh, t.m)), fellShares(before, left))
	return &found{
		cause:   report.Cause{Value: t.names[fresh[0]], Explains: explained(before, left), Evidence: evidence},
		message: fmt.Sprintf("%s has categories under new names: %s, as frequent as it was (%s).", c.title(), pair, words.Share(t.after(fresh[0]))),
		short:   "new names, " + pair,
		hint:    fmt.Sprintf("Ask the source of %s whether %s means %s; if so, map it where it is read.", c.title(), list(t, fresh), list(t, gone)),
	}
}

// recoded is the gap that is left where each number of the current side is taken for the one of
// its rank in the reference, so that 1 and 2 are what 0 and 1 were; 1 where these are not as many
// numbers.
func (t *table) recoded() float64 {
	was, is := map[float64]int64{}, map[float64]int64{}
	for i, name := range t.names {
		x, ok := schema.PlainNumber(name)
		if !ok {
			return 1
		}
		if t.a[i] > 0 {
			was[x] += t.a[i]
		}
		if t.b[i] > 0 {
			is[x] += t.b[i]
		}
	}
	if len(was) != len(is) {
		return 1
	}
	ranked, to := &table{}, slices.Sorted(maps.Keys(is))
	for i, x := range slices.Sorted(maps.Keys(was)) {
		ranked.add("", was[x], is[to[i]])
	}
	return ranked.gap()
}

// heirs are the new categories that can have the rows of those that are gone: others
// appear now and then, each with few rows.
func (t *table) heirs(gone []int) []int {
	least := t.shareOf(t.a, gone, t.n) / float64(20*max(len(gone), 1))
	return t.where(func(i int) bool { return t.fresh(i) && t.after(i) >= least })
}

// kept is the share of the rows that other categories have, on the side where it
// is smaller: enough of them say that the column is still about the same.
func (t *table) kept(gone, fresh []int) float64 {
	drop := map[int]bool{}
	for _, i := range append(slices.Clone(gone), fresh...) {
		drop[i] = true
	}
	rest := t.without(func(i int) bool { return drop[i] })
	return min(float64(rest.n)/float64(t.n), float64(rest.m)/float64(t.m))
}

// lopsided tells that some categories have shares that others would hardly have
// by chance: far from even.
func (t *table) lopsided(at []int, left float64) bool {
	if len(at) < 5 {
		return false
	}
	total, off := t.shareOf(t.a, at, t.n), 0.0
	for _, i := range at {
		off += math.Abs(t.before(i) - total/float64(len(at)))
	}
	return off/2 >= max(0.1, float64(3*left))
}

// regained tells whether the sides agree once categories are taken as one; or
// differ by so much less than before, with most of the others there, that other
// drift may be the rest.
func (t *table) regained(together *table, from, to []int) bool {
	before, left := t.gap(), together.gap()
	if before < 0.03 || left > before/3 {
		return false
	}
	return together.chance() >= 0.01 || before >= 0.1 && left <= before/4 && t.kept(from, to) >= 0.2
}

// taker is the category whose share rose by what the gone ones had, -1 for
// none.
func (c *column) taker(gone []int) int {
	t := c.table
	lost := t.shareOf(t.a, gone, t.n)
	at, most := -1, 0.0
	for i := range t.names {
		if up := t.after(i) - t.before(i); up > most {
			at, most = i, up
		}
	}
	if at < 0 || math.Abs(most-lost) > float64(3*t.sway(lost))+float64(0.1*lost) {
		return -1
	}
	return at
}

// sway is the standard error of the difference of a share.
func (t *table) sway(p float64) float64 {
	return math.Sqrt(p * (1 - p) * (1/float64(t.n) + 1/float64(t.m)))
}

// regrouped checks that taking some categories as one undoes the change, and
// that rows which simply went missing, with the others keeping their
// proportions, would not.
func (c *column) regrouped(from, to []int, tell func(before, left float64) *found) *found {
	t := c.table
	one := map[string]bool{}
	drop := map[int]bool{}
	for _, i := range from {
		one[t.names[i]], drop[i] = true, true
	}
	for _, i := range to {
		one[t.names[i]] = true
	}
	first := t.names[from[0]]
	together := t.renamed(func(name string) string {
		if one[name] {
			return first
		}
		return name
	})
	before, left := t.gap(), together.gap()
	if len(together.names) < 2 || !t.regained(together, from, to) || t.kept(from, to) < 0.1 {
		return nil
	}
	if !t.fresh(to[0]) && left > t.shareOf(t.a, from, t.n)/4 && together.chance() < 0.01 { // what drifted besides may have made another one look like it
		return nil
	}
	for i := range t.names {
		if t.fresh(i) && one[t.names[i]] {
			drop[i] = true
		}
	}
	// Among those left, proportions must have changed, unless only new names
	// took the rows.
	rest := t.without(func(i int) bool { return drop[i] })
	if !t.fresh(to[0]) && (len(rest.names) < 2 || rest.chance() > 0.001 || rest.gap()/2 < left) {
		return nil
	}
	return tell(before, left)
}

func (t *table) shareOf(counts []int64, at []int, total int64) float64 {
	var n int64
	for _, i := range at {
		n += counts[i]
	}
	return float64(n) / float64(total)
}

// list names categories: "A, B and 3 more".
func list(t *table, at []int) string {
	const most = 3
	var names []string
	for _, i := range at[:min(len(at), most)] {
		names = append(names, words.Quoted(t.names[i]))
	}
	if more := len(at) - most; more > 0 {
		return strings.Join(names, ", ") + " and " + words.Count(int64(more)) + " more"
	}
	if last := len(names) - 1; last > 0 {
		return strings.Join(names[:last], ", ") + " and " + names[last]
	}
	return names[0]
}
