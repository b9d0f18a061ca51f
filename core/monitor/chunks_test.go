package monitor_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/monitor"
	"leeway/core/state"
)

// mixedDays is three days of labelled predictions in one file, in any order of their
// rows, as much of them as there are in labelledWorld.
func mixedDays() map[string]string {
	objects := labelledWorld()
	var rows []string
	var head string
	for _, key := range []string{"logs/m/10.csv", "logs/m/11.csv", "logs/m/12.csv"} {
		lines := strings.Split(strings.TrimSpace(objects[key]), "\n")
		head, rows = lines[0]+",country\n", append(rows, lines[1:]...)
		delete(objects, key)
	}
	r := rand.New(rand.NewPCG(7, 7))
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	with := func(lines []string) string {
		for i := range lines {
			lines[i] += []string{",DE", ",FR", ",PL"}[r.IntN(3)]
		}
		return head + strings.Join(lines, "\n") + "\n"
	}
	objects["logs/m/all.csv"] = with(rows)
	objects["reference/m/r.csv"] = with(strings.Split(strings.TrimSpace(objects["reference/m/r.csv"]), "\n")[1:])
	objects["config/m.yaml"] = strings.Replace(labelledModel, "role: label}", "role: label}, country: {role: sensitive}", 1)
	return objects
}

// cutWorld has the objects of a model; its processes cut predictions after so many rows.
func cutWorld(t *testing.T, objects map[string]string, rows, held int) *world {
	w := newWorld(t)
	w.equip = func(m *monitor.Monitor) { m.Cut(rows, held) }
	for _, key := range keys(objects) {
		w.put(key, objects[key])
	}
	return w
}

func (w *world) reported() map[string]string {
	w.Helper()
	all := map[string]string{}
	for _, s := range w.history() {
		all[s.Window.Key()] = s.Report + " " + s.Labels
	}
	return all
}

// TestCutPredictions: whether the predictions of a file are kept whole or in chunks,
// and whether they are held in memory or read again, reports are the same.
func TestCutPredictions(t *testing.T) {
	objects := mixedDays()
	whole := cutWorld(t, objects, 0, 0)
	whole.run()
	if n := len(whole.bytes("state/m/ledger/")); n != 3 {
		t.Fatalf("%d ledgers of three windows", n)
	}
	if p := whole.performance("2026-03-12"); p == nil || p.Labelled != 300 {
		t.Fatalf("%+v on the 12th", p)
	}
	for _, c := range []struct{ rows, held, chunks int }{{100, 0, 27}, {100, 50, 27}, {900, 0, 3}, {899, 0, 4}, {7, 50, 0}} {
		w := cutWorld(t, objects, c.rows, c.held)
		w.run()
		if diff := cmp.Diff(whole.reported(), w.reported()); diff != "" {
			t.Errorf("%+v: %s", c, diff)
		}
		if n := len(w.bytes("state/m/ledger/")); c.chunks > 0 && n != c.chunks {
			t.Errorf("%+v: %d chunks", c, n)
		}
		if diff := cmp.Diff(whole.bytes("state/m/profiles/"), w.bytes("state/m/profiles/")); diff != "" {
			t.Errorf("%+v: profiles differ: %s", c, diff)
		}
		w.wantIdle()
	}
}

// TestLabelsForPredictionsKeptWhole: what was kept before predictions were cut is
// read as it is.
func TestLabelsForPredictionsKeptWhole(t *testing.T) {
	objects := mixedDays()
	whole := cutWorld(t, objects, 0, 0)
	whole.run()
	w := newWorld(t)
	for _, key := range keys(objects) {
		if !strings.HasPrefix(key, "labels/") || key == "labels/m/reference.csv" {
			w.put(key, objects[key])
		}
	}
	w.run()
	kept := w.bytes("state/m/ledger/")
	w.equip = func(m *monitor.Monitor) { m.Cut(50, 10) }
	for _, key := range []string{"labels/m/a.csv", "labels/m/b.csv", "labels/m/c.csv"} {
		w.put(key, objects[key])
	}
	w.run()
	if diff := cmp.Diff(kept, w.bytes("state/m/ledger/")); diff != "" {
		t.Error(diff)
	}
	for day, want := range map[string]int64{"2026-03-10": 300, "2026-03-11": 300, "2026-03-12": 300} {
		if p := w.performance(day); p == nil || p.Labelled != want {
			t.Errorf("%s: %+v", day, p)
		}
	}
}

