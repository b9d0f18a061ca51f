package monitor_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"leeway/core/state"
)

// mixed are the rows of hours of days around 1970, some of which are missing: of
// numbers whose sums are rounded otherwise in another order, and of so many
// categories that not all are among the largest of each file.
func mixed(days, rows int) []string {
	r := rand.New(rand.NewPCG(5, 6))
	var all []string
	for h := range 24 * days {
		if h%50 == 0 { // no such hour
			continue
		}
		at := time.Date(1969, 12, 10, h, 0, 0, 0, time.UTC)
		for i := range rows {
			amount := []float64{1e9, 1, 1e-7}[i%3] * (r.NormFloat64() + float64(at.Hour()/8+int(at.Weekday())))
			all = append(all, fmt.Sprintf("o%d-%d,%s,%g,c%d,%d\n", h, i, at.Add(time.Duration(i)*time.Minute).Format(time.RFC3339), amount, r.IntN(10+at.Hour()), r.IntN(2)))
		}
	}
	return all
}

// TestReferenceOrder: the same rows make the same baseline, with what is known of
// its windows and seasons, by however many files and in whatever order they come.
func TestReferenceOrder(t *testing.T) {
	ofNumbers(t)
	rows := mixed(14, 20)
	var even, odd, other []string
	for i, row := range rows {
		if i%2 == 0 {
			even = append(even, row)
		} else {
			odd = append(odd, row)
		}
	}
	for i := range rows {
		other = append(other, rows[len(rows)-1-i])
	}
	for _, settings := range []string{"window: {every: hour}\n", "window: {every: day}\n"} {
		var want state.Baseline
		for name, files := range map[string][][]string{
			"one file": {rows}, "backwards": {other}, "row by row": {odd, even},
			"halves": {rows[:len(rows)/2+5], rows[len(rows)/2+5:]}, "halves, the later first": {rows[len(rows)/2+5:], rows[:len(rows)/2+5]},
		} {
			w := newWorld(t)
			w.put("config/m.yaml", settings)
			for i, file := range files {
				w.put(fmt.Sprintf("reference/m/%d.csv", i), header+strings.Join(file, ""))
			}
			w.put("logs/m/a.csv", header+strings.Join(rows[:300], ""))
			w.run()
			got := w.baseline()
			if want.Version == "" {
				want = got
			}
			if got.Version != want.Version {
				t.Errorf("%s: %s makes another baseline", settings, name)
			}
		}
		if len(want.Seasons) != 1 || len(want.Seasons[0].Differ) == 0 {
			t.Errorf("%s: nothing differs by a season", settings)
		}
	}
}

// TestLargestNumbers: numbers so large that their sums are none end in a baseline.
func TestLargestNumbers(t *testing.T) {
	w := newWorld(t)
	w.put("config/m.yaml", "window: {every: 6h}\n")
	for i, amount := range []string{"1.7e308", "-1.7e308", "1.7e308"} {
		var b strings.Builder
		for row := range 14 * 4 * 40 {
			at := time.Date(2026, 1, 5, 0, 9*row, 0, 0, time.UTC)
			fmt.Fprintf(&b, "o%d-%d,%s,%s,web,1\n", i, row, at.Format(time.RFC3339), amount)
		}
		w.put(fmt.Sprintf("reference/m/%d.csv", i), header+b.String())
	}
	w.put("logs/m/a.csv", day(20, 50, 1))
	w.run()
	b := w.baseline()
	if s := b.Season("hour-of-week"); s == nil || len(s.Differ) > 0 {
		t.Errorf("%+v", s)
	}
}
