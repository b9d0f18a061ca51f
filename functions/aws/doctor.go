package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/metric"
	"leeway/infra/aws/cloudwatchsink"
	"leeway/infra/aws/problem"
)

// tell is how findings are told: what was looked at, what is well or an error.
type tell func(what, detail string, err error)

// examine looks for what would go wrong later around the function itself.
func examine(ctx context.Context, timeout time.Duration, found func(what, detail string, err error)) {
	size(timeout, os.Getenv, found)
	misspelt(os.Environ(), found)
	countable(ctx, found)
	if url := os.Getenv("LEEWAY_QUEUE_URL"); url != "" {
		queue(ctx, url, timeout, found)
	}
}

// What a function should have at least: with less memory it has less than a seventh of
// a core, and a window that cannot be judged in the time is begun anew.
const (
	leastTimeout = time.Minute
	leastMemory  = 256 // MB
)

// size looks at memory and timeout.
func size(timeout time.Duration, getenv func(string) string, found tell) {
	memory, err := strconv.Atoi(getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"))
	if err != nil {
		memory = 0
	}
	var wrong []error
	if timeout > 0 && timeout < leastTimeout {
		wrong = append(wrong, fault.New(fault.Invalid, fmt.Sprintf("a call may take %v", timeout), fmt.Sprintf("give the function %v or more: what must be done in one call, as judging a window, may else never be", leastTimeout)))
	}
	if memory > 0 && memory < leastMemory {
		wrong = append(wrong, fault.New(fault.Invalid, fmt.Sprintf("the function has %d MB", memory), fmt.Sprintf("give it %d MB or more: its share of a processor goes by that", leastMemory)))
	}
	found("function", fmt.Sprintf("%s in %s, %d MB, %v a call", getenv("AWS_LAMBDA_FUNCTION_NAME"), getenv("AWS_REGION"), memory, timeout), errors.Join(wrong...))
}

// variables are those that the function reads.
var variables = []string{
	"LEEWAY_BUCKET", "LEEWAY_STATE_BUCKET", "LEEWAY_CONFIG", "LEEWAY_LOG_LEVEL", "LEEWAY_ID_KEY", "LEEWAY_ID_KEY_SECRET_ARN", "LEEWAY_KMS_KEY_ARN", "LEEWAY_S3_PATH_STYLE",
	"LEEWAY_METRIC_NAMESPACE", "LEEWAY_SNS_TOPIC_ARN", "LEEWAY_EVENT_BUS", "LEEWAY_STATE_MACHINE_ARN", "LEEWAY_QUEUE_URL",
}

// misspelt looks for variables that nobody reads and that look like one. Others are
// people's own, for addresses and secrets.
func misspelt(environment []string, found tell) {
	var wrong []error
	for _, pair := range environment {
		name, _, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, "LEEWAY_") || slices.Contains(variables, name) {
			continue
		}
		if meant := fault.Nearest(name, variables); meant != "" {
			wrong = append(wrong, &fault.Error{Kind: fault.Invalid, Object: name, Err: errors.New("is read by nobody"), Hint: "did you mean " + meant + "?"})
		}
	}
	found("environment", "no variable looks misspelt", errors.Join(wrong...))
}

// countable puts a metric.
func countable(ctx context.Context, found tell) {
	sink := config.StandingSink("cloudwatch")
	to, err := cloudwatchsink.OpenSink(ctx, &sink)
	if err == nil {
		err = to.Put(ctx, time.Now(), []cloudwatchsink.Datum{{Name: metric.Doctor.Name, Unit: cloudwatchsink.UnitOf(""), Value: 1}})
	}
	found("metrics", "CloudWatch takes them ("+metric.Doctor.Name+")", err)
}

// attributes are what is asked of a queue; the service has numbers as texts.
type attributes struct {
	VisibilityTimeout, ApproximateNumberOfMessages, RedrivePolicy string
}

// queue looks at the queue that deliveries wait in.
func queue(ctx context.Context, url string, timeout time.Duration, found tell) {
	client, err := sqs()
	if err != nil {
		found("queue", "", err)
		return
	}
	var got struct{ Attributes attributes }
	err = client.Call(ctx, "GetQueueAttributes", map[string]any{"QueueUrl": url, "AttributeNames": []string{"VisibilityTimeout", "ApproximateNumberOfMessages", "RedrivePolicy"}}, &got)
	if err != nil {
		found("queue", "", problem.Of(ctx, problem.Call{Action: "sqs:GetQueueAttributes", Object: url}, err))
		return
	}
	detail, err := got.Attributes.sound(timeout)
	found("queue", detail, err)
	_, err = again(ctx, []byte(`{"leeway":"look"}`), 0) // which finds nothing to look for
	found("queue", "the function can put calls into it, to go on with large objects and to look again", err)
}

// handed is how many times as long as a call a message must be hidden, as Lambda asks
// for: it may wait for several calls that are throttled.
const handed = 6

// sound tells what is wrong with a queue for a function with a timeout.
func (a *attributes) sound(timeout time.Duration) (string, error) {
	seconds, err := strconv.Atoi(a.VisibilityTimeout)
	if err != nil {
		return "", fault.New(fault.Unavailable, "the queue does not say how long it hides messages", "try again")
	}
	hidden := time.Duration(seconds) * time.Second
	var wrong []error
	if hidden < handed*timeout {
		wrong = append(wrong, fault.New(fault.Invalid, fmt.Sprintf("it hides messages for %v, and a call may take %v", hidden, timeout), fmt.Sprintf("set its visibility timeout to %v: else what is in work is handed out again", handed*timeout)))
	}
	var redrive struct {
		To    string      `json:"deadLetterTargetArn"`
		After json.Number `json:"maxReceiveCount"`
	}
	if a.RedrivePolicy == "" || json.Unmarshal([]byte(a.RedrivePolicy), &redrive) != nil || redrive.To == "" {
		wrong = append(wrong, fault.New(fault.Invalid, "it has no dead-letter queue", "set a redrive policy: else what cannot be done is lost after some days, unseen"))
	}
	return fmt.Sprintf("%s messages wait, hidden for %v while in work, %s tries", a.ApproximateNumberOfMessages, hidden, redrive.After), errors.Join(wrong...)
}
