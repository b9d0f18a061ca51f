package state_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/report"
	"leeway/core/state"
	"leeway/core/state/storetest"
	"leeway/infra/local/memstore"
)

var errKilled = errors.New("killed")

// mortal is a store that dies at its nth change: before it takes effect or, as
// a process that is killed before it hears of the outcome, just after.
type mortal struct {
	state.Store
	left  atomic.Int64
	after bool
}

func (m *mortal) change(act func() error) error {
	switch n := m.left.Add(-1); {
	case n > 0 || n == 0 && m.after:
		if err := act(); n > 0 {
			return err
		}
	}
	return errKilled
}

func (m *mortal) Put(ctx context.Context, key string, body io.Reader, o *state.PutOptions) (info state.Info, err error) {
	err = m.change(func() (err error) {
		info, err = m.Store.Put(ctx, key, body, o)
		return err
	})
	return info, err
}

func (m *mortal) Delete(ctx context.Context, key string) error {
	return m.change(func() error { return m.Store.Delete(ctx, key) })
}

// bucket is a bucket in which objects have the given times.
func bucket(t testing.TB) (*memstore.Store, func(key, text string)) {
	store := memstore.New()
	clock := at(t, "2026-01-10T00:00:00Z")
	store.Now = func() time.Time { return clock }
	return store, func(key, text string) {
		clock = clock.Add(time.Minute)
		if _, err := store.Put(context.Background(), key, strings.NewReader(text), nil); err != nil {
			t.Fatal(err)
		}
	}
}

// pipeline is the least that a pipeline does: each line of an object is a day
// and counts as a row of that day; "bad" makes the object unreadable.
func pipeline(ctx context.Context, db *state.DB, data state.Store, now time.Time) error {
	version, err := db.Current(ctx, "m")
	if err != nil {
		return err
	}
	pending, err := db.Pending(ctx, "m", "contract")
	if err != nil {
		return err
	}
	if version == "" && len(pending) > 0 {
		baseline := state.Baseline{Version: "v1", Created: pending[0].Modified, Reason: "proposed from " + pending[0].Key}
		if err := errors.Join(db.PutBaseline(ctx, "m", baseline, []byte("profile")), db.Adopt(ctx, "m", "v1")); err != nil {
			return err
		}
	}
	for _, info := range pending {
		claim, err := db.Claim(ctx, "m/"+info.ETag, now, time.Minute)
		if err != nil || claim == nil {
			return err
		}
		if err := ingest(ctx, db, data, info); err != nil {
			return err
		}
		if err := claim.Release(ctx); err != nil {
			return err
		}
	}
	if err := db.SweepClaims(ctx, "m", now, time.Minute); err != nil {
		return err
	}
	return judge(ctx, db)
}

func ingest(ctx context.Context, db *state.DB, data state.Store, info state.Info) error {
	object, err := data.Open(ctx, info.Key)
	if err != nil {
		return err
	}
	defer object.Close()
	content, err := io.ReadAll(io.NewSectionReader(object, 0, object.Info().Size))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:])
	batch := state.Batch{Key: info.Key, ETag: object.Info().ETag, Hash: hash, Size: info.Size, Arrived: info.Modified, Contract: "contract"}
	rows := map[string]int64{}
	for line := range strings.FieldsSeq(string(content)) {
		rows[line]++
	}
	for _, day := range slices.Sorted(maps.Keys(rows)) {
		when, err := time.Parse(time.DateOnly, day)
		if err != nil {
			batch.Parts, batch.Verdict, batch.Error = nil, report.Invalid, "no date: "+day
			if err := db.Quarantine(ctx, "m", batch); err != nil {
				return err
			}
			break
		}
		window, err := state.WindowOf(when, "day")
		if err != nil {
			return err
		}
		name, err := db.PutProfile(ctx, "m", window, fmt.Append(nil, rows[day]), hash[:16])
		if err != nil {
			return err
		}
		batch.Parts = append(batch.Parts, state.Part{Window: window, Profile: name, Rows: rows[day]})
		batch.Rows += rows[day]
	}
	return db.PutBatch(ctx, "m", batch)
}

func judge(ctx context.Context, db *state.DB) error {
	batches, err := db.Batches(ctx, "m")
	if err != nil {
		return err
	}
	history, err := db.History(ctx, "m", time.Time{}, time.Time{})
	if err != nil {
		return err
	}
	for _, window := range state.Touched(batches, history) {
		live := state.WindowProfiles(batches)[window]
		r := &report.Report{Version: report.Version, Model: "m", ID: state.Inputs(append(live, window.Key())), Verdict: report.OK}
		for _, name := range live {
			data, err := db.Profile(ctx, "m", window, name)
			if err != nil {
				return err
			}
			var n int64
			if _, err := fmt.Sscan(string(data), &n); err != nil {
				return err
			}
			r.Current.Rows += n
		}
		if err := db.PutReport(ctx, r, window); err != nil {
			return err
		}
		if err := db.PutSummary(ctx, "m", state.Summarize(r, window, live)); err != nil {
			return err
		}
	}
	return nil
}

