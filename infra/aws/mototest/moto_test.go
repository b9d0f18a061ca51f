// Package mototest runs the conformance suites of AWS's sinks and triggers against
// moto, which knows the protocols. What it does not know, the limits, awsfake does.
// scripts/e2e/moto.sh starts one; without it the tests are skipped.
package mototest

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"leeway/core/config"
	"leeway/core/metric"
	"leeway/core/monitor/sinktest"
	"leeway/core/monitor/triggertest"
	"leeway/infra/aws/cloudwatchsink"
	"leeway/infra/aws/environ"
	"leeway/infra/aws/eventbridgetrigger"
	"leeway/infra/aws/jsoncall"
	"leeway/infra/aws/querycall"
	"leeway/infra/aws/sagemakersink"
	"leeway/infra/aws/sagemakertrigger"
	"leeway/infra/aws/sfntrigger"
	"leeway/infra/aws/snsnotifier"
)

// account is what a test needs of moto.
type account struct {
	*testing.T
	config aws.Config
	name   string // unlike that of all other tests
}

func newAccount(t *testing.T) *account {
	address := os.Getenv("LEEWAY_MOTO")
	if address == "" {
		t.Skip("LEEWAY_MOTO names no server: scripts/e2e/moto.sh starts one")
	}
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": address, "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
	} {
		t.Setenv(name, value)
	}
	c, err := environ.Config(os.Getenv, "SNS")
	if err != nil {
		t.Fatal(err)
	}
	return &account{t, c, "t" + strings.ToLower(rand.Text()[:12])}
}

// call calls a service that speaks JSON.
func (a *account) call(signs, target, version, operation string, in, out any) {
	a.Helper()
	client := jsoncall.New(a.config, jsoncall.Service{Signs: signs, Target: target, Version: version})
	if err := client.Call(a.Context(), operation, in, out); err != nil {
		a.Fatalf("%s: %v", operation, err)
	}
}

// queue is a queue that a test reads what arrived from.
type queue struct {
	*account
	url, arn string
	bodies   []string
}

func (a *account) queue() *queue {
	q := &queue{account: a}
	var made struct{ QueueUrl string }
	a.call("sqs", "AmazonSQS", "1.0", "CreateQueue", map[string]any{"QueueName": a.name}, &made)
	var attributes struct{ Attributes map[string]string }
	a.call("sqs", "AmazonSQS", "1.0", "GetQueueAttributes", map[string]any{"QueueUrl": made.QueueUrl, "AttributeNames": []string{"QueueArn"}}, &attributes)
	q.url, q.arn = made.QueueUrl, attributes.Attributes["QueueArn"]
	return q
}

// received is all that came so far.
func (q *queue) received(*testing.T) []string {
	for {
		var got struct {
			Messages []struct{ Body, ReceiptHandle string }
		}
		q.call("sqs", "AmazonSQS", "1.0", "ReceiveMessage", map[string]any{"QueueUrl": q.url, "MaxNumberOfMessages": 10}, &got)
		if len(got.Messages) == 0 {
			return q.bodies
		}
		for _, m := range got.Messages {
			q.bodies = append(q.bodies, m.Body)
			q.call("sqs", "AmazonSQS", "1.0", "DeleteMessage", map[string]any{"QueueUrl": q.url, "ReceiptHandle": m.ReceiptHandle}, nil)
		}
	}
}

func TestCloudWatch(t *testing.T) {
	sinktest.Run(t, func(t *testing.T) sinktest.Subject {
		a := newAccount(t)
		sink, err := cloudwatchsink.Open(t.Context(), &config.Sink{Detail: "all", Options: map[string]string{"namespace": a.name}})
		if err != nil {
			t.Fatal(err)
		}
		return sinktest.Subject{Sink: sink, Arrived: func(*testing.T) (all []string) {
			for _, check := range []string{"all", "drift"} {
				var got struct {
					Datapoints []struct {
						Maximum float64
						Minimum float64
					}
				}
				a.call("monitoring", "GraniteServiceVersion20100801", "1.0", "GetMetricStatistics", map[string]any{
					"Namespace": a.name, "MetricName": "leeway_verdict", "Statistics": []string{"Maximum", "Minimum"}, "Period": 86400,
					"StartTime": time.Now().Add(-72 * time.Hour).Unix(), "EndTime": time.Now().Add(time.Hour).Unix(),
					"Dimensions": []map[string]string{{"Name": "model", "Value": "hotel"}, {"Name": "check", "Value": check}},
				}, &got)
				for _, point := range got.Datapoints {
					if point.Maximum != 2 || point.Minimum != 2 {
						t.Errorf("the verdict of check %s is %v to %v", check, point.Minimum, point.Maximum)
					}
					all = append(all, fmt.Sprint(check, point))
				}
			}
			return all
		}}
	}, nil) // what counts, the values, stays the same
}

