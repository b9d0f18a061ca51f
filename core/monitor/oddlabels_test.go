package monitor_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/metric"
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
			want := one.performance
			if !withReference { // whether it became worse nobody can tell
				want = report.Unknown
			}
			if got := r.Checks["performance"].Verdict; got != want || p.Labelled != one.labelled || p.LeftOut != one.leftOut {
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

// TestNumbersThatAreNone: labels of a regression that cannot be read are told of.
func TestNumbersThatAreNone(t *testing.T) {
	w := newWorld(t)
	w.put("config/m.yaml", "task: regression\ncolumns: {came_true: {role: label}}\n")
	var log strings.Builder
	log.WriteString("order_id,amount,prediction,timestamp\n")
	for i := range 50 {
		fmt.Fprintf(&log, "o%d,%d.5,%d.25,2026-03-10T%02d:00:00Z\n", i, i, i, i%24)
	}
	w.put("reference/m/r.csv", log.String())
	w.put("logs/m/10.csv", log.String())
	w.put("logs/m/again.csv", log.String())
	w.put("labels/m/l.csv", labelFile("o1,1.5", `o2,"2,5"`, "o3,abc", "o4,4.5"))
	want := []string{
		"logs/m/again.csv has the same content as logs/m/10.csv and is not counted again",
		`labels/m/l.csv, row 2, column "came_true": "2,5" is not a number; 2 labels of this file are left out so: write decimals with a point (2.5)`,
	}
	notes := strings.Join(w.run().Notes, "\n")
	for _, line := range want {
		if !strings.Contains(notes, line) {
			t.Errorf("notes lack %q:\n%s", line, notes)
		}
	}
	told := func(labelled, left int64, ratio float64, message string) {
		t.Helper()
		r := w.newest("2026-03-10")
		if p := r.Performance; p == nil || p.Labelled != labelled || p.LeftOut != left {
			t.Errorf("%+v", p)
		}
		at := slices.IndexFunc(r.Samples, func(s metric.Sample) bool { return s.Metric == "type_mismatch_ratio" && s.Labels.Role == "label" })
		if at < 0 || r.Samples[at].Value != ratio {
			t.Errorf("no type_mismatch_ratio of %v", ratio)
		}
		if message != "" && !slices.ContainsFunc(r.Findings, func(f report.Finding) bool { return f.Message == message }) {
			t.Errorf("no finding %q among %+v", message, r.Findings)
		}
		w.wantIdle()
	}
	told(2, 2, 0.5, "2 of 4 labels are no number: left out.")
	w.put("labels/m/mended.csv", labelFile("o2,2.5", "o3,3.5", "o5,none at all"))
	w.run()
	told(4, 1, 0.2, "")
	w.put("labels/m/last.csv", labelFile("o5,5.5"))
	w.run()
	told(5, 0, 0, "")
}

// TestCheckLabels: what labels lack is known before they are read, once the model has
// a baseline.
func TestCheckLabels(t *testing.T) {
	w := newWorld(t)
	w.put("config/m.yaml", labelledModel)
	check := func(text string) error {
		at := strings.NewReader(text)
		return w.monitor().CheckLabels(context.Background(), "m", format.Source{Name: "l.csv", At: at, Size: at.Size(), Stream: strings.NewReader(text)})
	}
	if err := check("fruit,colour\n1,2\n"); err != nil {
		t.Errorf("without a baseline: %v", err)
	}
	log, _ := predictions(1, 100, 9)
	w.put("reference/m/r.csv", log)
	w.put("logs/m/10.csv", log)
	w.run()
	if err := check("fruit,colour,x\n1,2,3\n"); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "name the column of ids as in the logs") {
		t.Errorf("without an id: %v", err)
	}
	if err := check("order_id,a,b\no1,2,3\n"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("without a label: %v", err)
	}
	if err := check(labelFile("o1-1,yes")); err != nil {
		t.Error(err)
	}
}
