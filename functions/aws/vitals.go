package main

import (
	"cmp"
	"context"
	"maps"
	"os"
	"slices"
	"time"

	"leeway/core/config"
	"leeway/core/metric"
	"leeway/functions/internal/intake"
	"leeway/infra/aws/cloudwatchsink"
)

// publish puts values into CloudWatch, where alarms are on them.
func publish(ctx context.Context, data []cloudwatchsink.Datum) error {
	sink := config.StandingSink("cloudwatch")
	to, err := cloudwatchsink.OpenSink(ctx, &sink)
	if err != nil {
		return err
	}
	return to.Put(ctx, time.Now(), data)
}

func dataOf(vitals []intake.Vital) []cloudwatchsink.Datum {
	data := make([]cloudwatchsink.Datum, len(vitals))
	for i, v := range vitals {
		d := cloudwatchsink.Datum{Name: v.Series, Unit: cloudwatchsink.UnitOf(v.Unit), Value: v.Value, Dimensions: []cloudwatchsink.Dimension{{Name: "model", Value: v.Model}}}
		for _, label := range []cloudwatchsink.Dimension{{Name: "check", Value: v.Check}, {Name: "verdict", Value: v.Verdict}} {
			if label.Value != "" {
				d.Dimensions = append(d.Dimensions, label)
			}
		}
		data[i] = d
	}
	return data
}

// own is how a call went.
func own(outcome *intake.Outcome, took time.Duration, cold bool) []cloudwatchsink.Datum {
	name := cmp.Or(os.Getenv("AWS_LAMBDA_FUNCTION_NAME"), "leeway")
	of := func(series, unit string, value float64, more ...cloudwatchsink.Dimension) cloudwatchsink.Datum {
		return cloudwatchsink.Datum{Name: series, Unit: cloudwatchsink.UnitOf(unit), Value: value, Dimensions: append([]cloudwatchsink.Dimension{{Name: "function", Value: name}}, more...)}
	}
	first := 0.0
	if cold {
		first = 1
	}
	data := []cloudwatchsink.Datum{
		of(metric.FunctionSeconds, "seconds", took.Seconds()), of(metric.FunctionBytes, "bytes", float64(outcome.Bytes())), of(metric.FunctionCold, "", first),
	}
	for _, kind := range slices.Sorted(maps.Keys(outcome.Faults)) {
		data = append(data, of(metric.FunctionFaults, "", float64(outcome.Faults[kind]), cloudwatchsink.Dimension{Name: "kind", Value: string(kind)}))
	}
	return data
}

// tell publishes how the models that ran are, and how the call went. That it fails is
// no reason to do the work again.
func (f *function) tell(ctx context.Context, outcome *intake.Outcome, took time.Duration, cold bool) {
	if f.publish == nil || len(outcome.Models)+len(outcome.Faults) == 0 {
		return
	}
	vitals, err := outcome.Vitals(ctx, f.app)
	if err != nil {
		f.app.Log().Warn("vitals: " + err.Error())
	}
	data := dataOf(vitals)
	if outcome.Bytes() > 0 || len(outcome.Faults) > 0 { // else a reminder found nothing to do
		data = append(data, own(outcome, took, cold)...)
	}
	if err := f.publish(ctx, data); err != nil {
		f.app.Log().Warn("vitals: " + err.Error())
	}
}
