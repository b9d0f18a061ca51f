package main

import (
	"context"
	"time"

	"leeway/core/config"
	"leeway/functions/internal/intake"
	"leeway/infra/aws/cloudwatchsink"
)

// publish puts vitals into CloudWatch, where alarms are on them.
func publish(ctx context.Context, vitals []intake.Vital) error {
	sink := config.StandingSink("cloudwatch")
	to, err := cloudwatchsink.OpenSink(ctx, &sink)
	if err != nil {
		return err
	}
	return to.Put(ctx, time.Now(), dataOf(vitals))
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

// tell publishes how the models that ran are. That it fails is no reason to do
// the work again.
func (f *function) tell(ctx context.Context, outcome *intake.Outcome) {
	if f.publish == nil || len(outcome.Models) == 0 {
		return
	}
	vitals, err := outcome.Vitals(ctx, f.app)
	if err != nil {
		f.app.Log().Warn("vitals: " + err.Error())
	}
	if err := f.publish(ctx, vitals); err != nil {
		f.app.Log().Warn("vitals: " + err.Error())
	}
}
