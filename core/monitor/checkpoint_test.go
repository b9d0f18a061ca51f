package monitor_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"leeway/core/format/formattest"
	"leeway/core/monitor"
	"leeway/core/state"
)

// expiring is a bucket in which the time of who reads logs is up after so many bytes.
type expiring struct {
	state.Store
	left atomic.Int64
	end  context.CancelFunc
}

type expiringObject struct {
	state.Object
	of *expiring
}

func (e *expiring) Open(ctx context.Context, key string) (state.Object, error) {
	object, err := e.Store.Open(ctx, key)
	if err != nil || !strings.HasPrefix(key, "logs/") {
		return object, err
	}
	return &expiringObject{object, e}, nil
}

func (o *expiringObject) ReadAt(p []byte, at int64) (int, error) {
	if o.of.left.Add(-int64(len(p))) < 0 {
		o.of.end()
		return 0, context.Canceled
	}
	return o.Object.ReadAt(p, at)
}

// soldRows make a file that is longer than what is looked at first.
const soldRows = 16_000

// sold is a table that a model said things of, in each format.
func sold(t *testing.T) map[string][]byte {
	t.Helper()
	rows := formattest.Rows(soldRows)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	lines, err := formattest.JSONL(rows)
	if err != nil {
		t.Fatal(err)
	}
	groups, err := formattest.Parquet(rows, parquet.MaxRowsPerRowGroup(3000))
	if err != nil {
		t.Fatal(err)
	}
	text := formattest.CSV(rows, ',', "\n")
	for i := 0; i < 90; i++ { // some of it is wrong
		at := bytes.IndexByte(text[i*len(text)/100+1000:], '\n') + i*len(text)/100 + 1001
		text = append(text[:at:at], append([]byte([]string{"one,two\n", "\n", "bad,2026-01-02T04:00:00Z,much,many,perhaps,\xff,,,0.5,true\n"}[i%3]), text[at:]...)...)
	}
	return map[string][]byte{"a.csv": text, "a.jsonl": lines, "a.parquet": groups, "a.csv.gz": formattest.Gzip(text), "a.jsonl.zst": formattest.Zstd(lines)}
}

const soldModel = `task: binary
positive: "true"
window: {every: 1h}
columns: {came_true: {role: label}, member: {role: sensitive}, country: {role: segment}, amount: {kind: numeric}}
`

// soldWorld has one log of that name. Predictions are cut often.
func soldWorld(t *testing.T, name string, content []byte) *world {
	w := newWorld(t)
	w.equip = func(m *monitor.Monitor) { m.Cut(1700, 0); m.SaveAfter(1, 1<<40) }
	w.put("config/m.yaml", soldModel)
	w.put("reference/m/r.csv", string(formattest.CSV(formattest.Rows(2000), ',', "\n")))
	w.put("logs/m/"+name, string(content))
	return w
}

// runFor runs while so many bytes of logs may be read.
func (w *world) runFor(bytes int64) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	data := &expiring{Store: w.store, end: cancel}
	data.left.Store(bytes)
	m := w.monitor()
	m.Data = data
	result, err := m.Run(ctx, "m")
	if kept := len(w.checkpoints()); err != nil && len(result.Halfway) > kept || err == nil && len(result.Halfway) > 0 {
		w.Errorf("halfway are %q, with %d checkpoints: %v", result.Halfway, kept, err)
	}
	return err
}

func (w *world) checkpoints() map[string]string { return w.bytes("state/m/checkpoints/") }

