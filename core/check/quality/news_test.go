package quality

import (
	"fmt"
	"testing"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/schema"
)

// bookings are a month's, of agents that everybody knows and so many new ones,
// with ten bookings each.
func bookings(month string, news int) *table {
	var agents []any
	for i := range 400 {
		agents = append(agents, fmt.Sprintf("a%d", i%8))
	}
	for i := range 10 * news {
		agents = append(agents, fmt.Sprintf("%s-%d", month, i%max(news, 1)))
	}
	return new(table).add(schema.Column{Name: "agent", Kind: schema.Categorical, Role: schema.Feature}, agents...)
}

// TestNews: where each month brings some new agents, a month that brings as many
// is nothing, and one that brings many more is; where none ever did, any is.
func TestNews(t *testing.T) {
	series := func(ref, cur *table, variation map[string][]metric.Deviate) check.Outcome {
		return evaluate(t, &check.Input{Schema: &schema.Schema{Columns: cur.columns}, Reference: ref.profile(), Current: cur.profile(), Series: true, Variation: variation})
	}
	known := func(news ...int) (*table, map[string][]metric.Deviate) {
		var all []any
		for i, n := range news {
			all = append(all, bookings(fmt.Sprint("m", i), n).cells[0]...)
		}
		ref := new(table).add(schema.Column{Name: "agent", Kind: schema.Categorical, Role: schema.Feature}, all...)
		seen := map[string][]metric.Deviate{}
		for i, n := range news {
			for key, x := range series(ref, bookings(fmt.Sprint("m", i), n), nil).Traits {
				seen[key] = append(seen[key], metric.Deviate{Z: x})
			}
		}
		return ref, seen
	}
	for _, c := range []struct {
		before []int
		now    int
		quiet  bool
	}{
		{[]int{3, 1, 2, 4, 2}, 3, true},
		{[]int{3, 1, 2, 4, 2}, 60, false},
		{[]int{0, 0, 0, 0, 0}, 3, false},
		{[]int{3, 1}, 3, false},
	} {
		ref, seen := known(c.before...)
		p := evidenceOf(series(ref, bookings("now", c.now), seen), "unseen_category_ratio", "agent").P
		if c.quiet && p < 0.2 || !c.quiet && p > 1e-3 {
			t.Errorf("%d new agents after %v: P %g", c.now, c.before, p)
		}
	}
}

// TestNewsOfManyCategories: where not all categories are kept it is not known how
// many are new, and a window says nothing of it; least of all that none is.
func TestNewsOfManyCategories(t *testing.T) {
	few := profile.Exact
	few.Categories = 5
	for _, kept := range []*profile.Options{&profile.Exact, &few} {
		month := bookings("m", 3)
		outcome := evaluate(t, &check.Input{Schema: &schema.Schema{Columns: month.columns}, Reference: month.keeping(kept), Current: month.keeping(kept), Series: true})
		if _, noted := outcome.Traits[newsKey("agent")]; noted != (kept == &profile.Exact) {
			t.Errorf("%d categories kept: %v", kept.Categories, outcome.Traits)
		}
	}
}
