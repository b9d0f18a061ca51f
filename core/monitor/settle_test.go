package monitor_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/monitor"
	"leeway/core/state"
	"leeway/infra/local/memstore"
)

// folder is a store that tells who is being written to.
type folder struct {
	*memstore.Store
	busy map[string]bool
}

func (f *folder) Busy(_ context.Context, key string) bool { return f.busy[key] }

// server is a process that looks again: what was written half a second ago may
// still grow.
func (w *world) server() (*monitor.Monitor, *folder) {
	f := &folder{w.store, map[string]bool{}}
	return &monitor.Monitor{DB: state.Open(f, f), Data: f, Clock: w.clock, Workers: 2, Settle: 500 * time.Millisecond}, f
}

// look runs once and gives what waits, and for how long.
func (w *world) look(m *monitor.Monitor) map[string]time.Duration {
	w.Helper()
	result, err := m.Run(context.Background(), "m")
	if err != nil {
		w.Fatal(err)
	}
	return result.Waiting
}

func (w *world) wantWaiting(m *monitor.Monitor, want ...string) {
	w.Helper()
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(w.look(m)))); diff != "" {
		w.Errorf("waiting (-want +got):\n%s", diff)
	}
}

func TestWhatWasJustWrittenWaits(t *testing.T) {
	w := newWorld(t)
	m, _ := w.server()
	w.put("reference/m/r.csv", day(1, 1000, 1))
	w.clock.advance(700 * time.Millisecond)
	if diff := cmp.Diff(map[string]time.Duration{"reference/m/r.csv": 300 * time.Millisecond}, w.look(m)); diff != "" {
		t.Error(diff) // a baseline waits twice as long
	}
	w.clock.advance(time.Second)
	w.put("logs/m/2.csv", day(2, 300, 2))
	w.clock.advance(100 * time.Millisecond)
	if diff := cmp.Diff(map[string]time.Duration{"logs/m/2.csv": 400 * time.Millisecond}, w.look(m)); diff != "" {
		t.Error(diff)
	}
	w.wantWindows(map[string]int64{})
	w.clock.advance(400 * time.Millisecond)
	w.wantWaiting(m)
	w.wantWindows(map[string]int64{"2026-03-02": 300})
	w.clock.advance(-time.Hour) // a clock that was set back makes nothing wait
	w.put("logs/m/3.csv", day(3, 300, 3))
	w.clock.advance(-time.Hour)
	w.wantWaiting(m)
	w.wantWindows(map[string]int64{"2026-03-02": 300, "2026-03-03": 300})
}

func TestWhatIsHeldOpenWaits(t *testing.T) {
	w := newWorld(t)
	m, f := w.server()
	w.put("reference/m/r.csv", day(1, 1000, 1))
	w.put("logs/m/2.csv", day(2, 100, 2))
	w.put("logs/m/3.csv", day(3, 300, 3))
	f.busy["logs/m/2.csv"], f.busy["logs/m/3.csv"] = true, true
	w.clock.advance(5 * time.Second)
	w.wantWaiting(m, "logs/m/3.csv") // nobody has touched the other for a minute
	f.busy["logs/m/3.csv"] = false
	w.wantWaiting(m)
	w.wantWindows(map[string]int64{"2026-03-02": 100, "2026-03-03": 300})

	// A reference is waited for as well, and who does not look again (run)
	// leaves what is held open too.
	w = newWorld(t)
	_, f = w.server()
	once := &monitor.Monitor{DB: state.Open(f, f), Data: f, Clock: w.clock}
	w.put("logs/m/2.csv", day(2, 300, 2))
	w.put("reference/m/r.csv", day(1, 1000, 1))
	f.busy["reference/m/r.csv"] = true
	w.wantWaiting(once, "reference/m/r.csv")
	delete(f.busy, "reference/m/r.csv")
	f.busy["logs/m/2.csv"] = true
	w.wantWaiting(once)
	w.wantWindows(map[string]int64{"2026-03-02": 300})
}