func rowsByDay(t *testing.T, db *state.DB) map[string]int64 {
	t.Helper()
	history, err := db.History(t.Context(), "m", time.Time{}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int64{}
	for _, summary := range history {
		rows[summary.Window.Start.Format(time.DateOnly)] = summary.Rows
	}
	return rows
}

// deliver drops files; revise rewrites some of them and delivers more.
func deliver(drop func(key, text string)) {
	drop("logs/m/a.csv", "2026-01-01 2026-01-01 2026-01-02")
	drop("logs/m/b.csv", "2026-01-02")
	drop("logs/m/copy of b.csv", "2026-01-02")
	drop("logs/m/broken.csv", "2026-01-01 bad")
	drop("logs/m/c.csv.tmp", "2026-01-01")
}

func revise(drop func(key, text string)) {
	drop("logs/m/a.csv", "2026-01-03 2026-01-03") // all rows go elsewhere
	drop("logs/m/broken.csv", "2026-01-02 2026-01-02")
	drop("logs/m/late.csv", "2026-01-02 2026-01-02 2026-01-02")
}

// TestKilledAtEveryChange kills the pipeline at each single change of the
// state in turn; after one more run the state is what it would have been.
func TestKilledAtEveryChange(t *testing.T) {
	now := at(t, "2026-01-10T01:00:00Z")
	run := func(n int64, after bool) (map[string]string, map[string]int64, bool) {
		store, drop := bucket(t)
		survived := true
		for step, change := range []func(func(string, string)){deliver, revise} {
			change(drop)
			killer := &mortal{Store: store, after: after}
			killer.left.Store(n)
			err := pipeline(t.Context(), state.Open(store, killer), store, now)
			if err != nil && !errors.Is(err, errKilled) {
				t.Fatal(err)
			}
			survived = survived && err == nil
			db := state.Open(store, store)
			later := now.Add(time.Duration(step+2) * time.Hour) // claims of the dead have run out
			if err := pipeline(t.Context(), db, store, later); err != nil {
				t.Fatal(err)
			}
			if pending, err := db.Pending(t.Context(), "m", "contract"); err != nil || len(pending) > 0 {
				t.Fatalf("pending after all: %v, %v", pending, err)
			}
		}
		return storetest.Contents(t, store, "state/", "quarantine/", "claims/"), rowsByDay(t, state.Open(store, store)), survived
	}
	want, rows, _ := run(1<<40, false)
	if diff := cmp.Diff(map[string]int64{"2026-01-01": 0, "2026-01-02": 6, "2026-01-03": 2}, rows); diff != "" {
		t.Fatalf("rows by day (-want +got):\n%s", diff)
	}
	if len(want) < 10 {
		t.Fatalf("state of %d objects", len(want))
	}
	for n, survived := int64(1), false; !survived; n++ {
		for _, after := range []bool{false, true} {
			var got map[string]string
			got, _, survived = run(n, after)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("killed at change %d (took effect: %t): state (-want +got):\n%s", n, after, diff)
			}
		}
	}
}

// TestSecondRunChangesNothing runs twice: nothing is written the second time,
// not even with the same bytes.
func TestSecondRunChangesNothing(t *testing.T) {
	store, drop := bucket(t)
	deliver(drop)
	now := at(t, "2026-01-10T01:00:00Z")
	if err := pipeline(t.Context(), state.Open(store, store), store, now); err != nil {
		t.Fatal(err)
	}
	if err := pipeline(t.Context(), state.Open(store, &mortal{Store: store}), store, now); err != nil {
		t.Errorf("the second run wrote: %v", err)
	}
}

