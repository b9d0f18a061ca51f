package sagemakersink_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"leeway/core/config"
	"leeway/core/metric"
	"leeway/core/monitor/sinktest"
	"leeway/core/report"
	"leeway/infra/aws/awsfake"
	"leeway/infra/aws/sagemakersink"
)

func TestSink(t *testing.T) {
	sinktest.Run(t, func(t *testing.T) sinktest.Subject {
		server := awsfake.Start(t)
		sink, err := sagemakersink.Open(t.Context(), &config.Sink{Options: map[string]string{"endpoint": "hotel", "schedule": "hourly"}})
		if err != nil {
			t.Fatal(err)
		}
		return sinktest.Subject{Sink: sink, Arrived: server.Arrived, Break: server.Break}
	}, &sinktest.Options{Repeats: true})
}

// TestNames: series are called what alarms on Model Monitor call them.
func TestNames(t *testing.T) {
	value := 0.85
	r := sinktest.Report("1")
	r.Samples = append(r.Samples, metric.Sample{Check: "drift", Metric: "ks_statistic", Labels: metric.Labels{Column: "lead_time"}, Value: 0.31})
	r.Performance = &report.Performance{Labelled: 5, Metrics: []report.Measure{{Metric: "roc_auc", Current: &report.Level{Value: &value}}}}
	at := " MonitoringSchedule=hourly Endpoint=hotel"
	for _, c := range []struct {
		options map[string]string
		want    []string
	}{
		{
			map[string]string{"endpoint": "hotel", "schedule": "hourly", "distance": "simple"},
			[]string{"aws/sagemaker/Endpoints/data-metrics feature_baseline_drift_lead_time" + at, "aws/sagemaker/Endpoints/data-metrics feature_data_lead_time" + at, "aws/sagemaker/Endpoints/data-metrics feature_non_null_lead_time" + at, "aws/sagemaker/Endpoints/model-metrics auc" + at},
		},
		{
			map[string]string{
				"endpoint": "hotel", "schedule": "hourly", "quality_schedule": "daily", "dimensions": "EndpointName,ScheduleName",
				"namespace": "/aws/sagemaker/Endpoints/data-metric", "quality_namespace": "ours",
			},
			[]string{"/aws/sagemaker/Endpoints/data-metric feature_data_lead_time ScheduleName=hourly EndpointName=hotel", "ours auc ScheduleName=daily EndpointName=hotel"},
		},
		{map[string]string{"schedule": "batch"}, []string{"aws/sagemaker/Endpoints/data-metrics feature_data_lead_time MonitoringSchedule=batch"}},
	} {
		server := awsfake.Start(t)
		sink, err := sagemakersink.Open(t.Context(), &config.Sink{Options: c.options})
		if err != nil {
			t.Fatal(err)
		}
		if err := sink.Write(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		for _, name := range c.want {
			if len(server.Metrics[name]) != 1 {
				t.Errorf("%v: no %q in\n%s", c.options, name, strings.Join(slices.Sorted(maps.Keys(server.Metrics)), "\n"))
			}
		}
		if drift := server.Metrics["aws/sagemaker/Endpoints/data-metrics feature_baseline_drift_lead_time"+at]; c.options["distance"] == "simple" && drift[0].Value != 0.31 {
			t.Errorf("the distance is %v", drift)
		}
	}
}
