package cause_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"leeway/core/profile"
)

// drifted is a table as another season would have it: every column differs a
// little, and by more than chance.
func drifted(r *rand.Rand, n int) rows {
	t := draw(r, n)
	for name, d := range t {
		switch name {
		case "amount", "discount": // as coarse as before
			d.each(func(x float64) float64 { return math.Round(112*x) / 100 })
		case "refund":
			d.each(func(x float64) float64 { return math.Round(102*x) / 100 })
		case "income", "miles":
			d.each(func(x float64) float64 { return math.Round(1.12 * x) })
		case "celsius", "weight":
			d.each(func(x float64) float64 { return math.Round(10*(x+1.5)) / 10 })
		case "age":
			d.each(func(x float64) float64 { return x + 2 })
		case "sensor":
			d.each(func(x float64) float64 { return x + 0.5 })
		case "delay":
			d.each(func(x float64) float64 { return 1.1*x + 0.1 })
		case "hour":
			d.each(func(x float64) float64 {
				if r.Float64() < 0.05 {
					return float64(r.IntN(24))
				}
				return x
			})
		default: // a tenth of the rows becomes the largest category
			most := map[string]string{"country": "PRT", "channel": "online", "city": "Berlin", "code": "9", "consent": "yes", "tier": "bronze"}[name]
			d.text(func(s string) string {
				if r.Float64() < 0.1 {
					return most
				}
				return s
			})
		}
	}
	return t
}

// hidden are the faults that drift hides: nothing tells them from it.
var hidden = []string{
	"another name", // of a sixth of the rows, where as many moved besides
}

// TestFaultsAreNamedUnderDrift: a fault that does more than the season has its
// name in another season's data too, and what remains is said. The season itself
// has none.
func TestFaultsAreNamedUnderDrift(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	before := draw(r, 8000)
	ref := before.profile(&profile.Baseline)
	calm := judged(t, ref, drifted(r, 3000).profile(&profile.Stored), before.columns())
	if named := causes(calm); len(named) > 0 || len(calm.Findings) < len(before)/2 {
		t.Errorf("drift alone: %v, %d findings", named, len(calm.Findings))
	}
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			after := drifted(r, 3000)
			f.inject(r, after)
			j := judged(t, ref, after.profile(&profile.Stored), before.columns())
			c := causes(j)[f.column]
			if slices.Contains(hidden, f.name) {
				if c != nil && c.Kind != f.kind {
					t.Errorf("called %s: %s", c.Kind, c.Evidence)
				}
				return
			}
			if c == nil {
				t.Fatalf("not named: %s", j.Summary)
			}
			// 1,000 and 1,024 are as far apart as the season moves a sensor.
			if c.Kind != f.kind || f.holds != nil && !f.holds(c) && f.name != "thousandfold" {
				t.Errorf("%+v", c)
			}
			if f.column == "amount" && !strings.Contains(c.Evidence, "drifted besides") {
				t.Errorf("nothing of what remains: %s", c.Evidence)
			}
			t.Logf("%s\n%s", j.Summary, c.Evidence)
		})
	}
}