// TestGoesOnWhereItWasGivenUp: an object that needs the time of several processes gets
// there, and all that is kept is the same to the byte as of one that had the time.
func TestGoesOnWhereItWasGivenUp(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 8))
	rows := map[string]bool{}
	files := sold(t)
	for _, name := range keys(files) {
		content := files[name]
		one := soldWorld(t, name, content)
		one.run()
		if b := one.batch("logs/m/" + name); b.Rows < soldRows || len(b.Parts) < 4 || b.Parts[0].Chunks < 3 || strings.Contains(name, "csv") != (len(b.Faults) > 3) {
			t.Fatalf("%s: %+v", name, b)
		}
		want := one.bytes("state/", "quarantine/")
		for _, share := range []float64{0.6, 0.15} {
			w := soldWorld(t, name, content)
			given, kept := 0, 0
			for ; given < 60; given++ {
				// What is looked at first, and what is read once more, comes on top; what is
				// packed is read from its beginning.
				err := w.runFor(int64(share*(0.5+2*random.Float64())*float64(len(content))) + int64(given)*int64(len(content))/20)
				if err == nil {
					break
				}
				if !errors.Is(err, context.Canceled) {
					t.Fatal(name, err)
				}
				for _, data := range w.checkpoints() {
					kept++
					head, _, _ := strings.Cut(data, "\n")
					if _, after, found := strings.Cut(head, `"row":`); found {
						rows[strings.Split(after, ",")[0]] = true
					}
				}
			}
			if given == 0 || kept == 0 {
				t.Errorf("%s: given up %d times, %d checkpoints", name, given, kept)
			}
			if diff := cmp.Diff(keys(want), keys(w.bytes("state/", "quarantine/"))); diff != "" {
				t.Errorf("%s, given up %d times: %s", name, given, diff)
			}
			for key, data := range w.bytes("state/", "quarantine/") {
				if data != want[key] {
					t.Errorf("%s, given up %d times: %s differs", name, given, key)
				}
			}
			w.wantIdle()
		}
	}
	if len(rows) < 4 {
		t.Errorf("given up at rows %v alone", keys(rows))
	}
}

// TestGoesOnWhereItWasKilled: so it is with what was kept before a process was killed, at
// any change of the state.
func TestGoesOnWhereItWasKilled(t *testing.T) {
	content := sold(t)["a.csv"]
	one := soldWorld(t, "a.csv", content)
	one.run()
	want := one.bytes("state/", "quarantine/")
	passed := false
	for kill := int64(1); !passed; kill += 9 {
		w := soldWorld(t, "a.csv", content)
		w.equip = func(m *monitor.Monitor) { m.Cut(1700, 0); m.SaveAfter(1, 20_000) }
		dying := &mortal{Store: w.store}
		dying.left.Store(kill)
		m := &monitor.Monitor{DB: state.Open(w.store, dying), Data: w.store, Clock: w.clock, Workers: 2}
		w.equip(m)
		_, err := m.Run(context.Background(), "m")
		if err != nil && !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
		w.clock.advance(time.Minute) // claims run out
		if w.run(); len(w.checkpoints()) > 0 {
			t.Errorf("killed at change %d: the checkpoint stays", kill)
		}
		for key, data := range w.bytes("state/", "quarantine/") {
			if data != want[key] {
				t.Errorf("killed at change %d: %s differs", kill, key)
			}
		}
		passed = err == nil
	}
}

// TestKeptBefore: what was kept while there was time is more than was read before, too,
// though so little came after it that the end of the time keeps nothing.
func TestKeptBefore(t *testing.T) {
	w := soldWorld(t, "a.csv", sold(t)["a.csv"])
	w.equip = func(m *monitor.Monitor) { m.SaveAfter(1<<40, 20_000) }
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	data := &expiring{Store: w.store, end: cancel}
	data.left.Store(int64(len(sold(t)["a.csv"])) * 19 / 10)
	m := w.monitor()
	m.Data = data
	result, err := m.Run(ctx, "m")
	if !errors.Is(err, context.Canceled) || len(result.Halfway) != 1 || len(w.checkpoints()) != 1 {
		t.Errorf("halfway are %q, with %d checkpoints: %v", result.Halfway, len(w.checkpoints()), err)
	}
}

