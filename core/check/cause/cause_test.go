package cause_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"leeway/core/check/cause"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
)

// fault is something that goes wrong upstream, and what it is to be called.
type fault struct {
	name   string
	kind   string
	column string
	inject func(r *rand.Rand, t rows)
	holds  func(c *report.Cause) bool // nil: the kind is enough
}

func factor(want float64) func(*report.Cause) bool {
	return func(c *report.Cause) bool { return c.Factor != nil && math.Abs(*c.Factor/want-1) < 1e-6 }
}

func value(want string) func(*report.Cause) bool {
	return func(c *report.Cause) bool { return c.Value == want }
}

func some(r *rand.Rand, share float64, f func(x float64) float64) func(float64) float64 {
	return func(x float64) float64 {
		if r.Float64() < share {
			return f(x)
		}
		return x
	}
}

func times(k float64) func(r *rand.Rand, d *data) {
	return func(_ *rand.Rand, d *data) { d.each(func(x float64) float64 { return x * k }) }
}

func on(column string, f func(r *rand.Rand, d *data)) func(*rand.Rand, rows) {
	return func(r *rand.Rand, t rows) { f(r, t[column]) }
}

var faults = []fault{
	{"dollars to cents", "unit_change", "amount", on("amount", times(100)), factor(100)},
	{"dollars to cents, rounded", "unit_change", "amount", on("amount", func(_ *rand.Rand, d *data) {
		d.each(func(x float64) float64 { return math.Round(100 * x) })
	}), factor(100)},
	{"cents to dollars", "unit_change", "amount", on("amount", times(0.01)), factor(0.01)},
	{"thousandfold", "unit_change", "sensor", on("sensor", times(1000)), factor(1000)},
	{"1024", "unit_change", "age", on("age", times(1024)), factor(1024)},
	{"a 1024th", "unit_change", "age", on("age", times(1./1024)), factor(1. / 1024)},
	{"hours to minutes", "unit_change", "miles", on("miles", times(60)), factor(60)},
	{"hours to seconds", "unit_change", "sensor", on("sensor", times(3600)), factor(3600)},
	{"most are zero", "unit_change", "discount", on("discount", times(100)), factor(100)},
	{"miles to kilometres", "unit_change", "miles", on("miles", times(1.609344)), factor(1.609344)},
	{"miles to kilometres, two decimals", "unit_change", "miles", on("miles", func(_ *rand.Rand, d *data) {
		d.each(func(x float64) float64 { return math.Round(160.9344*x) / 100 })
	}), factor(1.609344)},
	{"kilograms to pounds", "unit_change", "weight", on("weight", times(2.2046226218)), factor(2.2046226218)},
	{"°C to °F", "unit_change", "celsius", on("celsius", func(_ *rand.Rand, d *data) {
		d.each(func(x float64) float64 { return math.Round(10*(1.8*x+32)) / 10 })
	}), func(c *report.Cause) bool { return *c.Factor == 1.8 && *c.Offset == 32 }},
	{"°C to kelvin", "unit_change", "celsius", on("celsius", func(_ *rand.Rand, d *data) {
		d.each(func(x float64) float64 { return x + 273.15 })
	}), func(c *report.Cause) bool { return *c.Factor == 1 && *c.Offset == 273.15 }},
	{"sign", "negated", "amount", on("amount", times(-1)), nil},
	{"sign of a lopsided difference", "negated", "delay", on("delay", times(-1)), nil},
	{"-1 for a third", "default_value", "amount", on("amount", func(r *rand.Rand, d *data) {
		d.each(some(r, 0.33, func(float64) float64 { return -1 }))
	}), value("-1")},
	{"0 for a fifth", "default_value", "weight", on("weight", func(r *rand.Rand, d *data) {
		d.each(some(r, 0.2, func(float64) float64 { return 0 }))
	}), value("0")},
	{"9999 for half", "default_value", "sensor", on("sensor", func(r *rand.Rand, d *data) {
		d.each(some(r, 0.5, func(float64) float64 { return 9999 }))
	}), value("9999")},
	{"999 for all", "default_value", "age", on("age", func(_ *rand.Rand, d *data) {
		d.each(func(float64) float64 { return 999 })
	}), value("999")},
	{"unknown for a third", "default_value", "country", on("country", func(r *rand.Rand, d *data) {
		d.text(func(s string) string {
			if r.Float64() < 0.3 {
				return "unknown"
			}
			return s
		})
	}), value("unknown")},
	{"missing numbers filled with 0", "default_value", "income", on("income", func(_ *rand.Rand, d *data) {
		d.each(func(x float64) float64 {
			if math.IsNaN(x) {
				return 0
			}
			return x
		})
	}), value("0")},
	{"missing numbers filled with the typical one", "default_value", "income", on("income", func(_ *rand.Rand, d *data) {
		d.each(func(x float64) float64 {
			if math.IsNaN(x) {
				return 30000
			}
			return x
		})
	}), value("30000")},
	{"missing categories filled with the largest", "default_value", "tier", on("tier", func(_ *rand.Rand, d *data) {
		for i, s := range d.texts {
			if s == absent {
				d.texts[i] = "bronze"
			}
		}
	}), value("bronze")},
	{"missing numbers filled with the mean", "default_value", "income", on("income", func(_ *rand.Rand, d *data) {
		d.each(func(x float64) float64 {
			if math.IsNaN(x) {
				return 34000 // 30000 exp(0.5²/2), rounded
			}
			return x
		})
	}), value("34000")},
	{"the median for a third", "default_value", "weight", on("weight", func(r *rand.Rand, d *data) {
		d.each(some(r, 0.33, func(float64) float64 { return 71 }))
	}), nil},
	{"0.0 for a third", "default_value", "code", on("code", func(r *rand.Rand, d *data) {
		d.text(func(s string) string {
			if r.Float64() < 0.33 {
				return "0.0"
			}
			return s
		})
	}), value("0.0")},
	{"constant number", "stuck_value", "sensor", on("sensor", func(_ *rand.Rand, d *data) {
		x := d.numbers[0]
		d.each(func(float64) float64 { return x })
	}), nil},
	{"constant category", "stuck_value", "country", on("country", func(_ *rand.Rand, d *data) {
		d.text(func(string) string { return "ESP" })
	}), value("ESP")},
	{"stuck for a part", "stuck_value", "sensor", on("sensor", func(_ *rand.Rand, d *data) {
		for i := range len(d.numbers) * 2 / 5 {
			d.numbers[i] = d.numbers[0]
		}
	}), nil},
	{"clipped above", "clipped", "amount", on("amount", func(_ *rand.Rand, d *data) {
		d.each(func(x float64) float64 { return min(x, 60) })
	}), func(c *report.Cause) bool { return *c.Bound == 60 }},
	{"clipped below", "clipped", "celsius", on("celsius", func(_ *rand.Rand, d *data) {
		d.each(func(x float64) float64 { return max(x, 5) })
	}), func(c *report.Cause) bool { return *c.Bound == 5 }},
	{"rows above are gone", "cut_off", "amount", on("amount", func(r *rand.Rand, d *data) {
		d.each(func(x float64) float64 {
			for x > 60 {
				x = math.Round(100*math.Exp(3.6+0.7*r.NormFloat64())) / 100
			}
			return x
		})
	}), nil},
	{"decimals lost", "rounded", "delay", on("delay", func(_ *rand.Rand, d *data) { d.each(math.Trunc) }), nil},
	{"tens", "rounded", "weight", on("weight", func(_ *rand.Rand, d *data) {
		d.each(func(x float64) float64 { return 10 * math.Round(x/10) })
	}), func(c *report.Cause) bool { return *c.Step == 10 }},
	{"time zone", "time_shift", "hour", on("hour", func(_ *rand.Rand, d *data) {
		d.each(func(x float64) float64 { return math.Mod(x+5, 24) })
	}), func(c *report.Cause) bool { return *c.Hours == 5 }},
	{"time zone west", "time_shift", "hour", on("hour", func(_ *rand.Rand, d *data) {
		d.each(func(x float64) float64 { return math.Mod(x+21, 24) })
	}), func(c *report.Cause) bool { return *c.Hours == -3 }},
	{"numbers swapped", "swapped_columns", "age", func(_ *rand.Rand, t rows) {
		t["age"], t["sensor"] = t["sensor"], t["age"]
	}, func(c *report.Cause) bool { return slices.Equal(c.Columns, []string{"sensor"}) }},
	{"swapped numbers that are mostly 0", "swapped_columns", "discount", func(_ *rand.Rand, t rows) {
		t["discount"], t["refund"] = t["refund"], t["discount"]
	}, func(c *report.Cause) bool { return slices.Equal(c.Columns, []string{"refund"}) }},
	{"categories swapped", "swapped_columns", "country", func(_ *rand.Rand, t rows) {
		t["country"], t["channel"] = t["channel"], t["country"]
	}, func(c *report.Cause) bool { return slices.Equal(c.Columns, []string{"channel"}) }},
	{"lower case", "category_spelling", "country", on("country", func(_ *rand.Rand, d *data) { d.text(strings.ToLower) }), nil},
	{"lower case for a fifth", "category_spelling", "country", on("country", func(r *rand.Rand, d *data) {
		d.text(func(s string) string {
			if r.Float64() < 0.2 {
				return strings.ToLower(s)
			}
			return s
		})
	}), nil},
	{"blanks", "category_spelling", "country", on("country", func(_ *rand.Rand, d *data) {
		d.text(func(s string) string { return " " + s })
	}), nil},
	{"7.0 for 7", "category_spelling", "code", on("code", func(_ *rand.Rand, d *data) {
		d.text(func(s string) string { return s + ".0" })
	}), nil},
	{"UTF-8 read as Latin-1", "category_spelling", "city", on("city", func(_ *rand.Rand, d *data) {
		d.text(func(s string) string {
			var b strings.Builder
			for _, c := range []byte(s) {
				b.WriteRune(rune(c))
			}
			return b.String()
		})
	}), nil},
	{"combining accents", "category_spelling", "city", on("city", func(_ *rand.Rand, d *data) {
		d.text(strings.NewReplacer("ü", "u\u0308", "ö", "o\u0308").Replace)
	}), nil},
	{"1 for yes", "boolean_spelling", "consent", on("consent", func(_ *rand.Rand, d *data) {
		d.text(strings.NewReplacer("yes", "1", "no", "0").Replace)
	}), nil},
	{"three characters", "text_cut", "channel", on("channel", func(_ *rand.Rand, d *data) {
		d.text(func(s string) string { return s[:3] })
	}), func(c *report.Cause) bool { return *c.Bound == 3 }},
	{"two categories become one", "categories_joined", "country", on("country", func(_ *rand.Rand, d *data) {
		d.text(strings.NewReplacer("FRA", "ESP", "DEU", "ESP").Replace)
	}), value("ESP")},
	{"two categories become a new one", "categories_joined", "country", on("country", func(_ *rand.Rand, d *data) {
		d.text(strings.NewReplacer("FRA", "EUR", "DEU", "EUR").Replace)
	}), value("EUR")},
	{"one category becomes two", "categories_split", "country", on("country", func(r *rand.Rand, d *data) {
		d.text(func(s string) string {
			if s == "PRT" {
				return []string{"Lisbon", "Porto"}[r.IntN(2)]
			}
			return s
		})
	}), nil},
	{"other names", "category_renamed", "channel", on("channel", func(_ *rand.Rand, d *data) {
		d.text(strings.NewReplacer("online", "web", "agency", "partner").Replace)
	}), nil},
	{"pounds with few digits, rounded", "unit_change", "weight", on("weight", func(_ *rand.Rand, d *data) {
		d.each(func(x float64) float64 { return math.Round(10*2.205*x) / 10 })
	}), factor(2.2046226218)},
	{"a default among other drift", "default_value", "age", on("age", func(r *rand.Rand, d *data) {
		d.each(some(r, 0.2, func(float64) float64 { return -1 }))
		d.each(func(x float64) float64 {
			if x > 0 {
				x -= 7
			}
			return x
		})
	}), value("-1")},
	{"another name", "category_renamed", "country", on("country", func(_ *rand.Rand, d *data) {
		d.text(strings.NewReplacer("GBR", "UK").Replace)
	}), value("UK")},
	{"cents lost", "rounded", "amount", on("amount", func(_ *rand.Rand, d *data) { d.each(math.Round) }), func(c *report.Cause) bool { return *c.Step == 1 }},
	{"a copy", "copied_column", "weight", func(_ *rand.Rand, t rows) {
		t["weight"].numbers = slices.Clone(t["celsius"].numbers)
	}, func(c *report.Cause) bool { return slices.Equal(c.Columns, []string{"celsius"}) }},
}

