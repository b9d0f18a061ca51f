package monitor_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// performances are the reports' labelled rows and accuracies, by day.
func (w *world) performances() map[string]string {
	w.Helper()
	all := map[string]string{}
	for _, s := range w.history() {
		day := s.Window.Start.Format("02")
		if all[day] = "none"; s.Performance != nil && s.Performance.Labelled > 0 {
			for _, m := range s.Performance.Metrics {
				if m.Metric == "accuracy" {
					all[day] = fmt.Sprintf("%d %.3f", s.Performance.Labelled, *m.Value)
				}
			}
		}
	}
	return all
}

// TestLabelVersions: a declared column says which label is the newest, in whatever
// order files come.
func TestLabelVersions(t *testing.T) {
	log, known := predictions(10, 200, 9)
	reference, ofReference := predictions(1, 600, 9)
	var files [3]strings.Builder
	for i := range files {
		files[i].WriteString("order_id,came_true,updated_at\n")
	}
	for i, line := range known {
		other := strings.NewReplacer("yes", "no", "no", "yes").Replace(line)
		fmt.Fprintf(&files[i%3], "%s,2026-03-12T%02d:00:00Z\n", line, 10+i%9)
		fmt.Fprintf(&files[(i+1)%3], "%s,2026-03-11T%02d:00:00Z\n", other, i%24)
		fmt.Fprintf(&files[(i+2)%3], "%s,\n", other)
	}
	objects := map[string]string{"labels/m/reference.csv": labelFile(ofReference...), "logs/m/10.csv": log}
	for i := range files {
		objects[fmt.Sprintf("labels/m/%d.csv", i)] = files[i].String()
	}
	names := keys(objects)
	r := rand.New(rand.NewPCG(6, 6))
	want := ""
	for range 3 {
		w := newWorld(t)
		w.put("config/m.yaml", labelledModel+"labels: {version: updated_at}\n")
		w.put("reference/m/r.csv", reference)
		for i, at := range r.Perm(len(names)) {
			w.put(names[at], objects[names[at]])
			if i%2 == 1 {
				w.run()
			}
		}
		w.run()
		w.wantIdle()
		s := w.history()[0]
		got := s.Report + " " + fmt.Sprint(w.performances())
		if want == "" {
			want = got
			if !(*s.Performance.Metrics[0].Value > 0.8) {
				t.Errorf("old labels count: %s", got)
			}
		}
		if got != want {
			t.Errorf("another order gives %s, not %s", got, want)
		}
	}
}

// TestHorizon: labels that come too late are not taken, and windows past the horizon
// are not joined again; the same in any order of runs.
func TestHorizon(t *testing.T) {
	var want map[string]string
	for round := range 3 {
		w := newWorld(t)
		w.put("config/m.yaml", labelledModel+"labels: {horizon: 10d}\n")
		reference, ofReference := predictions(1, 600, 9)
		w.put("reference/m/r.csv", reference)
		w.put("labels/m/reference.csv", labelFile(ofReference...))
		first, ofFirst := predictions(10, 200, 9)
		second, ofSecond := predictions(11, 200, 9)
		step := func(at int) {
			if round == at || round == 2 {
				w.run()
			}
		}
		w.put("logs/m/10.csv", first)
		step(0)
		w.put("labels/m/a.csv", labelFile(ofFirst[:50]...))
		step(1)
		w.clock.advance(9 * 24 * 60 * 60e9)
		w.put("labels/m/b.csv", labelFile(append(ofFirst[50:100:100], "nobody,yes")...))
		w.put("logs/m/11.csv", second)
		step(0)
		w.clock.advance(2 * 24 * 60 * 60e9)
		var wrong []string
		for _, line := range ofFirst[:80] {
			wrong = append(wrong, strings.NewReplacer("yes", "no", "no", "yes").Replace(line))
		}
		w.put("labels/m/c.csv", labelFile(append(append(wrong, ofFirst[100:]...), ofSecond...)...))
		result := w.run()
		if note := strings.Join(result.Notes, "\n"); round == 2 && note != "1 of 1,001 ids in labels/ fit no row so far: they wait for theirs\n100 of 1,001 ids in labels/ came too late for their rows (labels.horizon) and are not used\n80 ids in labels/ have labels that differ: the newest that came in time counts" {
			t.Errorf("notes %q", note)
		}
		w.wantIdle()
		got := w.performances()
		for _, s := range w.history() {
			got[s.Window.Key()] = s.Report + s.Labels
		}
		got["counts"] = fmt.Sprintf("%+v", *w.labelCounts())
		if want == nil {
			want = got
			if !strings.HasPrefix(got["10"], "100 0.9") || !strings.HasPrefix(got["11"], "200 0.") {
				t.Errorf("labels past the horizon count: %v", got)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("other runs end otherwise: %s", diff)
		}
	}
}

// TestRetain: predictions and labels are deleted once the data are so much newer,
// which is told once, and what was reported stays.
func TestRetain(t *testing.T) {
	w := newWorld(t)
	w.put("config/m.yaml", labelledModel+"retain: {ledger: 5d, labels: 5d}\n")
	reference, ofReference := predictions(1, 600, 9)
	first, ofFirst := predictions(10, 200, 9)
	w.put("reference/m/r.csv", reference)
	w.put("labels/m/reference.csv", labelFile(ofReference...))
	w.put("logs/m/10.csv", first)
	w.put("labels/m/a.csv", labelFile(ofFirst[:150]...))
	w.run()
	before := w.newest("2026-03-10").ID
	later, _ := predictions(17, 200, 9)
	w.put("logs/m/17.csv", later)
	result := w.run()
	if note := strings.Join(result.Notes, "\n"); !strings.Contains(note, "the predictions of 1 window are older than retain.ledger and are deleted") {
		t.Errorf("notes %q", note)
	}
	if left := keys(w.bytes("state/m/ledger/")); len(left) != 1 || !strings.Contains(left[0], "20260317T") {
		t.Errorf("left of the ledgers: %q", left)
	}
	w.wantIdle()
	w.put("labels/m/b.csv", labelFile(ofFirst...))
	if result := w.run(); strings.Contains(strings.Join(result.Notes, "\n"), "and are deleted") || len(result.Reports) > 0 {
		t.Errorf("told again: %q, %d reports", result.Notes, len(result.Reports))
	}
	if after := w.newest("2026-03-10").ID; after != before {
		t.Error("what was reported of a window changes when its predictions are deleted")
	}
	w.wantIdle()
	latest, _ := predictions(30, 200, 9)
	w.put("logs/m/30.csv", latest)
	if result := w.run(); strings.Contains(strings.Join(result.Notes, "\n"), "deleted") {
		t.Errorf("rows that are dated ahead of time make others old: %q", result.Notes)
	}
	w.wantIdle()
	w.clock.advance(11 * 24 * 60 * 60e9)
	more, _ := predictions(31, 200, 9)
	w.put("logs/m/31.csv", more)
	if result := w.run(); !strings.Contains(strings.Join(result.Notes, "\n"), "the labels of 3 files are older than retain.labels and are deleted") {
		t.Errorf("notes %q", result.Notes)
	}
	for _, key := range keys(w.bytes("state/m/labels/")) {
		if !strings.HasSuffix(key, ".json") {
			t.Errorf("%s is left", key)
		}
	}
	if after := w.newest("2026-03-10").ID; after != before {
		t.Error("what was reported of a window changes when labels are deleted")
	}
	w.wantIdle()
}
