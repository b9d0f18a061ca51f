package monitor

import (
	"context"
	"reflect"

	"leeway/core/fault"
	"leeway/core/report"
	"leeway/core/retrain"
	"leeway/core/state"
)

// followUp does what follows from reports: whether to retrain is decided, and they
// are sent to sinks.
func (m *model) followUp(ctx context.Context, result *Result) error {
	if m.config.Retrain.Trigger != "" {
		if err := m.decide(ctx, result); err != nil {
			return err
		}
		if err := m.fire(ctx, result); err != nil {
			return err
		}
	}
	return m.deliver(ctx, result)
}

// nothing is the trigger that starts nothing.
const nothing = "none"

func (m *model) retrainPolicy() *retrain.Policy {
	c := &m.config.Retrain
	return &retrain.Policy{
		Confirm: c.Confirm, Of: c.Of, Impact: c.Impact, CoolDown: c.CoolDown, Budget: c.Budget, MinLabels: c.MinLabels,
		Every: c.Every, Approval: c.Approval || c.Trigger == nothing, Timeout: c.Timeout,
	}
}

// swaps is how often a change of the state of retraining is tried that others get in
// the way of.
const swaps = 8

// retraining changes the state of retraining, by compare-and-swap: change is called
// with the present one, again if somebody else was faster.
func (m *Monitor) retraining(ctx context.Context, model string, change func(retrain.State) (retrain.State, error)) error {
	for range swaps {
		old, token, err := m.DB.Retraining(ctx, model)
		if err != nil {
			return err
		}
		now, err := change(old)
		if err != nil || reflect.DeepEqual(now, old) {
			return err
		}
		if err = m.DB.SwapRetraining(ctx, model, now, token); fault.KindOf(err) != fault.Conflict {
			return err
		}
	}
	return fault.New(fault.Unavailable, "the state of retraining is changed by others all the time", "run leeway again")
}

// decide takes in what was answered, and decides about the newest window.
func (m *model) decide(ctx context.Context, result *Result) error {
	batches, history, err := m.known(ctx)
	if err != nil {
		return err
	}
	answers, err := m.answers(ctx, result)
	if err != nil {
		return err
	}
	in := &retrain.Input{Model: m.name, Now: state.Now(batches), Windows: evidence(batches, history), Answers: answers}
	var decision *report.Retrain
	err = m.retraining(ctx, m.name, func(old retrain.State) (retrain.State, error) {
		var now retrain.State
		now, decision = retrain.Step(m.retrainPolicy(), old, in)
		return now, nil
	})
	if err != nil || decision == nil {
		return err
	}
	return m.decided(ctx, result, state.Present(history), decision)
}

// decided notes a decision beside the report that it was made with. A request stays
// noted there, whatever becomes of it.
func (m *model) decided(ctx context.Context, result *Result, newest *state.Summary, decision *report.Retrain) error {
	news := false
	err := m.DB.Deliver(ctx, m.name, newest.Window, func(d *state.Delivered) {
		news = false
		switch old := d.Retrain; {
		case d.Report == newest.Report:
			if old != nil && (old.Decision == report.RetrainRequested || old.Decision == report.RetrainProposed && decision.Decision != report.RetrainRequested) {
				return
			}
			news = old == nil || old.Decision != decision.Decision
		case d.Report != "" && len(m.sinks()) > 0:
			return // another process has made a newer report meanwhile, which sinks are owed
		default:
			*d, news = state.Delivered{Window: newest.Window, Report: newest.Report}, true
		}
		d.Retrain = decision
	})
	if news && err == nil && (decision.Decision == report.RetrainRequested || decision.Decision == report.RetrainProposed) {
		result.Notes = append(result.Notes, decision.Message+" Request "+decision.Request+".")
	}
	return err
}

// fire starts the training that was asked for, unless that is done.
func (m *model) fire(ctx context.Context, result *Result) error {
	s, _, err := m.DB.Retraining(ctx, m.name)
	if err != nil || s.Request == nil || s.Request.Fired || s.Request.Phase != retrain.Requested || m.config.Retrain.Trigger == nothing {
		return err
	}
	mine := m.Monitor.pauses.of(m.name + "\x00\x00retrain")
	if err := mine.pausing(m.Clock.Now()); err != nil {
		result.Failed = append(result.Failed, err)
		return nil
	}
	failed := m.start(ctx, s.Request)
	if ctx.Err() != nil {
		return ctx.Err() // whether it was taken is not known: the same event goes out again
	}
	if failed != nil {
		failed = &fault.Error{Kind: fault.KindOf(failed), Object: "retrain " + s.Request.ID, Err: failed}
		mine.wait(m.Clock.Now(), failed)
		result.Failed = append(result.Failed, failed)
	} else {
		mine.clear()
	}
	return m.retraining(ctx, m.name, func(now retrain.State) (retrain.State, error) {
		if now.Request == nil || now.Request.ID != s.Request.ID || now.Request.Fired {
			return now, nil // it was answered meanwhile
		}
		r := *now.Request
		r.Fired, r.Error = failed == nil, text(failed)
		now.Request = &r
		return now, nil
	})
}

// start hands a request to the trigger.
func (m *model) start(ctx context.Context, r *retrain.Request) error {
	trigger, err := m.Triggers.Open(ctx, &m.config.Retrain)
	if err != nil {
		return err
	}
	event, err := m.request(ctx, r)
	if err != nil {
		return err
	}
	return trigger.Fire(ctx, event)
}