// TestFaultsAreNamed injects each fault into a table that is else as before, at
// the sizes and resolutions that profiles come in.
func TestFaultsAreNamed(t *testing.T) {
	for _, size := range []struct {
		n, m     int
		ref, cur *profile.Options
	}{
		{8000, 2000, &profile.Baseline, &profile.Stored},
		{10000, 10000, &profile.Exact, &profile.Exact},
		{16000, 6000, &profile.Stored, &profile.Stored}, // more distinct values than are kept
	} {
		if testing.Short() && size.n != 8000 {
			continue
		}
		r := rand.New(rand.NewPCG(1, uint64(size.n)))
		before := draw(r, size.n)
		ref := before.profile(size.ref)
		for _, f := range faults {
			t.Run(fmt.Sprintf("%d/%s", size.n, f.name), func(t *testing.T) {
				after := draw(r, size.m)
				f.inject(r, after)
				j := judged(t, ref, after.profile(size.cur), before.columns())
				named := causes(j)
				c := named[f.column]
				if c == nil {
					t.Fatalf("not named: %s", j.Summary)
				}
				if c.Kind != f.kind || f.holds != nil && !f.holds(c) {
					t.Errorf("%+v", c)
				}
				if size.n == 8000 {
					t.Logf("%s\n%s", j.Summary, c.Evidence)
				}
				for column, other := range named {
					if column != f.column && other.Kind != "swapped_columns" {
						t.Errorf("%s: %s: %s", column, other.Kind, other.Evidence)
					}
				}
				if c.Explains < 0.15 || c.Explains > 1 || c.Evidence == "" {
					t.Errorf("explains %v: %s", c.Explains, c.Evidence)
				}
			})
		}
	}
}

