package monitor

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"leeway/core/config"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/route"
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

// TestPartsOfOneWindow: what a part has one window of tells nothing of how its
// windows differ, and does not count as one that does; nor does a season of which
// there are too few windows beyond one of each.
func TestPartsOfOneWindow(t *testing.T) {
	p, contract := table(rand.New(rand.NewPCG(1, 2)), 4, 100, 0)
	s := &seasonal{name: config.DayOfWeek}
	var parts []route.Part
	for day := range 17 { // of Sundays one
		if day == 6 {
			continue
		}
		at := time.Date(2026, 1, 5+day, 0, 0, 0, 0, time.UTC)
		parts = append(parts, route.Part{Window: state.Window{Start: at, End: at.AddDate(0, 0, 1)}, Profile: p})
		if err := s.add(parts[len(parts)-1]); err != nil {
			t.Fatal(err)
		}
	}
	known, profiles := s.describe()
	m := &model{config: config.Default()}
	var err error
	if known.Variation, err = m.withinSlots(s, profiles, contract, parts); err != nil {
		t.Fatal(err)
	}
	if n := len(known.Variation["drift.js_distance.c0"]); n != 15 || len(known.Slots) != 7 {
		t.Errorf("%d windows, %+v", n, known.Slots)
	}
	b := &baseline{Baseline: state.Baseline{Every: "day", Seasons: []state.Season{known}}}
	if all, then, free := b.within(m.config, &report.Against{Season: config.DayOfWeek}, b.Variation); len(all) == 0 || then != 2 || free != 0.6 { // 15 of 6
		t.Errorf("%d windows a part, %g free", then, free)
	}
	for i := range known.Slots {
		known.Slots[i].Windows = 1 + i%2
	}
	if all, then, _ := b.within(m.config, &report.Against{Season: config.DayOfWeek}, b.Variation); all != nil || then != 0 {
		t.Errorf("of ten windows: %v, %d", all, then)
	}
	stranger := slices.Clone(parts)
	delete(s.slots, int(time.Monday))
	if _, err := m.withinSlots(s, profiles[1:], contract, stranger); err == nil || !strings.Contains(err.Error(), "no part of day-of-week") {
		t.Errorf("a window of no part: %v", err)
	}
}
