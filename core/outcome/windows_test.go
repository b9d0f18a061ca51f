package outcome_test

import (
	"math/rand/v2"
	"testing"

	"leeway/core/outcome"
)

// TestSplitWindows: windows are cut into the parts of the whole, and have its rows.
func TestSplitWindows(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	all := some(r, 900)
	shape := outcome.NewShape(people(), outcome.Exact)
	rows := side(shape, all)
	want, _ := outcome.Split(shape, rows, nil)
	whole, of := outcome.SplitWindows(shape, rows)
	parts := []*outcome.Parts{of(side(shape, all[:200])), of(side(shape, all[200:500])), of(side(shape, all[500:]))}
	for i := range want.Cut {
		for k := range want.Cut[i].Parts {
			a, b := &want.Cut[i].Parts[k], &whole.Cut[i].Parts[k]
			var n, labelled, came int64
			for _, one := range parts {
				p := &one.Cut[i].Parts[k]
				if p.Name() != a.Name() {
					t.Fatalf("%s is %s", a.Name(), p.Name())
				}
				n, labelled, came = n+p.Rows, labelled+p.Labelled, came+p.Came[1][0].Rows
			}
			if a.Rows != b.Rows || n != a.Rows || labelled != a.Labelled || came != a.Came[1][0].Rows {
				t.Errorf("%s: %d rows, %d in windows, want %d", a.Name(), b.Rows, n, a.Rows)
			}
		}
	}
}
