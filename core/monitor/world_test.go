package monitor_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/core/state"
	"leeway/core/state/storetest"
	"leeway/infra/local/memstore"
)

// clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// ofNumbers leaves a test out under -short that asks what is said of numbers, at
// length. The race detector, which -short is for, makes it ten times as slow and would
// see in it what it sees in others.
func ofNumbers(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("about numbers: for races others will do")
	}
}

// world is a bucket in memory with a clock of its own.
type world struct {
	*testing.T
	store *memstore.Store
	clock *clock
	db    *state.DB

	equip func(*monitor.Monitor) // gives each process what the program has; may be nil
}

func newWorld(t *testing.T) *world {
	c := &clock{now: time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)}
	store := memstore.New()
	store.Now = c.Now
	return &world{T: t, store: store, clock: c, db: state.Open(store, store)}
}

// put writes an object, a minute after the one before.
func (w *world) put(key, text string) {
	w.Helper()
	w.clock.advance(time.Minute)
	if _, err := w.store.Put(context.Background(), key, strings.NewReader(text), nil); err != nil {
		w.Fatal(err)
	}
}

// monitor is a new process: it knows nothing but the bucket.
func (w *world) monitor() *monitor.Monitor {
	m := &monitor.Monitor{DB: state.Open(w.store, w.store), Data: w.store, Clock: w.clock, Workers: 2}
	if w.equip != nil {
		w.equip(m)
	}
	return m
}

func (w *world) run() *monitor.Result {
	w.Helper()
	result, err := w.monitor().Run(context.Background(), "m")
	if err != nil {
		w.Fatal(err)
	}
	return result
}

// windows gives the rows of each window's newest report, by day and hour.
func (w *world) windows() map[string]int64 {
	w.Helper()
	rows := map[string]int64{}
	for _, s := range w.history() {
		rows[strings.TrimSuffix(s.Window.Start.Format("2006-01-02 15h"), " 00h")] = s.Rows
	}
	return rows
}

func (w *world) history() []state.Summary {
	w.Helper()
	history, err := w.db.History(context.Background(), "m", time.Time{}, time.Time{})
	if err != nil {
		w.Fatal(err)
	}
	return history
}

func (w *world) wantWindows(want map[string]int64) {
	w.Helper()
	if diff := cmp.Diff(want, w.windows()); diff != "" {
		w.Errorf("rows by window (-want +got):\n%s", diff)
	}
}

// batch is what became of an object.
func (w *world) batch(key string) state.Batch {
	w.Helper()
	batches, err := w.db.Batches(context.Background(), "m")
	if err != nil {
		w.Fatal(err)
	}
	at := slices.IndexFunc(batches, func(b state.Batch) bool { return b.Key == key })
	if at < 0 {
		w.Fatalf("no record of %s", key)
	}
	return batches[at]
}

// newest is the newest report of a day.
func (w *world) newest(day string) *report.Report {
	w.Helper()
	for _, s := range w.history() {
		if s.Window.Start.Format("2006-01-02") == day {
			r, err := w.db.Report(context.Background(), "m", s.Report)
			if err != nil {
				w.Fatal(err)
			}
			return r
		}
	}
	w.Fatalf("no report of %s", day)
	return nil
}

// bytes is everything in the bucket below the prefixes.
func (w *world) bytes(prefixes ...string) map[string]string {
	w.Helper()
	return storetest.Contents(w.T, w.store, prefixes...)
}

func (w *world) versions() map[string]string {
	w.Helper()
	all := map[string]string{}
	for info, err := range w.store.List(context.Background(), "") {
		if err != nil {
			w.Fatal(err)
		}
		all[info.Key] = info.ETag
	}
	return all
}

// wantIdle runs once more: with nothing pending, that writes nothing.
func (w *world) wantIdle() {
	w.Helper()
	before := w.versions()
	w.run()
	if diff := cmp.Diff(before, w.versions()); diff != "" {
		w.Errorf("a second run writes: %s", diff)
	}
}

func (w *world) quarantined() []string {
	w.Helper()
	found, err := w.db.Quarantines(context.Background(), "m")
	if err != nil {
		w.Fatal(err)
	}
	var keys []string
	for _, q := range found {
		keys = append(keys, q.Key+": "+q.Error)
	}
	return keys
}

const header = "order_id,timestamp,amount,channel,prediction\n"

// day is the log of a day in March 2026; seed makes it another one.
func day(number, rows int, seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 3))
	var b strings.Builder
	b.WriteString(header)
	for i := range rows {
		fmt.Fprintf(&b, "o%d-%d-%d,2026-03-%02dT%02d:%02d:00Z,%.2f,%s,%d\n",
			number, seed, i, number, i%24, i%60, 80+20*r.NormFloat64(), []string{"web", "shop", "app"}[r.IntN(3)], r.IntN(2))
	}
	return b.String()
}

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
