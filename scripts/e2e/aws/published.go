package main

import (
	"context"
	"fmt"
	"slices"
)

// always are the series that each model has, whatever its checks find.
var always = []string{
	"leeway_verdict", "leeway_drifted_columns", "leeway_drifted_ratio", "leeway_rows", "leeway_findings", "leeway_batches_total", "leeway_windows",
	"leeway_last_batch_timestamp_seconds", "leeway_last_batch_age_seconds", "leeway_model_errors", "leeway_run_seconds", "leeway_run_bytes",
}

type dimension struct{ Name, Value string }

// published says what CloudWatch lacks of what a model's reports put there.
func published(ctx context.Context, c *cloud, model string) []string {
	var got struct {
		Metrics []struct {
			MetricName string
			Dimensions []dimension
		}
	}
	in := map[string]any{"Namespace": "Leeway", "Dimensions": []dimension{{"model", model}}}
	if err := c.call(ctx, "monitoring", "GraniteServiceVersion20100801.ListMetrics", in, &got); err != nil {
		return []string{err.Error()}
	}
	var names, lacks []string
	for _, one := range got.Metrics {
		names = append(names, one.MetricName)
	}
	for _, name := range always {
		if !slices.Contains(names, name) {
			lacks = append(lacks, fmt.Sprintf("CloudWatch lacks %s of %s", name, model))
		}
	}
	return lacks
}
