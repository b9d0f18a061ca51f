// Package sinktest is the conformance suite of [monitor.Sink]: what the pipeline
// counts on. An adapter's test is one call of [Run] with a way to open the sink before
// a real service, or a fake that keeps the real one's limits, and to look at what
// arrived there.
package sinktest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"leeway/core/fault"
	"leeway/core/metric"
	"leeway/core/monitor"
	"leeway/core/report"
	"leeway/core/schema"
)

// Subject is a sink with a fresh service behind it.
type Subject struct {
	Sink monitor.Sink

	// Arrived names what arrived, as far as the service can tell: two deliveries of one
	// report that it keeps apart are two names. Order does not count.
	Arrived func(t *testing.T) []string

	// Break has the service fail every request until it is called again with false. nil:
	// it cannot be made to.
	Break func(broken bool)
}

// Options say what a service cannot do.
type Options struct {
	// Repeats: the service adds a repeated delivery up, or tells it apart. What is stored
	// for metrics is the same value once more; messages carry the report's ID.
	Repeats bool
}

// Run runs the suite. open makes a subject for each test.
func Run(t *testing.T, open func(*testing.T) Subject, o *Options) {
	if o == nil {
		o = &Options{}
	}
	tests := []struct {
		name string
		run  func(*testing.T, Subject, *Options)
	}{
		{"delivers", delivers}, {"repeats", repeats}, {"several at once", severalAtOnce}, {"large report", large},
		{"numbers that are none", noNumbers}, {"given up", givenUp}, {"fails and comes back", comesBack},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t), o) })
	}
}

// midnight is the last one when the tests began: the next may come while they run.
var midnight = time.Now().UTC().Truncate(24 * time.Hour)

// Report is a report as a bucket has it, by its ID; equal IDs give equal reports.
func Report(id string) *report.Report {
	value, limit := 0.31, 0.1
	return &report.Report{
		Version: report.Version, ID: id, Model: "hotel", Created: midnight.Format(time.RFC3339),
		Window:  &report.Window{Start: midnight.Add(-24 * time.Hour).Format(time.RFC3339), End: midnight.Format(time.RFC3339)},
		Current: report.Side{Rows: 4210, Objects: []report.Object{{Key: "logs/hotel/a.csv", Rows: 4210, Bytes: 99}}},
		Verdict: report.Alert, Summary: "One column drifted.",
		Checks: report.Checks{"drift": {Verdict: report.Alert, Tests: 2}, "quality": {Verdict: report.OK, Tests: 2}},
		Findings: []report.Finding{{
			ID: "drift.js_distance.lead_time", Check: "drift", Metric: "js_distance", Labels: metric.Labels{Column: "lead_time"},
			Severity: report.SeverityAlert, Value: &value, Threshold: &limit, Message: "`lead_time` moved.",
		}},
		Samples: metric.Samples{
			{Check: "drift", Metric: "js_distance", Labels: metric.Labels{Column: "lead_time"}, Value: value, P: math.NaN()},
			{Check: "quality", Metric: "missing_ratio", Labels: metric.Labels{Column: "lead_time"}, Value: 0, P: math.NaN()},
		},
		Columns: []report.Column{{
			Name: "lead_time", Kind: schema.Integer, Role: schema.Feature,
			Reference: &report.Description{Rows: 9000}, Current: &report.Description{Rows: 4210, Mean: &value, Min: new(float64), Max: new(1.0)},
		}},
	}
}

func write(t *testing.T, s Subject, r *report.Report) {
	t.Helper()
	if err := s.Sink.Write(t.Context(), r); err != nil {
		t.Fatalf("report %s: %v", r.ID, err)
	}
}

func delivers(t *testing.T, s Subject, _ *Options) {
	write(t, s, Report("0000000000000001"))
	if len(s.Arrived(t)) == 0 {
		t.Error("nothing arrived")
	}
}

// repeats: the second call with one report changes nothing that counts.
func repeats(t *testing.T, s Subject, o *Options) {
	r := Report("0000000000000001")
	write(t, s, r)
	once := s.Arrived(t)
	write(t, s, Report(r.ID))
	twice := s.Arrived(t)
	if !o.Repeats && !slices.Equal(sorted(once), sorted(twice)) {
		t.Errorf("a repeated delivery arrived as another: %v, then %v", once, twice)
	}
	if o.Repeats && !slices.Equal(slices.Compact(sorted(once)), slices.Compact(sorted(twice))) {
		t.Errorf("a repeated delivery says something else: %v, then %v", once, twice)
	}
}

func severalAtOnce(t *testing.T, s Subject, _ *Options) {
	var work sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for i := range 8 {
		work.Go(func() {
			err := s.Sink.Write(t.Context(), Report(fmt.Sprintf("%016d", i)))
			mu.Lock()
			failed = errors.Join(failed, err)
			mu.Unlock()
		})
	}
	work.Wait()
	if failed != nil {
		t.Error(failed)
	}
}

// large: 2,500 samples, long texts, and labels that services do not like.
func large(t *testing.T, s Subject, _ *Options) {
	r := Report("000000000000000a")
	for i := range 2500 {
		r.Samples = append(r.Samples, metric.Sample{
			Check: "quality", Metric: "missing_ratio", Labels: metric.Labels{Column: fmt.Sprintf("%s column %d é\x00\n", longName, i)}, Value: float64(i), P: math.NaN(),
		})
	}
	for range 400 {
		r.Summary += " Some more words that go on and on, for a message that nobody reads to its end."
		r.Findings = append(r.Findings, r.Findings[0])
	}
	write(t, s, r)
	if len(s.Arrived(t)) == 0 {
		t.Error("nothing arrived")
	}
}

var longName = fmt.Sprintf("%01200d", 0)

// noNumbers: what is undefined is left out, and what is huge stands in nobody's way.
func noNumbers(t *testing.T, s Subject, _ *Options) {
	r := Report("000000000000000b")
	for i, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, 5e-324, math.Copysign(0, -1)} {
		r.Samples = append(r.Samples, metric.Sample{Check: "drift", Metric: "js_distance", Labels: metric.Labels{Column: fmt.Sprint("c", i)}, Value: x, P: math.NaN()})
	}
	write(t, s, r)
}

// givenUp: with a context that is over, it gives up.
func givenUp(t *testing.T, s Subject, _ *Options) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := s.Sink.Write(ctx, Report("000000000000000c")); err == nil {
		t.Skip("it needs nothing that could be waited for")
	}
}

// comesBack: a failing service is an error that the next run may try again after,
// and then all is well.
func comesBack(t *testing.T, s Subject, _ *Options) {
	if s.Break == nil {
		t.Skip("the service cannot be made to fail")
	}
	s.Break(true)
	err := s.Sink.Write(t.Context(), Report("000000000000000d"))
	var known *fault.Error
	if !errors.As(err, &known) || known.Kind == fault.Invalid || known.Kind == "" {
		t.Fatalf("a failing service: %v, kind %q", err, fault.KindOf(err))
	}
	s.Break(false)
	write(t, s, Report("000000000000000d"))
	if len(s.Arrived(t)) == 0 {
		t.Error("nothing arrived once the service was back")
	}
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }
