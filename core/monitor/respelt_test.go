package monitor_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"leeway/core/report"
)

// scored is rows with a score, a prediction in these words, of wrong turned round, and
// what came true, which is in the rows with own; 0 or 1 or, with four words, the last two.
func scored(day time.Time, rows int, wrong float64, own bool, words ...string) (logs, labels string) {
	bit := bit
	if len(words) == 4 {
		bit = func(came bool) string {
			if came {
				return words[3]
			}
			return words[2]
		}
	}
	r := rand.New(rand.NewPCG(uint64(day.Unix()), uint64(rows)))
	var log, truth strings.Builder
	log.WriteString("id,ts,x,score,prediction")
	if own {
		log.WriteString(",label")
	}
	log.WriteString("\n")
	truth.WriteString("id,label\n")
	for i := range rows {
		score := r.Float64()
		came, predicted := r.Float64() < score, score >= 0.5
		if r.Float64() < wrong {
			predicted = !predicted
		}
		word := words[0]
		if predicted {
			word = words[1]
		}
		id := fmt.Sprintf("o%d-%d", day.Unix(), i)
		fmt.Fprintf(&log, "%s,%s,%.3f,%.4f,%s", id, day.Add(time.Duration(i)*time.Minute).Format(time.RFC3339), r.NormFloat64(), score, word)
		if own {
			log.WriteString("," + bit(came))
		}
		log.WriteString("\n")
		fmt.Fprintf(&truth, "%s,%s\n", id, bit(came))
	}
	return log.String(), truth.String()
}

// TestRespeltPredictions: of predictions in other words, while labels are in those that they
// were, that is said, with which word is which where something tells; the model is not blamed,
// and nothing is estimated of it. Labels in the same new words do not help: which is the positive
// class is not known. Words that mean the same are no such.
func TestRespeltPredictions(t *testing.T) {
	for _, one := range []struct {
		name     string
		words    []string
		respelt  string // in the message; "" for none
		labelled int64
	}{
		{"as they were", []string{"0", "1"}, "", 600},
		{"words of truth", []string{"no", "yes"}, "", 600},
		{"words of truth on both sides", []string{"no", "yes", "no", "yes"}, "", 600},
		{"labels in the same words", []string{"stayed", "churned", "stayed", "churned"}, "stayed is 0", 0},
		{"labels the other way round", []string{"aa", "zz", "aa", "zz"}, "aa is 0", 0},
		{"labels in the one other word", []string{"0", "2", "0", "2"}, "Most likely 2 is 1: no other class is gone.", 0},
		{"codes from 1 on", []string{"1", "2"}, "Most likely 2 is 1, 1 is 0: the scores of 2 are higher.", 0},
		{"labels in codes from 1 on", []string{"1", "2", "1", "2"}, "Most likely 2 is 1, 1 is 0: the scores of 2 are higher.", 0},
		{"codes to 0", []string{"-1", "0"}, "Most likely -1 is 0, 0 is 1: the scores of 0 are higher.", 0},
		{"another code of 0", []string{"-1", "1"}, "Most likely -1 is 0: no other class is gone.", 0},
		{"other words", []string{"stayed", "churned"}, "stayed is 0", 0},
		{"the other way round", []string{"aa", "zz"}, "aa is 0", 0},
		{"one other word", []string{"0", "2"}, "Most likely 2 is 1: no other class is gone.", 0},
	} {
		for _, own := range []bool{true, false} {
			w := newWorld(t)
			w.put("config/m.yaml", "task: binary\npositive: 1\ncolumns: {label: {role: label}}\n")
			reference, labels := scored(monday.AddDate(0, 0, -1), 1200, 0, own, "0", "1")
			w.put("reference/m/r.csv", reference)
			if !own {
				w.put("labels/m/r.csv", labels)
			}
			logs, truth := scored(monday, 600, 0, own, one.words...)
			w.put("logs/m/a.csv", logs)
			if !own {
				w.put("labels/m/a.csv", truth)
			}
			w.run()
			w.wantIdle()
			r := w.newest(monday.Format(time.DateOnly))
			name := fmt.Sprintf("%s, own labels %v", one.name, own)
			if r.Performance == nil || r.Performance.Labelled != one.labelled {
				t.Fatalf("%s: %+v: %s", name, r.Performance, r.Summary)
			}
			if strings.Contains(r.Summary, "got worse") || strings.Contains(r.Summary, "does worse") {
				t.Errorf("%s: %s", name, r.Summary)
			}
			told, labelTold := false, false
			for _, f := range r.Findings {
				if strings.HasPrefix(f.Metric, "estimated_") || f.Check == "performance" && f.Severity == report.SeverityAlert {
					t.Errorf("%s: %s", name, f.Message)
				}
				if f.Metric == "unseen_label_ratio" && f.Severity == report.SeverityAlert && len(one.words) == 4 && f.Labels.Column == "label" {
					labelTold = true
				}
				if f.Metric != "unseen_prediction_ratio" {
					continue
				}
				told = true
				hint := "labels: {map: {"
				if strings.Contains(one.respelt, ", ") && strings.Contains(one.name, "codes") { // a word is two classes
					hint = "build a baseline of data that have them, with positive: " + one.words[1] + "."
				}
				if f.Severity != report.SeverityAlert || !strings.Contains(f.Message, one.respelt) || !strings.Contains(f.Hint, hint) {
					t.Errorf("%s: %s: %s %s", name, f.Severity, f.Message, f.Hint)
				}
			}
			if told != (one.respelt != "") {
				t.Errorf("%s: told %v: %s", name, told, r.Summary)
			}
			if want := one.respelt != "" && len(one.words) == 4; labelTold != want {
				t.Errorf("%s: the labels are told of %v, want %v: %+v", name, labelTold, want, r.Findings)
			}
			if told && r.Checks["performance"].Verdict != report.Unknown {
				t.Errorf("%s: performance is %s", name, r.Checks["performance"].Verdict)
			}
		}
	}
}

// TestRespeltUnlabelled: a reference without labels says too in what words the model predicts.
func TestRespeltUnlabelled(t *testing.T) {
	for _, one := range []struct {
		words []string
		told  bool
	}{
		{[]string{"0", "1"}, false},
		{[]string{"no", "yes", "no", "yes"}, false},
		{[]string{"stayed", "churned", "stayed", "churned"}, true},
		{[]string{"stayed", "churned"}, true},
	} {
		for _, own := range []bool{true, false} {
			w := newWorld(t)
			w.put("config/m.yaml", "task: binary\npositive: 1\ncolumns: {label: {role: label}}\n")
			reference, _ := scored(monday.AddDate(0, 0, -1), 1200, 0, false, "0", "1")
			w.put("reference/m/r.csv", reference)
			logs, truth := scored(monday, 600, 0, own, one.words...)
			w.put("logs/m/a.csv", logs)
			if !own {
				w.put("labels/m/a.csv", truth)
			}
			w.run()
			w.wantIdle()
			r := w.newest(monday.Format(time.DateOnly))
			told, unknown := false, r.Checks["performance"].Verdict == report.Unknown
			for _, f := range r.Findings {
				told = told || f.Metric == "unseen_prediction_ratio" && f.Severity == report.SeverityAlert && strings.Contains(f.Hint, "labels: {map: {")
			}
			if labelled := r.Performance.Labelled > 0; told != one.told || labelled == one.told || !unknown {
				t.Errorf("%v, own labels %v: told %v, %d labelled, performance unknown %v: %s", one.words, own, told, r.Performance.Labelled, unknown, r.Summary)
			}
		}
	}
}
