package monitor

import (
	"fmt"
	"strconv"
	"time"

	"leeway/core/config"
	"leeway/core/state"
	"leeway/core/vary"
)

// partOf is the part of a season of a baseline, if windows of now can be held
// against it; else why not, in words that follow on "the baseline:".
func partOf(b *baseline, every, season, name string) (*state.Slot, string) {
	if why := unknownSeason(b, every, season); why != "" {
		return nil, why
	}
	if slot := b.Slot(season, name); slot != nil {
		return slot, ""
	}
	return nil, "it has none of them"
}

// unknownSeason says why no part of a season of a baseline can be used, "" if
// they can.
func unknownSeason(b *baseline, every, season string) string {
	switch {
	case b.Season(season) == nil:
		return fmt.Sprintf("it knows no %s (%s)", season, vary.Remedy(b.profile, season, every))
	case season == config.HourOfWeek && b.Every != every: // hours of a day are no part of a day's window
		return fmt.Sprintf("it knows its windows by the %s, not by the %s (leeway baseline build makes one that does)", b.Every, every)
	}
	return tooFewAlike(b.Season(season))
}

// note says in a line what a window is held against.
func (c *choice) note() string {
	if c.fallsBack() {
		return fmt.Sprintf("compared with the whole baseline: %s (baseline: {%s})", c.why, c.setting())
	}
	if c.how.Kind == "rolling" {
		return fmt.Sprintf("compared with the last %s without an alert, %s; slow drift is measured against the baseline",
			windows(len(c.earlier)), days(c.earlier))
	}
	later := ""
	if len(c.earlier) > 0 {
		later = fmt.Sprintf("%s without an alert, %s", windows(len(c.earlier)), days(c.earlier))
	}
	switch {
	case c.slot == nil:
		return fmt.Sprintf("compared with %s: %s; none of the baseline: %s", c.words(), later, c.why)
	case later == "":
		return fmt.Sprintf("compared with %s of the baseline: %s", c.words(), windows(c.slot.Windows))
	}
	return fmt.Sprintf("compared with %s of the baseline, %s, and since %s", c.words(), windows(c.slot.Windows), later)
}

// setting is what was asked for, as the configuration has it.
func (c *choice) setting() string {
	if c.how.Kind == "rolling" {
		return fmt.Sprintf("kind: rolling, windows: %d", c.how.Windows)
	}
	return fmt.Sprintf("kind: seasonal, season: %s", c.how.Season)
}

func windows(n int) string {
	if n == 1 {
		return "1 window"
	}
	return strconv.Itoa(n) + " windows"
}

// days says from when to when windows are.
func days(all []candidate) string {
	layout := time.DateOnly
	if w := all[0].window; w.End.Sub(w.Start) < 24*time.Hour {
		layout = "2006-01-02 15:04"
	}
	first, last := all[0].window.Start.Format(layout), all[len(all)-1].window.Start.Format(layout)
	if first == last {
		return first
	}
	return first + " to " + last
}
