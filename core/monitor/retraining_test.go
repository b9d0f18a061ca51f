package monitor_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/core/state"
	"leeway/events"
)

// receiver is a sink and a trigger that remembers, and fails when told to.
type receiver struct {
	mu      sync.Mutex
	reports []string // window and verdict, in order
	events  []events.Event
	err     error
}

func (r *receiver) Write(_ context.Context, one *report.Report) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return r.err
	}
	r.reports = append(r.reports, one.Window.Start[:10]+" "+string(one.Verdict))
	return nil
}

func (r *receiver) Fire(_ context.Context, e events.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return r.err
	}
	r.events = append(r.events, e)
	return nil
}

func (r *receiver) took() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	took := r.reports
	r.reports = nil
	return took
}

var errDown = fault.New(fault.Unavailable, "the service is down", "")

// listen gives the world's program a sink of kind webhook and a trigger of that name.
func (w *world) listen() *receiver {
	r := &receiver{}
	w.equip = func(m *monitor.Monitor) {
		m.Sinks = monitor.Sinks{"webhook": func(context.Context, *config.Sink) (monitor.Sink, error) { return r, nil }}
		m.Triggers = monitor.Triggers{"webhook": func(context.Context, *config.Retrain) (monitor.Trigger, error) { return r, nil }}
		m.Location = "mem://w"
	}
	return r
}

const hook = "options: {url: \"http://x\"}"

// badDays is a model that gets worse on the 12th, for good, with a day a file.
func badDays(w *world, settings string, days int) {
	reference, known := predictions(1, 600, 9)
	w.put("reference/m/r.csv", reference)
	w.put("labels/m/reference.csv", labelFile(known...))
	w.put("config/m.yaml", labelledModel+settings)
	for d := range days {
		w.badDay(10 + d)
	}
}

func (w *world) badDay(day int) {
	right := 9
	if day >= 12 {
		right = 5
	}
	log, labels := predictions(day, 300, right)
	w.put(fmt.Sprintf("logs/m/%d.csv", day), log)
	w.put(fmt.Sprintf("labels/m/%d.csv", day), labelFile(labels...))
}

// TestRetraining: two bad days make one request, which names the data and is heard of
// once; what the training answers ends it; the report says what was decided.
func TestRetraining(t *testing.T) {
	w := newWorld(t)
	r := w.listen()
	badDays(w, "retrain: {trigger: webhook, min_labels: 100, "+hook+"}\n", 3)
	w.run()
	if d := w.decision("2026-03-12"); len(r.events) != 0 || d == nil || d.Decision != "none" || !strings.Contains(d.Message, "not confirmed") {
		t.Fatalf("after one bad day: %d events, %+v", len(r.events), d)
	}
	w.wantIdle()
	w.badDay(13)
	result := w.run()
	if len(r.events) != 1 {
		t.Fatalf("%d events after two bad days", len(r.events))
	}
	var asked events.RetrainRequested
	if err := json.Unmarshal(r.events[0].Data, &asked); err != nil {
		t.Fatal(err)
	}
	d := w.decision("2026-03-13")
	if d == nil || d.Decision != "requested" || d.Request != r.events[0].ID || len(d.Reasons) == 0 || d.Reasons[0].Kind != "performance" {
		t.Errorf("decision %+v", d)
	}
	if asked.Request != d.Request || asked.Labels != 1200 || asked.Verdict != "alert" || asked.Data.Location != "mem://w" || !slices.Equal(asked.Data.Objects, []string{"logs/m/10.csv", "logs/m/11.csv", "logs/m/12.csv", "logs/m/13.csv"}) {
		t.Errorf("asked for %+v", asked)
	}
	if !strings.Contains(strings.Join(result.Notes, "\n"), "Retraining was requested") {
		t.Errorf("notes %q", result.Notes)
	}
	w.wantIdle()
	w.badDay(14)
	w.run()
	if d := w.decision("2026-03-14"); len(r.events) != 1 || d.Decision != "waiting" {
		t.Errorf("while it is under way: %d events, %+v", len(r.events), d)
	}
	w.put("retrain/m/done.json", fmt.Sprintf(`{"type": %q, "data": {"model": "m", "request": %q, "outcome": "failed", "error": "no space"}}`, events.TypeRetrainFinished, d.Request))
	w.run()
	if d := w.decision("2026-03-14"); d.Decision != "held" || d.Held[0].By != "cool_down" || len(r.events) != 1 {
		t.Errorf("after it failed: %d events, %+v", len(r.events), d)
	}
	if d := w.decision("2026-03-13"); d.Decision != "requested" {
		t.Errorf("the report that asked for it: %+v", d)
	}
	w.wantIdle()
	w.badDay(15)
	w.badDay(16)
	w.run()
	if len(r.events) != 2 || r.events[1].ID == r.events[0].ID {
		t.Errorf("after the cool-down: %d events", len(r.events))
	}
}

// decision is what the newest report of a day says about retraining.
func (w *world) decision(day string) *report.Retrain { return w.newest(day).Retrain }

