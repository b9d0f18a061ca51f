package monitor_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/monitor"
	"leeway/core/state"
)

// labelCounts is what is known of the model's label files.
func (w *world) labelCounts() *state.LabelCounts {
	w.Helper()
	counts, err := state.Open(w.store, w.store).LabelCounts(context.Background(), "m")
	if err != nil || counts == nil {
		w.Fatalf("counts of labels: %v, %v", counts, err)
	}
	return counts
}

// inWindow is a number that the newest report of a day has of performance.
func (w *world) inWindow(day, metric string) float64 {
	w.Helper()
	for _, s := range w.newest(day).Samples {
		if s.Check == "performance" && s.Metric == metric {
			return s.Value
		}
	}
	w.Fatalf("%s: no %s", day, metric)
	return 0
}

// cutShort is a run that dies at its nth change of the state, or comes through.
func (w *world) cutShort(n int) {
	w.Helper()
	killer := &mortal{Store: w.store}
	killer.left.Store(int64(n))
	m := &monitor.Monitor{DB: state.Open(w.store, killer), Data: w.store, Clock: w.clock, Workers: 2}
	if _, err := m.Run(context.Background(), "m"); err != nil && !errors.Is(err, errKilled) {
		w.Fatal(err)
	}
	w.clock.advance(time.Hour) // claims of the dead have run out
}

const late = 11 * 24 * time.Hour // more than the horizon of ten days, less than two

// delivery is labels as people deliver them, and what a plain count makes of them.
type delivery struct {
	logs, files map[string]string
	late, far   string // files that come after the horizon, and after as long again
	want        state.LabelCounts
	windows     map[string][3]float64 // by day: labelled rows, rows with repeated labels, with contradictory ones
}

// deliver shuffles the labels of two days into five files: 30% are missing, 5% are
// repeated, 1% contradicted, and 2% of no row.
func deliver(seed uint64) *delivery {
	r := rand.New(rand.NewPCG(seed, 7))
	d := &delivery{logs: map[string]string{}, files: map[string]string{}, windows: map[string][3]float64{}}
	var files [5][]string
	put := func(line string) { at := r.IntN(5); files[at] = append(files[at], line); d.want.Labels++ }
	var missing []string
	for _, day := range []int{10, 11} {
		log, labels := predictions(day, 400, 8)
		d.logs[fmt.Sprintf("logs/m/%d.csv", day)] = log
		r.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })
		missing = append(missing, labels[280:]...)
		for _, line := range slices.Concat(labels[:20], labels[24:280]) {
			put(line)
		}
		for _, line := range labels[:20] { // one of them three times
			put(line)
		}
		put(labels[0])
		for _, line := range labels[20:24] { // in one file with its contrary: no correction
			at := r.IntN(5)
			files[at] = append(files[at], line, line, strings.NewReplacer("yes", "no", "no", "yes").Replace(line))
			d.want.Labels += 3
		}
		for i := range 8 {
			put(fmt.Sprintf("nobody%d-%d,yes", day, i))
		}
		d.windows[fmt.Sprintf("2026-03-%d", day)] = [3]float64{276, 24, 4}
	}
	for i, lines := range files {
		r.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		d.files[fmt.Sprintf("labels/m/%d.csv", i)] = labelFile(lines...)
	}
	d.late, d.far = labelFile(missing[:30]...), labelFile(missing[30:35]...)
	d.want.Labels += 35
	d.want.IDs, d.want.Unmatched, d.want.Late = 2*(280+8)+35, 16+5, 30
	d.want.Duplicate, d.want.Conflicting = 2*(20+1+4), 8
	return d
}

// TestLabelCounts: what the label files of a model hold is counted right, whether labels
// come before their predictions or after them, in any order and by any number of runs,
// some of them cut short.
func TestLabelCounts(t *testing.T) {
	reports := map[string]string{}
	for round := range uint64(6) {
		w, d := newWorld(t), deliver(3)
		r := rand.New(rand.NewPCG(round, 9))
		w.put("config/m.yaml", labelledModel+"labels: {horizon: 10d}\n")
		reference, _ := predictions(1, 600, 9)
		w.put("reference/m/r.csv", reference)
		objects := append(keys(d.logs), keys(d.files)...)
		r.Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
		for _, key := range objects {
			w.put(key, d.logs[key]+d.files[key])
			if round%3 > 0 && r.IntN(2) == 0 {
				w.run()
			}
			if round%3 == 2 {
				w.cutShort(r.IntN(12))
			}
		}
		w.run()
		w.wantIdle()
		w.clock.advance(late)
		w.put("labels/m/late.csv", d.late)
		if round%2 == 0 {
			w.run()
		}
		w.clock.advance(late)
		w.put("labels/m/far.csv", d.far)
		w.run()
		w.wantIdle()
		got := *w.labelCounts()
		got.Of = ""
		if diff := cmp.Diff(d.want, got); diff != "" {
			t.Errorf("round %d: %s", round, diff)
		}
		for day, want := range d.windows {
			got := [3]float64{w.inWindow(day, "labelled_rows"), w.inWindow(day, "labels_duplicate"), w.inWindow(day, "labels_conflicting")}
			if got != want {
				t.Errorf("round %d: %s has %v, want %v", round, day, got, want)
			}
			value := fmt.Sprint(w.inWindow(day, "accuracy"))
			if reports[day] == "" {
				reports[day] = value
			}
			if value != reports[day] {
				t.Errorf("round %d: accuracy of %s is %s, and %s in another order", round, day, value, reports[day])
			}
		}
	}
}

// TestLabelCountsAreMadeAgain: what is damaged, or lost, is counted again from all that
// is there.
func TestLabelCountsAreMadeAgain(t *testing.T) {
	w, d := newWorld(t), deliver(4)
	w.put("config/m.yaml", labelledModel)
	reference, _ := predictions(1, 600, 9)
	w.put("reference/m/r.csv", reference)
	for _, objects := range []map[string]string{d.logs, d.files} {
		for _, key := range keys(objects) {
			w.put(key, objects[key])
		}
	}
	w.run()
	want := w.bytes("state/m/")
	for _, broken := range []map[string]string{
		{"state/m/labels.json": "{"}, {"state/m/labels.json": ""}, {"state/m/awaited.json": "{", "state/m/labels.json": ""}, {"state/m/awaited.json": "", "state/m/labels.json": ""},
	} {
		for key, text := range broken {
			var err error
			if text == "" {
				err = w.store.Delete(context.Background(), key)
			} else {
				_, err = w.store.Put(context.Background(), key, strings.NewReader(text), nil)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		w.run()
		got := w.bytes("state/m/")
		if diff := cmp.Diff(want["state/m/labels.json"], got["state/m/labels.json"]); diff != "" {
			t.Errorf("%v: %s", broken, diff)
		}
	}
}
