package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// planted writes the logs and the labels of a model that is blind to `b` and too
// sure of the rest, and gives their names.
func planted(t *testing.T, folder, name string, rows int, row func(*rand.Rand) (a, b float64, kind string, label int)) (logs, labels string) {
	t.Helper()
	random := rand.New(rand.NewPCG(uint64(len(name)), 5))
	var log, truth strings.Builder
	log.WriteString("id,a,b,kind,score\n")
	truth.WriteString("id,label\n")
	for i := range rows {
		a, b, kind, label := row(random)
		z := 1.3*a - 0.2
		if kind == "shop" {
			z += 0.5
		}
		fmt.Fprintf(&log, "%s%d,%.6g,%.6g,%s,%.6f\n", name, i, a, b, kind, 1/(1+math.Exp(-z)))
		fmt.Fprintf(&truth, "%s%d,%d\n", name, i, label)
	}
	logs, labels = filepath.Join(folder, name+".csv"), filepath.Join(folder, name+"_labels.csv")
	for file, text := range map[string]string{logs: log.String(), labels: truth.String()} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return logs, labels
}

// drawn is a row of a logistic world: by how much features, the share of
// positive cases and the concept moved.
func drawn(shift, prior, turned float64) func(*rand.Rand) (a, b float64, kind string, label int) {
	return func(random *rand.Rand) (float64, float64, string, int) {
		for {
			a, b, kind := random.NormFloat64()+shift, random.NormFloat64()+shift, "web"
			if random.Float64() < 0.4 {
				kind = "shop"
			}
			z := (1-turned)*a + 0.6*b - 0.5
			if kind == "shop" {
				z += 0.5
			}
			label := 0
			if random.Float64() < 1/(1+math.Exp(-z)) {
				label = 1
			}
			if label == 1 || random.Float64() < prior {
				return a, b, kind, label
			}
		}
	}
}

// TestMoved: of data, labels and concept, the report says which moved, with late
// labels in any order.
func TestMoved(t *testing.T) {
	whole(t)
	folder := t.TempDir()
	reference, known := planted(t, folder, "reference", 5000, drawn(0, 1, 0))
	for want, row := range map[string]func(*rand.Rand) (a, b float64, kind string, label int){
		"none": drawn(0, 1, 0), "data": drawn(0.5, 1, 0), "label": drawn(0, 0.5, 0), "concept": drawn(0, 1, 0.9),
	} {
		current, labels := planted(t, folder, want+"_", 5000, row)
		r := checked(t, "--reference", reference, "--current", current, "--labels", labels, "--labels", known)
		if r.Performance == nil || r.Performance.Moved == nil || r.Performance.Moved.Verdict != want {
			t.Errorf("%s: %+v", want, r.Performance.Moved)
			continue
		}
		moved := want != "none"
		if told := strings.Contains(r.Summary, r.Performance.Moved.Message); told != (moved && want != "data") && want != "data" {
			t.Errorf("%s: summary %q", want, r.Summary)
		}
		if concept := mentions(r, "concept_shift"); concept != (want == "concept") {
			t.Errorf("%s: concept_shift found: %v", want, concept)
		}
		priced := false
		for _, f := range r.Findings {
			priced = priced || f.Check == "drift" && f.Impact != nil
		}
		if priced != (want == "data" || want == "label") {
			t.Errorf("%s: drift has an impact: %v", want, priced)
		}
		if labels := mentions(r, "label_shift"); labels && want == "none" || !labels && want == "label" {
			t.Errorf("%s: label_shift found: %v", want, labels)
		}
	}
}

