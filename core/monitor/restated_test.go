package monitor_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// served is a day of a model that scores x, which may have shifted, as it did or as another one does.
func served(day time.Time, rows int, shift float64, model func(x, noise float64) float64) (logs, labels string) {
	r := rand.New(rand.NewPCG(uint64(day.Unix()), 5))
	var log, truth strings.Builder
	log.WriteString("id,ts,x,score\n")
	truth.WriteString("id,label\n")
	for i := range rows {
		x, noise := r.NormFloat64()+shift, r.NormFloat64()
		id := fmt.Sprintf("o%d-%d", day.Unix(), i)
		fmt.Fprintf(&log, "%s,%s,%.4f,%.5f\n", id, day.Add(time.Duration(i)*time.Second).Format(time.RFC3339), x, model(x, noise))
		fmt.Fprintf(&truth, "%s,%s\n", id, bit(r.Float64() < sigmoid(2*x)))
	}
	return log.String(), truth.String()
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// TestAnotherModel: where the same rows get other scores a training is held back, also where other rows
// came with the model, and the decision and the estimate that was off say that it is the model.
func TestAnotherModel(t *testing.T) {
	for verdict, shift := range map[string]float64{"prediction": 0, "data+prediction": 0.5} {
		w := newWorld(t)
		w.put("config/m.yaml", "task: binary\npositive: 1\ncolumns: {label: {role: label}}\nretrain: {trigger: none, confirm: 1, min_labels: 100}\n")
		asItWas := func(x, noise float64) float64 { return sigmoid(2*x + 0.2*noise) }
		reference, labels := served(monday.AddDate(0, 0, -1), 4000, 0, asItWas)
		w.put("reference/m/r.csv", reference)
		w.put("labels/m/r.csv", labels)
		logs, labels := served(monday, 2000, shift, func(x, noise float64) float64 { return sigmoid(0.4*x + 1.5*noise) })
		w.put("logs/m/a.csv", logs)
		w.put("labels/m/a.csv", labels)
		w.run()
		r := w.newest(monday.Format(time.DateOnly))
		if r.Performance.Moved.Verdict != verdict || r.Retrain == nil || r.Retrain.Decision != "held" || len(r.Retrain.Held) != 1 || r.Retrain.Held[0].By != "model" {
			t.Fatalf("%s: %+v, %+v: %s", verdict, r.Performance.Moved, r.Retrain, r.Summary)
		}
		told := false
		for _, f := range r.Findings {
			if f.Metric == "estimate_off" {
				told = true
				if !strings.Contains(f.Hint, "Training does not mend this.") {
					t.Errorf("%s %s", f.Message, f.Hint)
				}
			}
		}
		if !told {
			t.Errorf("%s: no estimate was off: %s", verdict, r.Summary)
		}
	}
}
