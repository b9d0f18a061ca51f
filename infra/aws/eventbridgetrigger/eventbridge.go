// Package eventbridgetrigger puts events on an Amazon EventBridge bus: the trigger
// eventbridge, and the sink of that kind. Rules match the source "leeway", the
// event's type as detail-type, and the CloudEvent, which is the detail:
//
//	{"source": ["leeway"], "detail-type": ["dev.leeway.retrain.requested.v1"], "detail": {"data": {"model": ["hotel"]}}}
//
// The bus knows no repetitions: targets tell them by detail.id.
package eventbridgetrigger

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"os"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/events"
	"leeway/infra/aws/environ"
	"leeway/infra/aws/jsoncall"
	"leeway/infra/aws/problem"
)

// Source is what events come from, for rules and permissions.
const Source = "leeway"

var service = jsoncall.Service{Host: "events", Signs: "events", Target: "AWSEvents", Version: "1.1"}

// entry is an event for PutEvents, as far as it is used.
type entry struct {
	EventBusName, Source, DetailType, Detail string
	Time                                     int64 // seconds since 1970
}

// taken is what PutEvents answers.
type taken struct {
	FailedEntryCount int
	Entries          []struct{ EventID, ErrorCode, ErrorMessage string }
}

// Bus puts events on one bus.
type Bus struct {
	Client *jsoncall.Client
	Name   string // or ARN
}

// Open is the trigger eventbridge.
func Open(_ context.Context, r *config.Retrain) (monitor.Trigger, error) { return open(r.Options) }

// OpenSink is the sink of kind eventbridge.
func OpenSink(_ context.Context, s *config.Sink) (monitor.Sink, error) { return open(s.Options) }

func open(options map[string]string) (*Bus, error) {
	c, err := environ.ConfigIn(options["region"], os.Getenv, "EVENTBRIDGE")
	if err != nil {
		return nil, err
	}
	name := cmp.Or(options["bus"], os.Getenv("LEEWAY_EVENT_BUS"), "default")
	return &Bus{Client: jsoncall.New(c, service), Name: name}, nil
}

// Write tells of a report.
func (b *Bus) Write(ctx context.Context, r *report.Report) error {
	event, err := monitor.ReportReady(r)
	if err != nil {
		return err
	}
	return b.Fire(ctx, event)
}

// Fire puts an event on the bus.
func (b *Bus) Fire(ctx context.Context, e events.Event) error {
	detail, err := json.Marshal(e)
	if err != nil {
		return &fault.Error{Kind: fault.Internal, Op: "encode event", Err: err}
	}
	call := problem.Call{Action: "events:PutEvents", Object: b.Name}
	in := map[string][]entry{"Entries": {{EventBusName: b.Name, Source: Source, DetailType: e.Type, Detail: string(detail), Time: e.Time.Unix()}}}
	var out taken
	if err := b.Client.Call(ctx, "PutEvents", in, &out); err != nil {
		return problem.Of(ctx, call, err)
	}
	// An answer of 200 may say that nothing was taken.
	if out.FailedEntryCount > 0 || len(out.Entries) != 1 {
		f := &fault.Error{Kind: fault.Unavailable, Op: call.Action, Object: b.Name, Err: errors.New("the bus did not take the event")}
		if len(out.Entries) > 0 {
			f.Err = errors.New(out.Entries[0].ErrorCode + ": " + out.Entries[0].ErrorMessage)
		}
		return f
	}
	return nil
}
