// Package cloudwatchsink puts the numbers of reports into Amazon CloudWatch.
//
// [Open] is the sink of kind cloudwatch: it calls PutMetricData, in as many requests
// as the service's limits ask for. [OpenEMF] is that of kind emf: it writes lines in
// CloudWatch's embedded metric format to standard output, which Lambda takes to the
// log and CloudWatch makes metrics of; that costs no calls, and the values are there a
// little later. [Sink.Put] is for values that are of no report.
//
// Names and labels are those of every sink (leeway_verdict, leeway_drift_js_distance
// with the dimensions model and column). Every name with its dimensions is billed, so by
// default it is the standing series and the five worst columns; detail: all sends the
// rest. What CloudWatch refuses is not sent: undefined and huge numbers, and times older
// than two weeks, which is said. Dimensions are ASCII: other bytes become %XX.
//
// A repeated delivery puts the same values to the same time once more. Average, maximum
// and minimum stay as they are; sample counts do not.
package cloudwatchsink

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"time"

	"leeway/core/config"
	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/infra/aws/environ"
	"leeway/infra/aws/jsoncall"
	"leeway/infra/aws/problem"
)

// Sink calls PutMetricData.
type Sink struct {
	client *jsoncall.Client
	settings
}

// service is CloudWatch, in the older of its protocols that is not of forms: its default,
// CBOR, look-alikes do not know.
var service = jsoncall.Service{Host: "monitoring", Signs: "monitoring", Target: "GraniteServiceVersion20100801", Version: "1.0"}

// Open is the sink of kind cloudwatch.
func Open(ctx context.Context, s *config.Sink) (monitor.Sink, error) { return OpenSink(ctx, s) }

// OpenSink is Open for who wants to put values that are of no report.
func OpenSink(_ context.Context, s *config.Sink) (*Sink, error) {
	c, err := environ.ConfigIn(s.Options["region"], os.Getenv, "CLOUDWATCH")
	if err != nil {
		return nil, err
	}
	return &Sink{client: jsoncall.New(c, service), settings: settingsOf(s)}, nil
}

// Write puts the numbers of a report.
func (s *Sink) Write(ctx context.Context, r *report.Report) error {
	return s.PutOf(ctx, r, dataOf(r, s.all))
}

// PutOf puts other numbers of a report, those of them that CloudWatch takes.
func (s *Sink) PutOf(ctx context.Context, r *report.Report, data []Datum) error {
	at, err := s.instant(r)
	if err != nil {
		return err
	}
	return s.Put(ctx, at, taken(data))
}

// Put puts values of one instant, no more than two weeks ago.
func (s *Sink) Put(ctx context.Context, at time.Time, data []Datum) error {
	for len(data) > 0 {
		n, bytes := 0, 0
		for n < len(data) && n < mostData && (n == 0 || bytes+data[n].size() <= mostBytes) {
			bytes += data[n].size()
			n++
		}
		if err := s.put(ctx, at, data[:n]); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

// metricDatum is a datum as CloudWatch takes it.
type metricDatum struct {
	MetricName      string
	Timestamp       float64 // seconds since 1970
	Unit            string
	Dimensions      []Dimension    `json:",omitempty"`
	Value           *float64       `json:",omitempty"`
	StatisticValues *statisticsSet `json:",omitempty"`
}

type statisticsSet struct{ SampleCount, Sum, Minimum, Maximum float64 }

func (s *Sink) put(ctx context.Context, at time.Time, data []Datum) error {
	list := make([]metricDatum, len(data))
	for i := range data {
		d := &data[i]
		list[i] = metricDatum{MetricName: d.Name, Timestamp: float64(at.UnixMilli()) / 1000, Unit: d.Unit, Dimensions: d.Dimensions}
		if d.Set == nil {
			list[i].Value = &d.Value
		} else {
			list[i].StatisticValues = &statisticsSet{d.Set.Count, d.Set.Sum, d.Set.Min, d.Set.Max}
		}
	}
	err := s.client.Call(ctx, "PutMetricData", map[string]any{"Namespace": s.namespace, "MetricData": list}, nil)
	return problem.Of(ctx, problem.Call{Action: "cloudwatch:PutMetricData", Object: "namespace " + s.namespace, Refuse: true}, err)
}

// brief is a name of 64 bits for a text.
func brief(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}
