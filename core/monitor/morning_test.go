package monitor_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"leeway/core/report"
)

// morning is a log of n rows at hours of so many days, whose amounts follow the
// hour by a level, in standard deviations, and are off by so much besides.
func morning(seed uint64, from time.Time, days int, open, shut float64, n int, level func(hour float64) float64, off float64) string {
	var b strings.Builder
	b.WriteString("order_id,timestamp,amount,plain,channel\n")
	r := rand.New(rand.NewPCG(seed, uint64(from.Unix())))
	for i := range n {
		hour := open + r.Float64()*(shut-open)
		at := from.AddDate(0, 0, r.IntN(days)).Add(time.Duration(hour * float64(time.Hour)))
		move := level(hour)
		channel := "app"
		if x := r.Float64(); x < 0.4+0.1*move {
			channel = "web"
		} else if x < 0.7 {
			channel = "shop"
		}
		fmt.Fprintf(&b, "o%d-%d,%s,%.3f,%.3f,%s\n", from.Unix(), i, at.Format(time.RFC3339), r.NormFloat64()+move+off, r.NormFloat64()+off, channel)
	}
	return b.String()
}

func flat(float64) float64 { return 0 }

// wave is a day that is highest at an hour.
func wave(size, top float64) func(float64) float64 {
	return func(hour float64) float64 { return size * math.Cos(2*math.Pi*(hour-top)/24) }
}

// judged is what is said of some hours of the day after a reference.
func judged(t *testing.T, reference, current string) (*report.Report, report.Verdict) {
	w := newWorld(t)
	w.put("reference/m/r.csv", reference)
	w.put("logs/m/a.csv", current)
	result := w.run()
	return w.newest(monday.Format(time.DateOnly)), result.Verdict()
}

// TestMorningShift: a few hours of a day that are less than a piece of the reference
// alarm for a gross change, however many rows both have, and for none do not.
func TestMorningShift(t *testing.T) {
	ofNumbers(t)
	for _, c := range []struct{ days, reference, current int }{{30, 3000, 400}, {30, 8000, 6000}, {10, 2000, 1000}, {5, 2000, 1000}} {
		before := morning(1, monday.AddDate(0, 0, -c.days), c.days, 0, 24, c.reference, flat, 0)
		for off, want := range map[float64]report.Verdict{0: report.OK, 2: report.Alert} {
			r, run := judged(t, before, morning(2, monday, 1, 8, 12, c.current, flat, off))
			if r.Verdict == report.Unknown { // that it may be: what matters would not show in so little
				r.Verdict = run
			}
			if r.Verdict != want || run != want || r.Partial == nil || len(r.Partial.Pieces) != 1 {
				t.Errorf("%+v, off by %g: %s, %+v: %s", c, off, r.Verdict, r.Partial, r.Summary)
			}
		}
	}
}

// TestMorningPattern: hours that are unlike the day as those of all days are do not
// alarm, though pieces are longer.
func TestMorningPattern(t *testing.T) {
	ofNumbers(t)
	looks, alarms, unknown := 0, 0, 0
	for i := range 4 * long() {
		rows := []int{15000, 3000, 3000}[i%3]
		level := wave(1+float64(i%2), float64(5*i%24))
		w := newWorld(t)
		w.put("reference/m/r.csv", morning(uint64(i), monday.AddDate(0, 0, -30), 30, 0, 24, rows, level, 0))
		for k := range 5 { // each day is judged when its first file is there
			open, day := float64(4*((k+2)%4)), monday.AddDate(0, 0, k)
			w.put(fmt.Sprintf("logs/m/%d.csv", k), morning(uint64(1000+i), day, 1, open, open+[]float64{4, 1}[(i+k)%2], []int{400, 1000}[k%2], level, 0))
			w.run()
			r := w.newest(day.Format(time.DateOnly))
			if looks++; r.Partial == nil {
				t.Fatalf("not partial: %s", r.Summary)
			}
			switch r.Verdict {
			case report.Alert, report.Warn:
				alarms++
				t.Logf("%d rows, highest at %d, from %g: %s", rows, 5*i%24, open, r.Summary)
			case report.Unknown:
				unknown++
			}
		}
	}
	t.Logf("%d of %d alarm, %d are unknown", alarms, looks, unknown)
	if alarms > (looks+99)/100 {
		t.Errorf("%d of %d looks alarm", alarms, looks)
	}
}

// TestMorningReference: where one morning is the reference, no rows of before can
// come for the afternoon.
func TestMorningReference(t *testing.T) {
	ofNumbers(t)
	before := morning(1, monday, 1, 8, 12, 2000, flat, 0)
	for off, want := range map[float64]report.Verdict{0: report.OK, 2: report.Alert} {
		r, _ := judged(t, before, morning(2, monday, 1, 13, 14, 1000, flat, off))
		if r.Verdict != want || strings.Contains(r.Summary, "rows of before") {
			t.Errorf("off by %g: %s %+v: %s", off, r.Verdict, r.Partial, r.Summary)
		}
	}
}
