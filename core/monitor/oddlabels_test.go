package monitor_test

import (
	"fmt"
	"strings"
	"testing"

	"leeway/core/report"
)

// named is predictions with other names of the classes.
func named(day, rows, right int, zero, one string) (log string, labels []string) {
	log, labels = predictions(day, rows, right)
	log = strings.NewReplacer(",0\n", ","+zero+"\n", ",1\n", ","+one+"\n").Replace(log)
	for i := range labels {
		labels[i] = strings.NewReplacer(",no", ","+zero, ",yes", ","+one).Replace(labels[i])
	}
	return log, labels
}

const churnModel = "task: binary\npositive: churned\ncolumns: {came_true: {role: label}}\n"

// oddWorld has a day whose model is as good as the reference's, and labels of it that
// were changed.
func oddWorld(t *testing.T, withReference bool, change func(i int, label string) string) *report.Report {
	w := newWorld(t)
	reference, known := named(1, 600, 9, "stayed", "churned")
	today, labels := named(10, 300, 9, "stayed", "churned")
	w.put("config/m.yaml", churnModel)
	w.put("reference/m/r.csv", reference)
	if withReference {
		w.put("labels/m/reference.csv", labelFile(known...))
	}
	w.put("logs/m/10.csv", today)
	w.run()
	for i, line := range labels {
		id, label, _ := strings.Cut(line, ",")
		labels[i] = id + "," + change(i, label)
	}
	w.put("labels/m/10.csv", labelFile(labels...))
	w.run()
	w.wantIdle()
	return w.newest("2026-03-10")
}

// TestOddLabels: labels that are not what they should be are said to be, and the
// model is not blamed for them.
func TestOddLabels(t *testing.T) {
	for _, one := range []struct {
		name              string
		change            func(i int, label string) string
		performance       report.Verdict
		labelled, leftOut int64
		summary           string
	}{
		{"right", func(_ int, label string) string { return label }, report.OK, 300, 0, "Nothing changed"},
		{"another pair", func(_ int, label string) string { return map[string]string{"churned": "1", "stayed": "0"}[label] }, report.Unknown, 0, 300, "The labels are "},
		{"one stray", func(i int, label string) string {
			if i == 7 {
				return "0.87"
			}
			return label
		}, report.OK, 299, 1, "1 of 300 labels is 0.87, which the reference does not have (it has churned and stayed): left out."},
		{"missing", func(i int, label string) string {
			if i%10 == 0 {
				return "n/a"
			}
			return label
		}, report.OK, 270, 30, "Nothing changed"},
	} {
		for _, withReference := range []bool{true, false} {
			r := oddWorld(t, withReference, one.change)
			what := fmt.Sprintf("%s, labelled reference %v", one.name, withReference)
			p := r.Performance
			if p == nil {
				t.Errorf("%s: nothing is said of performance", what)
				continue
			}
			if got := r.Checks["performance"].Verdict; got != one.performance && (withReference || got != "") || p.Labelled != one.labelled || p.LeftOut != one.leftOut {
				t.Errorf("%s: performance %s of %d labelled rows, %d left out; %s", what, got, p.Labelled, p.LeftOut, r.Summary)
			}
			if withReference && !strings.Contains(r.Summary, one.summary) {
				t.Errorf("%s: %s", what, r.Summary)
			}
			if odd := one.performance == report.Unknown; odd != (r.Verdict == report.Alert) || odd && !strings.HasPrefix(r.Summary, "The labels are ") {
				t.Errorf("%s: %s: %s", what, r.Verdict, r.Summary)
			}
		}
	}
}