// TestRequestIsSentUntilItIsTaken: the same event goes out until the trigger takes it,
// also when the process dies before it has noted that.
func TestRequestIsSentUntilItIsTaken(t *testing.T) {
	w := newWorld(t)
	r := w.listen()
	r.err = errDown
	badDays(w, "retrain: {trigger: webhook, min_labels: 100, confirm: 1, "+hook+"}\n", 3)
	if _, err := w.monitor().Run(t.Context(), "m"); err == nil || !strings.Contains(err.Error(), "the service is down") {
		t.Fatalf("no error while the trigger is down: %v", err)
	}
	d := w.decision("2026-03-12")
	if d == nil || d.Decision != "requested" {
		t.Fatalf("decision %+v", d)
	}
	r.err = nil
	w.run()
	if len(r.events) != 1 || r.events[0].ID != d.Request {
		t.Errorf("%d events once the trigger is back", len(r.events))
	}
	w.wantIdle()
}

// TestAnswers: what is no answer is said, and in nobody's way; an answer may come
// through the program as well.
func TestAnswers(t *testing.T) {
	w := newWorld(t)
	r := w.listen()
	badDays(w, "retrain: {trigger: webhook, min_labels: 100, confirm: 1, "+hook+"}\n", 3)
	w.put("retrain/m/notes.json", `{"request": "rt-0", "outcome": "suceeded"}`)
	_, err := w.monitor().Run(t.Context(), "m")
	if err == nil || !strings.Contains(err.Error(), `retrain/m/notes.json: has the outcome "suceeded": did you mean succeeded?`) {
		t.Errorf("a wrong answer: %v", err)
	}
	if len(r.events) != 1 {
		t.Fatalf("%d events beside a wrong answer", len(r.events))
	}
	said := &events.RetrainFinished{Model: "m", Request: r.events[0].ID, Outcome: "succeeded", Run: "arn"}
	for range 2 {
		if err := w.monitor().Answer(t.Context(), said); err != nil {
			t.Error(err)
		}
	}
	s, _, err := w.db.Retraining(t.Context(), "m")
	if err != nil || s.Request != nil || len(s.Past) != 1 || s.Past[0].Run != "arn" || s.Past[0].Phase != "succeeded" {
		t.Errorf("state %+v, %v", s, err)
	}
	said.Request = "rt-unknown"
	if err := w.monitor().Answer(t.Context(), said); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an answer of no request: %v", err)
	}
}

// TestNobodyIsAskedTwice: several processes decide at the same time, and one request
// comes of it.
func TestNobodyIsAskedTwice(t *testing.T) {
	w := newWorld(t)
	r := w.listen()
	badDays(w, "retrain: {trigger: webhook, min_labels: 100, confirm: 1, "+hook+"}\n", 3)
	var work sync.WaitGroup
	failed := make([]error, 6)
	for i := range failed {
		m := w.monitor()
		work.Go(func() { _, failed[i] = m.Run(context.Background(), "m") })
	}
	work.Wait()
	if err := errors.Join(failed...); err != nil {
		t.Fatal(err)
	}
	w.run()
	if len(r.events) == 0 {
		t.Fatal("nothing was asked for")
	}
	for _, e := range r.events {
		if e.ID != r.events[0].ID {
			t.Errorf("requests %s and %s", r.events[0].ID, e.ID)
		}
	}
}

// dying is a store whose process dies at a write.
type dying struct {
	state.Store
	left atomic.Int64
	stop context.CancelFunc
}

func (d *dying) Put(ctx context.Context, key string, body io.Reader, o *state.PutOptions) (state.Info, error) {
	if d.left.Add(-1) < 0 {
		d.stop()
		return state.Info{}, fault.New(fault.Unavailable, "the process died", "")
	}
	return d.Store.Put(ctx, key, body, o)
}

// TestCutShort: wherever a process dies, the next one asks for what it was about to ask
// for, under the same name, and sends what was not sent.
func TestCutShort(t *testing.T) {
	for writes := range int64(100) {
		w := newWorld(t)
		r := w.listen()
		badDays(w, everyReport+"retrain: {trigger: webhook, min_labels: 100, confirm: 1, "+hook+"}\n", 2)
		w.run()
		r.took()
		w.badDay(12)
		ctx, stop := context.WithCancel(t.Context())
		store := &dying{Store: w.store, stop: stop}
		store.left.Store(writes)
		m := w.monitor()
		m.DB = state.Open(w.store, store)
		_, err := m.Run(ctx, "m")
		stop()
		w.clock.advance(time.Hour)
		w.run()
		if len(r.events) == 0 {
			t.Fatalf("cut short after %d writes: nothing is asked for", writes)
		}
		for _, e := range r.events {
			if e.ID != r.events[0].ID {
				t.Fatalf("cut short after %d writes: asked for %s and %s", writes, r.events[0].ID, e.ID)
			}
		}
		if sent := r.took(); !slices.Contains(sent, "2026-03-12 alert") {
			t.Fatalf("cut short after %d writes: sent %q", writes, sent)
		}
		w.wantIdle()
		if err == nil {
			if writes < 8 {
				t.Errorf("all is done after %d writes: it tests little", writes)
			}
			return
		}
	}
	t.Error("it never ends")
}
