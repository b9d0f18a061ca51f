package dash

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"leeway/core/fault"
	"leeway/core/report"
	"leeway/core/retrain"
	"leeway/core/state"
)

// retraining is what is shown of requests for training: what was decided with the
// newest report, the request that is under way, and those that ended.
type retraining struct {
	Name     string
	Decision *report.Retrain // nil: nothing was decided
	Requests []request       // the newest first
	More     int             // earlier ones
}

// request is a training that was asked for, in words.
type request struct{ *retrain.Request }

// Proposed tells whether a request waits for somebody to approve it.
func (r *retraining) Proposed() bool {
	return len(r.Requests) > 0 && r.Requests[0].Phase == retrain.Proposed
}

// maxRequests is how many requests a page lists.
const maxRequests = 8

// retraining reads what there is to show; nil for a model that nobody asks about.
func (d *Dash) retraining(ctx context.Context, s *subject) (*retraining, error) {
	known, _, err := d.DB.Retraining(ctx, s.name)
	if fault.KindOf(err) == fault.Invalid {
		known, err = retrain.State{}, nil // damaged: the quarantine says so
	}
	if err != nil {
		return nil, err
	}
	r := &retraining{Name: s.name}
	if newest := s.newest(); newest != nil {
		done, err := d.DB.Delivered(ctx, s.name, newest.Window)
		if err != nil {
			return nil, err
		}
		r.Decision = done.Retrain
	}
	r.list(&known)
	if r.Decision == nil && len(r.Requests) == 0 {
		return nil, nil
	}
	return r, nil
}

func (r *retraining) list(known *retrain.State) {
	all := slices.Clone(known.Past)
	if known.Request != nil {
		all = append(all, *known.Request)
	}
	slices.Reverse(all)
	r.More = max(0, len(all)-maxRequests)
	for i := range all[:len(all)-r.More] {
		r.Requests = append(r.Requests, request{&all[i]})
	}
}

// states are the phases of a request for people.
var states = map[retrain.Phase]string{
	retrain.Proposed: "waits for approval", retrain.Requested: "to be sent", retrain.Running: "running", retrain.Succeeded: "succeeded",
	retrain.Rejected: "no better model", retrain.Failed: "failed", retrain.Declined: "declined", retrain.Lost: "nothing was heard", retrain.Expired: "nobody approved",
}

// State is where a request is in its life.
func (r *request) State() string {
	if r.Phase == retrain.Requested && r.Fired {
		return "sent"
	}
	return states[r.Phase]
}

// tag names what is shown.
func (r *retraining) tag() (string, error) {
	if r == nil {
		return "", nil
	}
	text, err := json.Marshal(r)
	if err != nil {
		return "", &fault.Error{Kind: fault.Internal, Op: "encode requests", Err: err}
	}
	return digest(string(text)), nil
}

// Asked is the day of the data on which it was decided.
func (r *request) Asked() string { return r.At.UTC().Format(time.DateOnly) }

// Data are the days of the data that the training has not seen.
func (r *request) Data() string {
	if r.Start.IsZero() || r.End.IsZero() {
		return ""
	}
	return windowText(state.Window{Start: r.Start, End: r.End})
}
