package quality

import (
	"testing"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/schema"
)

// wave is the hours of a week of a season: up to ten apart within it, the whole
// of it so much higher or lower.
func wave(height float64) *table {
	var hours []any
	for hour := range 200 {
		hours = append(hours, height+float64(hour%11)/10)
	}
	return new(table).add(schema.Column{Name: "x", Kind: schema.Numeric, Role: schema.Feature}, hours...)
}

// TestExtremes: a week that is a little warmer than all before is nothing where
// weeks differ; one far beyond them is, and so is any where they never did.
func TestExtremes(t *testing.T) {
	heights := []float64{4, 6, 9, 5, 3, 7, 8, 5, 6, 4, 7, 2}
	var all []any
	seen := map[string][]metric.Deviate{}
	series := func(ref, cur *table, variation map[string][]metric.Deviate) check.Outcome {
		return evaluate(t, &check.Input{Schema: &schema.Schema{Columns: cur.columns}, Reference: ref.profile(), Current: cur.profile(), Series: true, Variation: variation})
	}
	for _, height := range heights {
		all = append(all, wave(height).cells[0]...)
	}
	ref := new(table).add(schema.Column{Name: "x", Kind: schema.Numeric, Role: schema.Feature}, all...)
	for _, height := range heights {
		for key, x := range series(ref, wave(height), nil).Traits {
			seen[key] = append(seen[key], metric.Deviate{Z: x})
		}
	}
	if len(seen) != 3 { // both ends, and that none has one value only
		t.Fatalf("extremes: %v", seen)
	}
	p := func(height float64, variation map[string][]metric.Deviate) float64 {
		return evidenceOf(series(ref, wave(height), variation), "out_of_range_ratio", "x").P
	}
	if p(9.5, nil) > 1e-6 || p(9.5, seen) < 0.05 || p(1.4, seen) < 0.05 {
		t.Errorf("a little beyond: P %g without windows, %g and %g with", p(9.5, nil), p(9.5, seen), p(1.4, seen))
	}
	if p(100, seen) > 1e-6 || p(-100, seen) > 1e-6 {
		t.Errorf("far beyond: P %g and %g", p(100, seen), p(-100, seen))
	}
	if p(5, seen) != 1 {
		t.Errorf("within: P %g", p(5, seen))
	}
	few := map[string][]metric.Deviate{}
	for key, windows := range seen {
		few[key] = windows[:metric.LeastWindows-1]
	}
	if p(9.5, few) != p(9.5, nil) {
		t.Errorf("few windows: P %g, without %g", p(9.5, few), p(9.5, nil))
	}
	never := map[string][]metric.Deviate{}
	for key := range seen {
		never[key] = make([]metric.Deviate, 20)
	}
	if p(9.5, never) != p(9.5, nil) {
		t.Errorf("windows without a difference: P %g, without %g", p(9.5, never), p(9.5, nil))
	}
}
