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
	Cases  int
	values int
	worst  map[string]worst
}

type worst struct {
	off   float64 // in units of the tolerance
	error float64
	where string
}

// Value compares a number: tolerance is relative, and absolute a thousandth of
// it. where says which case it is.
func (t *Tally) Value(tb testing.TB, metric string, got, want, tolerance float64, where fmt.Stringer) {
	tb.Helper()
	t.add(tb, metric, got, want, Off(got, want), tolerance, where)
}

// P compares a p-value: to 1e-6 relative above 1e-250, its logarithm to 1%
// below, and where the reference has underflowed only that it is as small.
func (t *Tally) P(tb testing.TB, metric string, got, want float64, where fmt.Stringer) {
	tb.Helper()
	off := Off(got, want)
	switch {
	case want < 1e-300 && got < 1e-240:
		off = 0
	case want < 1e-250:
		off = math.Abs(math.Log(got)/math.Log(want)-1) * 1e-4
	}
	t.add(tb, metric, got, want, off, 1e-6, where)
}

// Near compares a number whose reference is only good to an absolute error.
func (t *Tally) Near(tb testing.TB, metric string, got, want, tolerance float64, where fmt.Stringer) {
	tb.Helper()
	t.add(tb, metric, got, want, math.Abs(got-want), tolerance, where)
}

func (t *Tally) add(tb testing.TB, metric string, got, want, off, tolerance float64, where fmt.Stringer) {
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
}

// Log prints how many values were compared, and the metrics that were furthest
// off for their tolerance.
func (t *Tally) Log(tb testing.TB, name string) {
	tb.Helper()
	if t.values == 0 {
		tb.Errorf("%s: nothing was compared", name)
	}
	tb.Logf("golden: %s: %d values of %d cases", name, t.values, t.Cases)
	order := slices.SortedFunc(maps.Keys(t.worst), func(a, b string) int { return -cmp.Compare(t.worst[a].off, t.worst[b].off) })
	for _, metric := range order[:min(len(order), 3)] {
		w := t.worst[metric]
		tb.Logf("golden: %s: %s is off by %.2g at most, %.2g of what is allowed (%s)", name, metric, w.error, w.off, w.where)
	}
}

// At names a case.
type At string

func (a At) String() string { return string(a) }
