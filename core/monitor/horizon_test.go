package monitor_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestUnlabelledWindows: with a horizon, windows without labels are told by whether they may
// still come, by the time of the data; a report says until when, whenever it was made.
func TestUnlabelledWindows(t *testing.T) {
	w := newWorld(t)
	w.put("config/m.yaml", "labels: {horizon: 10d}\n")
	reference, labels := busy(monday.AddDate(0, 0, -14), 14, 100, 0, false)
	w.put("reference/m/r.csv", reference)
	w.put("labels/m/r.csv", labels)
	days := []time.Time{monday, monday.AddDate(0, 0, 1), monday.AddDate(0, 0, 2)}
	w.clock.now = monday
	for i, day := range days {
		logs, labels := busy(day, 1, 100, 0, false)
		w.put(fmt.Sprintf("logs/m/%d.csv", i), logs)
		if i == 0 {
			w.put("labels/m/0.csv", labels)
		}
	}
	if got := strings.Join(w.run().Notes, "; "); !strings.Contains(got, "2 windows without labels may still get them (labels.horizon)") {
		t.Errorf("at once: %s", got)
	}
	w.clock.advance(12*24*time.Hour + 12*time.Hour)
	logs, _ := busy(monday.AddDate(0, 0, 12), 1, 100, 0, false)
	w.put("logs/m/later.csv", logs)
	got := strings.Join(w.run().Notes, "; ")
	if !strings.Contains(got, "no label came for 1 window within labels.horizon, last of 2026-01-06: how good the model was there will not be known") ||
		!strings.Contains(got, "2 windows without labels may still get them") {
		t.Errorf("twelve days later: %s", got)
	}
	for _, day := range days {
		note := "labels of these rows are taken until " + day.AddDate(0, 0, 11).Format(time.RFC3339) + ", or so long after rows that came later (labels.horizon)"
		if r := w.newest(day.Format(time.DateOnly)); !slices.Contains(r.Notes, note) {
			t.Errorf("%s: %q", day.Format(time.DateOnly), r.Notes)
		}
	}
	w.wantIdle()
}

// TestSummaryOfFewLabels: where labels are too few to tell how good the model was, the summary
// says so beside a verdict on the rest.
func TestSummaryOfFewLabels(t *testing.T) {
	w := newWorld(t)
	reference, labels := busy(monday.AddDate(0, 0, -14), 14, 200, 0, false)
	w.put("reference/m/r.csv", reference)
	w.put("labels/m/r.csv", labels)
	logs, labels := busy(monday, 1, 200, 0, false)
	w.put("logs/m/0.csv", logs)
	w.put("labels/m/0.csv", strings.Join(strings.SplitAfter(labels, "\n")[:6], ""))
	w.run()
	r := w.newest(monday.Format(time.DateOnly))
	if r.Checks["performance"].Verdict != "unknown" || !strings.Contains(r.Summary, "Whether the model became worse is not known: 5 rows have a label, too few") {
		t.Errorf("%s, performance %s: %s", r.Verdict, r.Checks["performance"].Verdict, r.Summary)
	}
}