// TestDefaultThatWasThere: a default that occurred now and then before is named
// when it takes over, and not when it becomes a little more frequent.
func TestDefaultThatWasThere(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	wait := func(n int, zero, filled float64) rows {
		d := &data{kind: schema.Numeric}
		for range n {
			x := math.Ceil(20 * r.ExpFloat64())
			if r.Float64() < zero || r.Float64() < filled {
				x = 0
			}
			d.numbers = append(d.numbers, x)
		}
		return rows{"wait": d}
	}
	before := wait(9000, 0.06, 0)
	ref := before.profile(&profile.Baseline)
	for filled, want := range map[float64]string{0.3: "default_value", 0.5: "default_value", 0.1: "probably default_value", 0.03: ""} {
		kind := ""
		if c := causes(judged(t, ref, wait(4000, 0.06, filled).profile(&profile.Stored), before.columns()))["wait"]; c != nil {
			kind = c.Kind
			if c.Likely {
				kind = "probably " + kind
			}
		}
		if kind != want {
			t.Errorf("%g filled: %q, want %q", filled, kind, want)
		}
	}
}

// TestEveryFaultIsInjected: no row of the table goes untested, and none is told
// without its words.
func TestEveryFaultIsInjected(t *testing.T) {
	for _, row := range cause.Table {
		if !slices.ContainsFunc(faults, func(f fault) bool { return f.kind == row.Name }) {
			t.Errorf("%s is not injected", row.Name)
		}
		if row.Help == "" || row.Needs == "" || row.How == "" || row.Use == "" {
			t.Errorf("%s is not documented", row.Name)
		}
	}
}
