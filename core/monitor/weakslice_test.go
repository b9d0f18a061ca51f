package monitor_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"leeway/core/report"
)

// bordered is rows of a model without scores that is wrong more often near its border, as it
// always was, and what came true.
func bordered(day time.Time, rows int) (logs, labels string) {
	r := rand.New(rand.NewPCG(uint64(day.Unix()), 5))
	var log, truth strings.Builder
	log.WriteString("id,ts,x,prediction\n")
	truth.WriteString("id,label\n")
	for i := range rows {
		x, wrong := r.Float64()*2-1, 0.1
		if math.Abs(x) < 0.3 {
			wrong = 0.5
		}
		predicted := x > 0
		id := fmt.Sprintf("b%d-%d", day.Unix(), i)
		fmt.Fprintf(&log, "%s,%s,%.4f,%s\n", id, day.Add(time.Duration(i)*time.Minute/2).Format(time.RFC3339), x, bit(predicted))
		fmt.Fprintf(&truth, "%s,%s\n", id, bit(predicted != (r.Float64() < wrong)))
	}
	return log.String(), truth.String()
}

// TestWeakSlice: where the model is worse is no news as long as nobody knows how it was there: told,
// and no alarm. With labels of the reference it is nothing at all.
func TestWeakSlice(t *testing.T) {
	for _, labelled := range []bool{false, true} {
		w := newWorld(t)
		w.put("config/m.yaml", "task: binary\npositive: 1\ncolumns: {label: {role: label}}\n")
		reference, before := bordered(monday.AddDate(0, 0, -1), 2400)
		w.put("reference/m/r.csv", reference)
		if labelled {
			w.put("labels/m/r.csv", before)
		}
		logs, truth := bordered(monday, 2400)
		w.put("logs/m/a.csv", logs)
		w.put("labels/m/a.csv", truth)
		w.run()
		w.wantIdle()
		r := w.newest(monday.Format(time.DateOnly))
		told := false
		for _, f := range r.Findings {
			if f.Metric != "slice_error_ratio" {
				continue
			}
			told = true
			if f.Severity != report.SeverityInfo || !strings.Contains(f.Message, "That may be nothing new: the reference has no labels") {
				t.Errorf("labelled reference %v: %s: %s", labelled, f.Severity, f.Message)
			}
		}
		if told == labelled || r.Verdict == report.Alert {
			t.Errorf("labelled reference %v: told %v, %s: %s", labelled, told, r.Verdict, r.Summary)
		}
	}
}
