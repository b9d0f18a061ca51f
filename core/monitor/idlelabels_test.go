package monitor_test

import (
	"context"
	"strings"
	"testing"
)

// TestIdleLabels: label files that say nothing of any row are told of by name when they are
// read, and later on as long as that is so.
func TestIdleLabels(t *testing.T) {
	w, objects := newWorld(t), labelledWorld()
	w.put("config/m.yaml", labelledModel)
	w.put("reference/m/r.csv", objects["reference/m/r.csv"])
	w.put("logs/m/10.csv", objects["logs/m/10.csv"])
	w.run()
	idle := func() (string, bool) {
		found, all, err := w.monitor().IdleLabels(context.Background(), "m")
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, one := range found {
			names = append(names, one.Object)
		}
		return strings.Join(names, " "), all
	}
	const (
		none  = "labels/m/none.csv: there are no labels in it: it has no rows"
		other = "labels/m/other.csv: no row so far has any of its 2 ids: "
	)
	for _, step := range []struct {
		file, content string
		told          string // "": nothing
		idle          string
		all           bool
	}{
		{"labels/m/none.csv", "order_id,came_true\n", none, "labels/m/none.csv", true},
		{"labels/m/other.csv", labelFile("zz1,yes", "zz2,no", "zz1,yes"), other, "labels/m/none.csv labels/m/other.csv", true},
		{"labels/m/a.csv", objects["labels/m/a.csv"], "", "labels/m/none.csv labels/m/other.csv", false},
		{"logs/m/11.csv", strings.Replace(objects["logs/m/11.csv"], "\n", "\nzz2,1,1,2026-03-11T01:00:00Z\n", 1), "", "labels/m/none.csv", false},
	} {
		w.put(step.file, step.content)
		notes := strings.Join(w.run().Notes, "\n")
		if got := strings.Contains(notes, "what writes it") || strings.Contains(notes, "no row so far has"); got != (step.told != "") || !strings.Contains(notes, step.told) {
			t.Errorf("%s: %q", step.file, notes)
		}
		if got, all := idle(); got != step.idle || all != step.all {
			t.Errorf("%s: %q, all %v", step.file, got, all)
		}
		w.wantIdle()
	}
}
