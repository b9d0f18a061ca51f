package vary

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"leeway/core/config"
	"leeway/core/route"
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
			if err := s.add(route.Part{Window: state.Window{Start: at, End: at.Add(time.Hour)}, Profile: p}); err != nil {
				t.Fatal(err)
			}
		}
		if s.turned() != c.kept {
			t.Errorf("%s of %d columns: %v", c.season, c.columns, s.turned())
		}
	}
}

// TestPartsOfOneWindow: what a part has one window of tells nothing of how its
// windows differ.
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
	w := New(config.Default(), nil, nil, nil)
	var err error
	if known.Variation, err = w.withinSlots(s, profiles, contract, parts); err != nil {
		t.Fatal(err)
	}
	if n := len(known.Variation["drift.js_distance.c0"]); n != 15 || len(known.Slots) != 7 {
		t.Errorf("%d windows, %+v", n, known.Slots)
	}
	stranger := slices.Clone(parts)
	delete(s.slots, int(time.Monday))
	if _, err := w.withinSlots(s, profiles[1:], contract, stranger); err == nil || !strings.Contains(err.Error(), "no part of day-of-week") {
		t.Errorf("a window of no part: %v", err)
	}
}
