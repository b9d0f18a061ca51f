// Package triggertest is the conformance suite of [monitor.Trigger]: what the
// pipeline counts on. An adapter's test is one call of [Run] with a way to open the
// trigger before a real service, or a fake that keeps the real one's limits, and to
// look at what was started there.
package triggertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/events"
)

// Subject is a trigger with a fresh service behind it.
type Subject struct {
	Trigger monitor.Trigger

	// Started tells what was started, with what each got: one entry for each start. An
	// event that the service itself drops as a repetition is none.
	Started func(t *testing.T) []string

	// Break has the service fail every request until it is called again with false. nil:
	// it cannot be made to.
	Break func(broken bool)
}

// Options say what a service cannot do.
type Options struct {
	// Repeats: the service does not know repetitions and starts again. What it gets
	// carries the event's ID, by which whoever is started can tell.
	Repeats bool
}

// Run runs the suite. open makes a subject for each test.
func Run(t *testing.T, open func(*testing.T) Subject, o *Options) {
	if o == nil {
		o = &Options{}
	}
	for _, test := range []struct {
		name string
		run  func(*testing.T, Subject, *Options)
	}{
		{"starts", starts}, {"repeats", repeats}, {"two requests", twoRequests}, {"given up", givenUp}, {"fails and comes back", comesBack}, {"large event", large},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t), o) })
	}
}

// Event is a request for training with an ID as the pipeline makes them; equal
// arguments give equal events.
func Event(t *testing.T, n int) events.Event {
	t.Helper()
	event, err := events.NewRetrainRequested(events.RetrainRequested{
		Model: "hotel", Request: fmt.Sprintf("rt-%032x", n), Report: "0000000000000001", Verdict: "alert",
		Reasons: []events.RetrainReason{{Kind: "performance", Message: "performance fell in 2 windows: roc_auc"}},
		Summary: "performance fell in 2 windows: roc_auc", Start: "2026-10-01T00:00:00Z", End: "2026-10-20T00:00:00Z", Labels: 1234, Baseline: "b1",
		Data: events.RetrainData{Location: "s3://bucket", Logs: "logs/hotel/", Labels: "labels/hotel/", Reference: "reference/hotel/", Answers: "retrain/hotel/x.json"},
	}, time.Date(2026, 10, 20, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return event
}

func fire(t *testing.T, s Subject, e events.Event) {
	t.Helper()
	if err := s.Trigger.Fire(t.Context(), e); err != nil {
		t.Fatalf("event %s: %v", e.ID, err)
	}
}

// starts: it is started once, and gets to know which request it is for.
func starts(t *testing.T, s Subject, _ *Options) {
	e := Event(t, 1)
	fire(t, s, e)
	if started := s.Started(t); len(started) != 1 || !strings.Contains(started[0], e.ID) {
		t.Errorf("started %q, want one that names %s", started, e.ID)
	}
}

// repeats: an event that was taken before is no error.
func repeats(t *testing.T, s Subject, o *Options) {
	for range 3 {
		fire(t, s, Event(t, 1))
	}
	if started := s.Started(t); len(started) != 1 && !o.Repeats {
		t.Errorf("%d starts of one request", len(started))
	}
}

func twoRequests(t *testing.T, s Subject, _ *Options) {
	fire(t, s, Event(t, 1))
	fire(t, s, Event(t, 2))
	if started := s.Started(t); len(started) != 2 {
		t.Errorf("%d starts of two requests", len(started))
	}
}

// givenUp: with a context that is over nothing is started, and it is an error.
func givenUp(t *testing.T, s Subject, _ *Options) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := s.Trigger.Fire(ctx, Event(t, 3)); err == nil {
		t.Error("no error though it was given up")
	}
}

// comesBack: a failing service is an error, and the next call starts.
func comesBack(t *testing.T, s Subject, _ *Options) {
	if s.Break == nil {
		t.Skip("the service cannot be made to fail")
	}
	s.Break(true)
	err := s.Trigger.Fire(t.Context(), Event(t, 4))
	var known *fault.Error
	if !errors.As(err, &known) || known.Kind == "" {
		t.Fatalf("a failing service: %v", err)
	}
	if started := s.Started(t); len(started) != 0 {
		t.Fatalf("started %q though it failed", started)
	}
	s.Break(false)
	fire(t, s, Event(t, 4))
	if started := s.Started(t); len(started) != 1 {
		t.Errorf("%d starts once the service was back", len(started))
	}
}

// large: an event that names as many objects as there may be.
func large(t *testing.T, s Subject, _ *Options) {
	e := Event(t, 5)
	var data events.RetrainRequested
	if err := json.Unmarshal(e.Data, &data); err != nil {
		t.Fatal(err)
	}
	for i := range 200 {
		data.Data.Objects = append(data.Data.Objects, fmt.Sprintf("logs/hotel/%s/%d.csv", strings.Repeat("d", 200), i))
	}
	body, err := json.Marshal(data)
	if err != nil {
		t.Fatal(err)
	}
	e.Data = body
	fire(t, s, e)
	if started := s.Started(t); len(started) != 1 {
		t.Errorf("%d starts", len(started))
	}
}
