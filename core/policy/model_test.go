package policy

import (
	"math"
	"strings"
	"testing"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/report"
)

// accuracyOf is unchanged accuracy of so many labelled rows against 16,000.
func accuracyOf(rows int64) check.Evidence {
	e := check.Evidence{Check: "performance", Metric: "accuracy", Value: 0.8, Base: 0.8, P: 0.5, Either: 1, Unit: 1, Material: 0.03, NReference: 16000, NCurrent: rows}
	e.Error = math.Sqrt(0.16/16000 + 0.16/float64(rows))
	return e
}

// TestModelUnknown: where a fall of accuracy by ten points would not show, performance
// is unknown, and the window where no more labels are to come.
func TestModelUnknown(t *testing.T) {
	var moving []metric.Deviate
	for _, z := range []float64{0.4, 3.8, 3.5, 5.1, 2.9} {
		moving = append(moving, metric.Deviate{Z: z, N: 2800})
	}
	for name, one := range map[string]struct {
		rows    int64
		windows []metric.Deviate
		labels  bool
		model   report.Verdict
		all     report.Verdict
		says    string
	}{
		"few labels so far":         {rows: 40, model: report.Unknown, all: report.OK, says: "40 labelled rows"},
		"few labels":                {rows: 40, labels: true, model: report.Unknown, all: report.Unknown, says: "It takes about"},
		"enough":                    {rows: 2500, labels: true, model: report.OK, all: report.OK},
		"few windows, which differ": {rows: 2500, windows: moving, model: report.Unknown, all: report.OK, says: "5 windows"},
	} {
		drift := check.Evidence{Check: "drift", Metric: "psi", Labels: metric.Labels{Column: "a"}, P: 0.5, Material: 0.1, NReference: 16000, NCurrent: one.rows,
			Detectable: func(float64) float64 { return 0.01 }}
		j := Judge([]check.Evidence{drift, accuracyOf(one.rows)}, &Options{Labels: one.labels, Variation: map[string][]metric.Deviate{"performance.accuracy": one.windows}})
		if j.Checks["performance"].Verdict != one.model || j.Verdict != one.all {
			t.Errorf("%s: performance %s, verdict %s", name, j.Checks["performance"].Verdict, j.Verdict)
		}
		text := ""
		for _, f := range j.Findings {
			text += f.Message + " " + f.Hint
		}
		if !strings.Contains(text, one.says) || one.says == "" && text != "" {
			t.Errorf("%s: %q", name, text)
		}
	}
}
