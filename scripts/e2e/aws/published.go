package main

import (
	"context"
	"fmt"
	"slices"
)

// published says what CloudWatch lacks of what a model's reports put there.
func published(ctx context.Context, c *cloud, model string) []string {
	type dimension struct{ Name, Value string }
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
	for _, name := range []string{"leeway_verdict", "leeway_rows", "leeway_drifted_columns"} {
		if !slices.Contains(names, name) {
			lacks = append(lacks, fmt.Sprintf("CloudWatch lacks %s of %s", name, model))
		}
	}
	return lacks
}
