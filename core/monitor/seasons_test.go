package monitor

import (
	"strings"
	"testing"

	"leeway/core/calendar"
	"leeway/core/config"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/state"
)

// TestHint: what is advised is what such windows can have, and nothing to whom
// has it already.
func TestHint(t *testing.T) {
	slots := []state.Slot{{Name: "one", Windows: 8}}
	daily := state.Baseline{Seasons: []state.Season{{Name: config.DayOfWeek, Differ: []string{"amount"}, Slots: slots}, {Name: config.MonthOfYear, Differ: []string{"age"}, Slots: slots}}}
	hourly := state.Baseline{Seasons: []state.Season{{Name: config.HourOfWeek, Differ: []string{"a", "b", "c", "d", "e", "f"}, Slots: slots}}}
	few := state.Baseline{Seasons: []state.Season{{Name: config.DayOfWeek, Differ: []string{"amount"}, Slots: []state.Slot{{Name: "one", Windows: 7}}}}}
	for _, c := range []struct {
		known       state.Baseline
		every, kind string
		want        string // part of what is said
	}{
		{daily, "day", "static", "days of the week differ (`amount`)"},
		{daily, "6h", "rolling", "days of the week differ (`amount`)"},
		{daily, "week", "static", "months differ (`age`)"},
		{daily, "60d", "static", ""},
		{few, "day", "static", ""},
		{daily, "day", "seasonal", ""},
		{hourly, "hour", "static", "hours of the week differ (`a`, `b`, `c`, `d` and 2 more)"},
		{hourly, "day", "static", ""},
		{state.Baseline{Seasons: []state.Season{{Name: config.DayOfWeek}}}, "day", "static", ""},
	} {
		settings := config.Default()
		settings.Window.Every, settings.Baseline.Kind = c.every, c.kind
		got := (&baseline{Baseline: c.known}).hint(settings)
		if !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%s, %s: %q", c.every, c.kind, got)
		}
	}
}

// TestRemedy: another baseline is advised only where it would help.
func TestRemedy(t *testing.T) {
	for _, c := range []struct {
		columns             int
		season, every, want string
	}{
		{71, config.HourOfWeek, "hour", "leeway baseline build makes one that does"},
		{72, config.HourOfWeek, "hour", "72 columns are too many to be kept by 168 parts: baseline: {kind: seasonal, season: day-of-week}"},
		{72, config.HourOfWeek, "6h", "leeway baseline build makes one that does"},
		{72, config.HourOfWeek, "5h", "baseline: {kind: seasonal, season: day-of-week}"},
		{1714, config.DayOfWeek, "day", "leeway baseline build makes one that does"},
		{1715, config.DayOfWeek, "day", "baseline: {kind: rolling}"},
		{1715, config.HourOfWeek, "hour", "baseline: {kind: rolling}"},
		{1001, config.MonthOfYear, "month", "by 12 parts: baseline: {kind: rolling}"},
	} {
		b := &baseline{profile: &profile.Dataset{Columns: make([]*profile.Column, c.columns)}}
		settings := config.Default()
		settings.Window.Every, settings.Baseline.Kind, settings.Baseline.Season = c.every, "seasonal", c.season
		if got := b.unseasoned(settings); !strings.Contains(got, "knows no "+c.season) || !strings.Contains(got, c.want) {
			t.Errorf("%d columns by %s: %q", c.columns, c.season, got)
		}
	}
}

// TestPartsOfOneWindow: a part with one window does not count as one that tells how its
// windows differ; nor does a season of which there are too few windows beyond one of each.
func TestPartsOfOneWindow(t *testing.T) {
	known := state.Season{Name: config.DayOfWeek, Variation: map[string][]metric.Deviate{"drift.js_distance.x": make([]metric.Deviate, 15)}}
	for day := range 7 {
		known.Slots = append(known.Slots, state.Slot{Name: calendar.SlotName(config.DayOfWeek, day), Windows: []int{1, 3, 3, 3, 2, 2, 2}[day]})
	}
	b, settings := &baseline{Baseline: state.Baseline{Every: "day", Seasons: []state.Season{known}}}, config.Default()
	if all, then, free := b.within(settings, &report.Against{Season: config.DayOfWeek}, b.Variation); len(all) == 0 || then != 2 || free != 0.6 { // 15 of 6
		t.Errorf("%d windows a part, %g free", then, free)
	}
	for i := range known.Slots {
		known.Slots[i].Windows = 1 + i%2
	}
	if all, then, _ := b.within(settings, &report.Against{Season: config.DayOfWeek}, b.Variation); all != nil || then != 0 {
		t.Errorf("of ten windows: %v, %d", all, then)
	}
}
