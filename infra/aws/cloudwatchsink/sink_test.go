package cloudwatchsink_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/metric"
	"leeway/core/monitor/sinktest"
	"leeway/infra/aws/awsfake"
	"leeway/infra/aws/cloudwatchsink"
)

func TestSink(t *testing.T) {
	for _, detail := range []string{"top", "all"} {
		t.Run(detail, func(t *testing.T) {
			sinktest.Run(t, func(t *testing.T) sinktest.Subject {
				server := awsfake.Start(t)
				sink, err := cloudwatchsink.Open(t.Context(), &config.Sink{Detail: detail})
				if err != nil {
					t.Fatal(err)
				}
				return sinktest.Subject{Sink: sink, Arrived: server.Arrived, Break: server.Break}
			}, &sinktest.Options{Repeats: true})
		})
	}
}

// TestConnection: a sink that is opened for each delivery uses connections again.
func TestConnection(t *testing.T) {
	server := awsfake.Start(t)
	for i := range 20 {
		sink, err := cloudwatchsink.Open(t.Context(), &config.Sink{})
		if err != nil {
			t.Fatal(err)
		}
		if err := sink.Write(t.Context(), sinktest.Report(fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	if n := server.Connections(); n > 15 { // few: one is not always free again in time
		t.Errorf("%d connections for 20 deliveries", n)
	}
}

// TestSeries: the few series by default, with names and dimensions as everywhere; all
// of them if that is asked for.
func TestSeries(t *testing.T) {
	for _, detail := range []string{"top", "all"} {
		server := awsfake.Start(t)
		sink, err := cloudwatchsink.Open(t.Context(), &config.Sink{Detail: detail, Options: map[string]string{"namespace": "Ours"}})
		if err != nil {
			t.Fatal(err)
		}
		r := sinktest.Report("1")
		for i := range 9 {
			r.Samples = append(r.Samples, metric.Sample{Check: "drift", Metric: "js_distance", Labels: metric.Labels{Column: fmt.Sprint("c", i)}, Value: float64(i) / 100})
		}
		r.Samples = append(r.Samples, metric.Sample{Check: "drift", Metric: "psi", Labels: metric.Labels{Column: "lead_time"}, Value: math.NaN(), Reason: "undefined"})
		if err := sink.Write(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		for key, want := range map[string]float64{
			"Ours leeway_verdict model=hotel check=all": 2, "Ours leeway_verdict model=hotel check=drift": 2, "Ours leeway_verdict model=hotel check=quality": 0,
			"Ours leeway_rows model=hotel": 4210, "Ours leeway_findings model=hotel severity=alert": 1, "Ours leeway_findings model=hotel severity=warn": 0,
			"Ours leeway_drifted_columns model=hotel": 1, "Ours leeway_drifted_ratio model=hotel": 0.1, "Ours leeway_run_bytes model=hotel": 99,
			"Ours leeway_drift_js_distance model=hotel column=lead_time": 0.31, "Ours leeway_drift_js_distance model=hotel column=c8": 0.08,
		} {
			if got := server.Metrics[key]; len(got) != 1 || got[0].Value != want {
				t.Errorf("%s: %s is %v, want %v", detail, key, got, want)
			}
		}
		few := 0
		for key := range server.Metrics {
			if strings.Contains(key, "column=") {
				few++
			}
			if strings.Contains(key, "psi") {
				t.Errorf("%s: what is undefined was sent: %s", detail, key)
			}
		}
		if want := map[string]int{"top": 5, "all": 11}[detail]; few != want {
			t.Errorf("%s: %d series of columns, want %d", detail, few, want)
		}
	}
}

// TestTimes: values are of when files arrived, or of the window; what CloudWatch would
// refuse is not sent, and said for good.
func TestTimes(t *testing.T) {
	server := awsfake.Start(t)
	open := func(timestamp string) func(created, end time.Time) error {
		sink, err := cloudwatchsink.Open(t.Context(), &config.Sink{Options: map[string]string{"timestamp": timestamp}})
		if err != nil {
			t.Fatal(err)
		}
		return func(created, end time.Time) error {
			r := sinktest.Report("1")
			r.Created, r.Window.End = created.Format(time.RFC3339), end.Format(time.RFC3339)
			clear(server.Metrics)
			return sink.Write(t.Context(), r)
		}
	}
	now := time.Now().UTC().Truncate(time.Second)
	last := func() time.Time {
		m := server.Metrics["Leeway leeway_rows model=hotel"]
		if len(m) == 0 {
			return time.Time{}
		}
		return time.Unix(int64(m[0].Timestamp), 0).UTC()
	}
	yesterday, lastYear, tomorrow := now.Add(-24*time.Hour), now.AddDate(-1, 0, 0), now.Add(24*time.Hour)
	if err := open("arrival")(yesterday, lastYear); err != nil || !last().Equal(yesterday) {
		t.Errorf("arrival: %v, %s", err, last())
	}
	if err := open("window")(now, yesterday); err != nil || !last().Equal(yesterday) {
		t.Errorf("window: %v, %s", err, last())
	}
	if err := open("window")(now, tomorrow); err != nil || last().Before(now) || last().After(now.Add(time.Minute)) {
		t.Errorf("a window that is not over: %v, %s", err, last())
	}
	if err := open("window")(now, lastYear); fault.KindOf(err) != fault.Invalid || len(server.Metrics) > 0 {
		t.Errorf("a window of last year: %v, %d metrics", err, len(server.Metrics))
	}
}

// TestNames: texts of any kind are values of dimensions, and stay apart.
func TestNames(t *testing.T) {
	server := awsfake.Start(t)
	sink, err := cloudwatchsink.Open(t.Context(), &config.Sink{Detail: "all"})
	if err != nil {
		t.Fatal(err)
	}
	r := sinktest.Report("1")
	r.Samples = nil
	names := []string{"é", "%C3%A9", ":colon", "%3Acolon", " ", "  ", "tab\t", strings.Repeat("x", 3000), strings.Repeat("x", 3000) + "y", "日本"}
	for i, name := range names {
		r.Samples = append(r.Samples, metric.Sample{Check: "quality", Metric: "distinct", Labels: metric.Labels{Column: name}, Value: float64(i)})
	}
	if err := sink.Write(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	n := 0
	for key := range server.Metrics {
		if strings.Contains(key, "leeway_quality_distinct") {
			n++
		}
	}
	if n != len(names) {
		t.Errorf("%d series of %d columns", n, len(names))
	}
}

// page is a writer that fails when told to.
type page struct {
	mu     sync.Mutex
	text   bytes.Buffer
	broken bool
}

func (p *page) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.broken {
		return 0, errors.New("closed")
	}
	return p.text.Write(b)
}

// lines reads the metrics of a log by the rules of the embedded metric format.
func (p *page) lines(t *testing.T) (all []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for line := range strings.Lines(p.text.String()) {
		var root map[string]json.RawMessage
		if err := json.Unmarshal([]byte(line), &root); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		var aws struct {
			Timestamp         int64
			CloudWatchMetrics []struct {
				Namespace  string
				Dimensions [][]string
				Metrics    []struct{ Name, Unit string }
			}
		}
		if err := json.Unmarshal(root["_aws"], &aws); err != nil || aws.Timestamp == 0 || len(line) > 1<<20 {
			t.Fatalf("no metadata, or too long: %v", err)
		}
		for _, d := range aws.CloudWatchMetrics {
			if len(d.Metrics) > 100 || len(d.Dimensions) != 1 || len(d.Dimensions[0]) > 30 || d.Namespace == "" {
				t.Errorf("a directive with %d metrics, %d dimensions", len(d.Metrics), len(d.Dimensions))
			}
			key := ""
			for _, name := range d.Dimensions[0] {
				var value string
				if err := json.Unmarshal(root[name], &value); err != nil || value == "" || len(value) > 1024 {
					t.Errorf("dimension %s: %v", name, err)
				}
				key += " " + name + "=" + value
			}
			for _, m := range d.Metrics {
				var value float64
				if err := json.Unmarshal(root[m.Name], &value); err != nil {
					t.Errorf("metric %s: %v", m.Name, err)
				}
				all = append(all, fmt.Sprint(m.Name, key, " = ", value))
			}
		}
	}
	return all
}

func TestEMF(t *testing.T) {
	sinktest.Run(t, func(t *testing.T) sinktest.Subject {
		p := &page{}
		return sinktest.Subject{Sink: cloudwatchsink.NewEMF(p, &config.Sink{Detail: "all"}), Arrived: p.lines, Break: func(broken bool) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.broken = broken
		}}
	}, &sinktest.Options{Repeats: true})
	p := &page{}
	if err := cloudwatchsink.NewEMF(p, &config.Sink{}).Write(t.Context(), sinktest.Report("1")); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"leeway_verdict model=hotel check=all = 2", "leeway_rows model=hotel = 4210", "leeway_drift_js_distance model=hotel column=lead_time = 0.31"} {
		if !slices.Contains(p.lines(t), want) {
			t.Errorf("not there: %s", want)
		}
	}
}
