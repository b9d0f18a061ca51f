package monitor_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/core/state"
)

const retained = labelledModel + "retain: {ledger: 5d, labels: 5d}\n"

// fillRetained is a model with labels of a day that is two weeks older than the rows
// that come next, which are in none of the files.
func fillRetained(w *world) (next string) {
	w.put("config/m.yaml", retained)
	reference, ofReference := predictions(1, 600, 9)
	first, ofFirst := predictions(10, 200, 9)
	w.put("reference/m/r.csv", reference)
	w.put("labels/m/reference.csv", labelFile(ofReference...))
	w.put("logs/m/10.csv", first)
	w.put("labels/m/a.csv", labelFile(ofFirst[:150]...))
	w.run()
	w.clock.advance(8 * 24 * time.Hour)
	next, _ = predictions(27, 200, 9)
	return next
}

// wantSound makes sure that nothing is damaged or noted as such.
func (w *world) wantSound() {
	w.Helper()
	damages, err := w.db.Inspect(context.Background(), "m", "")
	if err != nil || len(damages) > 0 {
		w.Errorf("damaged: %+v, %v", damages, err)
	}
	if noted := w.quarantined(); len(noted) > 0 {
		w.Errorf("noted: %q", noted)
	}
}

func (w *world) dropped() (windows, files int) {
	w.Helper()
	d, err := w.db.Dropped(context.Background(), "m")
	if err != nil {
		w.Fatal(err)
	}
	return d.Count()
}

// TestRetainLifted: what retention deleted stays deleted, and is no damage, when
// things are kept longer or for good afterwards.
func TestRetainLifted(t *testing.T) {
	for _, otherwise := range []string{"", "retain: {ledger: 300d, labels: 300d}\n", "retain: {ledger: 300d}\n"} {
		t.Run(otherwise, func(t *testing.T) {
			w := newWorld(t)
			w.put("logs/m/27.csv", fillRetained(w))
			w.run()
			if windows, files := w.dropped(); windows != 1 || files != 2 {
				t.Fatalf("dropped %d windows and %d files", windows, files)
			}
			before := w.newest("2026-03-10").ID
			w.put("config/m.yaml", labelledModel+otherwise)
			w.wantIdle()
			w.wantSound()
			// Labels that come for it are not taken, and those that were deleted are not read again.
			_, ofFirst := predictions(10, 200, 9)
			w.put("labels/m/b.csv", labelFile(ofFirst...))
			w.run()
			if after := w.newest("2026-03-10").ID; after != before {
				t.Error("a window whose predictions were deleted has another report")
			}
			w.wantIdle()
			// Neither is the window taken apart by rows that come for it.
			more := strings.ReplaceAll(mustPredict(10, 50), "o10-", "more-")
			w.put("logs/m/more.csv", more)
			w.run()
			newest := w.newest("2026-03-10")
			if notes := strings.Join(newest.Notes, "\n"); newest.Current.Rows != 250 || !strings.Contains(notes, "retain.ledger") {
				t.Errorf("%d rows, notes %q", newest.Current.Rows, notes)
			}
			w.wantIdle()
			w.wantSound()
			// A file that is delivered once more is a new one.
			w.put("labels/m/a.csv", labelFile(ofFirst[:150]...))
			w.run()
			if windows, files := w.dropped(); windows != 1 || files != 2 {
				t.Errorf("dropped %d windows and %d files", windows, files)
			}
			w.wantIdle()
			w.wantSound()
		})
	}
}

// TestLabelsOfDeleted: of labels whose predictions are deleted nobody says that they
// wait for theirs.
func TestLabelsOfDeleted(t *testing.T) {
	w := newWorld(t)
	next := fillRetained(w)
	w.put("config/m.yaml", labelledModel+"retain: {ledger: 5d}\n")
	w.put("logs/m/27.csv", next)
	w.run()
	if windows, files := w.dropped(); windows != 1 || files != 0 {
		t.Fatalf("dropped %d windows and %d files", windows, files)
	}
	_, ofFirst := predictions(10, 200, 9)
	_, ofNext := predictions(27, 200, 9)
	for _, step := range []struct {
		labels []string
		want   string
	}{
		{ofNext[:100], ""},
		{ofFirst[150:160], "10 of 860 ids in labels/ fit no row so far: they wait for theirs, or came too late for predictions that are deleted (retain.ledger) and never will"},
	} {
		w.clock.advance(time.Minute)
		w.put("labels/m/"+step.labels[0][:6]+".csv", labelFile(step.labels...))
		if got := strings.Join(w.run().Notes, "\n"); got != step.want {
			t.Errorf("notes %q, want %q", got, step.want)
		}
	}
}

