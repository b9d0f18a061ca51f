package state_test

import (
	"testing"
	"time"

	"leeway/core/report"
	"leeway/core/state"
)

func TestPresent(t *testing.T) {
	day := func(date string, rows int64) state.Summary {
		start, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		return state.Summary{Window: state.Window{Start: start, End: start.AddDate(0, 0, 1)}, Rows: rows, Created: "2026-11-28T12:00:00Z"}
	}
	open := func(s state.Summary, verdict report.Verdict) state.Summary {
		s.Partial, s.Verdict = report.LacksEnd, verdict
		return s
	}
	for name, test := range map[string]struct {
		history []state.Summary
		want    int
	}{
		"one":                     {[]state.Summary{day("2026-11-27", 5)}, 0},
		"the last":                {[]state.Summary{day("2026-11-26", 5), day("2026-11-27", 5)}, 1},
		"one that lost its rows":  {[]state.Summary{day("2026-11-26", 5), day("2026-11-27", 0)}, 0},
		"one dated 2099":          {[]state.Summary{day("2026-11-26", 5), day("2099-01-01", 5)}, 0},
		"several dated 2099":      {[]state.Summary{day("2026-11-26", 5), day("2099-01-01", 5), day("2099-01-02", 5), day("2099-06-01", 5)}, 0},
		"a model of the future":   {[]state.Summary{day("2099-01-01", 5), day("2099-01-02", 5)}, 1},
		"a forecast":              {[]state.Summary{day("2026-11-26", 5), day("2026-12-26", 5)}, 1},
		"a gap that is no future": {[]state.Summary{day("2020-11-26", 5), day("2026-11-26", 5)}, 1},
		"one that is not over":    {[]state.Summary{day("2026-11-26", 5), open(day("2026-11-27", 5), report.Unknown)}, 0},
		"one that is broken":      {[]state.Summary{day("2026-11-26", 5), open(day("2026-11-27", 5), report.Alert)}, 1},
		"none that is over":       {[]state.Summary{day("2026-11-26", 0), open(day("2026-11-27", 5), report.Unknown)}, 1},
		"nothing but losses":      {[]state.Summary{day("2026-11-26", 0), day("2026-11-27", 0)}, 1},
	} {
		if got := state.Present(test.history); got != &test.history[test.want] {
			t.Errorf("%s: %v", name, got.Window)
		}
	}
	if state.Present(nil) != nil {
		t.Error("there is a present of nothing")
	}
}
