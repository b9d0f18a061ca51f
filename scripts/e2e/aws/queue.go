package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// queue is a queue of SQS.
type queue struct {
	*cloud
	url, arn string
}

func (c *cloud) queue(ctx context.Context, name string, attributes map[string]string) (*queue, error) {
	q := &queue{cloud: c, arn: "arn:aws:sqs:" + region + ":123456789012:" + name}
	var made struct{ QueueUrl string }
	err := c.call(ctx, "sqs", "AmazonSQS.CreateQueue", map[string]any{"QueueName": name, "Attributes": attributes}, &made)
	q.url = made.QueueUrl
	return q, err
}

// name is the last part of its ARN.
func (q *queue) name() string { return q.arn[strings.LastIndexByte(q.arn, ':')+1:] }

type message struct {
	MessageId, ReceiptHandle, Body string
	Attributes                     map[string]string
}

func (q *queue) receive(ctx context.Context, most int) ([]message, error) {
	var got struct{ Messages []message }
	err := q.call(ctx, "sqs", "AmazonSQS.ReceiveMessage", map[string]any{
		"QueueUrl": q.url, "MaxNumberOfMessages": most, "VisibilityTimeout": 12 * 3600, "AttributeNames": []string{"All"},
	}, &got)
	return got.Messages, err
}

func (q *queue) send(ctx context.Context, body string) error {
	return q.call(ctx, "sqs", "AmazonSQS.SendMessage", map[string]any{"QueueUrl": q.url, "MessageBody": body}, nil)
}

func (q *queue) remove(ctx context.Context, m message) error {
	return q.call(ctx, "sqs", "AmazonSQS.DeleteMessage", map[string]any{"QueueUrl": q.url, "ReceiptHandle": m.ReceiptHandle}, nil)
}

func (q *queue) giveBack(ctx context.Context, m message) error {
	return q.call(ctx, "sqs", "AmazonSQS.ChangeMessageVisibility", map[string]any{"QueueUrl": q.url, "ReceiptHandle": m.ReceiptHandle, "VisibilityTimeout": 0}, nil)
}

// length is how many messages there are, in hand, put off or not.
func (q *queue) length(ctx context.Context) (int, error) {
	var got struct{ Attributes map[string]string }
	err := q.call(ctx, "sqs", "AmazonSQS.GetQueueAttributes", map[string]any{"QueueUrl": q.url, "AttributeNames": []string{"All"}}, &got)
	if err != nil {
		return 0, err
	}
	total := 0
	for _, name := range []string{"ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"} {
		n, err := strconv.Atoi(got.Attributes[name])
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

// drain does what Lambda's poller does, with as many functions at a time as
// there are, until the queue is empty.
func (q *queue) drain(ctx context.Context, functions []*function) error {
	ctx, cancel := context.WithTimeout(ctx, time.Hour)
	defer cancel()
	errs := make([]error, len(functions))
	var wg sync.WaitGroup
	for i, f := range functions {
		wg.Go(func() {
			for errs[i] == nil {
				left, err := q.length(ctx)
				if errs[i] = err; err != nil || left == 0 {
					return
				}
				errs[i] = q.poll(ctx, f)
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// poll hands some messages to a function, deletes those that it is done with and
// gives the others back.
func (q *queue) poll(ctx context.Context, f *function) error {
	messages, err := q.receive(ctx, 10)
	if err != nil || len(messages) == 0 {
		time.Sleep(50 * time.Millisecond)
		return err
	}
	type record struct {
		MessageID  string            `json:"messageId"`
		Receipt    string            `json:"receiptHandle"`
		Body       string            `json:"body"`
		Attributes map[string]string `json:"attributes"`
		Source     string            `json:"eventSource"`
		ARN        string            `json:"eventSourceARN"`
	}
	var payload struct{ Records []record }
	for _, m := range messages {
		payload.Records = append(payload.Records, record{m.MessageId, m.ReceiptHandle, m.Body, m.Attributes, "aws:sqs", q.arn})
	}
	data, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	again, all := map[string]bool{}, false
	answer, err := f.invoke(ctx, data)
	if err != nil {
		all = true
	} else {
		var said struct {
			BatchItemFailures []struct{ ItemIdentifier string }
		}
		if err := json.Unmarshal(answer, &said); err != nil {
			return fmt.Errorf("the function answers %s: %w", answer, err)
		}
		for _, one := range said.BatchItemFailures {
			again[one.ItemIdentifier] = true
		}
	}
	if f.patient && (all || len(again) > 0) {
		f.timeout += f.timeout / 2
	}
	for _, m := range messages {
		if all || again[m.MessageId] {
			err = q.giveBack(ctx, m)
		} else {
			err = q.remove(ctx, m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