// TestModelMonitor: what an alarm on Model Monitor's metric would be evaluated on.
func TestModelMonitor(t *testing.T) {
	a := newAccount(t)
	sink, err := sagemakersink.Open(t.Context(), &config.Sink{Options: map[string]string{"endpoint": a.name, "schedule": "hourly", "distance": "simple"}})
	if err != nil {
		t.Fatal(err)
	}
	r := sinktest.Report("1")
	r.Samples = append(r.Samples, metric.Sample{Check: "drift", Metric: "ks_statistic", Labels: metric.Labels{Column: "lead_time"}, Value: 0.31})
	if err := sink.Write(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]float64{"feature_baseline_drift_lead_time": 0.31, "feature_non_null_lead_time": 1, "feature_data_lead_time": 4210 * 0.31} {
		var got struct{ Datapoints []struct{ Sum float64 } }
		a.call("monitoring", "GraniteServiceVersion20100801", "1.0", "GetMetricStatistics", map[string]any{
			"Namespace": sagemakersink.Namespace, "MetricName": name, "Statistics": []string{"Sum"}, "Period": 86400,
			"StartTime": time.Now().Add(-72 * time.Hour).Unix(), "EndTime": time.Now().Add(time.Hour).Unix(),
			"Dimensions": []map[string]string{{"Name": "Endpoint", "Value": a.name}, {"Name": "MonitoringSchedule", "Value": "hourly"}},
		}, &got)
		if len(got.Datapoints) != 1 || math.Abs(got.Datapoints[0].Sum-want) > 1e-9 {
			t.Errorf("%s is %v, want %v", name, got.Datapoints, want)
		}
	}
}

func TestSNS(t *testing.T) {
	sinktest.Run(t, func(t *testing.T) sinktest.Subject {
		a := newAccount(t)
		q, client := a.queue(), querycall.New(a.config, snsnotifier.Service)
		var topic struct {
			ARN string `xml:"CreateTopicResult>TopicArn"`
		}
		if err := client.Call(t.Context(), "CreateTopic", url.Values{"Name": {a.name}}, &topic); err != nil {
			t.Fatal(err)
		}
		var subscribed struct{}
		if err := client.Call(t.Context(), "Subscribe", url.Values{
			"TopicArn": {topic.ARN}, "Protocol": {"sqs"}, "Endpoint": {q.arn},
			"Attributes.entry.1.key": {"FilterPolicy"}, "Attributes.entry.1.value": {`{"verdict": ["alert"], "model": ["hotel"]}`},
		}, &subscribed); err != nil {
			t.Fatal(err)
		}
		sink, err := snsnotifier.Open(t.Context(), &config.Sink{Options: map[string]string{"topic_arn": topic.ARN}})
		if err != nil {
			t.Fatal(err)
		}
		return sinktest.Subject{Sink: sink, Arrived: func(t *testing.T) (all []string) {
			for _, body := range q.received(t) {
				var outer struct{ Message string }
				var event struct{ ID, Type string }
				if err := json.Unmarshal([]byte(body), &outer); err != nil {
					t.Fatal(err)
				}
				if err := json.Unmarshal([]byte(outer.Message), &event); err != nil || event.Type != "dev.leeway.report.ready.v1" {
					t.Errorf("a queue got %.300s", outer.Message)
				}
				all = append(all, event.ID)
			}
			return all
		}}
	}, &sinktest.Options{Repeats: true})
}

