package quality

import (
	"testing"
	"time"

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
