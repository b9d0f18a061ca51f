package cause_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"leeway/core/profile"
	"leeway/core/schema"
)

// days makes a profile of some days' bookings.
func days(t *testing.T, file string, first string, n int) (*profile.Dataset, []schema.Column) {
	t.Helper()
	start, err := time.Parse(time.DateOnly, first)
	if err != nil {
		t.Fatal(err)
	}
	var dates []string
	for i := range n {
		dates = append(dates, start.AddDate(0, 0, i).Format(time.DateOnly))
	}
	table := bookings(t, file, dates...)
	d := table.profile(&profile.Stored)
	d.Start, d.End = start.UnixNano(), start.AddDate(0, 0, n-1).UnixNano()
	return d, table.columns()
}

// TestDaysOfTheWeekHaveNoDefault: who arrives on a Monday stays no night of the weekend, and
// a group on one day pays one price. These are no defaults.
func TestDaysOfTheWeekHaveNoDefault(t *testing.T) {
	check := func(file, first string, n int, then string, m int, column string) {
		ref, columns := days(t, file, first, n)
		cur, _ := days(t, file, then, m)
		j := judged(t, ref, cur, columns)
		drifted := false
		for i := range j.Findings {
			drifted = drifted || j.Findings[i].Check == "drift" && j.Findings[i].Labels.Column == column
		}
		if !drifted {
			t.Errorf("%s, %s against %s: %s has not drifted, which proves nothing", file, then, first, column)
		}
		for name, c := range causes(j) {
			if name != "meal" { // of whose bookings one in six is Undefined in a week of December, a fault indeed
				t.Errorf("%s, %s against %s: %s is called %s: %s", file, then, first, name, c.Kind, c.Evidence)
			}
		}
	}
	for day := 3; day < 31; day += 7 {
		check("production_2016_10_11.csv.gz", "2016-10-01", 2, fmt.Sprintf("2016-10-%02d", day), 7, "stays_in_weekend_nights")
	}
	check("reference.csv.gz", "2016-05-07", 1, "2016-05-06", 1, "stays_in_weekend_nights")
	check("reference.csv.gz", "2016-07-02", 1, "2016-07-01", 1, "stays_in_weekend_nights")
	check("reference.csv.gz", "2016-05-09", 1, "2016-05-08", 1, "stays_in_week_nights")
	check("reference.csv.gz", "2016-05-27", 1, "2016-05-25", 1, "adr")
}

// TestDefaultOfAnotherDay: where nothing else moved, a 0 of another day of the week is
// probably a default; of the same one, and of a whole week against another, it is one.
func TestDefaultOfAnotherDay(t *testing.T) {
	monday := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	r := rand.New(rand.NewPCG(3, 1))
	before, after := draw(r, 4000), draw(r, 2000)
	after["age"].each(some(r, 0.3, func(float64) float64 { return 0 }))
	for _, c := range []struct {
		ref, cur [2]int // in days: from and to
		likely   bool
	}{
		{[2]int{0, 1}, [2]int{1, 2}, true},
		{[2]int{0, 1}, [2]int{7, 8}, false},
		{[2]int{0, 7}, [2]int{8, 9}, false},
		{[2]int{0, 6}, [2]int{7, 14}, false}, // a Sunday is a seventh, and not a third
		{[2]int{0, 2}, [2]int{7, 14}, true},
		{[2]int{}, [2]int{1, 2}, false}, // nothing is known
	} {
		ref, cur := before.profile(&profile.Baseline), after.profile(&profile.Stored)
		span := func(d *profile.Dataset, of [2]int) {
			if of[1] > 0 {
				d.Start, d.End = monday.AddDate(0, 0, of[0]).UnixNano(), monday.AddDate(0, 0, of[1]).UnixNano()-1
			}
		}
		span(ref, c.ref)
		span(cur, c.cur)
		named := causes(judged(t, ref, cur, before.columns()))["age"]
		if named == nil || named.Kind != "default_value" || named.Likely != c.likely {
			t.Errorf("days %v against %v: %+v, want likely %v", c.cur, c.ref, named, c.likely)
		}
	}
}

// TestFlagHasNoDefault: a flag that was always 1 and is 0 in half of the rows tells nothing
// of a default; a count that was 1, 2 or 3 does.
func TestFlagHasNoDefault(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 2))
	side := func(n, most int, zero float64) rows {
		d := &data{kind: schema.Numeric}
		for range n {
			x := float64(1 + r.IntN(most))
			if r.Float64() < zero {
				x = 0
			}
			d.numbers = append(d.numbers, x)
		}
		return rows{"x": d}
	}
	for most, want := range map[int]bool{1: false, 3: true} {
		before := side(1000, most, 0)
		j := judged(t, before.profile(&profile.Baseline), side(600, most, 0.5).profile(&profile.Stored), before.columns())
		if c := causes(j)["x"]; len(j.Findings) == 0 || (c != nil) != want {
			t.Errorf("1 to %d: %+v, %d findings", most, c, len(j.Findings))
		}
	}
}

// TestFewerMissingIsNotFilled: where a value is missing no more, all others become more
// frequent, which fills nothing in; where one of them takes the place, it does.
func TestFewerMissingIsNotFilled(t *testing.T) {
	names, weights := []string{"(F3)", "(M1)", "(M2)", "(F2)"}, []float64{25, 34, 29, 12}
	for _, size := range [][2]int{{600, 160}, {600, 300}, {5000, 2000}} {
		r := rand.New(rand.NewPCG(3, uint64(size[0])))
		side := func(n int, missing float64, with string) rows {
			d := &data{kind: schema.Categorical}
			for range n {
				s := pick(r, names, weights)
				if r.Float64() < missing {
					s = with
				}
				d.texts = append(d.texts, s)
			}
			return rows{"charge": d}
		}
		wrong, right := 0, 0
		for range 100 {
			before := side(size[0], 0.53, absent)
			ref := before.profile(&profile.Baseline)
			if causes(judged(t, ref, side(size[1], 0, "").profile(&profile.Stored), before.columns()))["charge"] != nil {
				wrong++
			}
			c := causes(judged(t, ref, side(size[1], 0.53, "(M2)").profile(&profile.Stored), before.columns()))["charge"]
			if c != nil && c.Kind == "default_value" && c.Value == "(M2)" {
				right++
			}
		}
		if max(wrong, 100-right) > 2 {
			t.Errorf("%v rows: named in %d of 100 where nothing was filled in, and in %d where it was", size, wrong, right)
		}
	}
}

// TestSummerHasNoOtherSign: where winter lies below zero and summer above, the sign was not
// changed.
func TestSummerHasNoOtherSign(t *testing.T) {
	header, lines := public(t, "beijing_pm25/pollution.csv.gz")
	kinds := layout(header, lines, "No", "year", "month", "day")
	winter := filled(header, kinds, lines[:8*168])
	ref := winter.profile(&profile.Baseline)
	for week := 18; week < 36; week++ {
		cur := filled(header, kinds, lines[week*168:(week+1)*168]).profile(&profile.Stored)
		for column, c := range causes(judged(t, ref, cur, winter.columns())) {
			t.Errorf("week %d: %s is called %s: %s", week, column, c.Kind, c.Evidence)
		}
	}
}
