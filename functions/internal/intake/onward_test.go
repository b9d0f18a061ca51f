package intake

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"leeway/core/state"
	"leeway/events"
	"leeway/infra/local/memstore"
)

// TestLeft: a message whose work is left to another call is done with once a call that
// looks again is in the queue; where there is no queue, or it takes nothing, it comes
// again. Who looks does what the other one did not, or is done with one call of the bucket.
func TestLeft(t *testing.T) {
	sent := []string{}
	for _, test := range []struct {
		name   string
		again  func(context.Context, []byte, time.Duration) (bool, error)
		failed int
	}{
		{"a queue", func(_ context.Context, call []byte, after time.Duration) (bool, error) {
			sent = append(sent, string(call)+" "+after.String())
			return true, nil
		}, 0},
		{"no queue", func(context.Context, []byte, time.Duration) (bool, error) { return false, nil }, 1},
		{"a queue that refuses", func(context.Context, []byte, time.Duration) (bool, error) {
			return false, errors.New("refused")
		}, 1},
		{"nothing", nil, 1},
	} {
		synctest.Test(t, func(t *testing.T) { left(t, test.name, test.again, test.failed) })
	}
	if len(sent) != 1 || sent[0] != `{"leeway":"look","left":{"m":1}} 15s` {
		t.Errorf("sent %q", sent)
	}
}

func left(t *testing.T, name string, again func(context.Context, []byte, time.Duration) (bool, error), failed int) {
	store := &remote{Store: memstore.New(), calls: newCalls(0)}
	a, log := app(t, store)
	a.Again = again
	put(t, store, "reference/m/r.csv", "a\n"+strings.Repeat("1\n2\n", 300))
	put(t, store, "logs/m/a.csv", "a\n"+strings.Repeat("1\n2\n", 300))
	other := state.Open(store, store)
	other.Holder = "other"
	now := time.Now()
	held, _, err := other.Lease(t.Context(), "m", state.Wanted{Ask: state.AskAll}, func() time.Time { return now }, a.Monitor.LeaseFor())
	if err != nil || held == nil {
		t.Fatal(err)
	}
	message := events.Message{ID: "1", Received: []events.Received{{Bucket: "b", Keys: []string{"logs/m/a.csv"}}}}
	if o := Handle(t.Context(), a, []events.Message{message}); len(o.Failed) != failed || !o.Models[0].Left || len(o.Models[0].Reports) > 0 {
		t.Errorf("%s: %+v, %+v\n%s", name, o, o.Models[0], log)
	}
	if err := held.Leave(t.Context()); err != nil {
		t.Fatal(err)
	}
	look := []events.Message{{ID: "2", Ask: &events.Ask{What: events.AskLook, Left: map[string]int64{"m": 1}}}}
	if o := Handle(t.Context(), a, look); len(o.Failed) > 0 || len(o.Models) != 1 || len(o.Models[0].Reports) != 1 || o.Models[0].Batches != 1 {
		t.Errorf("%s: what was left is not done: %+v\n%s", name, o, log)
	}
	store.calls.by = map[string]int{}
	if o := Handle(t.Context(), a, look); len(o.Failed)+len(o.Models) > 0 || store.calls.by["GET"] != 1 || store.calls.by["LIST"]+store.calls.by["PUT"] > 0 {
		t.Errorf("%s: what was done is done again: %+v, %v\n%s", name, o, store.calls.by, log)
	}
}

// TestLabelsBesides: an object that was judged before needs no look at its model, but
// labels that come with it do.
func TestLabelsBesides(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &remote{Store: memstore.New(), calls: newCalls(0)}
		a, log := app(t, store)
		put(t, store, "reference/m/r.csv", "a\n"+strings.Repeat("1\n2\n", 300))
		put(t, store, "logs/m/a.csv", "a\n"+strings.Repeat("1\n2\n", 300))
		put(t, store, "labels/m/a.csv", "id,label\n1,1\n")
		for _, came := range []struct {
			keys  []string
			looks bool
		}{{[]string{"logs/m/a.csv"}, true}, {[]string{"logs/m/a.csv"}, true}, {[]string{"logs/m/a.csv"}, false}, {[]string{"logs/m/a.csv", "labels/m/a.csv"}, true}} {
			var messages []events.Message
			for _, key := range came.keys {
				messages = append(messages, events.Message{ID: key, Received: []events.Received{{Bucket: "b", Keys: []string{key}}}})
			}
			time.Sleep(time.Minute)
			store.calls.by = map[string]int{}
			if o := Handle(t.Context(), a, messages); len(o.Failed) > 0 || store.calls.by["LIST claims"] > 0 != came.looks {
				t.Errorf("%s: %+v, %v\n%s", came.keys, o, store.calls.by, log)
			}
		}
	})
}
