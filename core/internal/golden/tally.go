package golden

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"
)

// Tally compares values with their references and keeps the worst of each
// metric. `make golden-check` adds up what Log prints.
type Tally struct {
	Cases    int
	values   int
	worst    map[string]worst // by metric
	relative map[kindOf]worst
}

// kindOf is what relative errors are compared within.
type kindOf string

const (
	numbers  kindOf = "numbers"
	pValues  kindOf = "p-values"
	absolute kindOf = "" // the error of the value is no relative one
)

type worst struct {
	off   float64 // in units of the tolerance
	error float64
	where string // with the metric, of relative errors
}

// Value compares a number: tolerance is relative, and absolute a thousandth of
// it. where says which case it is.
func (t *Tally) Value(tb testing.TB, metric string, got, want, tolerance float64, where fmt.Stringer) {
	tb.Helper()
	t.add(tb, metric, numbers, got, want, Off(got, want), tolerance, where)
}

// Relative compares a number that may be tiny: tolerance is relative, and nothing else.
func (t *Tally) Relative(tb testing.TB, metric string, got, want, tolerance float64, where fmt.Stringer) {
	tb.Helper()
	t.add(tb, metric, numbers, got, want, math.Abs(got/want-1), tolerance, where)
}

// P compares a p-value: to 1e-6 relative above 1e-250, its logarithm to 1%
// below, and where the reference has underflowed only that it is as small.
func (t *Tally) P(tb testing.TB, metric string, got, want float64, where fmt.Stringer) {
	tb.Helper()
	off, kind := Off(got, want), pValues
	switch {
	case want < 1e-300 && got < 1e-240:
		off, kind = 0, absolute
	case want < 1e-250:
		off, kind = math.Abs(math.Log(got)/math.Log(want)-1)*1e-4, absolute
	}
	t.add(tb, metric, kind, got, want, off, 1e-6, where)
}

// Near compares a number whose reference is only good to an absolute error.
func (t *Tally) Near(tb testing.TB, metric string, got, want, tolerance float64, where fmt.Stringer) {
	tb.Helper()
	t.add(tb, metric, absolute, got, want, math.Abs(got-want), tolerance, where)
}

func (t *Tally) add(tb testing.TB, metric string, kind kindOf, got, want, off, tolerance float64, where fmt.Stringer) {
	tb.Helper()
	t.values++
	if !(off <= tolerance) {
		tb.Errorf("%v %s: got %.17g, want %.17g (off by %.2g)", where, metric, got, want, off)
	}
	if off/tolerance > t.worst[metric].off {
		if t.worst == nil {
			t.worst = map[string]worst{}
		}
		t.worst[metric] = worst{off / tolerance, off, where.String()}
	}
	if w, known := t.relative[kind]; kind != absolute && (!known || off > w.error) {
		if t.relative == nil {
			t.relative = map[kindOf]worst{}
		}
		t.relative[kind] = worst{off / tolerance, off, fmt.Sprintf("%s (%s)", metric, where)}
	}
}

// Log prints how many values were compared, the worst relative error of numbers and
// of p-values (as [Off] has it), and the metrics that were furthest off for their
// tolerance.
func (t *Tally) Log(tb testing.TB, name string) {
	tb.Helper()
	if t.values == 0 {
		tb.Errorf("%s: nothing was compared", name)
	}
	tb.Logf("golden: %s: %d values of %d cases", name, t.values, t.Cases)
	for _, of := range slices.Sorted(maps.Keys(t.relative)) {
		w := t.relative[of]
		tb.Logf("golden: %s: worst relative error of %s %s: %s", name, of, short(w.error), w.where)
	}
	order := slices.SortedFunc(maps.Keys(t.worst), func(a, b string) int { return -cmp.Compare(t.worst[a].off, t.worst[b].off) })
	for _, metric := range order[:min(len(order), 3)] {
		w := t.worst[metric]
		tb.Logf("golden: %s: %s is off by %.2g at most, %.2g of what is allowed (%s)", name, metric, w.error, w.off, w.where)
	}
}

// short is two digits of an error.
func short(x float64) string {
	if x == 0 {
		return "0"
	}
	return fmt.Sprintf("%.1e", x)
}

// At names a case.
type At string

func (a At) String() string { return string(a) }
