package state_test

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
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

var toJudge = state.Wanted{Ask: state.AskJudge}

// TestLease: who finds it taken asks, and the holder finds that before it gives it up.
func TestLease(t *testing.T) {
	ctx, store, now := t.Context(), memstore.New(), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	a, b := held(store, "a"), held(store, "b")
	lease, after, err := a.Lease(ctx, "m", toJudge, clock, term)
	if err != nil || lease == nil || lease.First != state.AskAll || after != 0 || !lease.Ended.IsZero() { // what was before is not known
		t.Fatalf("got %+v, %v", lease, err)
	}
	for _, ask := range []state.Ask{state.AskJudge, state.AskAll, state.AskJudge} {
		if other, after, err := b.Lease(ctx, "m", state.Wanted{Ask: ask}, clock, term); err != nil || other != nil || after != 1 {
			t.Errorf("two have it: %+v, %d, %v", other, after, err)
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
	if done, err := b.Looked(ctx, "m", 1); err != nil || done {
		t.Errorf("what was asked while a look went on is done with it: %v", err)
	}
	if asked, err := lease.Begin(ctx, clock); err != nil || asked != state.AskAll {
		t.Errorf("asked for %v, %v", asked, err)
	}
	if other, after, err := b.Lease(ctx, "m", state.Wanted{After: 1}, clock, term); err != nil || other != nil || after != 1 {
		t.Errorf("who looks again is told %+v, %d, %v", other, after, err)
	}
	if asked, err := lease.End(ctx, now, clock); err != nil || asked != state.AskNothing {
		t.Errorf("asked for %v, %v", asked, err)
	}
	if done, err := b.Looked(ctx, "m", 1); err != nil || !done {
		t.Errorf("what was asked is not done: %v", err)
	}
	for _, want := range []state.Wanted{{Ask: state.AskJudge, By: now.Add(-time.Minute)}, {After: 1}} {
		if other, after, err := b.Lease(ctx, "m", want, clock, term); err != nil || other != nil || after != 0 {
			t.Errorf("what was judged since is judged again: %+v, %v", other, err)
		}
	}
	next, _, err := b.Lease(ctx, "m", state.Wanted{Ask: state.AskJudge, By: now}, clock, term)
	if err != nil || next == nil || next.First != state.AskJudge || !next.Ended.Equal(now) {
		t.Errorf("got %+v, %v", next, err)
	}
}

// TestLeaseLost: what a holder does not come to is done by the next one, whenever it
// dies: before it looks at what was asked, or while it does.
func TestLeaseLost(t *testing.T) {
	for _, begins := range []bool{false, true} {
		ctx, store, now := t.Context(), memstore.New(), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		clock := func() time.Time { return now }
		a, b := held(store, "a"), held(store, "b")
		first, _, err := a.Lease(ctx, "m", toJudge, clock, term)
		if err != nil || first == nil {
			t.Fatal(err)
		}
		if _, err := first.End(ctx, now, clock); err != nil {
			t.Fatal(err)
		}
		lost, _, err := a.Lease(ctx, "m", toJudge, clock, term)
		if err != nil || lost == nil || lost.First != state.AskJudge {
			t.Fatalf("got %+v, %v", lost, err)
		}
		_, after, err := b.Lease(ctx, "m", state.Wanted{Ask: state.AskAll}, clock, term)
		if err != nil || after != 2 {
			t.Fatal(after, err)
		}
		if begins {
			if asked, err := lost.End(ctx, now, clock); err != nil || asked != state.AskAll {
				t.Fatal(asked, err)
			}
			if asked, err := lost.Begin(ctx, clock); err != nil || asked != state.AskAll {
				t.Fatal(asked, err)
			}
		}
		now = now.Add(2 * term)
		taken, _, err := b.Lease(ctx, "m", state.Wanted{Ask: state.AskJudge, After: after}, clock, term)
		if err != nil || taken == nil || taken.First != state.AskAll {
			t.Fatalf("a lease that ran out is not taken over with what was asked: %+v, %v", taken, err)
		}
		if mine, err := lost.Hold(ctx, clock); err != nil || mine {
			t.Errorf("two hold it: %v", err)
		}
		if asked, err := lost.End(ctx, now, clock); err != nil || asked != state.AskNothing {
			t.Errorf("who lost it gives it up: %v, %v", asked, err)
		}
		if done, err := a.Looked(ctx, "m", after); err != nil || done {
			t.Errorf("it is done: %v", err)
		}
		if err := taken.Leave(ctx); err != nil {
			t.Fatal(err)
		}
		if next, _, err := a.Lease(ctx, "m", toJudge, clock, term); err != nil || next == nil || next.First != state.AskAll {
			t.Errorf("what was left is not done: %+v, %v", next, err)
		}
	}
}

// TestLeaseDamaged: where it is not known what was asked, all is done.
func TestLeaseDamaged(t *testing.T) {
	ctx, store := t.Context(), memstore.New()
	if _, err := store.Put(ctx, "claims/m.lease.json", strings.NewReader("{"), nil); err != nil {
		t.Fatal(err)
	}
	if l, _, err := held(store, "a").Lease(ctx, "m", state.Wanted{After: 7}, time.Now, term); err != nil || l == nil || l.First != state.AskAll {
		t.Errorf("got %+v, %v", l, err)
	}
	// one whose writing was done and said to have failed is not somebody else's
	if l, _, err := held(store, "a").Lease(ctx, "m", toJudge, time.Now, term); err != nil || l == nil || l.First != state.AskAll {
		t.Errorf("got %+v, %v", l, err)
	}
}

// TestLeaseRace: of many that write something down and then ask, each is looked after
// by a look that began after it asked, and one looks at a time. Waits are those of a
// bubble: who waits for another time comes at another time, however busy the machine is.
func TestLeaseRace(t *testing.T) {
	for takes := 5 * time.Millisecond; takes < 60*time.Millisecond; takes += 5 * time.Millisecond {
		synctest.Test(t, func(t *testing.T) { race(t, takes) })
	}
}

// race has looks that take so long, while others write and ask.
func race(t *testing.T, takes time.Duration) {
	store := memstore.New()
	var written, seen, looks, looking atomic.Int64
	var all sync.WaitGroup
	once := func() {
		if looking.Add(1) > 1 {
			t.Error("two look at a time")
		}
		looks.Add(1)
		seen.Store(written.Load())
		time.Sleep(takes)
		looking.Add(-1)
	}
	for i := range 16 {
		all.Go(func() {
			db := held(store, strconv.Itoa(i))
			for range 8 {
				time.Sleep(time.Duration(i+1) * 1001 * time.Microsecond)
				written.Add(1)
				if err := look(t.Context(), db, once); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if seen.Load() != 16*8 {
		t.Errorf("%d of %d were looked after, in %d looks that take %v", seen.Load(), 16*8, looks.Load(), takes)
	}
}

// look does what is to be done under the lease, or leaves it to its holder.
func look(ctx context.Context, db *state.DB, once func()) error {
	lease, _, err := db.Lease(ctx, "m", toJudge, time.Now, time.Hour)
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
