package monitor

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"leeway/core/fault"
	"leeway/core/retrain"
	"leeway/core/state"
	"leeway/events"
)

// outcomes are what an answer may say of a request.
var outcomes = map[string]retrain.Phase{
	"approved": retrain.Requested, "declined": retrain.Declined, "running": retrain.Running,
	"succeeded": retrain.Succeeded, "rejected": retrain.Rejected, "failed": retrain.Failed,
}

// answers are those that lie in the bucket. One that cannot be read is told of, and
// stands in nobody's way.
func (m *model) answers(ctx context.Context, result *Result) ([]retrain.Answer, error) {
	spoken, err := m.DB.Spoken(ctx, m.name)
	if err != nil {
		return nil, err
	}
	var all []retrain.Answer
	for _, one := range spoken {
		said, err := ParseAnswer(one.Data)
		if err == nil && said.Model != "" && said.Model != m.name {
			err = fault.New(fault.Invalid, fmt.Sprintf("is of model %s", said.Model), "put it under retrain/"+said.Model+"/")
		}
		if err != nil {
			result.Failed = append(result.Failed, fault.In(one.Key, err))
			continue
		}
		all = append(all, answer(said))
	}
	return all, nil
}

func answer(said *events.RetrainFinished) retrain.Answer {
	return retrain.Answer{Request: said.Request, Outcome: outcomes[said.Outcome], Message: said.Error, Run: said.Run}
}

// ParseAnswer reads what became of a request: the data of an event of type
// dev.leeway.retrain.finished.v1, alone or in its envelope. Errors are of kind
// Invalid.
func ParseAnswer(data []byte) (*events.RetrainFinished, error) {
	const hint = `write {"request": "rt-...", "outcome": "succeeded"}`
	if len(data) == 0 {
		return nil, fault.New(fault.Invalid, "is empty or too large for an answer", hint)
	}
	var envelope struct {
		Type string          `json:"type"`
		Data json.RawMessage `json:"data"`
	}
	var said events.RetrainFinished
	err := json.Unmarshal(data, &envelope)
	if err == nil && envelope.Type != "" && envelope.Type != events.TypeRetrainFinished {
		return nil, fault.New(fault.Invalid, fmt.Sprintf("is an event of type %q", envelope.Type), "send "+events.TypeRetrainFinished)
	}
	body := data
	if len(envelope.Data) > 0 {
		body = envelope.Data
	}
	if err == nil {
		err = json.Unmarshal(body, &said)
	}
	switch {
	case err != nil:
		return nil, &fault.Error{Kind: fault.Invalid, Err: fmt.Errorf("is no answer: %w", err), Hint: hint}
	case said.Request == "":
		return nil, fault.New(fault.Invalid, "names no request", hint)
	case !slices.Contains(events.Outcomes, said.Outcome):
		return nil, &fault.Error{Kind: fault.Invalid, Err: fmt.Errorf("has the outcome %q", said.Outcome), Hint: oneOf(said.Outcome)}
	}
	return &said, nil
}

func oneOf(outcome string) string {
	if near := fault.Nearest(outcome, events.Outcomes); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return fmt.Sprintf("use one of %v", events.Outcomes)
}

// Answer takes in what became of a request, at once. It is an error of kind NotFound
// if the model has no such request; an answer that came before changes nothing.
func (m *Monitor) Answer(ctx context.Context, said *events.RetrainFinished) error {
	if err := state.CheckModel(said.Model); err != nil {
		return err
	}
	if _, ok := outcomes[said.Outcome]; !ok {
		return &fault.Error{Kind: fault.Invalid, Err: fmt.Errorf("outcome %q", said.Outcome), Hint: oneOf(said.Outcome)}
	}
	return m.retraining(ctx, said.Model, func(s retrain.State) (retrain.State, error) {
		now, known := s.Answer(answer(said))
		if !known {
			return s, &fault.Error{Kind: fault.NotFound, Err: fmt.Errorf("model %s has no request %s", said.Model, said.Request), Hint: "look at leeway retrain show"}
		}
		return now, nil
	})
}