func TestEventBridge(t *testing.T) {
	triggertest.Run(t, func(t *testing.T) triggertest.Subject {
		a := newAccount(t)
		q := a.queue()
		a.call("events", "AWSEvents", "1.1", "CreateEventBus", map[string]string{"Name": a.name}, nil)
		a.call("events", "AWSEvents", "1.1", "PutRule", map[string]string{
			"Name": a.name, "EventBusName": a.name, "State": "ENABLED",
			"EventPattern": `{"source": ["leeway"], "detail-type": ["dev.leeway.retrain.requested.v1"], "detail": {"data": {"model": ["hotel"]}}}`,
		}, nil)
		a.call("events", "AWSEvents", "1.1", "PutTargets", map[string]any{"Rule": a.name, "EventBusName": a.name, "Targets": []map[string]string{{"Id": "q", "Arn": q.arn}}}, nil)
		trigger, err := eventbridgetrigger.Open(t.Context(), &config.Retrain{Options: map[string]string{"bus": a.name}})
		if err != nil {
			t.Fatal(err)
		}
		return triggertest.Subject{Trigger: trigger, Started: q.received}
	}, &triggertest.Options{Repeats: true})
}

func TestStepFunctions(t *testing.T) {
	triggertest.Run(t, func(t *testing.T) triggertest.Subject {
		a := newAccount(t)
		var machine struct{ StateMachineArn string }
		a.call("states", "AWSStepFunctions", "1.0", "CreateStateMachine", map[string]string{
			"name": a.name, "roleArn": "arn:aws:iam::123456789012:role/r", "definition": `{"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 600, "End": true}}}`,
		}, &machine)
		trigger, err := sfntrigger.Open(t.Context(), &config.Retrain{Options: map[string]string{"state_machine_arn": machine.StateMachineArn}})
		if err != nil {
			t.Fatal(err)
		}
		return triggertest.Subject{Trigger: trigger, Started: func(*testing.T) (all []string) {
			var list struct {
				Executions []struct{ ExecutionArn, Name string }
			}
			a.call("states", "AWSStepFunctions", "1.0", "ListExecutions", map[string]string{"stateMachineArn": machine.StateMachineArn}, &list)
			for _, one := range list.Executions {
				var got struct{ Input string }
				a.call("states", "AWSStepFunctions", "1.0", "DescribeExecution", map[string]string{"executionArn": one.ExecutionArn}, &got)
				if !json.Valid([]byte(got.Input)) || !strings.Contains(got.Input, one.Name) {
					t.Errorf("execution %s got %.300s", one.Name, got.Input)
				}
				all = append(all, one.Name)
			}
			return all
		}}
	}, nil)
}

func TestSageMaker(t *testing.T) {
	triggertest.Run(t, func(t *testing.T) triggertest.Subject {
		a := newAccount(t)
		a.call("sagemaker", "SageMaker", "1.1", "CreatePipeline", map[string]string{
			"PipelineName": a.name, "ClientRequestToken": strings.Repeat("t", 32), "RoleArn": "arn:aws:iam::123456789012:role/a-role-of-ours", "PipelineDefinition": "{}",
		}, nil)
		trigger, err := sagemakertrigger.Open(t.Context(), &config.Retrain{Options: map[string]string{"pipeline": a.name, "parameters": "request=RequestId"}})
		if err != nil {
			t.Fatal(err)
		}
		return triggertest.Subject{Trigger: trigger, Started: func(*testing.T) (all []string) {
			var list struct {
				PipelineExecutionSummaries []struct{ PipelineExecutionArn, PipelineExecutionDisplayName string }
			}
			a.call("sagemaker", "SageMaker", "1.1", "ListPipelineExecutions", map[string]string{"PipelineName": a.name}, &list)
			for _, one := range list.PipelineExecutionSummaries {
				var got struct {
					PipelineParameters []struct{ Name, Value string }
				}
				a.call("sagemaker", "SageMaker", "1.1", "ListPipelineParametersForExecution", map[string]string{"PipelineExecutionArn": one.PipelineExecutionArn}, &got)
				all = append(all, fmt.Sprint(one.PipelineExecutionDisplayName, got.PipelineParameters))
			}
			return all
		}}
	}, &triggertest.Options{Repeats: true}) // moto does not look at the token; awsfake does
}