// TestSeenIsACache deletes what lies below seen/: the objects are read again,
// the state stays the same.
func TestSeenIsACache(t *testing.T) {
	store, drop := bucket(t)
	deliver(drop)
	db, now := state.Open(store, store), at(t, "2026-01-10T01:00:00Z")
	if err := pipeline(t.Context(), db, store, now); err != nil {
		t.Fatal(err)
	}
	before := storetest.Contents(t, store, "state/")
	for key := range storetest.Contents(t, store, "seen/") {
		if err := store.Delete(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
	pending, err := db.Pending(t.Context(), "m", "contract")
	if err != nil || len(pending) != 4 {
		t.Fatalf("%d pending, %v", len(pending), err)
	}
	if err := pipeline(t.Context(), db, store, now); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, storetest.Contents(t, store, "state/")); diff != "" {
		t.Errorf("state (-before +after):\n%s", diff)
	}
}

// TestSlowWriter lets a process that read the old version of an object record
// it after another has recorded the new one, and die: the object is pending.
func TestSlowWriter(t *testing.T) {
	store, drop := bucket(t)
	db := state.Open(store, store)
	drop("logs/m/a.csv", "2026-01-01")
	old, err := db.Pending(t.Context(), "m", "contract")
	if err != nil || len(old) != 1 {
		t.Fatal(old, err)
	}
	slow := state.Batch{Key: old[0].Key, ETag: old[0].ETag, Hash: "old", Contract: "contract"}
	drop("logs/m/a.csv", "2026-01-02")
	if err := pipeline(t.Context(), db, store, at(t, "2026-01-10T01:00:00Z")); err != nil {
		t.Fatal(err)
	}
	killer := &mortal{Store: store}
	killer.left.Store(2) // the record is written, its mark is not
	if err := state.Open(store, killer).PutBatch(t.Context(), "m", slow); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	if pending, err := db.Pending(t.Context(), "m", "contract"); err != nil || len(pending) != 1 {
		t.Errorf("pending %v, %v; the record is of an old version", pending, err)
	}
}

func TestPending(t *testing.T) {
	store, drop := bucket(t)
	db, ctx := state.Open(store, store), t.Context()
	deliver(drop)
	drop("logs/m/.hidden/x.csv", "2026-01-01")
	drop("logs/m2/other.csv", "2026-01-01")
	if err := pipeline(ctx, db, store, at(t, "2026-01-10T01:00:00Z")); err != nil {
		t.Fatal(err)
	}
	want := func(contract string, keys ...string) {
		t.Helper()
		pending, err := db.Pending(ctx, "m", contract)
		if err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, info := range pending {
			got = append(got, info.Key)
		}
		if !slices.Equal(got, keys) {
			t.Errorf("pending %q, want %q", got, keys)
		}
	}
	want("contract")
	drop("logs/m/b.csv", "2026-01-02") // the same bytes again, a new version
	want("contract", "logs/m/b.csv")
	want("another contract", "logs/m/a.csv", "logs/m/b.csv", "logs/m/broken.csv", "logs/m/copy of b.csv")
	if err := pipeline(ctx, db, store, at(t, "2026-01-10T02:00:00Z")); err != nil {
		t.Fatal(err)
	}
	want("contract")
	for key := range storetest.Contents(t, store, "state/m/batches/") {
		if err := store.Delete(ctx, key); err != nil {
			t.Fatal(err)
		}
	}
	want("contract", "logs/m/a.csv", "logs/m/b.csv", "logs/m/broken.csv", "logs/m/copy of b.csv")
}

// reads counts what is opened.
type reads struct {
	state.Store
	n atomic.Int32
}

func (r *reads) Open(ctx context.Context, key string) (state.Object, error) {
	if strings.HasPrefix(key, "seen/") {
		r.n.Add(1)
	}
	return r.Store.Open(ctx, key)
}

// TestMarks: a mark is read with the list of them; one of before, whose name does not
// say all, is read by itself until its object is recorded again.
func TestMarks(t *testing.T) {
	store, drop := bucket(t)
	deliver(drop)
	now := at(t, "2026-01-10T01:00:00Z")
	if err := pipeline(t.Context(), state.Open(store, store), store, now); err != nil {
		t.Fatal(err)
	}
	pending := func(contract string, reads *reads) int {
		all, err := state.Open(store, reads).Pending(t.Context(), "m", contract)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	counted := &reads{Store: store}
	if n := pending("contract", counted); n != 0 || counted.n.Load() != 0 {
		t.Errorf("%d pending after %d reads", n, counted.n.Load())
	}
	marks := storetest.Contents(t, store, "seen/m/")
	for name, token := range marks {
		key, _, _ := strings.Cut(name, "-")
		drop(key, token)
		if err := store.Delete(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	if n := pending("contract", counted); n != 0 || int(counted.n.Load()) != len(marks) {
		t.Errorf("with marks of before %d pending after %d reads of %d", n, counted.n.Load(), len(marks))
	}
	batches, err := state.Open(store, store).Batches(t.Context(), "m")
	if err != nil {
		t.Fatal(err)
	}
	batches[0].ETag, batches[0].Contract = "other", "other"
	if err := state.Open(store, store).PutBatch(t.Context(), "m", batches[0]); err != nil {
		t.Fatal(err)
	}
	after := storetest.Contents(t, store, "seen/m/")
	named := slices.DeleteFunc(slices.Collect(maps.Keys(after)), func(name string) bool { return !strings.Contains(name, "-") })
	if len(after) != len(marks) || len(named) != 1 {
		t.Errorf("%v", after)
	}
	if n := pending("contract", counted); n != 1 {
		t.Errorf("%d pending, and one has a record of another version", n)
	}
}
