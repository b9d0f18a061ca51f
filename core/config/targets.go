package config

import (
	"fmt"
	"slices"
	"strings"

	"leeway/core/fault"
)

// target is a kind of sink or trigger, with its options.
type target struct {
	kind    string
	help    string
	on      string // sinks: which reports it gets by default
	options []option
}

// option is what a kind needs besides.
type option struct {
	name    string
	help    string
	choices []string
	either  []string // it, or one of these, must be there
}

// sent are the values of sinks[].on.
var sent = []string{"every", "warn", "alert"}

var webhookOptions = []option{
	{name: "url", help: "where to POST to, if there is nothing secret in it", either: []string{"url_env"}},
	{name: "url_env", help: "the environment variable that holds the URL"},
	{name: "secret_env", help: "the environment variable that holds the secret that requests are signed with (Standard Webhooks: `whsec_` and base64, or any text; several, separated by blanks, while one replaces the other)"},
	{name: "token_env", help: "the environment variable that holds a bearer token to send along"},
}

const region = "of the function, else of the AWS configuration"

var sinkKinds = []target{
	{kind: "webhook", on: "every", help: "POSTs the event `dev.leeway.report.ready.v1`", options: webhookOptions},
	{kind: "cloudwatch", on: "every", help: "puts the metrics into Amazon CloudWatch", options: []option{
		{name: "namespace", help: "of the metrics; else LEEWAY_METRIC_NAMESPACE, else `Leeway`"},
		{name: "timestamp", choices: []string{"arrival", "window"}, help: "the time of the values: when the newest file arrived (the default, for alarms), or the end of the window. What is older than two weeks CloudWatch refuses: it is left out, and said"},
		{name: "region", help: "else that " + region},
	}},
	{kind: "emf", on: "every", help: "writes the metrics to the function's log in CloudWatch's embedded metric format, which costs no calls", options: []option{
		{name: "namespace", help: "as of `cloudwatch`"},
		{name: "timestamp", choices: []string{"arrival", "window"}, help: "as of `cloudwatch`"},
	}},
	{kind: "sagemaker", on: "every", help: "puts the metrics into Amazon CloudWatch under the names that SageMaker Model Monitor gives them, for alarms that are there already", options: []option{
		{name: "schedule", help: "the name of the monitoring schedule that alarms know, of data quality", either: []string{}},
		{name: "endpoint", help: "the name of the endpoint that they know; without it there is no such dimension, as of batch transform"},
		{name: "quality_schedule", help: "the name of the schedule of model quality; else `schedule`"},
		{name: "namespace", help: "of the metrics of data; else `aws/sagemaker/Endpoints/data-metrics`"},
		{name: "quality_namespace", help: "of those of model quality; else `aws/sagemaker/Endpoints/model-metrics`"},
		{name: "dimensions", choices: []string{"Endpoint,MonitoringSchedule", "EndpointName,ScheduleName"}, help: "what the dimensions are called; else the first"},
		{name: "distance", choices: []string{"robust", "simple"}, help: "the `comparison_method` of the baseline's constraints; else `robust`, as suggest_baseline writes"},
		{name: "timestamp", choices: []string{"arrival", "window"}, help: "as of `cloudwatch`"},
		{name: "region", help: "else that " + region},
	}},
	{kind: "sns", on: "alert", help: "publishes a message to an Amazon SNS topic", options: []option{
		{name: "topic_arn", help: "else LEEWAY_SNS_TOPIC_ARN"},
		{name: "region", help: "else that " + region},
	}},
	{kind: "eventbridge", on: "every", help: "puts the event `dev.leeway.report.ready.v1` on an Amazon EventBridge bus", options: eventBridgeOptions},
}

var eventBridgeOptions = []option{
	{name: "bus", help: "name or ARN of the bus; else LEEWAY_EVENT_BUS, else `default`"},
	{name: "region", help: "else that " + region},
}

var triggerKinds = []target{
	{kind: "none", help: "starts nothing: a request is proposed, for people to act on"},
	{kind: "webhook", help: "POSTs the event `dev.leeway.retrain.requested.v1`", options: webhookOptions},
	{kind: "eventbridge", help: "puts the event on an Amazon EventBridge bus", options: eventBridgeOptions},
	{kind: "stepfunctions", help: "starts an execution of an AWS Step Functions state machine, with the event as its input", options: []option{
		{name: "state_machine_arn", help: "else LEEWAY_STATE_MACHINE_ARN"},
		{name: "region", help: "else that " + region},
	}},
	{kind: "sagemaker", help: "starts a SageMaker pipeline", options: []option{
		{name: "pipeline", help: "its name or ARN", either: []string{}},
		{name: "parameters", help: "names of pipeline parameters to fill, `request=Name,logs=Name`: of request, model, report, since, until, logs, labels, bucket"},
		{name: "region", help: "else that " + region},
	}},
}

