package cause

import (
	"fmt"
	"math"

	"leeway/core/internal/words"
	"leeway/core/profile"
	"leeway/core/report"
)

// days are how long a day is in the units that times of day come in, finest
// first: seconds, minutes, hours.
var days = []float64{86400, 1440, 24}

// timeShift tells that times of day moved by whole hours, round the clock.
func timeShift(c *column) *found {
	if c.a.n < 100 || c.b.n < 100 {
		return nil
	}
	for _, day := range days {
		if !c.a.clock(day) || !c.b.clock(day) {
			continue
		}
		before := gap(c.a, c.b, 0)
		turned := func(hours int) sample {
			return c.a.apply(func(x float64) float64 { return math.Mod(x+float64(float64(hours)*(day/24)), day) })
		}
		best, by := math.Inf(1), 0
		for hours := 1; hours < 24; hours++ {
			if left := gap(turned(hours), c.b, 1e-6*day); left < best {
				best, by = left, hours
			}
		}
		if before < noise(c.a.n, c.b.n) || best > before/3 || !c.hourly() && !undone(before, best, c.a.n, c.b.n) {
			return nil
		}
		// Where hour by hour is much the same, any change is much like a turn.
		for _, other := range []int{by + 23, by + 1} {
			if gap(turned(by), turned(other%24), 1e-6*day) < max(noise(c.a.n, c.b.n), best) {
				return nil
			}
		}
		if by > 12 {
			by -= 24
		}
		// That all moved is no proof, unless these are hours by name; what went
		// over midnight is.
		straight := gap(c.a.apply(func(x float64) float64 { return x + float64(float64(by)*(day/24)) }), c.b, 1e-6*day)
		if !c.hourly() && (straight < float64(2*noise(c.a.n, c.b.n)) || straight < float64(2*best)) {
			return nil
		}
		return c.shifted(by, before, best)
	}
	return nil
}

// clock tells whether the values can be times of day: within a day, and in
// most of its hours.
func (s sample) clock(day float64) bool {
	if s.n == 0 || s.least() < 0 || s.most() >= day || s.most() < 0.8*day || s.least() > 0.2*day {
		return false
	}
	var hours [24]bool
	seen := 0
	for _, x := range s.values {
		if at := int(x / day * 24); !hours[min(at, 23)] {
			hours[min(at, 23)] = true
			seen++
		}
	}
	return seen >= 16
}

// clockMoved is the cause of times that moved by whole hours.
func (w *window) clockMoved(f *report.Finding) *report.Cause {
	cause := &report.Cause{
		Kind: "time_shift", Explains: 1, Hours: f.Value,
		Evidence: "the first and the last time moved by the same whole hours within the day, to two minutes",
	}
	ref, cur := w.in.Reference.Column(f.Labels.Column), w.in.Current.Column(f.Labels.Column)
	if ref == nil || cur == nil || ref.Hours == nil || cur.Hours == nil || f.Value == nil {
		return cause
	}
	was, is := hoursMoved(ref.Hours, cur.Hours, 0), hoursMoved(ref.Hours, cur.Hours, int(*f.Value))
	before, left := was.gap(), is.gap()
	// Hours that are all alike say nothing; and windows may be cut otherwise.
	if was.chance() < 0.01 && left <= before/2 {
		cause.Explains = explained(before, left)
		cause.Evidence = "turned back round the clock, " + fellShares(before, left) + ", by hour of the day"
	}
	return cause
}

// hoursMoved is the times of both sides by hour of the day, with those of the
// reference some hours later.
func hoursMoved(ref, cur *profile.Hours, later int) *table {
	t := &table{}
	for i, n := range ref {
		t.add("", n, cur[(i+later+24)%24])
	}
	return t
}

// hourly tells whether the column is called after the time of day.
func (c *column) hourly() bool {
	return named(c.name, "hour", "hours", "hr", "hrs", "hod", "hourofday", "timeofday", "tod", "clock")
}

func (c *column) shifted(by int, before, left float64) *found {
	hours := float64(by)
	text := fmt.Sprintf("%+d hours", by)
	if by == 1 || by == -1 {
		text = fmt.Sprintf("%+d hour", by)
	}
	return &found{
		cause: report.Cause{Hours: &hours, Explains: explained(before, left),
			Evidence: fmt.Sprintf("turned back by %s round the clock, %s", text, fell(before, left)) + remains(left, c.a, c.b)},
		message: fmt.Sprintf("%s has moved by %s round the clock: the busiest hour of the day was %s, now it is %s.", c.title(), text, c.a.busiest(c.day()), c.b.busiest(c.day())),
		short:   "moved by " + text,
		hint:    fmt.Sprintf("Compare the time zones of what writes and what reads %s: one of them takes local time for UTC or the other way round, or daylight saving time began.", c.title()),
	}
}

// day is the length of a day in the unit of the column.
func (c *column) day() float64 {
	for _, day := range days {
		if c.a.clock(day) {
			return day
		}
	}
	return days[len(days)-1]
}

// busiest is the hour with the most values.
func (s sample) busiest(day float64) string {
	var hours [24]int64
	for i, x := range s.values {
		hours[min(int(x/day*24), 23)] += s.counts[i]
	}
	most := 0
	for i, n := range hours {
		if n > hours[most] {
			most = i
		}
	}
	return words.Count(int64(most)) + " h"
}