// TestChunksOfWhatDoesNotCount: of a file that turns out not to be readable, and of
// rows that are years apart from all others, no predictions stay.
func TestChunksOfWhatDoesNotCount(t *testing.T) {
	objects := mixedDays()
	lines := strings.SplitAfter(objects["logs/m/all.csv"], "\n")
	lines[50] = strings.Replace(lines[50], "2026-03-", "2099-03-", 1)
	objects["logs/m/all.csv"] = strings.Join(lines, "")
	w := cutWorld(t, objects, 100, 0)
	w.run()
	if got := len(w.windows()); got != 3 {
		t.Errorf("%d windows", got)
	}
	before := w.bytes("state/m/ledger/")
	for key := range before {
		if strings.Contains(key, "/2099") {
			t.Error(key)
		}
	}
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	log, _ := predictions(13, 3000, 9)
	fmt.Fprint(zip, log)
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	data := packed.Bytes()
	data[len(data)-6] ^= 1 // its checksum
	w.put("logs/m/13.csv.gz", string(data))
	w.run()
	if b := w.batch("logs/m/13.csv.gz"); b.Verdict != "invalid" {
		t.Errorf("%+v", b)
	}
	if diff := cmp.Diff(before, w.bytes("state/m/ledger/")); diff != "" {
		t.Error(diff)
	}
}

// TestKilledBetweenChunks: a process that is killed wherever leaves nothing that the
// next one does not bring to the same end, byte for byte.
func TestKilledBetweenChunks(t *testing.T) {
	objects := mixedDays()
	log, logs := "logs/m/all.csv", objects["logs/m/all.csv"]
	delete(objects, log)
	want := map[string]string(nil)
	for kill := int64(-1); kill < 40; kill += 5 {
		w := cutWorld(t, objects, 100, 50)
		w.run()
		w.put(log, logs)
		if kill >= 0 {
			dying := &mortal{Store: w.store}
			dying.left.Store(kill)
			m := &monitor.Monitor{DB: state.Open(w.store, dying), Data: w.store, Clock: w.clock, Workers: 2}
			m.Cut(100, 50)
			if _, err := m.Run(context.Background(), "m"); !errors.Is(err, errKilled) {
				t.Fatalf("after %d changes: %v", kill, err)
			}
			w.clock.advance(time.Hour) // claims of the dead have run out
		}
		w.run()
		got := w.bytes("state/m/ledger/", "state/m/profiles/", "state/m/batches/", "state/m/reports/")
		if want == nil {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("killed after %d changes: %s", kill, diff)
		}
	}
}

// TestDamagedChunk: a chunk that is gone, cut off or another one is made again from
// the file.
func TestDamagedChunk(t *testing.T) {
	objects := mixedDays()
	late := objects["labels/m/b.csv"]
	delete(objects, "labels/m/b.csv")
	for name, harm := range map[string]func(w *world, key, data string){
		"gone":    func(w *world, key, _ string) { _ = w.store.Delete(context.Background(), key) },
		"cut off": func(w *world, key, data string) { w.put(key, data[:len(data)/2]) },
		"another": func(w *world, key, data string) { w.put(key, w.bytes(key[:len(key)-1] + "1")[key[:len(key)-1]+"1"]) },
	} {
		w := cutWorld(t, objects, 100, 50)
		w.run()
		before := w.bytes("state/m/ledger/")
		key := keys(before)[2]
		harm(w, key, before[key])
		w.put("labels/m/b.csv", late)
		w.run()
		if diff := cmp.Diff(before, w.bytes("state/m/ledger/")); diff != "" || len(before) != 27 {
			t.Errorf("%s: %d chunks, %s", name, len(before), diff)
		}
		if p := w.performance("2026-03-12"); p == nil || p.Labelled != 300 {
			t.Errorf("%s: %+v on the 12th", name, p)
		}
	}
}
