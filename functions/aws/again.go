package main

import (
	"context"
	"math"
	"os"
	"time"

	"leeway/infra/aws/environ"
	"leeway/infra/aws/jsoncall"
	"leeway/infra/aws/problem"
)

// sqs is a client of the service that the function is fed by.
func sqs() (*jsoncall.Client, error) {
	c, err := environ.Config(os.Getenv, "SQS")
	if err != nil {
		return nil, err
	}
	return jsoncall.New(c, jsoncall.Service{Host: "sqs", Signs: "sqs", Target: "AmazonSQS", Version: "1.0"}), nil
}

// again puts a call into the function's own queue, to come after a while.
func again(ctx context.Context, call []byte, after time.Duration) (bool, error) {
	url := os.Getenv("LEEWAY_QUEUE_URL")
	if url == "" {
		return false, nil
	}
	client, err := sqs()
	if err != nil {
		return false, err
	}
	if err := client.Call(ctx, "SendMessage", map[string]any{"QueueUrl": url, "MessageBody": string(call), "DelaySeconds": int(math.Ceil(after.Seconds()))}, nil); err != nil {
		return false, problem.Of(ctx, problem.Call{Action: "sqs:SendMessage", Object: url}, err)
	}
	return true, nil
}
