package quality

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"leeway/core/check"
	"leeway/core/profile"
	"leeway/core/schema"
)

// TestShiftedTime: both ends of the day must have moved by the same hours.
func TestShiftedTime(t *testing.T) {
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	span := func(first, last time.Duration) *profile.Column {
		return &profile.Column{Name: "at", Kind: schema.Time, Rows: 1000, First: day.Add(first).UnixNano(), Last: day.Add(last).UnixNano()}
	}
	const h, m = time.Hour, time.Minute
	ref := span(1*m, 30*24*h-m)
	for _, c := range []struct {
		what string
		cur  *profile.Column
		want int64
	}{
		{"a later month", span(31*24*h+m, 60*24*h-m), 0},
		{"five hours", span(31*24*h+5*h+m, 60*24*h+5*h-m), 5},
		{"eight hours back", span(31*24*h-8*h+m, 60*24*h-8*h-m), -8},
		{"twelve", span(31*24*h+12*h+m, 60*24*h+12*h-m), 12},
		{"an outage in the morning", span(31*24*h+5*h+m, 60*24*h-m), 0},
		{"no whole hours", span(31*24*h+5*h+31*m, 60*24*h+5*h+29*m), 0},
		{"an hour of it", span(31*24*h+5*h+m, 31*24*h+6*h-m), 0},
	} {
		if got, moved := shifted(ref, c.cur); got != c.want || moved != (c.want != 0) {
			t.Errorf("%s: %d %v, want %d", c.what, got, moved, c.want)
		}
	}
	few := span(31*24*h+5*h+m, 60*24*h+5*h-m)
	few.Rows = 99
	if _, moved := shifted(ref, few); moved {
		t.Error("few times tell nothing")
	}
}

// TestTurnedHours: what is busy by day tells by how many hours times moved, where
// hours differ enough, and windows of another hour from another time zone.
func TestTurnedHours(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	// drawn is a column of times whose hours are busy as weights say, so much
	// later.
	drawn := func(n int, later time.Duration, weight func(hour int) float64) *profile.Column {
		c := &profile.Column{Name: "at", Kind: schema.Time, Rows: int64(n), Hours: new(profile.Hours)}
		c.First, c.Last = day.Add(later).UnixNano(), day.Add(30*24*time.Hour+later-time.Second).UnixNano()
		most := 0.0
		for h := range 24 {
			most = max(most, weight(h))
		}
		for range n {
			h := r.IntN(24)
			for weight(h) < r.Float64()*most {
				h = r.IntN(24)
			}
			c.Hours[(h+int(later/time.Hour)+24)%24]++
		}
		return c
	}
	busy := func(h int) float64 { return 1 - 0.8*math.Cos(2*math.Pi*float64(h-4)/24) }
	rush := func(h int) float64 { return map[int]float64{8: 9, 9: 5, 17: 6, 18: 8}[h] + 1 }
	rushed := func(h int) float64 { return rush(h) + 0.2*float64(h%3) }
	evening := func(h int) float64 { return busy(h) + max(0, 3-math.Abs(float64(h-22))) }
	even := func(int) float64 { return 1 }
	one := func(c *profile.Column) *profile.Column { // of a single day
		c.Last = c.First + aDay - 1e9
		return c
	}
	saturday := func(h int) float64 { return rush(h) + 3*max(0, 3-math.Abs(float64(h-13))) }
	const h = time.Hour
	for _, c := range []struct {
		what     string
		ref, cur *profile.Column
		want     int64
		told     bool
	}{
		{"as before", drawn(3000, 0, busy), drawn(3000, 0, busy), 0, true},
		{"five hours", drawn(3000, 0, busy), drawn(3000, 5*h, busy), 5, true},
		{"eight hours back", drawn(20000, 0, busy), drawn(2000, -8*h, busy), -8, true},
		{"an hour, of many", drawn(60000, 0, busy), drawn(60000, h, busy), 1, true},
		{"an hour, of few", drawn(300, 0, busy), drawn(300, h, busy), 0, false},
		{"six hours among other drift", drawn(9000, 0, rush), drawn(9000, 6*h, rushed), 6, true},
		{"another time of the day", drawn(9000, 0, busy), drawn(9000, 0, evening), 0, false},
		{"even hours", drawn(9000, 0, even), drawn(9000, 5*h, even), 0, false},
		{"a day, five hours", drawn(9000, 0, busy), one(drawn(3000, 5*h, busy)), 5, true},
		{"a day as before", drawn(9000, 0, busy), one(drawn(3000, 0, busy)), 0, true},
		{"a day, two hours", drawn(9000, 0, busy), one(drawn(3000, 2*h, busy)), 0, false},
		{"three days, two hours", drawn(9000, 0, busy), drawn(3000, 2*h, busy), 2, true},
		{"a Saturday", drawn(9000, 0, rush), one(drawn(900, 0, saturday)), 0, false},
		{"six hours among more drift", drawn(9000, 0, rush), one(drawn(4000, 6*h, func(h int) float64 { return rush(h) * (1 + 0.3*float64(h%2)) })), 6, true},
	} {
		if got, told := sooner(c.ref, c.cur); got != c.want || told != c.told {
			t.Errorf("%s: %d %v, want %d %v", c.what, got, told, c.want, c.told)
		}
	}
	ref, cut := drawn(6000, 0, busy), drawn(6000, 0, busy)
	cut.First, cut.Last = cut.First+5*aHour, cut.Last+5*aHour
	if _, moved := shifted(ref, cut); !moved {
		t.Fatal("the ends should have moved")
	}
	w := &window{in: &check.Input{
		Schema:    &schema.Schema{Columns: []schema.Column{{Name: "at", Kind: schema.Time}}},
		Reference: &profile.Dataset{Columns: []*profile.Column{ref}}, Current: &profile.Dataset{Columns: []*profile.Column{cut}},
	}}
	if w.clocks(); len(w.out.Evidence) > 0 {
		t.Errorf("windows cut at another hour are no other time zone: %s", w.out.Evidence[0].Message)
	}
	cut.Hours = nil
	if w.clocks(); len(w.out.Evidence) != 1 {
		t.Fatal("without hours the ends tell")
	}
	for later, want := range map[int64]string{5: "both lie 5 hours later", -8: "both lie 8 hours earlier", -1: "both lie 1 hour earlier"} {
		cut.First, cut.Last = ref.First+later*aHour, ref.Last+later*aHour
		w.out.Evidence = nil
		if w.clocks(); len(w.out.Evidence) != 1 || !strings.Contains(w.out.Evidence[0].Message, want) {
			t.Errorf("%d: %+v, want %q", later, w.out.Evidence, want)
		}
	}
}

// sooner is turned of windows of which nothing is known: a weekend is late.
func sooner(ref, cur *profile.Column) (hours int64, told bool) {
	t, told := turned(ref, cur)
	if t.late(cur) {
		return 0, false
	}
	return t.hours, told
}