func kinds(of []target) []string {
	all := make([]string, len(of))
	for i := range of {
		all[i] = of[i].kind
	}
	return all
}

func targetOf(all []target, kind string) *target {
	at := slices.IndexFunc(all, func(t target) bool { return t.kind == kind })
	if at < 0 {
		return nil
	}
	return &all[at]
}

// secrets are names that people give to what must not stand in a file.
var secrets = []string{"secret", "token", "password", "key"}

// consider checks the options of a target.
func (t *target) consider(path string, place Place, options *node, out *problems) {
	var known []string
	for _, o := range t.options {
		known = append(known, o.name)
		given := options.in(o.name)
		if given != nil && o.choices != nil && given.shape == scalar && !contains(o.choices, given.text) {
			out.add(given.place, fmt.Sprintf("%s.options.%s is %q", path, o.name, cut(given.text)), meant(given.text, o.choices))
		}
		there := func(name string) bool { n := options.in(name); return n != nil && n.text != "" }
		if o.either != nil && !there(o.name) && !slices.ContainsFunc(o.either, there) {
			out.add(place, fmt.Sprintf("%s of kind %s without options.%s", path, t.kind, o.name), "write options: {"+strings.Join(append([]string{o.name}, o.either...), ": ...} or {")+": ...}")
		}
	}
	if options == nil {
		return
	}
	for _, p := range options.pairs {
		if contains(known, p.key) {
			continue
		}
		hint := t.kind + " has no options"
		switch at := p.key + "_env"; {
		case contains(known, at):
			hint = "secrets do not belong into this file: write " + at + ": and the name of the environment variable that holds it"
		case fault.Nearest(p.key, known) != "":
			hint = meant(p.key, known)
		case slices.ContainsFunc(secrets, func(s string) bool { return strings.Contains(p.key, s) }) && len(known) > 0:
			hint = "secrets do not belong into this file; options of " + t.kind + ": " + words(known)
		case len(known) > 0:
			hint = meant(p.key, known)
		}
		out.add(p.place, fmt.Sprintf("unknown option %q of %s of kind %s", cut(p.key), path, t.kind), hint)
	}
}

// considerSinks checks sinks one by one, and gives each its name.
func (c *Config) considerSinks(tree *node, out *problems) {
	known := map[string]bool{}
	for i, n := range tree.list("sinks") {
		if i >= len(c.Sinks) {
			break
		}
		sink, path := &c.Sinks[i], fmt.Sprintf("sinks[%d]", i)
		kind := targetOf(sinkKinds, sink.Kind)
		if kind == nil {
			if n.in("kind") == nil {
				out.add(n.place, "a sink without kind", "say which sink it is: "+words(kinds(sinkKinds)))
			}
			continue
		}
		if sink.Name == "" {
			sink.Name = sink.Kind
		}
		if sink.On == "" {
			sink.On = kind.on
		}
		if known[sink.Name] {
			out.add(n.place, fmt.Sprintf("a second sink named %q", cut(sink.Name)), "give each a name of its own")
		}
		known[sink.Name] = true
		kind.consider(path, n.place, n.in("options"), out)
	}
}

// StandingSink is a sink of a kind with all its defaults, for programs that have one
// without a configuration.
func StandingSink(kind string) Sink {
	s := Sink{Kind: kind, Name: kind, On: "every"}
	if t := targetOf(sinkKinds, kind); t != nil {
		s.On = t.on
	}
	return s
}

// considerRetrain checks what hangs together in retrain.
func (c *Config) considerRetrain(tree *node, out *problems) {
	n := tree.in("retrain")
	if n == nil || n.shape != mapping {
		c.Retrain.Trigger = ""
		return
	}
	if c.Retrain.Trigger == "" {
		if n.in("trigger") == nil {
			out.add(tree.at("retrain"), "retrain without trigger", "say what is started: "+words(kinds(triggerKinds)))
		}
		return
	}
	if c.Retrain.Confirm > c.Retrain.Of {
		out.add(n.at("confirm"), fmt.Sprintf("retrain.confirm is %d of %d windows", c.Retrain.Confirm, c.Retrain.Of), "make it at most retrain.of")
	}
	if t := targetOf(triggerKinds, c.Retrain.Trigger); t != nil {
		t.consider("retrain", n.at("trigger"), n.in("options"), out)
	}
}
