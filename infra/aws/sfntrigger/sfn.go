// Package sfntrigger starts an execution of an AWS Step Functions state machine for
// each request: the trigger stepfunctions. The event is its input, and the request's id
// its name, so that a standard state machine is started once, however often it is
// fired. Express ones know no names: theirs must tell repetitions by the input's id.
package sfntrigger

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"os"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/events"
	"leeway/infra/aws/environ"
	"leeway/infra/aws/jsoncall"
	"leeway/infra/aws/problem"
	"leeway/infra/aws/signed"
)

// Trigger starts executions of one state machine.
type Trigger struct {
	Client  *jsoncall.Client
	Machine string // ARN
}

var service = jsoncall.Service{Host: "states", Signs: "states", Target: "AWSStepFunctions", Version: "1.0"}

// Open is the trigger stepfunctions.
func Open(_ context.Context, r *config.Retrain) (monitor.Trigger, error) {
	c, err := environ.ConfigIn(r.Options["region"], os.Getenv, "SFN")
	if err != nil {
		return nil, err
	}
	machine := cmp.Or(r.Options["state_machine_arn"], os.Getenv("LEEWAY_STATE_MACHINE_ARN"))
	if machine == "" {
		return nil, fault.New(fault.Denied, "no state machine is named", "write options: {state_machine_arn: ...}, or set LEEWAY_STATE_MACHINE_ARN")
	}
	return &Trigger{Client: jsoncall.New(c, service), Machine: machine}, nil
}

// Fire starts an execution, unless there is one of that name.
func (t *Trigger) Fire(ctx context.Context, e events.Event) error {
	input, err := json.Marshal(e)
	if err != nil {
		return &fault.Error{Kind: fault.Internal, Op: "encode event", Err: err}
	}
	err = t.Client.Call(ctx, "StartExecution", map[string]string{"stateMachineArn": t.Machine, "name": e.ID, "input": string(input)}, nil)
	var refused *signed.Refusal
	if errors.As(err, &refused) && refused.Code == "ExecutionAlreadyExists" {
		return nil
	}
	return problem.Of(ctx, problem.Call{Action: "states:StartExecution", Object: t.Machine}, err)
}
