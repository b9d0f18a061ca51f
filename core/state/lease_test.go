package state_test

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"leeway/core/state"
	"leeway/infra/local/memstore"
)

// held opens a database for a process.
func held(store state.Store, holder string) *state.DB {
	db := state.Open(store, store)
	db.Holder = holder
	return db
}

const term = 10 * time.Second

// TestLease: who finds it taken asks, and the holder finds that before it gives it up.
func TestLease(t *testing.T) {
	ctx, store, now := t.Context(), memstore.New(), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	a, b := held(store, "a"), held(store, "b")
	lease, err := a.Lease(ctx, "m", state.AskJudge, time.Time{}, clock, term)
	if err != nil || lease == nil || lease.First != state.AskJudge || !lease.Ended.IsZero() {
		t.Fatalf("got %+v, %v", lease, err)
	}
	for _, ask := range []state.Ask{state.AskJudge, state.AskAll, state.AskJudge} {
		if other, err := b.Lease(ctx, "m", ask, time.Time{}, clock, term); err != nil || other != nil {
			t.Errorf("two have it: %+v, %v", other, err)
		}
	}
	if mine, err := lease.Hold(ctx, clock); err != nil || !mine {
		t.Errorf("it is not held on: %v", err)
	}
	begun := now
	now = now.Add(time.Second)
	if asked, err := lease.End(ctx, begun, clock); err != nil || asked != state.AskAll {
		t.Errorf("asked for %v, %v", asked, err)
	}
	if asked, err := lease.Begin(ctx, clock); err != nil || asked != state.AskAll {
		t.Errorf("asked for %v, %v", asked, err)
	}
	if asked, err := lease.End(ctx, now, clock); err != nil || asked != state.AskNothing {
		t.Errorf("asked for %v, %v", asked, err)
	}
	old := now.Add(-time.Minute)
	if other, err := b.Lease(ctx, "m", state.AskJudge, old, clock, term); err != nil || other != nil {
		t.Errorf("what was judged since is judged again: %+v, %v", other, err)
	}
	next, err := b.Lease(ctx, "m", state.AskJudge, now, clock, term)
	if err != nil || next == nil || !next.Ended.Equal(now) {
		t.Errorf("got %+v, %v", next, err)
	}
}

// TestLeaseLost: what a holder does not come to is done by the next one.
func TestLeaseLost(t *testing.T) {
	ctx, store, now := t.Context(), memstore.New(), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	a, b := held(store, "a"), held(store, "b")
	lost, err := a.Lease(ctx, "m", state.AskJudge, time.Time{}, clock, term)
	if err != nil || lost == nil {
		t.Fatal(err)
	}
	if _, err := b.Lease(ctx, "m", state.AskAll, time.Time{}, clock, term); err != nil {
		t.Fatal(err)
	}
	now = now.Add(2 * term)
	taken, err := b.Lease(ctx, "m", state.AskJudge, time.Time{}, clock, term)
	if err != nil || taken == nil || taken.First != state.AskAll {
		t.Fatalf("a lease that ran out is not taken over with what was asked: %+v, %v", taken, err)
	}
	if mine, err := lost.Hold(ctx, clock); err != nil || mine {
		t.Errorf("two hold it: %v", err)
	}
	if asked, err := lost.End(ctx, now, clock); err != nil || asked != state.AskNothing {
		t.Errorf("who lost it gives it up: %v, %v", asked, err)
	}
	if err := taken.Leave(ctx, state.AskAll); err != nil {
		t.Fatal(err)
	}
	if next, err := a.Lease(ctx, "m", state.AskJudge, time.Time{}, clock, term); err != nil || next == nil || next.First != state.AskAll {
		t.Errorf("what was left is not done: %+v, %v", next, err)
	}
}

// TestLeaseRace: of many that write something down and then ask, each is looked after
// by a look that began after it asked, and one looks at a time.
func TestLeaseRace(t *testing.T) {
	store := memstore.New()
	var written, seen, looks, looking atomic.Int64
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			db := held(store, strconv.Itoa(i))
			for range 8 {
				written.Add(1)
				if err := look(t.Context(), db, func() {
					if looking.Add(1) > 1 {
						t.Error("two look at a time")
					}
					looks.Add(1)
					seen.Store(written.Load())
					looking.Add(-1)
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if seen.Load() != 16*8 {
		t.Errorf("%d of %d were looked after, in %d looks", seen.Load(), 16*8, looks.Load())
	}
}

// look does what is to be done under the lease, or leaves it to its holder.
func look(ctx context.Context, db *state.DB, once func()) error {
	lease, err := db.Lease(ctx, "m", state.AskJudge, time.Time{}, time.Now, time.Hour)
	if err != nil || lease == nil {
		return err
	}
	for {
		begun := time.Now()
		once()
		asked, err := lease.End(ctx, begun, time.Now)
		if err != nil || asked == state.AskNothing {
			return err
		}
		if _, err := lease.Begin(ctx, time.Now); err != nil {
			return err
		}
	}
}
