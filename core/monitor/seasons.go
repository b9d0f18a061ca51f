package monitor

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"leeway/core/check/fairness"
	"leeway/core/check/performance"
	"leeway/core/check/quality"
	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/state"
	"leeway/core/vary"
)

// tooFewAlike says that the windows of a season's parts are too few to tell how
// windows of a part differ, "" if they are not: then a window that is held against
// its part would alarm for what days of a kind do among themselves. All windows
// together are more, and what they differ by has the season in it.
func tooFewAlike(s *state.Season) string {
	all := 0
	for i := range s.Slots {
		all += s.Slots[i].Windows
	}
	if free := all - len(s.Slots); free >= metric.FewestWindows-1 { // degrees of freedom that the season leaves
		return ""
	}
	turn := "weeks"
	if s.Name == config.MonthOfYear {
		turn = "years"
	}
	return fmt.Sprintf("it has %s, too few to tell how those of one %s differ (of two %s or more leeway baseline build makes one that does)", windows(all), partWords[s.Name], turn)
}

// keepSlots stores the profiles of the parts of a baseline.
func (m *model) keepSlots(ctx context.Context, version string, slots []vary.Slot) error {
	for _, one := range slots {
		if err := m.DB.PutSlot(ctx, m.name, version, one.Season, one.Name, one.Data); err != nil {
			return err
		}
	}
	return nil
}

// seasonWords are what the parts of a season are called.
var seasonWords = map[string]string{
	config.HourOfWeek: "hours of the week", config.DayOfWeek: "days of the week", config.MonthOfYear: "months",
}

// partWords are what one of them is called.
var partWords = map[string]string{
	config.HourOfWeek: "hour of the week", config.DayOfWeek: "day of the week", config.MonthOfYear: "month",
}

// namedColumns is how many columns a line names.
const namedColumns = 4

// unlike is the season whose parts differ in the reference though windows are not
// compared by them and could be; nil if there is none.
func (b *baseline) unlike(c *config.Config) *state.Season {
	if c.Baseline.Kind == "seasonal" {
		return nil
	}
	for i := range b.Seasons {
		s := &b.Seasons[i]
		if len(s.Differ) > 0 && tooFewAlike(s) == "" && config.Seasonable(s.Name, c.Window.Every) {
			return s
		}
	}
	return nil
}

// hint says so, and in which columns; "" if there is none.
func (b *baseline) hint(c *config.Config) string {
	s := b.unlike(c)
	if s == nil {
		return ""
	}
	var names []string
	for _, column := range s.Differ[:min(namedColumns, len(s.Differ))] {
		names = append(names, "`"+column+"`")
	}
	which := strings.Join(names, ", ")
	if more := len(s.Differ) - len(names); more > 0 {
		which += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("the reference's %s differ (%s), which hides smaller changes: baseline: {kind: seasonal, season: %s} would take that into account", seasonWords[s.Name], which, s.Name)
}

// hides is the same as a sentence of a verdict.
func (b *baseline) hides(c *config.Config) string {
	s := b.unlike(c)
	if s == nil {
		return ""
	}
	return fmt.Sprintf("The reference's %s differ, which hides smaller changes: baseline: {kind: seasonal, season: %s} would show them.", seasonWords[s.Name], s.Name)
}

// unseasoned says that a season is asked for of which no part of the baseline can
// be used; "" if it can.
func (b *baseline) unseasoned(c *config.Config) string {
	if c.Baseline.Kind != "seasonal" {
		return ""
	}
	why := unknownSeason(b, c.Window.Every, c.Baseline.Season)
	if why == "" {
		return ""
	}
	return "windows are not compared with parts of the baseline: " + why
}

// within is how the windows of the parts of a season differed from their part,
// nil if that is not known, of how many windows such a part was, and which share
// of these is free: of each part one is not. What is held against all that is
// known differs as windows do from the whole, which is given.
func (b *baseline) within(c *config.Config, how *report.Against, whole map[string][]metric.Deviate) (variation map[string][]metric.Deviate, then int, free float64) {
	known := b.Season(how.Season)
	if known == nil || len(known.Variation) == 0 || b.Every != c.Window.Every || tooFewAlike(known) != "" {
		return nil, 0, 0
	}
	windows, slots := 0, 0
	for i := range known.Slots {
		if n := known.Slots[i].Windows; n >= vary.FewestAlike {
			windows, slots = windows+n, slots+1
		}
	}
	all := maps.Clone(known.Variation)
	for id, deviates := range whole {
		if quality.ByKnown(id) || strings.HasPrefix(id, performance.Name+".") || fairness.Between(id) { // labels and groups are held against all of the reference's
			all[id] = deviates
		}
	}
	return all, windows / slots, 1 - float64(slots)/float64(windows)
}

// slot is the profile of a part of a season of a baseline.
func (m *model) slot(ctx context.Context, b *baseline, season, name string) (*profile.Dataset, error) {
	data, err := m.DB.BaselineSlot(ctx, m.name, b.Version, season, name)
	var decoded *profile.Dataset
	if err == nil {
		decoded, err = profile.Decode(data)
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound:
		d := state.Damage{Key: state.SlotKey(m.name, b.Version, season, name), Size: int64(len(data)), Err: err}
		if err = error(d.Fault(m.name)); b != m.baseline {
			err = lost{err}
		}
	}
	return decoded, err
}
