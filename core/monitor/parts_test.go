package monitor

import (
	"math/rand/v2"
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
