package monitor

import (
	"slices"
	"strings"
	"testing"
	"time"

	"leeway/core/config"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/state"
)

// mondays are windows of Mondays, oldest first, the last of them a week before
// 2026-02-02.
func mondays(n int, rows int64, every time.Duration) []candidate {
	var all []candidate
	for i := range n {
		start := time.Date(2026, 2, 2-7*(n-i), 0, 0, 0, 0, time.UTC)
		all = append(all, candidate{window: state.Window{Start: start, End: start.Add(every)}, version: "v", rows: rows})
	}
	return all
}

// TestNotes: what is said of what a window is held against, and why it is not
// what was asked for, is so.
func TestNotes(t *testing.T) {
	const day = 24 * time.Hour
	narrow := &profile.Dataset{Start: 1, End: 2}
	wide := &profile.Dataset{Columns: make([]*profile.Column, 80), Start: 1, End: 2}
	byDay := []state.Season{{Name: config.DayOfWeek, Slots: []state.Slot{{Name: "monday", Windows: 2, Turns: 2, Rows: 50}, {Name: "sunday", Windows: 8, Turns: 8, Rows: 50}}}}
	byHour := []state.Season{{Name: config.HourOfWeek, Slots: []state.Slot{{Name: "monday-00", Windows: 2, Turns: 2, Rows: 900}, {Name: "friday-00", Windows: 7, Turns: 7, Rows: 900}}}}
	noMonday := []state.Season{{Name: config.DayOfWeek, Slots: byDay[0].Slots[1:]}}
	tenDays := []state.Season{{Name: config.DayOfWeek}}
	for i, day := range []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"} {
		n := 1 + (6-i)/4
		tenDays[0].Slots = append(tenDays[0].Slots, state.Slot{Name: day, Windows: n, Turns: n, Rows: 900})
	}
	for _, c := range []struct {
		kind, season string
		every        string // of the windows of the baseline
		seasons      []state.Season
		profile      *profile.Dataset
		before       []candidate
		want         string
	}{
		{"rolling", "", "day", nil, narrow, mondays(2, 500, day), "compared with the whole baseline: too few windows before it are without an alert (baseline: {kind: rolling, windows: 4})"},
		{"rolling", "", "day", nil, narrow, mondays(4, 20, day), "compared with the whole baseline: the last 4 windows without an alert have fewer than 100 rows (baseline: {kind: rolling, windows: 4})"},
		{"rolling", "", "day", nil, narrow, mondays(4, 50, day), "compared with the last 4 windows without an alert, 2026-01-05 to 2026-01-26; slow drift is measured against the baseline"},
		{"seasonal", config.DayOfWeek, "day", byDay, narrow, nil, "compared with the whole baseline: there are fewer than 100 rows of Mondays in it and since (baseline: {kind: seasonal, season: day-of-week})"},
		{"seasonal", config.DayOfWeek, "day", byDay, narrow, mondays(3, 50, day), "compared with Mondays of the baseline, 2 windows, and since 2 windows without an alert, 2026-01-19 to 2026-01-26"},
		{"seasonal", config.DayOfWeek, "day", tenDays, narrow, nil, "compared with the whole baseline: it has 10 windows, too few to tell how those of one day of the week differ (of two weeks or more leeway baseline build makes one that does), and there are fewer than 100 rows of Mondays since (baseline: {kind: seasonal, season: day-of-week})"},
		{"seasonal", config.DayOfWeek, "day", tenDays, narrow, mondays(2, 50, day), "compared with Mondays: 2 windows without an alert, 2026-01-19 to 2026-01-26; none of the baseline: it has 10 windows, too few to tell how those of one day of the week differ (of two weeks or more leeway baseline build makes one that does)"},
		{"seasonal", config.DayOfWeek, "day", noMonday, narrow, mondays(2, 50, day), "compared with Mondays: 2 windows without an alert, 2026-01-19 to 2026-01-26; none of the baseline: it has none of them"},
		{"seasonal", config.DayOfWeek, "day", noMonday, narrow, nil, "compared with the whole baseline: it has none of them, and there are fewer than 100 rows of Mondays since (baseline: {kind: seasonal, season: day-of-week})"},
		{"seasonal", config.DayOfWeek, "day", nil, narrow, nil, "compared with the whole baseline: it knows no day-of-week (leeway baseline build makes one that does, of data with time), and there are fewer than 100 rows of Mondays since (baseline: {kind: seasonal, season: day-of-week})"},
		{"seasonal", config.HourOfWeek, "hour", byHour, narrow, nil, "compared with Mondays 00:00 of the baseline: 2 windows"},
		{"seasonal", config.HourOfWeek, "day", byHour, narrow, mondays(1, 100, time.Hour), "compared with Mondays 00:00: 1 window without an alert, 2026-01-26 00:00; none of the baseline: it knows its windows by the day, not by the hour (leeway baseline build makes one that does)"},
		{"seasonal", config.HourOfWeek, "hour", nil, wide, mondays(1, 100, time.Hour), "compared with Mondays 00:00: 1 window without an alert, 2026-01-26 00:00; none of the baseline: it knows no hour-of-week (80 columns are too many to be kept by 168 parts: baseline: {kind: seasonal, season: day-of-week} can be had)"},
	} {
		b := &baseline{state.Baseline{Version: "v", Every: c.every, Seasons: c.seasons}, c.profile, nil}
		every, length := "day", day
		if c.season == config.HourOfWeek {
			every, length = "hour", time.Hour
		}
		how := &report.Against{Kind: c.kind, Season: c.season}
		if c.kind == "rolling" {
			how.Windows = 4
		}
		start := time.Date(2026, 2, 2, 0, 0, 0, 0, time.UTC)
		chosen := choose(how, every, b, state.Window{Start: start, End: start.Add(length)}, c.before, false)
		if got := chosen.note(); got != c.want {
			t.Errorf("got:  %s\nwant: %s", got, c.want)
		}
		if c.kind != "seasonal" {
			continue
		}
		told := b.unseasoned(&config.Config{Baseline: config.Baseline{Kind: c.kind, Season: c.season}, Window: config.Window{Every: every}})
		if why := unknownSeason(b, every, c.season); (told == "") != (why == "") || !strings.HasSuffix(told, why) || !strings.Contains(c.want, why) {
			t.Errorf("of the baseline %q is said, %q of the window", told, c.want)
		}
	}
}

// TestOwnDays: windows whose rows the reference has are not counted once more
// beside its part.
func TestOwnDays(t *testing.T) {
	before := mondays(3, 300, 24*time.Hour)
	slot := state.Slot{Name: "monday", Windows: 2, Turns: 2, Rows: 600, Until: before[1].window.End}
	others := state.Slot{Name: "sunday", Windows: 8, Turns: 8, Rows: 2400}
	b := &baseline{state.Baseline{Version: "v", Every: "day", Seasons: []state.Season{{Name: config.DayOfWeek, Slots: []state.Slot{slot, others}}}}, &profile.Dataset{}, nil}
	how := &report.Against{Kind: "seasonal", Season: config.DayOfWeek}
	start := time.Date(2026, 2, 2, 0, 0, 0, 0, time.UTC)
	chosen := choose(how, "day", b, state.Window{Start: start, End: start.AddDate(0, 0, 1)}, before, false)
	if got := starts(chosen.earlier); !slices.Equal(got, []string{"2026-01-26"}) {
		t.Errorf("held against %q besides", got)
	}
}

func starts(all []candidate) (days []string) {
	for i := range all {
		days = append(days, all[i].window.Start.Format(time.DateOnly))
	}
	return days
}
