package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"leeway/core/fault"
	"leeway/events"
	"leeway/functions/internal/boot"
)

// TestCutOffByHand: who asks for a run and waits for the answer is told when the time was
// not enough: what was done, what is left, and what to do. With a queue a call goes on;
// without one it is an error.
func TestCutOffByHand(t *testing.T) {
	for _, queue := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) { cutOff(t, queue) })
	}
}

// byHand is what somebody asks for who waits for the answer.
var byHand = []events.Message{{ID: "r", Ask: &events.Ask{What: events.AskRun, Models: []string{"a"}}}}

// atTheEnd handles messages in a call that has a second to go when an object is halfway.
func atTheEnd(t *testing.T, a *boot.App, store *brief, messages []events.Message) *Outcome {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	deadline, _ := ctx.Deadline()
	store.end = func() { time.Sleep(time.Until(deadline) - time.Second) }
	store.left.Store(30 << 20)
	return Handle(ctx, a, messages)
}

// TestCutOffAndNoCallIsTaken: that the queue takes no call is told besides, in the answer and
// of the message that comes again.
func TestCutOffAndNoCallIsTaken(t *testing.T) {
	besides := "queue: sqs:SendMessage is not allowed"
	for want, messages := range map[string][]events.Message{
		"1 file was read and 0 reports made, with logs/a/2026-01-01.csv halfway, which stays done, and the rest is left; besides: " + besides: byHand,
		besides: told("logs/a/2026-01-01.csv"),
	} {
		synctest.Test(t, func(t *testing.T) {
			store := &brief{Store: beside(t)}
			a, log := app(t, store)
			a.Again = func(context.Context, []byte, time.Duration) (bool, error) {
				return false, &fault.Error{Kind: fault.Denied, Object: "queue", Err: errors.New("sqs:SendMessage is not allowed")}
			}
			err := errors.Join(slices.Collect(maps.Values(atTheEnd(t, a, store, messages).Failed))...)
			for _, want := range []string{"the time was not enough", want} {
				if !strings.Contains(fmt.Sprint(err), want) || !strings.Contains(fmt.Sprint(log), want) {
					t.Errorf("no %q in %v\n%s", want, err, log)
				}
			}
		})
	}
}

func cutOff(t *testing.T, queue bool) {
	store := &brief{Store: beside(t)}
	a, log := app(t, store)
	var sent []string
	if queue {
		sending(a, &sent)
	}
	o := atTheEnd(t, a, store, byHand)
	text := o.Models[0].Unfinished
	if err := o.Failed["r"]; err != nil {
		text = err.Error()
		if queue || fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%v\n%s", err, log)
		}
	}
	for _, want := range map[bool][]string{
		true:  {"the time was up when 1 file was read and 0 reports made, with logs/a/2026-01-01.csv halfway: a call in the queue goes on with logs/a/2026-01-01.csv and whatever else is pending; ask again later"},
		false: {"a: the time was not enough", "1 file was read and 0 reports made, with logs/a/2026-01-01.csv halfway, which stays done, and the rest is left: ask again until no error comes", "LEEWAY_QUEUE_URL"},
	}[queue] {
		if !strings.Contains(text, want) {
			t.Errorf("with a queue %v: no %q in %q", queue, want, text)
		}
	}
	answer, err := json.Marshal(o)
	if err != nil || queue != strings.Contains(string(answer), `"verdict":"unknown"`) || queue != (len(sent) == 1) {
		t.Errorf("with a queue %v: %s, sent %q", queue, answer, sent)
	}
	store.left.Store(1 << 40)
	if o := Handle(t.Context(), a, byHand); len(o.Failed) > 0 || o.Models[0].Unfinished != "" || o.Models[0].Batches != 1 || len(o.Models[0].Reports) != 2 {
		t.Errorf("the next call: %+v, %+v\n%s", o, o.Models[0], log)
	}
}
