package state_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"leeway/core/state"
	"leeway/core/state/storetest"
)

// TestDamagedDocuments: what is damaged counts as missing, is noticed, and is
// noted once; what is only a cache is not worth a word.
func TestDamagedDocuments(t *testing.T) {
	store, drop := bucket(t)
	db, ctx, now := state.Open(store, store), t.Context(), at(t, "2026-01-10T01:00:00Z")
	deliver(drop)
	if err := pipeline(ctx, db, store, now); err != nil {
		t.Fatal(err)
	}
	before := storetest.Contents(t, store, "state/")
	var harmed []string
	for _, prefix := range []string{"state/m/batches/", "state/m/history/", "seen/m/"} {
		key := slices.Sorted(maps.Keys(storetest.Contents(t, store, prefix)))[0]
		drop(key, `{"key": "half`)
		harmed = append(harmed, key)
	}
	drop("claims/m/x.json", "half")
	if claim, err := db.Claim(ctx, "m/x", now, time.Minute); claim == nil || err != nil {
		t.Errorf("a damaged claim holds: %v, %v", claim, err)
	} else if err := claim.Release(ctx); err != nil {
		t.Error(err)
	}
	if pending, err := db.Pending(ctx, "m", "contract"); err != nil || len(pending) == 0 {
		t.Errorf("pending %v, %v", pending, err)
	}
	if _, err := db.History(ctx, "m", time.Time{}, time.Time{}); err != nil {
		t.Error(err)
	}
	noticed := db.Noticed("m")
	if len(noticed) != 2 || noticed[0].Key != harmed[0] || noticed[1].Key != harmed[1] || len(db.Noticed("n")) > 0 {
		t.Fatalf("%+v", noticed)
	}
	for _, want := range []bool{true, false} {
		if fresh, err := db.SetAside(ctx, "m", noticed[0]); fresh != want || err != nil {
			t.Errorf("noted for the first time: %t, %v", fresh, err)
		}
	}
	if noted, err := db.Noted(ctx, "m"); err != nil || len(noted) != 1 || noted[0].Key != harmed[0] {
		t.Errorf("noted: %+v, %v", noted, err)
	}
	if err := pipeline(ctx, db, store, now); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, storetest.Contents(t, store, "state/")); diff != "" {
		t.Errorf("state (-before +after):\n%s", diff)
	}
	if _, err := db.Batches(ctx, "m"); err != nil {
		t.Error(err)
	}
	if _, err := db.History(ctx, "m", time.Time{}, time.Time{}); err != nil {
		t.Error(err)
	}
	if noted, err := db.Noted(ctx, "m"); err != nil || len(noted)+len(db.Noticed("m")) > 0 {
		t.Errorf("still damaged: %+v, %v", noted, err)
	}
	if found, err := db.Quarantines(ctx, "m"); err != nil || len(found) != 2 || found[1].Reason != state.ReasonDamaged {
		t.Errorf("quarantine: %+v, %v", found, err)
	}
}
