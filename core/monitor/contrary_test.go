package monitor_test

import (
	"strings"
	"testing"
	"time"
)

// TestContraryPredictions: ids that come twice in a window with contrary predictions are
// counted and said to be, whichever file they are in; each of their rows counts.
func TestContraryPredictions(t *testing.T) {
	reports := map[bool]string{}
	for _, split := range []bool{false, true} {
		w := newWorld(t)
		reference, labels := busy(monday.AddDate(0, 0, -14), 14, 100, 0, false)
		w.put("reference/m/r.csv", reference)
		w.put("labels/m/r.csv", labels)
		logs, labels := busy(monday, 1, 100, 0, false)
		again := "id,ts,x,prediction\n"
		for _, line := range strings.Split(strings.TrimSpace(logs), "\n")[1:4] {
			cells := strings.Split(line, ",")
			cells[3] = map[string]string{"0": "1", "1": "0"}[cells[3]]
			again += strings.Join(cells, ",") + "\n"
		}
		if split {
			w.put("logs/m/b.csv", again)
		} else {
			logs += strings.TrimPrefix(again, "id,ts,x,prediction\n")
		}
		w.put("logs/m/a.csv", logs)
		w.put("labels/m/a.csv", labels)
		w.run()
		w.wantIdle()
		r := w.newest(monday.Format(time.DateOnly))
		for _, f := range r.Findings {
			if f.Metric == "predictions_contrary" {
				reports[split] = f.Message
			}
		}
		if r.Performance.Labelled != 103 {
			t.Errorf("%d labelled rows", r.Performance.Labelled)
		}
	}
	want := "3 ids come more than once with predictions that differ (6 rows): none of them wins, each row counts and the label of its id is held against each."
	if reports[false] != want || reports[true] != want {
		t.Errorf("%v", reports)
	}
}