// TestReplacedWhileItIsRead: what was collected of another version does not count.
func TestReplacedWhileItIsRead(t *testing.T) {
	content := sold(t)["a.csv"]
	lines := bytes.SplitAfter(content, []byte("\n"))
	other := bytes.Join(append(lines[:1:1], lines[4000:]...), nil)
	one := soldWorld(t, "a.csv", content)
	one.put("logs/m/a.csv", string(other))
	one.run()
	want := one.bytes("state/")

	w := soldWorld(t, "a.csv", content)
	if err := w.runFor(int64(len(content)) * 19 / 10); !errors.Is(err, context.Canceled) || len(w.checkpoints()) != 1 {
		t.Fatal(err, w.checkpoints())
	}
	w.wantWay(false, false)
	w.put("logs/m/a.csv", string(other))
	w.wantWay(false, true)
	w.run()
	for key, data := range want {
		if got := w.bytes("state/")[key]; got != data {
			t.Errorf("%s differs", key)
		}
	}
	if len(w.checkpoints()) > 0 {
		t.Error("the checkpoint stays")
	}

	gone := soldWorld(t, "a.csv", content)
	if err := gone.runFor(int64(len(content)) * 19 / 10); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if err := gone.store.Delete(context.Background(), "logs/m/a.csv"); err != nil {
		t.Fatal(err)
	}
	gone.wantWay(true, false)
	if gone.run(); len(gone.checkpoints()) > 0 {
		t.Error("the checkpoint of an object that is gone stays")
	}
}

// wantWay checks what is told of the one object that is halfway.
func (w *world) wantWay(gone, other bool) {
	all, err := w.monitor().Halfway(context.Background(), "m")
	if err != nil || len(all) != 1 || all[0].Gone != gone || all[0].Other != other || all[0].Rows == 0 && all[0].Hashed == 0 {
		w.Errorf("halfway are %+v, %v", all, err)
	}
}

// TestTwoGoOnAtOnce: who finds the checkpoint written by another leaves that, and each
// comes to the same.
func TestTwoGoOnAtOnce(t *testing.T) {
	content := sold(t)["a.csv"]
	one := soldWorld(t, "a.csv", content)
	one.run()
	want := one.bytes("state/")
	w := soldWorld(t, "a.csv", content)
	if err := w.runFor(int64(len(content)) * 19 / 10); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	errs := make(chan error)
	for i := range time.Duration(3) {
		go func() {
			m := w.monitor()
			m.Clock = &clock{now: w.clock.Now().Add(i * time.Hour)} // nobody's claim holds for another
			m.SaveAfter(1, 20_000)
			_, err := m.Run(context.Background(), "m")
			errs <- err
		}()
	}
	for range 3 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	w.run() // a checkpoint that the slowest wrote after the quickest was done
	for key, data := range w.bytes("state/") {
		if data != want[key] {
			t.Errorf("%s differs", key)
		}
	}
}

// TestDamagedCheckpoints: one that is damaged is as none.
func TestDamagedCheckpoints(t *testing.T) {
	content := sold(t)["a.csv"]
	one := soldWorld(t, "a.csv", content)
	one.run()
	want := one.bytes("state/")
	for _, damage := range []func(string) string{
		func(s string) string { return s[:len(s)/2] },
		func(s string) string { return s[:len(s)-9] + "123456789" },
		func(s string) string { return strings.Replace(s, `"row":`, `"row":1`, 1) },
		func(string) string { return "" },
	} {
		w := soldWorld(t, "a.csv", content)
		if err := w.runFor(int64(len(content)) * 19 / 10); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		for key, data := range w.checkpoints() {
			w.put(key, damage(data))
		}
		if found, err := w.db.Inspect(context.Background(), "m", ""); err != nil || len(found) != 1 {
			t.Errorf("%v, %v", found, err)
		}
		w.run()
		for key, data := range w.bytes("state/") {
			if data != want[key] {
				t.Errorf("%s differs", key)
			}
		}
	}
}
