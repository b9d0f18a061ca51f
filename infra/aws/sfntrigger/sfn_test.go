package sfntrigger_test

import (
	"encoding/json"
	"testing"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/monitor/triggertest"
	"leeway/infra/aws/awsfake"
	"leeway/infra/aws/sfntrigger"
)

var machine = map[string]string{"state_machine_arn": "arn:aws:states:eu-west-1:1:stateMachine:retrain"}

func TestTrigger(t *testing.T) {
	triggertest.Run(t, func(t *testing.T) triggertest.Subject {
		server := awsfake.Start(t)
		trigger, err := sfntrigger.Open(t.Context(), &config.Retrain{Options: machine})
		if err != nil {
			t.Fatal(err)
		}
		return triggertest.Subject{Trigger: trigger, Started: server.Arrived, Break: server.Break}
	}, nil)
}

// TestKnownExecution: an execution of that name that has ended, or that got something
// else, is the one that was asked for.
func TestKnownExecution(t *testing.T) {
	server := awsfake.Start(t)
	trigger, err := sfntrigger.Open(t.Context(), &config.Retrain{Options: machine})
	if err != nil {
		t.Fatal(err)
	}
	e := triggertest.Event(t, 1)
	for i := range 3 {
		if i == 1 {
			server.End()
		}
		if i == 2 {
			e.Data = json.RawMessage(`{"model": "hotel"}`)
		}
		if err := trigger.Fire(t.Context(), e); err != nil {
			t.Error(err)
		}
	}
	if started := server.Arrived(t); len(started) != 1 {
		t.Errorf("%d executions", len(started))
	}
	if _, err := sfntrigger.Open(t.Context(), &config.Retrain{}); fault.KindOf(err) != fault.Denied {
		t.Errorf("without a state machine: %v", err)
	}
}
