package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"leeway/functions/internal/intake"
	"leeway/infra/otlp"
)

// traced is the trace that a call belongs to.
type traced struct {
	xray    string // as X-Ray writes it: 1-5759e988-bd862e3fe1be46a994272793
	id      string // as OpenTelemetry does: its digits alone; "" for none
	parent  string // the span that called
	dropped bool   // whoever called decided that it is not kept
}

// caller reads the header that Lambda hands over, which the runtime puts into the
// context, and into the environment for those who look there.
func caller(ctx context.Context) traced {
	header, _ := ctx.Value("x-amzn-trace-id").(string)
	if header == "" {
		header = os.Getenv("_X_AMZN_TRACE_ID")
	}
	var t traced
	for part := range strings.SplitSeq(header, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "Root":
			t.xray = value
			t.id = digits(strings.ReplaceAll(strings.TrimPrefix(value, "1-"), "-", ""), 32)
		case "Parent":
			t.parent = digits(value, 16)
		case "Sampled":
			t.dropped = value == "0"
		}
	}
	if t.id == "" {
		return traced{}
	}
	return t
}

// digits is a text of so many hexadecimal digits, "" for any other.
func digits(text string, n int) string {
	if _, err := hex.DecodeString(text); err != nil || len(text) != n {
		return ""
	}
	return strings.ToLower(text)
}

// random is an id of so many bytes.
func random(bytes int) string {
	id := make([]byte, bytes)
	_, _ = rand.Read(id) // it never fails
	return hex.EncodeToString(id)
}

// trace sends what took time to the collector, if there is one.
func (f *function) trace(ctx context.Context, outcome *intake.Outcome, begun time.Time, cold bool) {
	t := caller(ctx)
	if f.traces == nil || t.dropped {
		return
	}
	if err := f.traces.Export(ctx, spansOf(ctx, t, outcome, begun, cold)); err != nil {
		f.app.Log().Warn("traces: " + err.Error())
	}
}

// spansOf is the call, the models in it, and what was done of each.
func spansOf(ctx context.Context, t traced, outcome *intake.Outcome, begun time.Time, cold bool) []otlp.Span {
	if t.id == "" {
		t.id = random(16)
	}
	call := otlp.Span{
		Trace: t.id, ID: random(8), Parent: t.parent, Name: "invoke", Consumer: true, Start: begun, End: time.Now(),
		Attributes: []otlp.Attribute{{Name: "faas.coldstart", Value: cold}, {Name: "leeway.bytes", Value: outcome.Bytes()}},
	}
	if lambda, ok := lambdacontext.FromContext(ctx); ok {
		call.Attributes = append(call.Attributes, otlp.Attribute{Name: "faas.invocation_id", Value: lambda.AwsRequestID})
	}
	if n := len(outcome.Failed); n > 0 {
		call.Error = "messages come again"
		call.Attributes = append(call.Attributes, otlp.Attribute{Name: "leeway.failed", Value: int64(n)})
	}
	spans, runs := []otlp.Span{call}, map[string]string{}
	for _, ran := range outcome.Models {
		runs[ran.Model] = random(8)
	}
	for i := range outcome.Steps {
		s := &outcome.Steps[i]
		one := otlp.Span{
			Trace: t.id, ID: random(8), Parent: runs[s.Model], Name: s.Name, Start: s.Start, End: s.End,
			Attributes: []otlp.Attribute{{Name: "leeway.model", Value: s.Model}},
		}
		if s.Of == "" {
			one.ID, one.Parent = runs[s.Model], call.ID
		} else {
			one.Attributes = append(one.Attributes, otlp.Attribute{Name: "leeway.of", Value: s.Of}, otlp.Attribute{Name: "leeway.rows", Value: s.Rows}, otlp.Attribute{Name: "leeway.bytes", Value: s.Bytes})
		}
		if s.Err != nil {
			one.Error = s.Err.Error()
		}
		spans = append(spans, one)
	}
	return spans
}
