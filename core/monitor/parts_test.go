package monitor

import (
	"math/rand/v2"
	"testing"
	"time"

	"leeway/core/config"
	"leeway/core/report"
	"leeway/core/state"
)

// TestPartsOfWideTables: a wide table is kept by the day and not by the hour of
// the week, which would be hundreds of profiles of it.
func TestPartsOfWideTables(t *testing.T) {
	for _, c := range []struct {
		season  string
		columns int
		kept    bool
	}{{config.HourOfWeek, 70, true}, {config.HourOfWeek, 80, false}, {config.DayOfWeek, 500, true}, {config.DayOfWeek, 1700, true}, {config.DayOfWeek, 1720, false}} {
		p, _ := table(rand.New(rand.NewPCG(1, 2)), c.columns, 2, 0)
		s := &seasonal{name: c.season}
		for hour := range 2 * 168 {
			at := time.Date(2026, 1, 5, hour, 0, 0, 0, time.UTC)
			if err := s.add(part{state.Window{Start: at, End: at.Add(time.Hour)}, p}); err != nil {
				t.Fatal(err)
			}
		}
		if s.turned() != c.kept {
			t.Errorf("%s of %d columns: %v", c.season, c.columns, s.turned())
		}
	}
}

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
		name := slotName(c.season, slotOf(c.season, w))
		words := report.SlotWords(c.season, name)
		if name != c.name || words != c.words || round(c.season, w) != c.round {
			t.Errorf("%s %s: %s, %s, %d", c.season, c.start, name, words, round(c.season, w))
		}
	}
}
