// Package calendar places windows in seasons: which hour of the week, day of the week or month
// of the year one is, and of which week or year.
//
// Which part of a season a window is of goes by when it begins (a week belongs to the month of
// its middle, as ISO has it), so that windows of a part are alike whatever their length.
package calendar

import (
	"fmt"
	"time"

	"leeway/core/config"
	"leeway/core/state"
)

// Slot numbers the parts of a season: months from January, days from Sunday,
// hours from Sunday midnight.
func Slot(season string, w state.Window) int {
	switch season {
	case config.MonthOfYear:
		return int(Middle(w).Month()) - 1
	case config.HourOfWeek:
		return int(w.Start.Weekday())*24 + w.Start.Hour()
	}
	return int(w.Start.Weekday())
}

// SlotName names a part of a season: "monday-06". For persons, see
// report.SlotWords.
func SlotName(season string, slot int) string {
	switch season {
	case config.MonthOfYear:
		return lower(time.Month(slot + 1).String())
	case config.HourOfWeek:
		return fmt.Sprintf("%s-%02d", lower(time.Weekday(slot/24).String()), slot%24)
	}
	return lower(time.Weekday(slot).String())
}

// lower makes the first letter, an ASCII one, small.
func lower(name string) string { return string(name[0]|0x20) + name[1:] }

// Middle is the time halfway between the ends of a window.
func Middle(w state.Window) time.Time { return w.Start.Add(w.End.Sub(w.Start) / 2) }

// Turn is the turn of the season that a window is of: its week, or its year.
func Turn(season string, w state.Window) int64 {
	if season == config.MonthOfYear {
		return int64(Middle(w).Year())
	}
	const thursday = 3 // 1970 began on one
	return floored(Day(w)+thursday, 7)
}

// Day numbers the days on which windows begin, from that of 1970 on.
func Day(w state.Window) int64 { return Stretch(w, 24*time.Hour) }

// Stretch numbers the stretches of a length in which windows begin, from the
// beginning of 1970 on. A length below a second counts as one.
func Stretch(w state.Window, length time.Duration) int64 {
	return floored(w.Start.Unix(), max(int64(length/time.Second), 1))
}

// floored is x by d, rounded down: before 1970 too.
func floored(x, d int64) int64 {
	if x%d < 0 {
		return x/d - 1
	}
	return x / d
}

// Ago is so many turns of the season before t.
func Ago(season string, t time.Time, turns int) time.Time {
	if season == config.MonthOfYear {
		return t.AddDate(-turns, 0, 0)
	}
	return t.AddDate(0, 0, -7*turns)
}
