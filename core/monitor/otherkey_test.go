package monitor_test

import (
	"context"
	"strings"
	"testing"

	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/report"
)

// under has a process run the model with a key.
func (w *world) under(key string) (*monitor.Monitor, error) {
	m := w.monitor()
	m.IDKey = []byte(key)
	_, err := m.Run(context.Background(), "m")
	return m, err
}

// TestOtherKey: under another key than the one that ids were hashed under, or none, a
// model stands still and says what to do; what was said of its labels stays.
func TestOtherKey(t *testing.T) {
	for _, one := range []struct{ before, now, says string }{
		{"one", "", "is not set, and the ids of m were hashed under a key"},
		{"one", "two", "is another key than the ids of m were hashed under"},
		{"", "two", "is set, and the ids of m were hashed without a key"},
	} {
		w := newWorld(t)
		w.put("config/m.yaml", labelledModel)
		objects := labelledWorld()
		for _, name := range keys(objects) {
			if name != "labels/m/c.csv" {
				w.put(name, objects[name])
			}
		}
		if _, err := w.under(one.before); err != nil {
			t.Fatal(err)
		}
		told, state := w.performances(), w.bytes("state/")
		w.put("labels/m/c.csv", objects["labels/m/c.csv"])
		m, err := w.under(one.now)
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "LEEWAY_ID_KEY: "+one.says) || len(m.Trouble("m")) != 1 {
			t.Errorf("%q, then %q: %v", one.before, one.now, err)
		}
		if again := m.CheckKey(context.Background(), "m"); again == nil || again.Error() != err.Error() {
			t.Errorf("%q, then %q: asked, %v", one.before, one.now, again)
		}
		if _, err := m.BuildBaseline(context.Background(), "m", nil, true); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q, then %q: a baseline is built: %v", one.before, one.now, err)
		}
		for name, data := range w.bytes("state/") {
			if state[name] != data {
				t.Errorf("%q, then %q: %s is written", one.before, one.now, name)
			}
			if one.before != "" && strings.Contains(data, one.before+`"`) {
				t.Errorf("%s has the key", name)
			}
		}
		if _, err := w.under(one.before); err != nil {
			t.Fatal(err)
		}
		after := w.performances()
		for day, was := range told {
			if day != "11" && after[day] != was {
				t.Errorf("%q again: %s is %s, was %s", one.before, day, after[day], was)
			}
		}
		if after["11"] == told["11"] {
			t.Errorf("%q again: the label file that waited is not taken", one.before)
		}
	}
}

// TestKeyBeforeLabels: as long as no predictions are kept a key may be set.
func TestKeyBeforeLabels(t *testing.T) {
	w, objects := newWorld(t), labelledWorld()
	for _, name := range []string{"reference/m/r.csv", "logs/m/10.csv"} {
		w.put(name, objects[name])
	}
	w.run()
	if _, err := w.under("one"); err != nil {
		t.Error(err)
	}
}

// TestUnusedLabels: labels for logs without ids are said to be unused, each time, and
// are taken once there is an id.
func TestUnusedLabels(t *testing.T) {
	w, objects := newWorld(t), labelledWorld()
	w.put("config/m.yaml", labelledModel)
	for _, name := range keys(objects) {
		text := objects[name]
		if !strings.HasPrefix(name, "labels/") {
			text = strings.Replace(text, "order_id,", "code,", 1)
		}
		w.put(name, text)
	}
	w.put("config/m.yaml", "task: binary\npositive: \"1\"\ncolumns: {came_true: {role: label}, code: {role: ignore}}\n")
	const want = "labels/m/a.csv and 3 other files: no label is used: the logs have no column that identifies a row, so labels cannot be joined to them"
	for range 2 {
		result := w.run()
		if result.Unused == nil || !strings.HasPrefix(result.Unused.Error(), want) || !strings.Contains(result.Unused.Error(), "role: id}} in config/m.yaml") || result.Verdict() == report.OK {
			t.Errorf("%v: %v", result.Verdict(), result.Unused)
		}
		if err := w.monitor().UnusedLabels(context.Background(), "m"); err == nil || err.Error() != result.Unused.Error() {
			t.Errorf("asked: %v", err)
		}
	}
	if w.performance("2026-03-10") != nil {
		t.Error("labels were joined without an id")
	}
	w.put("config/m.yaml", "task: binary\npositive: \"1\"\ncolumns: {came_true: {role: label}, code: {role: id}}\n")
	result := w.run()
	if result.Unused != nil {
		t.Error(result.Unused)
	}
	if err := w.monitor().UnusedLabels(context.Background(), "m"); err != nil {
		t.Error(err)
	}
	if p := w.performance("2026-03-10"); p == nil || p.Labelled == 0 {
		t.Errorf("no label was taken once there is an id: %v %v", p, result)
	}
}
