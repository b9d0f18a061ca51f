package monitor_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"leeway/core/report"
)

// busy is the log of days of which weekends have more positive cases, and are harder
// to tell; wrong is the share of predictions that are turned round on top. labels is
// what came true of them, and logs has it too with own.
func busy(start time.Time, days, rows int, wrong float64, own bool) (logs, labels string) {
	var log, truth strings.Builder
	log.WriteString("id,ts,x,prediction")
	if own {
		log.WriteString(",label")
	}
	log.WriteString("\n")
	truth.WriteString("id,label\n")
	for d := range days {
		at := start.AddDate(0, 0, d)
		r := rand.New(rand.NewPCG(uint64(at.Unix()), 23))
		bar, noise := 0.8, 0.08
		if at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
			bar, noise = 0, 0.16
		}
		for i := range rows {
			x := r.NormFloat64()
			prediction := x > bar
			label := prediction != (r.Float64() < noise)
			if r.Float64() < wrong {
				prediction = !prediction
			}
			id := fmt.Sprintf("o%d-%d", at.Unix(), i)
			fmt.Fprintf(&log, "%s,%s,%.3f,%s", id, at.Add(time.Duration(i)*4*time.Minute).Format(time.RFC3339), x, bit(prediction))
			if own {
				log.WriteString("," + bit(label))
			}
			log.WriteString("\n")
			fmt.Fprintf(&truth, "%s,%s\n", id, bit(label))
		}
	}
	return log.String(), truth.String()
}

func bit(is bool) string {
	if is {
		return "1"
	}
	return "0"
}

// TestLabelsThatDiffer: where what comes true differs from day to day in the
// reference, days that differ as much are no alarm, with any kind of baseline, and
// nobody says that the data moved while no column drifts; a day on which the model
// is wrong as it was on none is one.
func TestLabelsThatDiffer(t *testing.T) {
	for _, kind := range []string{"static", "seasonal", "apart"} {
		w := newWorld(t)
		apart := kind == "apart" // labels of the reference come in a file of their own
		if apart {
			kind = "static"
		}
		w.put("config/m.yaml", "version: 1\nbaseline: {kind: "+kind+"}\n")
		reference, labels := busy(monday.AddDate(0, 0, -28), 28, 300, 0, !apart)
		w.put("reference/m/r.csv", reference)
		if apart {
			w.run() // the baseline is there before its labels are
			w.put("labels/m/reference.csv", labels)
		}
		logs, labels := busy(monday, 14, 300, 0, false)
		w.put("logs/m/a.csv", logs)
		w.put("labels/m/a.csv", labels)
		logs, labels = busy(monday.AddDate(0, 0, 14), 1, 300, 0.3, false)
		w.put("logs/m/b.csv", logs)
		w.put("labels/m/b.csv", labels)
		w.run()
		days, verdicts := w.course()
		if len(days) != 15 {
			t.Fatalf("%s: %d days", kind, len(days))
		}
		alarms := 0
		for i, day := range days[:14] {
			r := w.newest(day)
			if r.Performance == nil || r.Performance.Labelled != 300 {
				t.Fatalf("%s, %s: %+v", kind, day, r.Performance)
			}
			if verdicts[i] == report.Alert {
				alarms++
				t.Log(kind, day, r.Summary)
			}
			if r.Checks["drift"].Verdict == report.OK && strings.Contains(r.Summary+r.Performance.Moved.Message, "he data moved") {
				t.Errorf("%s, %s: %s %s", kind, day, r.Summary, r.Performance.Moved.Message)
			}
		}
		if alarms > 1 { // a budget of 1% a day
			t.Errorf("%s: %d of 14 days like those of the reference alarm", kind, alarms)
		}
		last := w.newest(days[14])
		if last.Verdict != report.Alert || last.Checks["performance"].Verdict != report.Alert {
			t.Errorf("%s: a day with 30%% more mistakes: %s", kind, last.Summary)
		}
	}
}
