// Package sagemakertrigger starts an execution of a SageMaker pipeline for each
// request: the trigger sagemaker. The request's id is the token by which SageMaker tells
// repetitions.
//
// A pipeline gets those parameters that the configuration names, since one that it
// does not declare is an error: parameters: "request=RequestId,logs=LogsPrefix" fills
// RequestId and LogsPrefix. What there is: see [Fields].
package sagemakertrigger

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/events"
	"leeway/infra/aws/environ"
	"leeway/infra/aws/jsoncall"
	"leeway/infra/aws/problem"
)

// Trigger starts executions of one pipeline.
type Trigger struct {
	Client     *jsoncall.Client
	Pipeline   string      // name or ARN
	Parameters [][2]string // what there is, and the name of the parameter that gets it
}

// Fields are what parameters can be filled with.
var Fields = []string{"request", "model", "report", "since", "until", "logs", "labels", "bucket"}

var service = jsoncall.Service{Host: "api.sagemaker", Signs: "sagemaker", Target: "SageMaker", Version: "1.1"}

// start is what StartPipelineExecution takes, as far as it is used.
type start struct {
	PipelineName                 string
	ClientRequestToken           string
	PipelineExecutionDisplayName string
	PipelineExecutionDescription string
	PipelineParameters           []parameter `json:",omitempty"`
}

type parameter struct{ Name, Value string }

// Open is the trigger sagemaker.
func Open(_ context.Context, r *config.Retrain) (monitor.Trigger, error) {
	c, err := environ.ConfigIn(r.Options["region"], os.Getenv, "SAGEMAKER")
	if err != nil {
		return nil, err
	}
	parameters, err := parse(r.Options["parameters"])
	if err != nil {
		return nil, err
	}
	return &Trigger{Client: jsoncall.New(c, service), Pipeline: r.Options["pipeline"], Parameters: parameters}, nil
}

func parse(text string) (all [][2]string, err error) {
	for pair := range strings.SplitSeq(text, ",") {
		if pair = strings.TrimSpace(pair); pair == "" {
			continue
		}
		field, name, ok := strings.Cut(pair, "=")
		field, name = strings.TrimSpace(field), strings.TrimSpace(name)
		if _, known := values(&events.RetrainRequested{})[field]; !ok || name == "" || !known {
			return nil, fault.New(fault.Denied, fmt.Sprintf("retrain.options.parameters has %q", pair), "write request=Name, with one of "+strings.Join(Fields, ", "))
		}
		all = append(all, [2]string{field, name})
	}
	return all, nil
}

// values are what parameters can be filled with, by field.
func values(data *events.RetrainRequested) map[string]string {
	in := func(key string) string {
		if data.Data.Location == "" {
			return key
		}
		return strings.TrimSuffix(data.Data.Location, "/") + "/" + key
	}
	return map[string]string{
		"request": data.Request, "model": data.Model, "report": data.Report, "since": data.Start, "until": data.End,
		"logs": in(data.Data.Logs), "labels": in(data.Data.Labels), "bucket": data.Data.Location,
	}
}

// longestValue is how long the value of a parameter may be.
const longestValue = 1024

// Fire starts an execution.
func (t *Trigger) Fire(ctx context.Context, e events.Event) error {
	var data events.RetrainRequested
	if err := json.Unmarshal(e.Data, &data); err != nil {
		return &fault.Error{Kind: fault.Invalid, Op: "read event", Object: e.ID, Err: err}
	}
	in := start{PipelineName: t.Pipeline, ClientRequestToken: e.ID, PipelineExecutionDisplayName: e.ID, PipelineExecutionDescription: brief("leeway: " + data.Summary)}
	known := values(&data)
	for _, p := range t.Parameters {
		value := known[p[0]]
		if len(value) > longestValue {
			return fault.New(fault.Denied, fmt.Sprintf("%s has %d characters, and a pipeline takes %d", p[0], len(value), longestValue), "leave it out of retrain.options.parameters: the pipeline may read it from the bucket")
		}
		in.PipelineParameters = append(in.PipelineParameters, parameter{Name: p[1], Value: value})
	}
	err := t.Client.Call(ctx, "StartPipelineExecution", in, nil)
	return problem.Of(ctx, problem.Call{Action: "sagemaker:StartPipelineExecution", Object: t.Pipeline}, err)
}

// brief is a text of the length that a description may have.
func brief(text string) string {
	const most = 3000
	return strings.ToValidUTF8(text[:min(len(text), most)], "")
}