// TestPredictionsMoved: where the same rows get other scores, of another model, it is not
// the data alone that moved where columns drift besides, and no concept; the report says so in its summary.
func TestPredictionsMoved(t *testing.T) {
	whole(t)
	folder := t.TempDir()
	reference, known := planted(t, folder, "reference", 4000, drawn(0, 1, 0))
	for want, shift := range map[string]float64{"prediction": 0, "data+prediction": 0.5} {
		current, labels := planted(t, folder, want, 4000, drawn(shift, 1, 0))
		text, err := os.ReadFile(current)
		if err != nil {
			t.Fatal(err)
		}
		rows := strings.Split(strings.TrimSpace(string(text)), "\n")
		for i, row := range rows[1:] {
			at := strings.LastIndexByte(row, ',') + 1
			score, err := strconv.ParseFloat(row[at:], 64)
			if err != nil {
				t.Fatal(err)
			}
			rows[1+i] = fmt.Sprintf("%s%.6f", row[:at], score/(score+(1-score)/math.E))
		}
		if err := os.WriteFile(current, []byte(strings.Join(rows, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		r := checked(t, "--reference", reference, "--current", current, "--labels", labels, "--labels", known)
		moved := r.Performance.Moved
		if moved.Verdict != want || moved.Prediction == nil || !strings.Contains(r.Summary, moved.Message) || !strings.Contains(moved.Message, "redictions moved") {
			t.Errorf("%s: %+v; %s", want, moved, r.Summary)
		}
		if mentions(r, "concept_shift") || strings.Contains(r.Summary, "oncept drift") {
			t.Errorf("the concept did not move: %s", r.Summary)
		}
	}
}

// TestCosts: what outcomes cost makes money of performance, of the estimate and of
// the drift of columns, in every form of the report.
func TestCosts(t *testing.T) {
	whole(t)
	folder := t.TempDir()
	reference, known := planted(t, folder, "reference", 4000, drawn(0, 1, 0))
	current, labels := planted(t, folder, "current", 4000, drawn(0.7, 1, 0))
	config := filepath.Join(folder, "monitor.yaml")
	if err := os.WriteFile(config, []byte("costs: {false_positive: 5, false_negative: 100, true_positive: -1, currency: EUR}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"--config", config, "--reference", reference, "--current", current, "--labels", labels, "--labels", known}
	r := checked(t, args...)
	confusion := map[[2]string]float64{}
	for _, s := range r.Samples {
		if s.Metric == "confusion" {
			confusion[[2]string{s.Labels.Actual, s.Labels.Predicted}] = s.Value
		}
	}
	want := (5*confusion[[2]string{"0", "1"}] + 100*confusion[[2]string{"1", "0"}] - confusion[[2]string{"1", "1"}]) / 4000 * 1000
	if got := sampled(r, "performance")["cost_per_1000"]; math.Abs(got.Value-want) > 1e-9*want || got.Interval == nil || want == 0 {
		t.Errorf("cost %+v, want %v", got, want)
	}
	if got := sampled(r, "confidence")["estimated_cost_per_1000"]; got.Interval == nil {
		t.Errorf("no estimate: %+v", got)
	}
	if r.Costs == nil || r.Costs.Currency != "EUR" {
		t.Errorf("currency %+v", r.Costs)
	}
	dear := 0
	for _, f := range r.Findings {
		if f.ImpactCost != nil && f.Check == "drift" && *f.ImpactCost > 0 {
			dear++
		}
	}
	if dear == 0 {
		t.Error("no drift costs money")
	}
	for _, form := range []string{"text", "markdown", "html"} {
		_, out := said(t, append([]string{"check", "--output", form}, args...)...)
		flat := strings.Join(strings.Fields(out), " ")
		for _, text := range []string{"cost_per_1000 (EUR)", "to the cost of 1,000 predictions (and to accuracy)", " EUR ("} {
			if !strings.Contains(flat, text) {
				t.Errorf("%s: without %q", form, text)
			}
		}
	}
	plain := checked(t, args[2:]...)
	if _, there := sampled(plain, "performance")["cost_per_1000"]; there || plain.Costs != nil {
		t.Error("without costs there is a cost")
	}
}

// TestWorstSlice: a slice of two conditions with 3% of the rows, in which accuracy
// falls by 15 points, is found and named; without the fall nothing is.
func TestWorstSlice(t *testing.T) {
	if testing.Short() {
		t.Skip("40,000 rows")
	}
	folder := t.TempDir()
	write := func(name string, seed uint64, right float64) string {
		random := rand.New(rand.NewPCG(seed, 9))
		var text strings.Builder
		text.WriteString("id,lead_time,price,channel,country,prediction,label\n")
		for i := range 20_000 {
			lead, channel := random.IntN(200), []string{"web", "shop", "phone", "agency", "fair"}[random.IntN(5)]
			hit := 0.85
			if channel == "web" && lead >= 170 {
				hit = right
			}
			said := random.IntN(2)
			label := said
			if random.Float64() > hit {
				label = 1 - said
			}
			fmt.Fprintf(&text, "%s%d,%d,%.2f,%s,%c,%d,%d\n", name, i, lead, 50+20*random.NormFloat64(), channel, 'A'+rune(random.IntN(6)), said, label)
		}
		file := filepath.Join(folder, name+".csv")
		if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return file
	}
	reference, same, worse := write("reference", 1, 0.85), write("same", 2, 0.85), write("worse", 4, 0.7)
	if r := checked(t, "--reference", reference, "--current", same); r.Slices == nil || len(r.Slices.Found) > 0 {
		t.Errorf("unchanged: %+v", r.Slices)
	}
	r := checked(t, "--reference", reference, "--current", worse)
	if len(r.Slices.Found) != 1 || len(r.Slices.Found[0].Conditions) != 2 {
		t.Fatalf("slices: %+v", r.Slices)
	}
	one := r.Slices.Found[0]
	for _, part := range []string{"`channel` = web", "`lead_time` >", "accuracy is"} {
		if !strings.Contains(one.Message, part) || !strings.Contains(r.Summary, part) {
			t.Errorf("no %s in %q, or in %q", part, one.Message, r.Summary)
		}
	}
	if one.Severity != "alert" || one.Share < 0.02 || one.Share > 0.04 {
		t.Errorf("slice: %+v", one)
	}
	// What one search in 100 would show by chance is told, and is no alarm.
	r = checked(t, "--reference", reference, "--current", write("little", 11, 0.755))
	if len(r.Slices.Found) != 1 || r.Slices.Found[0].Severity != "info" || r.Verdict != "ok" {
		t.Fatalf("%s, slices: %+v", r.Verdict, r.Slices)
	}
	if one := r.Slices.Found[0]; !strings.HasSuffix(one.Message, "so it is told and is no alarm.") || one.Name != "channel = web and lead_time > 169" {
		t.Errorf("slice: %+v", one)
	}
	// Without labels of the reference nothing tells whether the model was always worse there.
	r = checked(t, "--reference", columnsOf(t, reference, 0, 6), "--current", columnsOf(t, worse, 0, 6), "--labels", columnsOf(t, worse, 0, 1, 6, 7))
	if len(r.Slices.Found) == 0 || r.Slices.Found[0].Severity != "info" || r.Verdict != "ok" {
		t.Errorf("without labels of the reference: %s, slices: %+v", r.Verdict, r.Slices)
	}
}

// columnsOf writes some columns of a file without quotes beside it: those from one on to
// before another, in pairs.
func columnsOf(t *testing.T, file string, ranges ...int) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for line := range strings.Lines(string(data)) {
		fields, kept := strings.Split(strings.TrimSpace(line), ","), []string(nil)
		for i := 0; i < len(ranges); i += 2 {
			kept = append(kept, fields[ranges[i]:ranges[i+1]]...)
		}
		text.WriteString(strings.Join(kept, ",") + "\n")
	}
	name := strings.TrimSuffix(file, ".csv") + fmt.Sprint(ranges) + ".csv"
	if err := os.WriteFile(name, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}