// TestUnreadLabels: a label file that cannot be read is an error of the run, once.
func TestUnreadLabels(t *testing.T) {
	w := newWorld(t)
	fillRetained(w)
	w.put("labels/m/empty.csv", "")
	w.put("labels/m/foo.csv", "foo,bar\n1,2\n")
	result := w.run()
	if len(result.Unread) != 2 || !strings.HasPrefix(result.Unread[0].Error(), "labels/m/empty.csv: ") || !strings.HasPrefix(result.Unread[1].Error(), "labels/m/foo.csv: ") || result.Verdict() != report.Invalid {
		t.Errorf("%v: %v", result.Verdict(), result.Unread)
	}
	if again := w.run(); len(again.Unread) != 0 || again.Verdict() != report.OK {
		t.Errorf("%v: %v", again.Verdict(), again.Unread)
	}
	w.wantIdle()
}

func mustPredict(number, rows int) string {
	log, _ := predictions(number, rows, 9)
	return log
}

// TestKilledWhileRetaining kills a process at each change of the state in turn; a
// next one that keeps all for good finds no damage, and what has a mark is gone.
func TestKilledWhileRetaining(t *testing.T) {
	marks := map[int]bool{}
	for n, survived := int64(0), false; !survived; n++ {
		w := newWorld(t)
		w.put("logs/m/27.csv", fillRetained(w))
		killer := &mortal{Store: w.store}
		killer.left.Store(n)
		m := &monitor.Monitor{DB: state.Open(w.store, killer), Data: w.store, Clock: w.clock, Workers: 2}
		_, err := m.Run(context.Background(), "m")
		if err != nil && !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
		survived = err == nil
		w.clock.advance(time.Hour)
		w.put("config/m.yaml", labelledModel)
		w.run()
		w.wantIdle()
		w.wantSound()
		windows, files := w.dropped()
		marks[10*windows+files] = true
		ledgers, labels := len(w.bytes("state/m/ledger/")), 0
		for key := range w.bytes("state/m/labels/") {
			if strings.HasSuffix(key, ".labels") {
				labels++
			}
		}
		if ledgers != 2-windows || labels != 2-files {
			t.Fatalf("killed at change %d: %d ledgers beside %d marks, labels of %d files beside %d", n, ledgers, windows, labels, files)
		}
	}
	for _, want := range []int{0, 10, 11, 12} {
		if !marks[want] {
			t.Errorf("never killed with marks %d: %v", want, marks)
		}
	}
}

// interrupted is a store in which something happens before an object below a prefix
// is opened for the first time.
type interrupted struct {
	state.Store
	below, end string
	once       sync.Once
	act        func()
}

func (s *interrupted) Open(ctx context.Context, key string) (state.Object, error) {
	if strings.HasPrefix(key, s.below) && strings.HasSuffix(key, s.end) {
		s.once.Do(s.act)
	}
	return s.Store.Open(ctx, key)
}

// TestRetainTwoAtOnce: what another run deletes while this one is about to read it is
// no damage, and comes to what one run after the other comes to.
func TestRetainTwoAtOnce(t *testing.T) {
	_, ofFirst := predictions(10, 200, 9)
	alone := func() map[string]string {
		w := newWorld(t)
		next := fillRetained(w)
		w.put("labels/m/b.csv", labelFile(ofFirst...))
		w.put("logs/m/27.csv", next)
		w.run()
		w.run()
		return w.bytes("state/", "quarantine/")
	}
	want := alone()
	for below, end := range map[string]string{"state/m/ledger/": "", "state/m/labels/": ".labels"} {
		t.Run(below, func(t *testing.T) {
			w := newWorld(t)
			next := fillRetained(w)
			w.put("labels/m/b.csv", labelFile(ofFirst...))
			happened := false
			store := &interrupted{Store: w.store, below: below, end: end, act: func() {
				happened = true
				w.put("logs/m/27.csv", next)
				w.run()
			}}
			m := &monitor.Monitor{DB: state.Open(w.store, store), Data: w.store, Clock: w.clock, Workers: 2}
			if _, err := m.Run(context.Background(), "m"); err != nil || !happened {
				t.Fatalf("%v, %v", err, happened)
			}
			w.wantSound()
			if diff := cmp.Diff(want, w.bytes("state/", "quarantine/")); diff != "" {
				t.Errorf("state (-one after the other +at once): %.3000s", diff)
			}
			w.wantIdle()
		})
	}
}
