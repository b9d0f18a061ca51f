package monitor_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
)

// ending is a context that is over once it was asked so many times.
type ending struct {
	context.Context
	left atomic.Int64
}

func (e *ending) Err() error {
	if e.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// TestLearningStops: who ends the program while a baseline is learnt need not wait for the windows
// that are left: each of them asks, and nothing of the baseline is there then.
func TestLearningStops(t *testing.T) {
	const plenty = 1 << 40
	asked := func(days int) int64 {
		w := newWorld(t)
		reference, _ := busy(monday.AddDate(0, 0, -days), days, 60, 0, true)
		w.put("reference/m/r.csv", reference)
		ctx := &ending{Context: context.Background()}
		ctx.left.Store(plenty)
		if _, err := w.monitor().Run(ctx, "m"); err != nil {
			t.Fatal(err)
		}
		all := plenty - ctx.left.Load()
		for _, after := range []int64{all / 4, all / 2, all - all/4} {
			w := newWorld(t)
			w.put("reference/m/r.csv", reference)
			ctx.left.Store(after)
			if _, err := w.monitor().Run(ctx, "m"); !errors.Is(err, context.Canceled) {
				t.Errorf("ended after %d of %d: %v", after, all, err)
			}
			for key := range w.bytes("state/m/baselines/") {
				if strings.HasSuffix(key, ".json") {
					t.Errorf("ended after %d of %d: %s is there", after, all, key)
				}
			}
		}
		return all
	}
	if few, many := asked(10), asked(20); many-few < 10 {
		t.Errorf("a reference of 10 days asked %d times, one of 20 days %d times", few, many)
	}
}
