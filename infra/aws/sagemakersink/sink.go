// Package sagemakersink puts the numbers of reports into Amazon CloudWatch under the
// names that SageMaker Model Monitor gives them (sink of kind sagemaker), so that alarms
// and dashboards which are on these go on. What the names mean says
// [leeway/core/compat/sagemaker]; for all that Leeway itself knows there is cloudwatchsink.
//
// Model Monitor has a schedule for data quality and another for model quality, each
// with a namespace: so has this sink. Its metrics of bias and of attributions are not
// among these.
package sagemakersink

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"leeway/core/compat/sagemaker"
	"leeway/core/config"
	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/infra/aws/cloudwatchsink"
)

// What Model Monitor calls things where nothing else is configured.
const (
	Namespace        = "aws/sagemaker/Endpoints/data-metrics"
	QualityNamespace = "aws/sagemaker/Endpoints/model-metrics"
	Dimensions       = "Endpoint,MonitoringSchedule"
)

// Sink puts metrics of data and of quality.
type Sink struct {
	data, quality     *cloudwatchsink.Sink
	ofData, ofQuality []cloudwatchsink.Dimension
	robust            bool
}

// Open is the sink of kind sagemaker.
func Open(ctx context.Context, s *config.Sink) (monitor.Sink, error) {
	at := s.Options
	data, err := in(ctx, s, cmp.Or(at["namespace"], Namespace))
	if err != nil {
		return nil, err
	}
	quality, err := in(ctx, s, cmp.Or(at["quality_namespace"], QualityNamespace))
	if err != nil {
		return nil, err
	}
	endpoint, schedule, _ := strings.Cut(cmp.Or(at["dimensions"], Dimensions), ",")
	dimensions := func(name string) []cloudwatchsink.Dimension {
		all := []cloudwatchsink.Dimension{{Name: schedule, Value: name}}
		if at["endpoint"] != "" {
			all = append(all, cloudwatchsink.Dimension{Name: endpoint, Value: at["endpoint"]})
		}
		return all
	}
	return &Sink{
		data: data, quality: quality, robust: at["distance"] != "simple",
		ofData: dimensions(at["schedule"]), ofQuality: dimensions(cmp.Or(at["quality_schedule"], at["schedule"])),
	}, nil
}

// in is CloudWatch in a namespace.
func in(ctx context.Context, s *config.Sink, namespace string) (*cloudwatchsink.Sink, error) {
	return cloudwatchsink.OpenSink(ctx, &config.Sink{
		Kind: s.Kind, Name: s.Name, Options: map[string]string{"namespace": namespace, "timestamp": s.Options["timestamp"], "region": s.Options["region"]},
	})
}

// Write puts the numbers of a report.
func (s *Sink) Write(ctx context.Context, r *report.Report) error {
	if err := s.data.PutOf(ctx, r, datums(sagemaker.DataMetrics(r, s.robust), s.ofData)); err != nil {
		return err
	}
	return s.quality.PutOf(ctx, r, datums(sagemaker.QualityMetrics(r), s.ofQuality))
}

func datums(all []sagemaker.Metric, dimensions []cloudwatchsink.Dimension) []cloudwatchsink.Datum {
	data := make([]cloudwatchsink.Datum, len(all))
	for i, m := range all {
		data[i] = cloudwatchsink.Datum{Name: m.Name, Unit: cloudwatchsink.UnitOf(""), Value: m.Value, Set: (*cloudwatchsink.Set)(m.Set), Dimensions: slices.Clone(dimensions)}
	}
	return data
}
