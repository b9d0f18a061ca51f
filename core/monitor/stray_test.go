package monitor_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/report"
)

// dated is a table with a row for each day from first on.
func dated(first time.Time, days int) *strings.Builder {
	text := &strings.Builder{}
	fmt.Fprintln(text, "timestamp,x")
	for day := range days {
		fmt.Fprintf(text, "%s,%d\n", first.AddDate(0, 0, day).Format(time.RFC3339), day%7)
	}
	return text
}

func TestRowsDatedFarFromAllOthers(t *testing.T) {
	w := newWorld(t)
	w.put("config/m.yaml", "window: {every: month}\n")
	text := dated(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), 59)
	fmt.Fprintln(text, "2099-12-31T00:00:00Z,1")
	fmt.Fprintln(text, "2026-02-28T23:00:00Z,1")
	fmt.Fprintln(text, "1970-01-01T00:00:00Z,1\n2099-12-31T00:00:00Z,2")
	w.put("logs/m/a.csv", text.String())
	w.run()
	w.wantWindows(map[string]int64{"2026-01-01": 31, "2026-02-01": 29})
	batch := w.batch("logs/m/a.csv")
	want := []report.Fault{{Column: "timestamp", What: "dated years apart from all other rows, in no window", Row: 60, Text: "2099-12-31T00:00:00Z", Count: 3}}
	if diff := cmp.Diff(want, batch.Faults); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	if batch.Rows != 60 || batch.Last.Year() != 2026 || batch.First.Year() != 2026 {
		t.Errorf("%d rows, %s to %s", batch.Rows, batch.First, batch.Last)
	}
}

// TestStraysAtBothEnds: at most a tenth of the rows goes, both ends together.
func TestStraysAtBothEnds(t *testing.T) {
	w := newWorld(t)
	w.put("config/m.yaml", "window: {every: month}\n")
	text := dated(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), 31)
	fmt.Fprintln(text, "1970-01-01T00:00:00Z,1\n1970-01-02T00:00:00Z,1\n2099-12-31T00:00:00Z,1\n2099-12-30T00:00:00Z,2")
	w.put("logs/m/a.csv", text.String())
	w.run()
	w.wantWindows(map[string]int64{"2026-01-01": 31, "2099-12-01": 2})
	want := []report.Fault{{Column: "timestamp", What: "dated years apart from all other rows, in no window", Row: 32, Count: 2}}
	if diff := cmp.Diff(want, w.batch("logs/m/a.csv").Faults); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

// TestAGapIsNoMistake: what makes up more than a few rows stays, and so do rows
// without a time.
func TestAGapIsNoMistake(t *testing.T) {
	w := newWorld(t)
	w.put("config/m.yaml", "window: {every: month}\n")
	text := dated(time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC), 31)
	fmt.Fprintln(text, strings.TrimPrefix(strings.TrimSpace(dated(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), 5).String()), "timestamp,x\n"))
	fmt.Fprintln(text, ",3")
	w.put("logs/m/a.csv", text.String())
	w.run()
	w.wantWindows(map[string]int64{"2015-01-01": 31, "2020-01-01": 5, "2026-03-01": 1})
	if faults := w.batch("logs/m/a.csv").Faults; len(faults) > 0 {
		t.Error(faults)
	}
}
