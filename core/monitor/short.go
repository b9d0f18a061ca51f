package monitor

import (
	"fmt"
	"time"

	"leeway/core/config"
	"leeway/core/metric"
	"leeway/core/state"
)

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
