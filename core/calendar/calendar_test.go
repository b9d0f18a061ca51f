package calendar

import (
	"testing"
	"time"

	"leeway/core/config"
	"leeway/core/report"
	"leeway/core/state"
)

// TestSlots: which part of a season a window is of goes by its start, a week's
// month by its Thursday, and a turn is a week from Monday, or a year.
func TestSlots(t *testing.T) {
	for _, c := range []struct {
		season, start, every string
		name, words          string
		round                int64
	}{
		{config.HourOfWeek, "2026-01-05T06:00:00Z", "hour", "monday-06", "Mondays 06:00", 2923},
		{config.HourOfWeek, "2026-01-11T18:00:00Z", "6h", "sunday-18", "Sundays 18:00", 2923},
		{config.DayOfWeek, "2026-01-12T00:00:00Z", "day", "monday", "Mondays", 2924},
		{config.DayOfWeek, "1969-12-31T00:00:00Z", "day", "wednesday", "Wednesdays", 0},
		{config.DayOfWeek, "1969-12-28T00:00:00Z", "day", "sunday", "Sundays", -1},
		{config.MonthOfYear, "2025-12-29T00:00:00Z", "week", "january", "January", 2026},
		{config.MonthOfYear, "2026-02-01T00:00:00Z", "month", "february", "February", 2026},
	} {
		at, err := time.Parse(time.RFC3339, c.start)
		if err != nil {
			t.Fatal(err)
		}
		w, err := state.WindowOf(at, c.every)
		if err != nil {
			t.Fatal(err)
		}
		name := SlotName(c.season, Slot(c.season, w))
		words := report.SlotWords(c.season, name)
		if name != c.name || words != c.words || Turn(c.season, w) != c.round {
			t.Errorf("%s %s: %s, %s, %d", c.season, c.start, name, words, Turn(c.season, w))
		}
	}
}

// TestDays: days are numbered without a gap, before 1970 as after.
func TestDays(t *testing.T) {
	start := time.Date(1969, 12, 20, 0, 0, 0, 0, time.UTC)
	first := Day(state.Window{Start: start})
	for hour := range 24 * 20 {
		at := start.Add(time.Duration(hour) * time.Hour)
		if got, want := Day(state.Window{Start: at}), first+int64(hour/24); got != want {
			t.Fatalf("%s: %d, want %d", at, got, want)
		}
	}
}
