package intake

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"leeway/core/state"
	"leeway/events"
	"leeway/functions/internal/doctor"
	"leeway/infra/local/memstore"
)

// brief is a store whose reader's time is up after so many bytes of logs.
type brief struct {
	state.Store
	left atomic.Int64
	end  context.CancelFunc
}

func (b *brief) Open(ctx context.Context, key string) (state.Object, error) {
	return watched(ctx, b.Store, key, strings.HasPrefix(key, "logs/"), func(n int) error {
		if b.left.Add(-int64(n)) < 0 {
			b.end()
			return context.Canceled
		}
		return nil
	})
}

// watch is an object whose reads are told of before.
type watch struct {
	state.Object
	reads func(n int) error
}

func watched(ctx context.Context, store state.Store, key string, is bool, reads func(n int) error) (state.Object, error) {
	object, err := store.Open(ctx, key)
	if err != nil || !is {
		return object, err
	}
	return &watch{object, reads}, nil
}

func (w *watch) ReadAt(p []byte, at int64) (int, error) {
	if err := w.reads(len(p)); err != nil {
		return 0, err
	}
	return w.Object.ReadAt(p, at)
}

// TestHalfway: a call that cannot do all of a large object has another go on with it, and
// its message is done with; where there is no queue, or it takes nothing, it comes again.
func TestHalfway(t *testing.T) {
	var text strings.Builder
	text.WriteString("a,b,c,d,e,f,g,h\n")
	for i := range 300_000 {
		fmt.Fprintf(&text, "%d,%d,%d,%d,%d,%d,%d,%d\n", i%7, i%5, i%11, i%3, i%13, i%2, i%9, i%4)
	}
	size := int64(text.Len())
	sent := []string{}
	refused := errors.New("refused")
	for _, test := range []struct {
		name   string
		again  func(context.Context, []byte, time.Duration) (bool, error)
		failed int
	}{
		{"a queue", func(_ context.Context, call []byte, _ time.Duration) (bool, error) {
			sent = append(sent, string(call))
			return true, nil
		}, 0},
		{"no queue", func(context.Context, []byte, time.Duration) (bool, error) { return false, nil }, 1},
		{"a queue that refuses", func(context.Context, []byte, time.Duration) (bool, error) { return false, refused }, 1},
		{"nothing", nil, 1},
	} {
		store := &brief{Store: memstore.New()}
		a, log := app(t, store)
		a.Again = test.again
		for key, text := range map[string]string{"reference/m/r.csv": text.String()[:20_000], "logs/m/a.csv": text.String()} {
			if _, err := store.Put(t.Context(), key, strings.NewReader(text), nil); err != nil {
				t.Fatal(err)
			}
		}
		message := []events.Message{{ID: "1", Received: []events.Received{{Bucket: "b", Keys: []string{"logs/m/a.csv"}}}}}
		ctx, cancel := context.WithCancel(t.Context())
		store.left.Store(size + size*9/10)
		store.end = cancel
		o := Handle(ctx, a, message)
		if len(o.Failed) != test.failed || len(o.Models) != 1 || len(o.Models[0].Halfway) != 1 || o.Models[0].Batches != 0 {
			t.Errorf("%s: %+v, %v\n%s", test.name, o, o.Models[0], log)
		}
		if (test.failed == 0) != (strings.Contains(log.String(), `"msg":"goes on"`)) {
			t.Errorf("%s: %s", test.name, log)
		}
		store.left.Store(1 << 40)
		var told string
		(&doctor.Doctor{Monitor: a.Monitor, State: a.State, Tell: func(_, detail string, _ error) { told += detail + "\n" }}).Models(t.Context())
		if !strings.Contains(told, "logs/m/a.csv is halfway: 2") || !strings.Contains(told, " rows are read, and the next run goes on there") {
			t.Errorf("%s: doctor says %s", test.name, told)
		}
		if o := Handle(t.Context(), a, message); len(o.Failed) > 0 || len(o.Models[0].Halfway) > 0 || o.Models[0].Batches != 1 || len(o.Models[0].Reports) != 1 {
			t.Errorf("%s, the next call: %+v\n%s", test.name, o.Models[0], log)
		}
		cancel()
	}
	if len(sent) != 1 || sent[0] != `{"leeway":"onward","objects":["logs/m/a.csv"]}` {
		t.Errorf("sent %q", sent)
	}
}
