// Package snsnotifier tells people and programs of reports through Amazon SNS: sink of
// kind sns. By default it is only told of alerts, once for each window.
//
// A message is a text for those who read it (mail, SMS, chat), and the CloudEvent
// dev.leeway.report.ready.v1 as JSON for queues, functions and HTTP servers. Its
// attributes model, verdict and event_id are for filter policies and for telling
// repetitions; topics that end in .fifo drop these themselves, within five minutes.
package snsnotifier

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/infra/aws/environ"
	"leeway/infra/aws/problem"
	"leeway/infra/aws/querycall"
)

// Notifier publishes to one topic.
type Notifier struct {
	Client *querycall.Client
	Topic  string
}

// Service is SNS.
var Service = querycall.Service{Host: "sns", Version: "2010-03-31"}

// Limits of a message: its subject, in ASCII, and what is left of 256 KB for the text
// beside the event.
const (
	longestSubject = 100
	longestText    = 100_000
	mostFindings   = 10
)

// Open is the sink of kind sns.
func Open(_ context.Context, s *config.Sink) (monitor.Sink, error) {
	c, err := environ.ConfigIn(s.Options["region"], os.Getenv, "SNS")
	if err != nil {
		return nil, err
	}
	topic := cmp.Or(s.Options["topic_arn"], os.Getenv("LEEWAY_SNS_TOPIC_ARN"))
	if topic == "" {
		return nil, fault.New(fault.Denied, "no topic is named", "write options: {topic_arn: ...}, or set LEEWAY_SNS_TOPIC_ARN")
	}
	return &Notifier{Client: querycall.New(c, Service), Topic: topic}, nil
}

// Write publishes a report.
func (n *Notifier) Write(ctx context.Context, r *report.Report) error {
	event, err := monitor.ReportReady(r)
	if err != nil {
		return err
	}
	machine, err := json.Marshal(event)
	if err != nil {
		return &fault.Error{Kind: fault.Internal, Op: "encode event", Err: err}
	}
	body := map[string]string{"default": text(r)}
	for _, protocol := range []string{"sqs", "lambda", "http", "https", "firehose"} {
		body[protocol] = string(machine)
	}
	message, err := json.Marshal(body)
	if err != nil {
		return &fault.Error{Kind: fault.Internal, Op: "encode message", Err: err}
	}
	in := url.Values{"TopicArn": {n.Topic}, "Subject": {subject(r)}, "Message": {string(message)}, "MessageStructure": {"json"}}
	for i, a := range [][2]string{{"model", r.Model}, {"verdict", string(r.Verdict)}, {"event_id", event.ID}} {
		entry := fmt.Sprintf("MessageAttributes.entry.%d.", i+1)
		in.Set(entry+"Name", a[0])
		in.Set(entry+"Value.DataType", "String")
		in.Set(entry+"Value.StringValue", a[1])
	}
	if strings.HasSuffix(n.Topic, ".fifo") {
		in.Set("MessageGroupId", "leeway-"+r.Model)
		in.Set("MessageDeduplicationId", event.ID)
	}
	var out struct {
		ID string `xml:"PublishResult>MessageId"`
	}
	err = n.Client.Call(ctx, "Publish", in, &out)
	if err == nil && out.ID == "" {
		err = errors.New("the answer names no message")
	}
	return problem.Of(ctx, problem.Call{Action: "sns:Publish", Object: n.Topic}, err)
}

// subject is what a mail is called: printable ASCII, as SNS wants it.
func subject(r *report.Report) string {
	s := "leeway: " + string(r.Verdict) + " " + r.Model
	if r.Window != nil {
		s += " " + strings.TrimSuffix(r.Window.Start, "T00:00:00Z")
	}
	return s[:min(len(s), longestSubject)]
}

// text is what people read.
func text(r *report.Report) string {
	var b strings.Builder
	b.WriteString(r.Summary + "\n")
	if r.Window != nil {
		b.WriteString("\nModel " + r.Model + ", window " + r.Window.Start + " to " + r.Window.End + "\n")
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; i < mostFindings && (f.Severity == report.SeverityAlert || f.Severity == report.SeverityWarn) {
			b.WriteString("\n" + string(f.Severity) + ": " + f.Message + "\n")
			if f.Hint != "" {
				b.WriteString("  " + f.Hint + "\n")
			}
		}
	}
	if r.Retrain != nil && (r.Retrain.Decision == report.RetrainRequested || r.Retrain.Decision == report.RetrainProposed) {
		b.WriteString("\n" + r.Retrain.Message + " Request " + r.Retrain.Request + ".\n")
	}
	b.WriteString("\nReport " + r.ID + "\n")
	all := b.String()
	if len(all) > longestText {
		all = strings.ToValidUTF8(all[:longestText], "") + "...\n"
	}
	return strings.ReplaceAll(all, "\x00", "")
}
