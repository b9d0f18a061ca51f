package monitor

import (
	"context"
	"errors"
	"time"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/report"
	"leeway/events"
)

// Sink is a place that reports go to: a service of metrics, a message to people, a
// program. Implementations are safe for concurrent use and pass sinktest.Run.
//
// Write is called again with the same report when a run was cut short before it had
// noted that the sink took it, so what comes of it must be the same as of one call,
// or be told apart by the report's ID. It gives up with the context.
//
// Errors are fault.Errors. One of kind Invalid is final: the sink will never take this
// report, and it is not offered again. After any other the next run tries again.
type Sink interface {
	Write(ctx context.Context, r *report.Report) error
}

// Trigger starts something in answer to an event: a training. Implementations are
// safe for concurrent use and pass triggertest.Run.
//
// Fire is called until it succeeds once, and may be called again after that: at least
// once. An event that was taken before is no error, and starts nothing again where
// the service behind it can tell by the event's ID.
//
// Errors are fault.Errors; whatever their kind, the next run tries again, for a
// configuration can be mended.
type Trigger interface {
	Fire(ctx context.Context, e events.Event) error
}

// Sinks opens sinks, by their kind. Each program lists those that it has.
type Sinks map[string]func(context.Context, *config.Sink) (Sink, error)

// Open opens a sink of a configuration.
func (s Sinks) Open(ctx context.Context, to *config.Sink) (Sink, error) {
	open := s[to.Kind]
	if open == nil {
		return nil, fault.New(fault.Denied, "this program has no sink of kind "+to.Kind, "use the program of the cloud that has it, or another kind")
	}
	return open(ctx, to)
}

// Triggers opens triggers, by their kind.
type Triggers map[string]func(context.Context, *config.Retrain) (Trigger, error)

// Open opens the trigger of a configuration.
func (t Triggers) Open(ctx context.Context, r *config.Retrain) (Trigger, error) {
	open := t[r.Trigger]
	if open == nil {
		return nil, fault.New(fault.Denied, "this program has no trigger "+r.Trigger, "use the program of the cloud that has it, or another trigger")
	}
	return open(ctx, r)
}

// ReportReady is the event that tells of a report of a bucket.
func ReportReady(r *report.Report) (events.Event, error) {
	created, err := time.Parse(time.RFC3339, r.Created)
	if err == nil && r.Window == nil {
		err = errors.New("is of no window")
	}
	if err != nil {
		return events.Event{}, &fault.Error{Kind: fault.Invalid, Object: "report " + r.ID, Err: err}
	}
	return events.NewReportReady(events.ReportReady{
		Model: r.Model, Report: r.ID, Supersedes: r.Supersedes, Start: r.Window.Start, End: r.Window.End,
		Verdict: string(r.Verdict), Partial: r.Partial != nil, Summary: r.Summary,
	}, created)
}
