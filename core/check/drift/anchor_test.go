package drift

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"leeway/core/check"
	"leeway/core/profile"
	"leeway/core/schema"
)

// TestAnchorIsReference: where the anchor is the reference itself, columns are laid
// out once, as without an anchor; a copy of it says the same and takes more. Another
// anchor says something else.
func TestAnchorIsReference(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	of := func(mean float64) *profile.Dataset {
		values := make([]float64, 2000)
		for i := range values {
			values[i] = r.NormFloat64() + mean
		}
		return profiled(schema.Numeric, schema.Feature, values, &profile.Exact)
	}
	ref, cur := of(0), of(0.1)
	copied := *ref
	copied.Columns = nil
	for _, c := range ref.Columns {
		other := *c
		copied.Columns = append(copied.Columns, &other)
	}
	evaluate := func(anchor *profile.Dataset) (out check.Outcome, allocated float64) {
		in := &check.Input{
			Schema:    &schema.Schema{Columns: []schema.Column{{Name: "x", Kind: schema.Numeric, Role: schema.Feature}}},
			Reference: ref, Current: cur, Anchor: anchor, Series: true,
		}
		allocated = math.Inf(1)
		for range 20 { // the least of several: a pool that was emptied in between only adds
			allocated = min(allocated, testing.AllocsPerRun(1, func() {
				var err error
				if out, err = (Check{}).Evaluate(in); err != nil {
					t.Fatal(err)
				}
			}))
		}
		return out, allocated
	}
	without, least := evaluate(nil)
	for name, c := range map[string]struct {
		anchor      *profile.Dataset
		same, costs bool
	}{"the reference": {ref, true, false}, "a copy": {&copied, true, true}, "another": {of(1), false, true}} {
		out, allocated := evaluate(c.anchor)
		if len(out.Paces["x"]) == 0 || reflect.DeepEqual(out.Paces, without.Paces) != c.same {
			t.Errorf("%s: paces %v, without %v", name, out.Paces, without.Paces)
		}
		if (allocated > least) != c.costs {
			t.Errorf("%s: %g allocations, %g without", name, allocated, least)
		}
	}
}
