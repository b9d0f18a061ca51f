package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"leeway/core/state"
	"leeway/events"
	"leeway/functions/internal/boot"
	"leeway/infra/local/memstore"
)

// backfill is a lot of small objects of several models that come in a minute.
type backfill struct {
	objects int
	workers int
	within  time.Duration // all have come by then
	kills   uint64        // functions are killed, and calls of the bucket refused, by this seed; 0: not
	hidden  time.Duration // after which messages that failed come again; 0: at once
}

// models of a backfill, and what their windows are like: days of 24 objects, and one day
// that has all of them.
var backfilled = []string{"days", "heap", "days2"}

// reference puts what windows are compared with.
func reference(t *testing.T, into *memstore.Store) {
	random := rand.New(rand.NewPCG(1, 1))
	for _, model := range backfilled {
		var b strings.Builder
		b.WriteString("id,at,amount,score\n")
		for i := range 600 {
			fmt.Fprintf(&b, "r%d,%s,%.2f,%.3f\n", i, beginning.Add(-time.Duration(600-i)*time.Hour).Format(time.RFC3339), 100*random.ExpFloat64(), random.Float64())
		}
		put(t, into, "reference/"+model+"/train.csv", b.String())
	}
}

func put(t *testing.T, into state.Store, key, text string) {
	t.Helper()
	if _, err := into.Put(context.Background(), key, strings.NewReader(text), nil); err != nil {
		t.Fatal(err)
	}
}

var beginning = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// object is the i-th of a backfill.
func (b *backfill) object(i int) (key, text string) {
	model, n := backfilled[i%len(backfilled)], i/len(backfilled)
	at := beginning.Add(time.Duration(n) * time.Hour)
	if model == "heap" {
		at = beginning.Add(time.Duration(n) * 24 * time.Hour / time.Duration(b.objects))
	}
	random := rand.New(rand.NewPCG(7, uint64(i)))
	var lines strings.Builder
	lines.WriteString("id,at,amount,score\n")
	for row := range 8 {
		fmt.Fprintf(&lines, "%s-%d-%d,%s,%.2f,%.3f\n", model, n, row, at.Add(time.Duration(row)*time.Second).Format(time.RFC3339), 100*random.ExpFloat64(), random.Float64())
	}
	return fmt.Sprintf("logs/%s/%s-%05d.csv", model, at.Format("2006-01-02T15"), n), lines.String()
}

// drained is how a backfill went.
type drained struct {
	store  *memstore.Store
	calls  *calls
	judged time.Duration // from the first object until nothing more is written
	took   time.Duration // from the first object until the queue is empty
	busy   time.Duration // of all functions together
	queue  *queue
}

// drain lets functions do what comes. It is to be called in a bubble.
func (b *backfill) drain(t *testing.T) *drained {
	d := &drained{store: memstore.New(), queue: &queue{hidden: b.hidden, most: 5}, calls: newCalls(b.kills)}
	if b.kills > 0 {
		d.queue.most = 1000 // of those that come at once
	}
	reference(t, d.store)
	begun := time.Now()
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		for n, i := range rand.New(rand.NewPCG(3, 3)).Perm(b.objects) {
			key, text := b.object(i)
			put(t, d.store, key, text)
			d.queue.send(&message{id: strconv.Itoa(i), key: key})
			if n%10 == 9 {
				time.Sleep(10 * b.within / time.Duration(b.objects))
			}
		}
	}()
	busy, ended := make(chan time.Duration), make(chan struct{})
	for worker := range b.workers {
		go func() {
			f := &lambda{number: worker, queue: d.queue, store: d.store, calls: d.calls, busy: busy}
			if b.kills > 0 {
				f.kills = rand.New(rand.NewPCG(b.kills, uint64(worker)))
			}
			time.Sleep(time.Duration(worker+1) * 1234567 * time.Nanosecond) // no two do something at the same instant
			f.work(t, sent)
			ended <- struct{}{}
		}()
	}
	for left := b.workers; left > 0; {
		select {
		case one := <-busy:
			d.busy += one
		case <-ended:
			left--
		}
	}
	d.judged, d.took = d.calls.last.Sub(begun), time.Since(begun)
	return d
}

// lambda is one function, which has one call after the other.
type lambda struct {
	number int
	starts int
	queue  *queue
	store  *memstore.Store
	calls  *calls
	busy   chan<- time.Duration
	kills  *rand.Rand // nil: it is never killed
	bucket *remote
	app    *boot.App
}

