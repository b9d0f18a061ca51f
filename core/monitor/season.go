package monitor

import (
	"fmt"
	"time"

	"leeway/core/config"
	"leeway/core/metric"
	"leeway/core/state"
)

// Which part of a season a window is of goes by when it begins (a week belongs
// to the month of its middle, as ISO has it), so that windows of a part are
// alike whatever their length.

// slotOf numbers the parts of a season: months from January, days from Sunday,
// hours from Sunday midnight.
func slotOf(season string, w state.Window) int {
	switch season {
	case config.MonthOfYear:
		return int(middle(w).Month()) - 1
	case config.HourOfWeek:
		return int(w.Start.Weekday())*24 + w.Start.Hour()
	}
	return int(w.Start.Weekday())
}

// slotName names a part of a season: "monday-06". For persons, see
// report.SlotWords.
func slotName(season string, slot int) string {
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

func middle(w state.Window) time.Time { return w.Start.Add(w.End.Sub(w.Start) / 2) }

// round is the turn of the season that a window is of: its week, or its year.
func round(season string, w state.Window) int64 {
	if season == config.MonthOfYear {
		return int64(middle(w).Year())
	}
	const thursday = 3 // 1970 began on one
	return floored(dayOf(w)+thursday, 7)
}

// dayOf numbers the days on which windows begin, from that of 1970 on.
func dayOf(w state.Window) int64 { return floored(w.Start.Unix(), 24*60*60) }

// floored is x by d, rounded down: before 1970 too.
func floored(x, d int64) int64 {
	if x%d < 0 {
		return x/d - 1
	}
	return x / d
}

// short says that a reference is less than a turn of the season that such windows
// show: what is usual at other times of the week, or of the year, it cannot know;
// "" if it is a turn or more.
func (b *baseline) short(c *config.Config) string {
	season := config.NaturalSeason(c.Window.Every)
	turn, days := "week", 7
	if season == config.MonthOfYear {
		turn, days = "year", 365
	}
	first, last := time.Unix(0, b.profile.Start).UTC(), time.Unix(0, b.profile.End).UTC()
	from, err := state.WindowOf(first, c.Window.Every)
	to, err2 := state.WindowOf(last, c.Window.Every)
	if b.profile.Start == 0 && b.profile.End == 0 || err != nil || err2 != nil || !to.End.Before(from.Start.AddDate(0, 0, days)) {
		return ""
	}
	return fmt.Sprintf("the reference covers %s to %s, less than a %s: what comes and goes by the %[3]s would look like a change", first.Format(time.DateOnly), last.Format(time.DateOnly), turn)
}

// alone says that a reference is so few windows that nothing is known of how they
// differ; "" if it is more, or has no time. It stays no more than said: of a batch
// that is what there is to be had, and where rows are independent it is enough.
func (b *baseline) alone(c *config.Config) string {
	from, err := state.WindowOf(time.Unix(0, b.profile.Start).UTC(), c.Window.Every)
	to, err2 := state.WindowOf(time.Unix(0, b.profile.End).UTC(), c.Window.Every)
	if b.profile.Start == 0 && b.profile.End == 0 || err != nil || err2 != nil {
		return ""
	}
	what := "a single window (%s, window: {every: %s})"
	switch {
	case from.End.Equal(to.Start):
		what = "two windows (from %s on, window: {every: %s})"
	case !from.Start.Equal(to.Start):
		return ""
	}
	return fmt.Sprintf("the reference is "+what+": it cannot tell how windows differ, so each is judged as if its rows were all that makes it differ, and where windows have a mood of their own most may alarm. Give a reference of %d windows or more",
		from.Start.Format(time.DateOnly), c.Window.Every, metric.FewestWindows)
}

// ago is so many turns of the season before t.
func ago(season string, t time.Time, turns int) time.Time {
	if season == config.MonthOfYear {
		return t.AddDate(-turns, 0, 0)
	}
	return t.AddDate(0, 0, -7*turns)
}
