package monitor_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"leeway/core/fault"
	"leeway/core/report"
)

// onlyShop raises the amounts of one channel.
func onlyShop(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, line := range lines {
		if cells := strings.Split(line, ","); cells[3] == "shop" {
			cells[2] = "1" + cells[2]
			lines[i] = strings.Join(cells, ",")
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// TestSegmentsOfABucket: what one channel alone shows is found in its window,
// named, and gone with it; a second run writes nothing.
func TestSegmentsOfABucket(t *testing.T) {
	w := newWorld(t)
	start := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	w.put("config/m.yaml", "segments: [channel]\n")
	w.put("reference/m/r.csv", creeping(start.AddDate(0, -1, 0), 5000, 0, 0))
	for i := range 4 {
		text := creeping(start.AddDate(0, 0, i), 400, 0, 0)
		if i == 2 {
			text = onlyShop(text)
		}
		w.put(fmt.Sprintf("logs/m/%02d.csv", i), text)
	}
	w.run()
	days, verdicts := w.course()
	for i, verdict := range verdicts {
		if (verdict == report.Alert) != (i == 2) {
			t.Errorf("%s: %s", days[i], verdict)
		}
		r := w.newest(days[i])
		var rows int64
		for _, one := range r.Segments {
			rows += one.NCurrent
		}
		if len(r.Segments) != 3 || rows != 400 {
			t.Fatalf("%s: %+v", days[i], r.Segments)
		}
	}
	moved := w.newest(days[2])
	for _, one := range moved.Segments {
		if (one.Verdict == report.Alert) != (one.Name == "channel=shop") || one.Name == "channel=shop" && one.Column != "amount" {
			t.Errorf("%+v", one)
		}
	}
	w.wantIdle()
}

// TestSegmentsDeclaredLater: they come with the next baseline, and until then it
// is said.
func TestSegmentsDeclaredLater(t *testing.T) {
	w := newWorld(t)
	start := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	w.put("reference/m/r.csv", creeping(start.AddDate(0, -1, 0), 5000, 0, 0))
	w.put("logs/m/0.csv", creeping(start, 400, 0, 0))
	w.run()
	w.put("config/m.yaml", "segments: [channel]\n")
	w.put("logs/m/1.csv", creeping(start.AddDate(0, 0, 1), 400, 0, 0))
	w.run()
	if r := w.newest("2026-02-02"); len(r.Segments) > 0 || !strings.Contains(strings.Join(r.Notes, "\n"), "there are no segments by channel: the baseline was built before they were declared") {
		t.Errorf("%+v %q", r.Segments, r.Notes)
	}
	if _, err := w.monitor().BuildBaseline(t.Context(), "m", nil, true); err != nil {
		t.Fatal(err)
	}
	w.put("logs/m/2.csv", creeping(start.AddDate(0, 0, 2), 400, 0, 0))
	w.run()
	if r := w.newest("2026-02-03"); len(r.Segments) != 3 {
		t.Errorf("%+v", r.Segments)
	}
	w.wantIdle()
}

// TestSegmentsRefused: a scale makes no segments, and that is an error of the
// model and of no file.
func TestSegmentsRefused(t *testing.T) {
	for _, folder := range []string{"reference", "logs"} {
		w := newWorld(t)
		w.put("config/m.yaml", "segments: [amount]\n")
		w.put(folder+"/m/r.csv", creeping(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), 500, 0, 0))
		_, err := w.monitor().Run(t.Context(), "m")
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), `config/m.yaml: no segments can be made of "amount"`) || len(w.quarantined()) > 0 {
			t.Errorf("%s: %v", folder, err)
		}
	}
}