// work answers calls for as long as there is something to do.
func (f *lambda) work(t *testing.T, sent <-chan struct{}) {
	for {
		got := f.queue.receive()
		if len(got) > 0 {
			begun := time.Now()
			f.queue.settle(got, f.call(t, got))
			f.busy <- time.Since(begun)
			continue
		}
		select {
		case <-sent:
			if f.queue.empty() {
				return
			}
		default:
		}
		time.Sleep(time.Second / 10)
	}
}

// call is one call. One that is killed changes nothing any more: its messages come
// again, and the next call has another process.
func (f *lambda) call(t *testing.T, got []*message) map[string]error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	if f.app == nil {
		f.start(ctx, t)
	}
	var messages []events.Message
	for _, one := range got {
		if one.ask != nil {
			messages = append(messages, events.Message{ID: one.id, Ask: one.ask})
			continue
		}
		messages = append(messages, events.Message{ID: one.id, Received: []events.Received{{Bucket: "b", Keys: []string{one.key}}}})
	}
	begun := time.Now()
	outcome := Handle(ctx, f.app, messages)
	if time.Since(begun) > timeout {
		t.Errorf("a call took %v", time.Since(begun))
	}
	if !f.bucket.killed() {
		return outcome.Failed
	}
	f.app = nil
	all := map[string]error{}
	for _, one := range got {
		all[one.id] = context.Canceled
	}
	return all
}

// start starts a process, of which one in three is killed soon where they are.
func (f *lambda) start(ctx context.Context, t *testing.T) {
	f.bucket = &remote{Store: f.store, calls: f.calls, throttles: f.kills != nil}
	if f.kills != nil && f.kills.IntN(3) == 0 {
		f.bucket.until = time.Now().Add(time.Duration(f.kills.IntN(5000)) * time.Millisecond)
	}
	var log bytes.Buffer
	getenv := func(name string) string { return map[string]string{"LEEWAY_BUCKET": "b"}[name] }
	var err error
	open := func(context.Context, string) (state.Store, error) { return f.bucket, nil }
	if f.app, err = boot.Open(ctx, getenv, boot.Adapters{Store: open, Again: f.again}, boot.Log(&log, getenv)); err != nil {
		t.Error(err)
	}
	f.starts++
	f.app.Monitor.Workers = 4 // whatever this machine has
	f.app.Monitor.DB.Holder = fmt.Sprintf("function %d, process %d", f.number, f.starts)
}

// again puts a call into the queue, which takes time and may be refused.
func (f *lambda) again(ctx context.Context, call []byte, after time.Duration) (bool, error) {
	f.calls.add("SQS", "")
	if err := f.bucket.wait(ctx, "queue"); err != nil {
		return false, err
	}
	ask := &events.Ask{}
	if err := json.Unmarshal(call, &struct{ Leeway *string }{&ask.What}); err != nil {
		return false, err
	}
	if err := json.Unmarshal(call, ask); err != nil || ask.What != events.AskLook && ask.What != events.AskOnward {
		return false, fmt.Errorf("%s is put into the queue: %w", call, err)
	}
	f.queue.send(&message{ask: ask, visible: time.Now().Add(after)})
	return true, nil
}

// TestBackfill: many objects that come at once, which many functions are told of, count
// once each, and what that takes of the bucket does not grow faster than they do. Time
// is that of the bubble: what a call of the bucket takes is simulated, and nothing waits.
func TestBackfill(t *testing.T) {
	each := map[int]map[string]float64{}
	for _, objects := range []int{150, 600} {
		synctest.Test(t, func(t *testing.T) {
			d := (&backfill{objects: objects, workers: 8, within: 2 * time.Second, hidden: 5 * timeout}).drain(t)
			d.whole(t)
			each[objects] = d.calls.each(objects)
		})
	}
	for what, most := range map[string]float64{"GET": 20, "PUT": 5, "LIST": 3, "412": 0.5, "DELETE": 2.5} {
		few, many := each[150][what], each[600][what]
		t.Logf("%s: %.2f of each of 150 objects, %.2f of each of 600", what, few, many)
		if many > most || many > 1.25*few+0.1 { // what grows with the number is four times as much
			t.Errorf("%s: %.2f of each of 150 objects and %.2f of each of 600, at most %.1f", what, few, many, most)
		}
	}
}