// TestALogThatIsNeverClosed: a program that appends every second is not waited
// for without end.
func TestALogThatIsNeverClosed(t *testing.T) {
	w := newWorld(t)
	m, f := w.server()
	w.put("reference/m/r.csv", day(1, 1000, 1))
	f.busy["logs/m/2.csv"] = true
	looks := 0
	for ; len(w.history()) == 0 && looks < 100; looks++ {
		w.put("logs/m/2.csv", day(2, 100+looks, 2))
		w.clock.advance(time.Second)
		w.look(m)
	}
	if looks < 9 || looks > 12 { // ten minutes, at a minute a round
		t.Errorf("read after %d rounds", looks)
	}
}

// TestAnEndThatIsStillToCome: an archive that ends too early is damaged only
// when nothing more comes for a while.
func TestAnEndThatIsStillToCome(t *testing.T) {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if _, err := zip.Write([]byte(day(2, 300, 2))); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	whole := packed.String()
	half := whole[:len(whole)/2]

	w := newWorld(t)
	m, _ := w.server()
	w.put("reference/m/r.csv", day(1, 1000, 1))
	for _, late := range []struct{ key, head, said string }{
		{"logs/m/3.csv", "", "the file is empty"},
		{"logs/m/4.parquet", "PAR1 and no more", "begins as a Parquet file, but ends too early"},
		{"logs/m/5.parquet", "PAR1", "begins as a Parquet file, but ends too early"},
		{"logs/m/2.csv.gz", half, "the gzip archive ends too early"},
	} {
		w.put(late.key, late.head)
		before := w.quarantined()
		w.clock.advance(2 * time.Second)
		w.wantWaiting(m, late.key)
		if got := w.quarantined(); len(got) != len(before) {
			t.Errorf("%q", got)
		}
		w.clock.advance(2 * time.Second)
		w.wantWaiting(m)
		if got := w.quarantined(); !slices.Contains(got, late.key+": "+late.said) {
			t.Errorf("%s: %q", late.key, got)
		}
	}
	w.put("logs/m/2.csv.gz", half)
	w.clock.advance(time.Second)
	w.wantWaiting(m, "logs/m/2.csv.gz")
	w.put("logs/m/2.csv.gz", whole)
	w.clock.advance(time.Second)
	w.wantWaiting(m)
	w.wantWindows(map[string]int64{"2026-03-02": 300})
	if got := w.quarantined(); len(got) != 3 {
		t.Errorf("%q", got)
	}

	// A baseline of the half that is there would be wrong for good.
	w = newWorld(t)
	m, _ = w.server()
	w.put("reference/m/r.csv.gz", half)
	w.clock.advance(2 * time.Second)
	w.wantWaiting(m, "reference/m/r.csv.gz")
	if version, err := w.db.Current(t.Context(), "m"); version != "" || err != nil {
		t.Error(version, err)
	}
	w.put("reference/m/r.csv.gz", whole)
	w.clock.advance(2 * time.Second)
	w.wantWaiting(m)
	if rows := w.baseline().Rows; rows != 300 {
		t.Errorf("%d rows", rows)
	}
}

// overtaken is a store in which something happens right after an object was
// opened.
type overtaken struct {
	*folder
	key  string
	then func()
}

func (o *overtaken) Open(ctx context.Context, key string) (state.Object, error) {
	object, err := o.folder.Open(ctx, key)
	if key == o.key && o.then != nil {
		then := o.then
		o.then = nil
		then()
	}
	return object, err
}

// TestReadForLong: what ended too early when it was opened is not damaged if
// its writer has gone on since, however long it took to find out.
func TestReadForLong(t *testing.T) {
	w := newWorld(t)
	_, f := w.server()
	o := &overtaken{folder: f, key: "logs/m/2.csv"}
	m := &monitor.Monitor{DB: state.Open(o, o), Data: o, Clock: w.clock, Workers: 2, Settle: 500 * time.Millisecond}
	w.put("reference/m/r.csv", day(1, 1000, 1))
	w.put(o.key, "")
	w.clock.advance(time.Second)
	o.then = func() { w.put(o.key, day(2, 300, 2)) }
	w.wantWaiting(m, o.key)
	if got := w.quarantined(); len(got) > 0 {
		t.Errorf("%q", got)
	}
	w.clock.advance(time.Second)
	w.wantWaiting(m)
	w.wantWindows(map[string]int64{"2026-03-02": 300})
}
