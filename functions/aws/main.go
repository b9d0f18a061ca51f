// Command bootstrap is Leeway as a function of AWS Lambda: what is dropped into
// a bucket of S3 is compared with its model's baseline, and the report is put
// beside it. One binary serves every entry; s3event lists them, boot the
// environment that it reads.
package main

import (
	"cmp"
	"context"
	"log/slog"
	"os"
	"runtime/debug"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/state"
	"leeway/functions/internal/boot"
	"leeway/functions/internal/intake"
	"leeway/infra/aws/cloudwatchsink"
	"leeway/infra/aws/environ"
	"leeway/infra/aws/eventbridgetrigger"
	"leeway/infra/aws/s3event"
	"leeway/infra/aws/s3store"
	"leeway/infra/aws/sagemakersink"
	"leeway/infra/aws/sagemakertrigger"
	"leeway/infra/aws/secret"
	"leeway/infra/aws/sfntrigger"
	"leeway/infra/aws/snsnotifier"
	"leeway/infra/otlp"
	"leeway/infra/webhook"
)

// version and commit are set by the Makefile.
var version, commit = "dev", ""

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collected)
	}
	ctx := context.Background()
	log := boot.Log(os.Stdout, os.Getenv).With("version", version)
	log.Info("start", "commit", commit)
	f := &function{log: log, publish: publish}
	f.broken = f.open(ctx)
	lambda.Start(f)
}

// collected is how much may be allocated, in percent of what is in use, before what is
// not is collected. Most of what is in use are buffers, which cost a collection nothing: a
// file takes a quarter less memory than with 100, and a tenth more time of a processor.
const collected = 40

// adapters are what this function has.
var adapters = boot.Adapters{
	Store: bucket, Scheme: "s3", Secret: func(ctx context.Context, name string) ([]byte, error) { return secret.Read(ctx, os.Getenv, name) },
	Sinks: monitor.Sinks{
		"webhook": webhook.OpenSink, "cloudwatch": cloudwatchsink.Open, "emf": cloudwatchsink.OpenEMF,
		"sagemaker": sagemakersink.Open, "sns": snsnotifier.Open, "eventbridge": eventbridgetrigger.OpenSink,
	},
	Triggers: monitor.Triggers{
		"webhook": webhook.OpenTrigger, "eventbridge": eventbridgetrigger.Open, "stepfunctions": sfntrigger.Open, "sagemaker": sagemakertrigger.Open,
	},
	Standing: []config.Sink{config.StandingSink("cloudwatch")}, Examine: examine, Again: again,
}

// bucket gives a bucket of S3, or of what AWS_ENDPOINT_URL leads to.
func bucket(_ context.Context, name string) (state.Store, error) {
	c, err := environ.Config(os.Getenv, "S3")
	if err != nil {
		return nil, err
	}
	return s3store.Open(c, name, &s3store.Options{PathStyle: os.Getenv("LEEWAY_S3_PATH_STYLE") == "true", KMSKey: os.Getenv("LEEWAY_KMS_KEY_ARN")}), nil
}

// function answers invocations. What keeps it from starting is tried again at
// each, and what it says: the events stay with the platform until it is mended.
type function struct {
	app    *boot.App
	broken error
	log    *slog.Logger

	publish func(context.Context, []cloudwatchsink.Datum) error // nil: nothing is told
	traces  *otlp.Exporter                                      // nil: none are sent
	warm    bool                                                // it has answered before
}

func (f *function) open(ctx context.Context) (err error) {
	if f.traces, err = otlp.Open(os.Getenv, cmp.Or(os.Getenv("AWS_LAMBDA_FUNCTION_NAME"), "leeway"), version); err != nil {
		return err
	}
	f.app, err = boot.Open(ctx, os.Getenv, adapters, f.log)
	return err
}

// ending is the time in which to tell others: an answer that is not given in time makes
// all messages come again.
func ending(ctx context.Context) (context.Context, context.CancelFunc) {
	if deadline, ok := ctx.Deadline(); ok {
		return context.WithDeadline(ctx, deadline.Add(-time.Second/2))
	}
	return context.WithCancel(ctx)
}

// Invoke handles one event.
func (f *function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	begun, cold, log := time.Now(), !f.warm, f.log
	f.warm = true
	if trace := caller(ctx); trace.id != "" {
		log = log.With("trace_id", trace.xray)
	}
	if call, ok := lambdacontext.FromContext(ctx); ok {
		log = log.With("request_id", call.AwsRequestID)
	}
	delivery, err := s3event.Decode(payload)
	if f.broken != nil {
		f.broken = f.open(ctx)
	}
	if f.broken != nil {
		err = f.broken
	}
	if err != nil {
		log.Error(err.Error(), "kind", fault.KindOf(err))
		return nil, err
	}
	f.app.LogTo(log)
	outcome := intake.Handle(ctx, f.app, delivery.Messages)
	ending, cancel := ending(ctx)
	defer cancel()
	f.tell(ending, outcome, time.Since(begun), cold)
	f.trace(ending, outcome, begun, cold)
	return delivery.Answer(outcome.Failed, outcome)
}
