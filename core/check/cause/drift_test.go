package cause_test

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"leeway/core/profile"
	"leeway/core/schema"
)

// drifted is a table as another season would have it: every column differs a
// little, and by more than chance.
func drifted(r *rand.Rand, n int) rows {
	t := draw(r, n)
	for _, name := range slices.Sorted(maps.Keys(t)) { // in one order: the draws are the same in every run
		d := t[name]
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
	"two categories become one", // of a quarter of the rows, where a tenth became another one besides
	"another name",              // of a sixth of the rows, where as many moved besides
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

// TestFactorsUnderDrift: where a season makes a factor look like a smaller or a
// larger one that has a name as well, the steps between values tell, or nothing
// does: a wrong factor is never named.
func TestFactorsUnderDrift(t *testing.T) {
	days := func(r *rand.Rand, level float64) float64 { return math.Floor(level * r.ExpFloat64()) }
	price := func(r *rand.Rand, level float64) float64 {
		return math.Round(level*math.Exp(0.3*r.NormFloat64())*100) / 100
	}
	for _, c := range []struct {
		what  string
		draw  func(r *rand.Rand, level float64) float64
		level float64 // of the current side, against 100
		wrong func(x float64) float64
		want  float64 // 0: no name
	}{
		{"hours, of a third", days, 33, func(x float64) float64 { return 24 * x }, 24},
		{"hours, of half", days, 50, func(x float64) float64 { return 24 * x }, 24},
		{"minutes, of a fifth", days, 20, func(x float64) float64 { return 60 * x }, 60},
		{"months, of double", days, 200, func(x float64) float64 { return 12 * x }, 12},
		{"a ninth more, of a third", days, 33, func(x float64) float64 { return math.Round(10*x/0.9) / 10 }, 0},
		{"inches to metres, of three quarters", price, 75, func(x float64) float64 { return math.Round(25.4*x) / 1000 }, 0},
		{"a thousandth, of three quarters", price, 75, func(x float64) float64 { return math.Round(100*x) / 1e5 }, 0.001},
		{"a third only", days, 33, func(x float64) float64 { return x }, 0},
		{"rounded to tens, of double", days, 200, func(x float64) float64 { return 10 * math.Round(x/10) }, 0},
	} {
		r := rand.New(rand.NewPCG(21, 4))
		side := func(n int, level float64, f func(float64) float64) rows {
			d := &data{kind: schema.Numeric}
			for range n {
				d.numbers = append(d.numbers, f(c.draw(r, level)))
			}
			return rows{"x": d}
		}
		before := side(12000, 100, func(x float64) float64 { return x })
		j := judged(t, before.profile(&profile.Baseline), side(5000, c.level, c.wrong).profile(&profile.Stored), before.columns())
		got := 0.0
		if told := causes(j)["x"]; told != nil && told.Kind == "unit_change" {
			got = *told.Factor
		}
		if len(j.Findings) == 0 || math.Abs(got-c.want) > 1e-6 {
			t.Errorf("%s: %g, want %g: %s", c.what, got, c.want, j.Summary)
		}
	}
}

// TestBoundIsNoDefault: a number that stands for "not known" in many systems is
// the bound of a column that is clipped there, also where the data drifted
// besides; and a default where there are values beyond it as before.
func TestBoundIsNoDefault(t *testing.T) {
	for _, c := range []struct {
		what  string
		wrong func(r *rand.Rand, x float64) float64
		want  string
	}{
		{"clipped above", func(_ *rand.Rand, x float64) float64 { return min(x, 255) }, "clipped"},
		{"clipped below", func(_ *rand.Rand, x float64) float64 { return max(x, 99) }, "clipped"},
		{"a default", func(r *rand.Rand, x float64) float64 { return some(r, 0.28, func(float64) float64 { return 255 })(x) }, "default_value"},
		{"a default beyond all", func(r *rand.Rand, x float64) float64 { return some(r, 0.28, func(float64) float64 { return 9999 })(x) }, "default_value"},
	} {
		r := rand.New(rand.NewPCG(3, 255))
		side := func(n int, level float64, f func(float64) float64) rows {
			d := &data{kind: schema.Numeric}
			for range n {
				d.numbers = append(d.numbers, f(math.Floor(level*r.ExpFloat64())))
			}
			return rows{"x": d}
		}
		before := side(8000, 110, func(x float64) float64 { return x })
		after := side(1500, 180, func(x float64) float64 { return c.wrong(r, x) })
		told := causes(judged(t, before.profile(&profile.Baseline), after.profile(&profile.Stored), before.columns()))["x"]
		if told == nil || told.Kind != c.want {
			t.Errorf("%s: %+v", c.what, told)
		}
	}
}

// TestSwappedUnderDrift: two columns that measure nearly the same, in steps of
// their own, are swapped in another season: the steps tell, and the coarser one
// is not taken for a rounded one. The season alone, and one column alone, are no
// swap.
func TestSwappedUnderDrift(t *testing.T) {
	for _, c := range []struct {
		what  string
		wrong func(t rows)
		want  string
	}{
		{"swapped", func(t rows) { t["felt"], t["real"] = t["real"], t["felt"] }, "swapped_columns"},
		{"the season", func(rows) {}, ""},
		{"rounded", func(t rows) { t["felt"].each(func(x float64) float64 { return math.Round(x*10) / 10 }) }, ""},
	} {
		r := rand.New(rand.NewPCG(8, 61))
		side := func(n int, middle, width float64) rows {
			felt, real := &data{kind: schema.Numeric}, &data{kind: schema.Numeric}
			for range n {
				x := min(max(middle+width*r.NormFloat64(), 0.02), 0.98)
				real.numbers = append(real.numbers, math.Round(50*x)/50)
				felt.numbers = append(felt.numbers, math.Round(math.Round(66*(0.95*x+0.01))/66*1e4)/1e4)
			}
			return rows{"felt": felt, "real": real}
		}
		before, after := side(8000, 0.5, 0.2), side(1500, 0.46, 0.08)
		c.wrong(after)
		named := causes(judged(t, before.profile(&profile.Baseline), after.profile(&profile.Stored), before.columns()))
		for _, column := range []string{"felt", "real"} {
			kind := ""
			if told := named[column]; told != nil {
				kind = told.Kind
			}
			if kind != c.want {
				t.Errorf("%s: %s is called %q, want %q: %+v", c.what, column, kind, c.want, named[column])
			}
		}
	}
}

// TestCopyIsNoSwap: of two columns that hold the same values now, the one that they are
// new to is the copy.
func TestCopyIsNoSwap(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 61))
	side := func(n int, by float64) rows {
		felt, real := &data{kind: schema.Numeric}, &data{kind: schema.Numeric}
		for range n {
			x := math.Round(40 * r.Float64())
			real.numbers = append(real.numbers, x+by)
			felt.numbers = append(felt.numbers, math.Round(10*(x+3*r.NormFloat64()))/10)
		}
		return rows{"felt": felt, "real": real}
	}
	for _, drift := range []float64{0, 4} {
		before, after := side(8000, 0), side(1500, drift)
		after["real"].numbers = after["felt"].numbers
		named := causes(judged(t, before.profile(&profile.Baseline), after.profile(&profile.Stored), before.columns()))
		if c := named["real"]; c == nil || c.Kind != "copied_column" || c.Columns[0] != "felt" || named["felt"] != nil {
			t.Errorf("drift by %g: %+v", drift, named)
		}
	}
}
