package intake

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"leeway/core/state"
	"leeway/events"
	"leeway/functions/internal/boot"
	"leeway/infra/local/memstore"
)

// held is a store whose reader of a large object is told of, and waits.
type held struct {
	state.Store
	key      string
	at, goOn chan struct{}
	once     sync.Once
}

func (h *held) Open(ctx context.Context, key string) (state.Object, error) {
	return watched(ctx, h.Store, key, key == h.key, func(int) error {
		h.once.Do(func() {
			close(h.at)
			<-h.goOn
		})
		return nil
	})
}

// beside puts small objects beside a large one, of one model and of another.
func beside(t *testing.T) *memstore.Store {
	store := memstore.New()
	for _, model := range []string{"a", "b"} {
		put(t, store, "config/"+model+".yaml", "columns: {pad: {role: ignore}}\nwindow: {every: day}\n")
		put(t, store, "reference/"+model+"/r.csv", "a,pad\n"+strings.Repeat("1,x\n2,x\n", 300))
		put(t, store, "logs/"+model+"/2026-01-02.csv", "a,pad\n"+strings.Repeat("1,x\n2,x\n", 300))
	}
	put(t, store, "logs/a/2026-01-01.csv", "a,pad\n"+strings.Repeat("1,"+strings.Repeat("x", 16_000)+"\n", 4_500))
	return store
}

func told(keys ...string) (messages []events.Message) {
	for _, key := range keys {
		messages = append(messages, events.Message{ID: key, Received: []events.Received{{Bucket: "b", Keys: []string{key}}}})
	}
	return messages
}

// sending has calls that an app puts into its queue collected.
func sending(a *boot.App, to *[]string) {
	a.Again = func(_ context.Context, call []byte, after time.Duration) (bool, error) {
		*to = append(*to, string(call)+" "+after.String())
		return true, nil
	}
}

// TestBesideALargeObject: what comes with a large object, of its model and of another, is
// read and judged by the call that has no time for all of the large one. None of the
// messages fails, and one call goes on with that object alone, which is done with when it
// is read.
func TestBesideALargeObject(t *testing.T) {
	const large = "logs/a/2026-01-01.csv"
	store := &brief{Store: beside(t)}
	a, log := app(t, store)
	var sent []string
	sending(a, &sent)
	ctx, cancel := context.WithCancel(t.Context())
	store.end = cancel
	store.left.Store(30 << 20)
	o := Handle(ctx, a, told(large, "logs/a/2026-01-02.csv", "logs/b/2026-01-02.csv"))
	if len(o.Failed) > 0 || len(o.Models) != 2 || len(o.Models[0].Reports) != 1 || len(o.Models[1].Reports) != 1 || len(o.Models[0].Halfway) != 1 {
		t.Fatalf("%+v, %+v, %+v\n%s", o, o.Models[0], o.Models[1], log)
	}
	want := `{"leeway":"onward","objects":["logs/a/2026-01-01.csv"]} 0s`
	if len(sent) != 1 || sent[0] != want {
		t.Errorf("sent %q", sent)
	}
	store.left.Store(1 << 40)
	onward := []events.Message{{ID: "o", Ask: &events.Ask{What: events.AskOnward, Objects: []string{large}}}}
	if o := Handle(t.Context(), a, onward); len(o.Failed) > 0 || o.Models[0].Batches != 1 || len(o.Models[0].Reports) != 1 || len(o.Models[0].Halfway) > 0 {
		t.Errorf("%+v, %+v\n%s", o, o.Models[0], log)
	}
	if o := Handle(t.Context(), a, onward); len(o.Failed) > 0 || o.Models[0].Batches+len(o.Models[0].Reports) > 0 || len(sent) != 1 {
		t.Errorf("%+v, %+v, sent %q\n%s", o, o.Models[0], sent, log)
	}
}

