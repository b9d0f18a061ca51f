package quality

import (
	"math"
	"testing"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/schema"
)

// day is 24 rows, so many of which are "b" and the others "a".
func day(kind schema.Kind, b int) *table {
	values := map[schema.Kind][2]any{schema.Categorical: {"a", "b"}, schema.Numeric: {0.0, 1.0}}[kind]
	var cells []any
	for hour := range 24 {
		cells = append(cells, values[0])
		if hour < b {
			cells[hour] = values[1]
		}
	}
	return new(table).add(schema.Column{Name: "x", Kind: kind, Role: schema.Feature}, cells...)
}

// TestSteady: a day on which a column holds one value is nothing where days of the
// reference are like that, whichever value it is; it is where each of them varied.
func TestSteady(t *testing.T) {
	for _, kind := range []schema.Kind{schema.Categorical, schema.Numeric} {
		// p is that of a day that is all "b" (of "a" there are more), after days of
		// so many.
		p := func(known bool, days ...int) (float64, *check.Evidence) {
			var cells []any
			for _, b := range days {
				cells = append(cells, day(kind, b).cells[0]...)
			}
			ref := new(table).add(schema.Column{Name: "x", Kind: kind, Role: schema.Feature}, cells...)
			in := &check.Input{Reference: ref.profile(), Series: true, Schema: &schema.Schema{Columns: ref.columns}}
			if known {
				in.Variation = map[string][]metric.Deviate{}
				for _, b := range days {
					in.Current = day(kind, b).profile()
					for key, z := range evaluate(t, in).Traits {
						in.Variation[key] = append(in.Variation[key], metric.Deviate{Z: z})
					}
				}
			}
			in.Current = day(kind, 24).profile()
			e := evidenceOf(evaluate(t, in), "constant", "x")
			return e.P, e
		}
		runs := []int{0, 0, 0, 24, 0, 0, 0, 0, 0, 24, 0, 0}
		alone, _ := p(false, runs...)
		if alone > 1e-6 {
			t.Errorf("%s: P %g where no windows are known", kind, alone)
		}
		if got, e := p(true, runs...); got != 1 || e.Null(0.5) != 0 {
			t.Errorf("%s: P %g, null %g where all are steady", kind, got, e.Null(0.5))
		}
		if got, _ := p(true, 5, 4, 6, 3, 0, 5, 7, 4, 3); math.Abs(got-0.2) > 1e-12 {
			t.Errorf("%s: P %g where one of nine is steady", kind, got)
		}
		varied := []int{5, 4, 6, 3, 1, 5, 7, 4, 3}
		want, _ := p(false, varied...)
		if got, e := p(true, varied...); got != want || got > 1e-6 || e.Null(1) != want {
			t.Errorf("%s: P %g of %g where none is steady", kind, got, want)
		}
		if got, _ := p(true, runs[:metric.FewestWindows-1]...); got > 1e-6 {
			t.Errorf("%s: P %g where few windows are known", kind, got)
		}
	}
	if !ByKnown(steadyKey("x")) {
		t.Error("what is known of all windows is not kept for parts of a season")
	}
	single := evaluate(t, &check.Input{Schema: &schema.Schema{Columns: day(schema.Numeric, 3).columns}, Reference: day(schema.Numeric, 3).profile(), Current: day(schema.Numeric, 0).profile()})
	if len(single.Traits) > 0 {
		t.Errorf("no series: %v", single.Traits)
	}
}
