package cause

import (
	"math"
	"slices"

	"leeway/core/sketch"
	"leeway/core/stat"
)

// table is the categories of both sides.
type table struct {
	names []string
	a, b  []int64
	n, m  int64
}

// newTable lays both sides out; nil unless every category is known.
func newTable(ref, cur *sketch.Counts) *table {
	if ref == nil || cur == nil {
		return nil
	}
	names, a, b, exact := sketch.Pair(ref, cur)
	if !exact {
		return nil
	}
	t := &table{names: names, a: a, b: b}
	for i := range a {
		t.n, t.m = t.n+a[i], t.m+b[i]
	}
	return t
}

// gap is the share of values that would have to move: the total variation.
func (t *table) gap() float64 {
	d := 0.0
	for i := range t.a {
		d += math.Abs(t.before(i) - t.after(i))
	}
	return float64(d / 2)
}

func (t *table) before(i int) float64 { return float64(t.a[i]) / float64(t.n) }
func (t *table) after(i int) float64  { return float64(t.b[i]) / float64(t.m) }

// chance is the p-value of "the two sides are alike".
func (t *table) chance() float64 {
	p, err := stat.NewCells(t.a, t.b).ChiSquareP()
	if err != nil { // one category: they are
		return 1
	}
	return p
}

// undone is as for numbers: alike and no more than half of the gap, or a tenth.
func (t *table) undone(before float64) bool {
	left := t.gap()
	return t.chance() >= 0.01 && left <= before/2 || left <= before/10
}

// rarer is by what factor the frequency of the rarer of two categories differs.
func (t *table) rarer() float64 {
	at := 0
	if t.a[1] < t.a[0] {
		at = 1
	}
	was, is := t.before(at), t.after(at)
	return max(was/is, is/was)
}

// without leaves categories out.
func (t *table) without(drop func(i int) bool) *table {
	rest := &table{}
	for i, name := range t.names {
		if !drop(i) {
			rest.add(name, t.a[i], t.b[i])
		}
	}
	return rest
}

// renamed gives the categories other names; equal ones are joined.
func (t *table) renamed(to func(name string) string) *table {
	at := map[string]int{}
	other := &table{}
	for i, name := range t.names {
		name = to(name)
		if k, known := at[name]; known {
			other.a[k], other.b[k] = other.a[k]+t.a[i], other.b[k]+t.b[i]
			other.n, other.m = other.n+t.a[i], other.m+t.b[i]
			continue
		}
		at[name] = len(other.names)
		other.add(name, t.a[i], t.b[i])
	}
	return other
}

func (t *table) add(name string, a, b int64) {
	t.names, t.a, t.b = append(t.names, name), append(t.a, a), append(t.b, b)
	t.n, t.m = t.n+a, t.m+b
}

// where lists the categories that fulfil a condition, those with the most rows
// first.
func (t *table) where(is func(i int) bool) []int {
	var at []int
	for i := range t.names {
		if is(i) {
			at = append(at, i)
		}
	}
	slices.SortStableFunc(at, func(i, j int) int {
		return int(min(max(t.a[j]+t.b[j]-t.a[i]-t.b[i], -1), 1))
	})
	return at
}

// heaviest is the largest category of the current side.
func (t *table) heaviest() string {
	at := 0
	for i := range t.b {
		if t.b[i] > t.b[at] {
			at = i
		}
	}
	return t.names[at]
}

// rich is how many categories the reference has.
func (t *table) rich() (n int) {
	for _, count := range t.a {
		if count > 0 {
			n++
		}
	}
	return n
}

// gone tells that a category of the reference has no rows although at least
// thirty were to be expected.
func (t *table) gone(i int) bool {
	return t.b[i] == 0 && t.before(i)*float64(t.m) >= 30
}

// fresh tells that a category is not known to the reference.
func (t *table) fresh(i int) bool { return t.a[i] == 0 && t.b[i] > 0 }
