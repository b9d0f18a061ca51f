package cause_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"leeway/core/profile"
	"leeway/core/report"
)

// TestFaultsInTheWeather: of faults in Beijing's weather, months that differ by
// themselves held against others, names are right or none.
func TestFaultsInTheWeather(t *testing.T) {
	if testing.Short() {
		t.Skip("a few hundred comparisons")
	}
	header, lines := public(t, "beijing_pm25/pollution.csv.gz")
	kinds := layout(header, lines, "No", "year", "day")
	at := func(name string) int { return slices.Index(header, name) }
	months := parts(lines, func(line []string) string { return fmt.Sprintf("%s-%2s", line[at("year")], line[at("month")]) })
	into := func(from, to string) func(*rand.Rand, rows) {
		return on("cbwd", func(_ *rand.Rand, d *data) { d.text(strings.NewReplacer(from, to).Replace) })
	}
	each := func(column string, f func(float64) float64) func(*rand.Rand, rows) { return on(column, each(f)) }
	faults := []struct {
		fault
		least int // of the 16 comparisons in which it is to be named
	}{
		{fault{"cv into SE", "categories_joined", "cbwd", into("cv", "SE"), value("SE")}, 0},
		{fault{"cv into NW", "categories_joined", "cbwd", into("cv", "NW"), value("NW")}, 0},
		{fault{"NE into NW", "categories_joined", "cbwd", into("NE", "NW"), value("NW")}, 0},
		{fault{"NE into cv", "categories_joined", "cbwd", into("NE", "cv"), value("cv")}, 0},
		{fault{"SE into NE", "categories_joined", "cbwd", into("SE", "NE"), value("NE")}, 3},
		{fault{"°F, whole", "unit_change", "TEMP", each("TEMP", func(x float64) float64 { return math.Round(1.8*x + 32) }), factor(1.8)}, 1},
		{fault{"°F", "unit_change", "TEMP", each("TEMP", func(x float64) float64 { return math.Round(10*(1.8*x+32)) / 10 }), factor(1.8)}, 16},
		{fault{"°F of the dew point", "unit_change", "DEWP", each("DEWP", func(x float64) float64 { return math.Round(10*(1.8*x+32)) / 10 }), factor(1.8)}, 10},
		{fault{"kelvin", "unit_change", "TEMP", each("TEMP", func(x float64) float64 { return x + 273.15 }), func(c *report.Cause) bool { return c.Offset != nil && *c.Offset == 273.15 }}, 16},
		{fault{"mm of mercury", "unit_change", "PRES", each("PRES", func(x float64) float64 { return math.Round(100*x/1.3332236842) / 100 }), factor(1 / 1.3332236842)}, 16},
		{fault{"swapped", "swapped_columns", "TEMP", func(_ *rand.Rand, t rows) { t["TEMP"], t["DEWP"] = t["DEWP"], t["TEMP"] }, nil}, 2},
		{fault{"-999", "default_value", "TEMP", each("TEMP", some(rand.New(rand.NewPCG(1, 2)), 0.1, func(float64) float64 { return -999 })), value("-999")}, 16},
		{fault{"5 warmer", "", "TEMP", each("TEMP", func(x float64) float64 { return x + 5 }), nil}, 0},
	}
	type count struct{ named, unnamed, wrong int }
	board := make([]count, len(faults))
	for i := 0; i+13 < len(months); i += 6 {
		for _, by := range []int{1, 12} {
			before := filled(header, kinds, months[i])
			ref := before.profile(&profile.Baseline)
			for k, f := range faults {
				after := filled(header, kinds, months[i+by])
				f.inject(rand.New(rand.NewPCG(3, uint64(i))), after)
				j := judged(t, ref, after.profile(&profile.Stored), before.columns())
				named := causes(j)
				c := named[f.column]
				switch {
				case c == nil:
					board[k].unnamed++
				case c.Kind != f.kind || f.holds != nil && !f.holds(c):
					board[k].wrong++
					t.Logf("%d+%d, %s: called %s: %s", i, by, f.name, c.Kind, c.Evidence)
				default:
					board[k].named++
				}
				for column, c := range named {
					if column != f.column && c.Kind != "swapped_columns" {
						t.Errorf("%d+%d, %s: %s is called %s: %s", i, by, f.name, column, c.Kind, c.Evidence)
					}
				}
			}
		}
	}
	for k, f := range faults {
		if board[k].named < f.least || board[k].wrong > 0 {
			t.Errorf("%s: %+v, want %d named", f.name, board[k], f.least)
		}
		t.Logf("%s: %+v", f.name, board[k])
	}
}
