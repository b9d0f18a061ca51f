package monitor

import (
	"context"
	"slices"
	"time"

	"leeway/core/retrain"
	"leeway/core/state"
	"leeway/events"
)

// mostObjects is how many objects an event names.
const mostObjects = 200

// request is the event that asks for a training.
func (m *model) request(ctx context.Context, r *retrain.Request) (events.Event, error) {
	batches, history, err := m.known(ctx)
	if err != nil {
		return events.Event{}, err
	}
	verdict := ""
	for i := range history {
		if history[i].Report == r.Report {
			verdict = string(history[i].Verdict)
		}
	}
	data := events.RetrainRequested{
		Model: m.name, Request: r.ID, Report: r.Report, Verdict: verdict, Summary: r.Summary(),
		Start: r.Start.UTC().Format(time.RFC3339), End: r.End.UTC().Format(time.RFC3339), Labels: r.Labels, Baseline: r.Baseline,
		Data: events.RetrainData{
			Location: m.Location, Logs: "logs/" + m.name + "/", Labels: "labels/" + m.name + "/",
			Reference: "reference/" + m.name + "/", Answers: state.AnswerKey(m.name, r.ID),
		},
	}
	for _, reason := range r.Reasons {
		data.Reasons = append(data.Reasons, events.RetrainReason(reason))
	}
	for i := range batches {
		of := func(p state.Part) bool { return p.Window.End.After(r.Start) && p.Window.Start.Before(r.End) }
		if slices.ContainsFunc(batches[i].Parts, of) {
			data.Data.Objects = append(data.Data.Objects, batches[i].Key)
		}
	}
	slices.Sort(data.Data.Objects)
	if more := len(data.Data.Objects) - mostObjects; more > 0 {
		data.Data.Objects, data.Data.More = data.Data.Objects[more:], more
	}
	return events.NewRetrainRequested(data, r.At)
}
