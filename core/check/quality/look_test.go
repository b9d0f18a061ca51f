package quality

import (
	"slices"
	"strings"
	"testing"

	"leeway/core/check"
	"leeway/core/schema"
)

// TestByKnown: what a column's looks say changes with all that is known where
// ByKnown says so, and nowhere else.
func TestByKnown(t *testing.T) {
	ref, cur := lawful(300, 1), lawful(300, 10)
	for i := range cur.cells[2] {
		cur.cells[2][i] = "c1" // constant
	}
	known := lawful(3000, 20)
	of := func(in *check.Input) map[string]string {
		said := map[string]string{}
		outcome := evaluate(t, in)
		for _, s := range outcome.Samples {
			said[s.Metric] += s.Reason
		}
		for _, e := range outcome.Evidence {
			said[e.Metric] += e.Message + strings.Repeat("n", int(e.NReference))
		}
		return said
	}
	in := check.Input{Schema: &schema.Schema{Columns: ref.columns}, Reference: ref.profile(), Current: cur.profile(), Series: true}
	alone := of(&in)
	in.Known = known.profile()
	together := of(&in)
	var changed []string
	for name, said := range together {
		if said != alone[name] {
			changed = append(changed, name)
		}
		if id := Name + "." + name + ".x"; ByKnown(id) != (said != alone[name]) {
			t.Errorf("%s: ByKnown is %v, and that what is said changes %v", id, ByKnown(id), said != alone[name])
		}
	}
	slices.Sort(changed)
	if !slices.Equal(changed, []string{"constant", "out_of_range_ratio", "unseen_category_ratio"}) {
		t.Errorf("changed: %q", changed)
	}
	for key := range evaluate(t, &in).Traits {
		if !ByKnown(key) {
			t.Errorf("extreme %q is not of what is known", key)
		}
	}
}