// TestBackfillKilled: the same where functions are killed at any instant and the bucket
// refuses some of its calls, and messages come again at once, while the lease of a dead
// one holds, and long after it.
func TestBackfillKilled(t *testing.T) {
	seeds, _ := strconv.ParseUint(os.Getenv("LEEWAY_SEEDS"), 10, 64)
	for seed := range max(seeds, 1) {
		for _, hidden := range []time.Duration{0, 3 * time.Second, 5 * timeout} {
			synctest.Test(t, func(t *testing.T) {
				d := (&backfill{objects: 150, workers: 8, within: 2 * time.Second, kills: 5 + seed, hidden: hidden}).drain(t)
				d.whole(t)
				t.Logf("hidden for %v: %d messages came again, %d looked again", hidden, d.queue.again, d.queue.looks)
				if d.queue.again == 0 || d.queue.looks == 0 {
					t.Errorf("%d messages came again, %d looked again: nothing was killed, or left", d.queue.again, d.queue.looks)
				}
				if t.Failed() {
					t.Fatalf("seed %d, hidden for %v", seed, hidden)
				}
			})
		}
	}
}

// whole makes sure that all is done, and once.
func (d *drained) whole(t *testing.T) {
	t.Helper()
	if len(d.queue.dead) > 0 {
		t.Errorf("%d messages are dead letters", len(d.queue.dead))
	}
	d.same(t)
}

// TestBackfillMeasured makes a line of the table in docs/aws.md.
func TestBackfillMeasured(t *testing.T) {
	objects, _ := strconv.Atoi(os.Getenv("LEEWAY_OBJECTS"))
	workers, _ := strconv.Atoi(os.Getenv("LEEWAY_WORKERS"))
	if objects == 0 || workers == 0 {
		t.Skip("LEEWAY_OBJECTS and LEEWAY_WORKERS are not set")
	}
	synctest.Test(t, func(t *testing.T) {
		d := (&backfill{objects: objects, workers: workers, within: time.Minute, hidden: 5 * timeout}).drain(t)
		each := d.calls.each(objects)
		read, written := each["GET"]+each["HEAD"], each["PUT"]+each["LIST"]
		t.Logf("| %d | %d | %.0f s | %.0f s | %.1f min | %.1f | %.1f | %.2f | %.3f | $%.2f |", objects, workers, d.judged.Seconds(), d.took.Seconds(), d.busy.Minutes(),
			read, each["PUT"], each["LIST"], each["412"], float64(objects)*(read*0.4+written*5)/1e6)
		for _, what := range slices.Sorted(maps.Keys(each)) {
			t.Logf("%-28s %8.2f", what, each[what])
		}
		d.whole(t)
	})
}

// same holds what was come to against a serial run.
func (d *drained) same(t *testing.T) {
	serial := memstore.New()
	for info := range d.store.List(context.Background(), "") {
		if top, _, _ := strings.Cut(info.Key, "/"); top == "logs" || top == "reference" {
			serial.Now = func() time.Time { return info.Modified }
			object, err := d.store.Open(context.Background(), info.Key)
			if err != nil {
				t.Fatal(err)
			}
			data := make([]byte, info.Size)
			_, _ = object.ReadAt(data, 0)
			put(t, serial, info.Key, string(data))
		}
	}
	serial.Now = nil
	m := boot.Wire(boot.Parts{Data: serial, State: serial, Workers: 2})
	if err := m.RunAll(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	got, want := outcomeOf(t, d.store), outcomeOf(t, serial)
	wrong := 0
	for key, text := range want {
		if got[key] != text && wrong < 5 {
			wrong++
			t.Errorf("%s is\n%s\n, after a serial run\n%s", key, got[key], text)
		}
		delete(got, key)
	}
	for key := range got {
		t.Errorf("%s is not there after a serial run", key)
	}
}

// outcomeOf is what is known after a drain, without what hangs on which objects came
// together.
func outcomeOf(t *testing.T, store state.Store) map[string]string {
	all := map[string]string{}
	for info, err := range store.List(context.Background(), "state/") {
		if err != nil {
			t.Fatal(err)
		}
		_, place, _ := strings.Cut(strings.TrimPrefix(info.Key, "state/"), "/")
		place, _, _ = strings.Cut(place, "/")
		if place == "reports" || place == "delivered" {
			continue
		}
		object, err := store.Open(context.Background(), info.Key)
		if err != nil {
			t.Fatal(err)
		}
		data := make([]byte, info.Size)
		_, _ = object.ReadAt(data, 0)
		text := string(data)
		if place == "history" {
			var doc map[string]any
			if err := json.Unmarshal(data, &doc); err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"report", "created", "supersedes"} {
				delete(doc, name)
			}
			data, _ := json.Marshal(doc)
			text = string(data)
		}
		all[info.Key] = text
	}
	return all
}
