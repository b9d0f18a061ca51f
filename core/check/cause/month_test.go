package cause_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"leeway/core/profile"
)

// TestFaultsOfAMonth puts faults whose mark no season leaves into the bookings of an October
// and of a January, nearly all columns of which have drifted from those of the summer.
func TestFaultsOfAMonth(t *testing.T) {
	summer := bookings(t, "reference.csv.gz")
	columns, reference := summer.columns(), summer.profile(&profile.Baseline)
	for _, s := range []struct {
		file, month string
		faults      []fault
	}{
		{"production_2016_10_11.csv.gz", "2016-10", []fault{
			{"swapped with adr", "swapped_columns", "lead_time", func(_ *rand.Rand, t rows) { t["lead_time"], t["adr"] = t["adr"], t["lead_time"] }, other("adr")},
			{"to euros", "rounded", "adr", on("adr", each(math.Round)), nil},
			{"0 in half", "default_value", "lead_time", on("lead_time", instead(0.5, "0")), value("0")},
			{"°F to °C", "unit_change", "lead_time", on("lead_time", each(func(x float64) float64 { return math.Round(100*(x-32)/1.8) / 100 })), factor(1 / 1.8)},
			{"the sign", "negated", "lead_time", on("lead_time", times(-1)), nil},
			{"the mean in a tenth", "default_value", "adr", on("adr", instead(0.1, "116.74")), value("116.74")},
		}},
		{"production_2017_01_02.csv.gz", "2017-01", []fault{
			{"cents", "unit_change", "adr", on("adr", each(func(x float64) float64 { return math.Round(100 * x) })), factor(100)},
			{"hundreds", "unit_change", "adr", on("adr", times(0.01)), factor(0.01)},
			{"the sign", "negated", "lead_time", on("lead_time", times(-1)), nil},
			{"swapped with the days waited, mostly 0", "swapped_columns", "lead_time", func(_ *rand.Rand, t rows) {
				t["lead_time"], t["days_in_waiting_list"] = t["days_in_waiting_list"], t["lead_time"]
			}, other("days_in_waiting_list")},
		}},
	} {
		current := bookings(t, s.file, s.month)
		if named := causes(judged(t, reference, current.profile(&profile.Stored), columns)); len(named) > 0 {
			t.Errorf("%s, as it is: %v", s.month, named)
		}
		for _, f := range s.faults {
			after := current.pick(func(int) bool { return true })
			f.inject(rand.New(rand.NewPCG(5, 6)), after)
			named := causes(judged(t, reference, after.profile(&profile.Stored), columns))
			c := named[f.column]
			if c == nil || c.Kind != f.kind || f.holds != nil && !f.holds(c) {
				t.Errorf("%s: %s %s: %+v", s.month, f.column, f.name, c)
			}
			for column, c := range named {
				if column != f.column && f.kind != "swapped_columns" {
					t.Errorf("%s: %s %s: %s is called %s", s.month, f.column, f.name, column, c.Kind)
				}
			}
		}
	}
}