// TestNoTimeForAnother: what a call did not begin, since another model took all of its time,
// is left to a call for that alone and does not count as tried; nor is a call made of nothing
// where a schedule's has no time for what is pending.
func TestNoTimeForAnother(t *testing.T) {
	const large = "logs/a/2026-01-01.csv"
	bucket := beside(t)
	put(t, bucket, "logs/b/2026-01-01.csv", "a,pad\n"+strings.Repeat("1,"+strings.Repeat("x", 16_000)+"\n", 4_500))
	store := &brief{Store: bucket}
	a, log := app(t, store)
	for _, model := range []string{"a", "b"} {
		if _, err := a.Monitor.BuildBaseline(t.Context(), model, nil, true); err != nil {
			t.Fatal(err)
		}
	}
	var sent []string
	sending(a, &sent)
	ctx, cancel := context.WithCancel(t.Context())
	store.end = cancel
	store.left.Store(30 << 20)
	if o := Handle(ctx, a, told(large, "logs/b/2026-01-01.csv")); len(o.Failed) > 0 || len(sent) != 2 || sent[1] != `{"leeway":"onward","objects":["logs/b/2026-01-01.csv"]} 0s` {
		t.Errorf("%+v, sent %q\n%s", o, sent, log)
	}
	sent = nil
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	schedule := []events.Message{{ID: "s", Ask: &events.Ask{What: events.AskRun, Models: []string{"b"}, Reminder: true}}}
	if o := Handle(ctx, a, schedule); len(sent) > 0 || len(o.Models) != 1 || len(o.Models[0].Problems) == 0 {
		t.Errorf("of a schedule's call: %+v, sent %q\n%s", o, sent, log)
	}
}

// TestPendingLargeObject: a schedule's call reads a large object that nobody was told of, after
// all else. One that comes soon after another's leaves it to whoever is told of it, and makes no call
// for it: else each of many would make one for all that are pending.
func TestPendingLargeObject(t *testing.T) {
	bucket := beside(t)
	a, log := app(t, bucket)
	var sent []string
	sending(a, &sent)
	schedule := []events.Message{{ID: "s", Ask: &events.Ask{What: events.AskRun, Models: []string{"a"}, Reminder: true}}}
	if o := Handle(t.Context(), a, schedule); len(o.Failed)+len(sent) > 0 || o.Models[0].Batches != 2 || len(o.Models[0].Reports) != 2 {
		t.Errorf("%+v, %+v, sent %q\n%s", o, o.Models[0], sent, log)
	}
	put(t, bucket, "logs/a/2026-01-03.csv", "a,pad\n"+strings.Repeat("1,"+strings.Repeat("y", 16_000)+"\n", 4_500))
	put(t, bucket, "logs/a/2026-01-04.csv", "a,pad\n"+strings.Repeat("2,x\n1,x\n", 300))
	put(t, bucket, "logs/a/2026-01-05.csv", "a,pad\n"+strings.Repeat("2,z\n1,z\n", 300))
	if o := Handle(t.Context(), a, told("logs/a/2026-01-04.csv")); len(o.Failed)+len(sent) > 0 || o.Models[0].Batches != 2 {
		t.Errorf("%+v, %+v, sent %q\n%s", o, o.Models[0], sent, log)
	}
	if o := Handle(t.Context(), a, told("logs/a/2026-01-03.csv")); len(o.Failed)+len(sent) > 0 || o.Models[0].Batches != 1 {
		t.Errorf("%+v, %+v, sent %q\n%s", o, o.Models[0], sent, log)
	}
}

// TestLargeElsewhere: who is told of a large object that another call is reading does not
// wait for it, and does what else there is; its message is done with once a call that
// looks later is in the queue.
func TestLargeElsewhere(t *testing.T) {
	const large = "logs/a/2026-01-01.csv"
	bucket := beside(t)
	store := &held{Store: bucket, key: large, at: make(chan struct{}), goOn: make(chan struct{})}
	reader, _ := app(t, store)
	done := make(chan *Outcome)
	if _, err := reader.Monitor.BuildBaseline(t.Context(), "a", nil, true); err != nil {
		t.Fatal(err)
	}
	go func() { done <- Handle(t.Context(), reader, told(large)) }()
	<-store.at
	other, log := app(t, bucket)
	var sent []string
	sending(other, &sent)
	o := Handle(t.Context(), other, told(large, "logs/a/2026-01-02.csv"))
	if len(o.Failed) > 0 || len(sent) != 1 || sent[0] != `{"leeway":"onward","objects":["logs/a/2026-01-01.csv"]} 15s` {
		t.Errorf("%+v, sent %q\n%s", o, sent, log)
	}
	other.Again = nil
	if o := Handle(t.Context(), other, told(large)); o.Failed[large] == nil {
		t.Errorf("without a queue: %+v\n%s", o, log)
	}
	close(store.goOn)
	if o := <-done; len(o.Failed) > 0 || o.Models[0].Batches != 1 {
		t.Errorf("%+v, %+v", o, o.Models[0])
	}
}
