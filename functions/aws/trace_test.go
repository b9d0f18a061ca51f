package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"leeway/infra/otlp"
)

func TestCaller(t *testing.T) {
	t.Setenv("_X_AMZN_TRACE_ID", "")
	for header, want := range map[string]traced{
		"Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=1:a:0": {xray: "1-5759e988-bd862e3fe1be46a994272793", id: "5759e988bd862e3fe1be46a994272793", parent: "53995c3f42cd8ad8"},
		"Root=1-5759E988-bd862e3fe1be46a994272793;Sampled=0":                                       {xray: "1-5759E988-bd862e3fe1be46a994272793", id: "5759e988bd862e3fe1be46a994272793", dropped: true},
		"Root=nonsense;Parent=53995c3f42cd8ad8":                                                    {},
		"":                                                                                         {},
	} {
		//lint:ignore SA1029 it is the key that the runtime uses
		if got := caller(context.WithValue(t.Context(), "x-amzn-trace-id", header)); got != want {
			t.Errorf("%s: %+v", header, got)
		}
	}
	t.Setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793")
	if got := caller(t.Context()); got.id == "" {
		t.Error("the environment is not read")
	}
}

// TestNoCollector: a variable that cannot be right is said at each call, not at the first
// alone.
func TestNoCollector(t *testing.T) {
	s := start(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"})
	s.broken = s.open(t.Context())
	for range 2 {
		if _, err := s.Invoke(t.Context(), []byte(heartbeat)); err == nil || !strings.Contains(err.Error(), "OTEL_EXPORTER_OTLP_ENDPOINT") {
			t.Errorf("got %v", err)
		}
	}
}

// TestTraces: a collector hears of the call, its models, batches and windows, as one
// tree; one that does not answer is no reason to fail.
func TestTraces(t *testing.T) {
	type span struct {
		TraceID, SpanID, ParentSpanID, Name, StartTimeUnixNano, EndTimeUnixNano string
		Status                                                                  struct{ Code int }
	}
	var got struct {
		ResourceSpans []struct{ ScopeSpans []struct{ Spans []span } }
	}
	status := http.StatusOK
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(collector.Close)
	s := start(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": collector.URL, "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"})
	var err error
	if s.traces, err = otlp.Open(os.Getenv, "leeway", "v"); err != nil {
		t.Fatal(err)
	}
	s.put("logs/churn/2026-03-02.csv", day("2026-03-02", 1000, 0))
	s.put("logs/churn/2026-03-03.csv", "\x00\x01\x02 no table \xff\xfe")
	s.invoke(notification("logs/churn/2026-03-02.csv"))
	if len(got.ResourceSpans) != 1 {
		t.Fatalf("%+v", got)
	}
	byName := map[string][]span{}
	names := map[string]string{"53995c3f42cd8ad8": "caller"}
	for _, one := range got.ResourceSpans[0].ScopeSpans[0].Spans {
		byName[one.Name] = append(byName[one.Name], one)
		names[one.SpanID] = one.Name
		if one.TraceID != "5759e988bd862e3fe1be46a994272793" || one.StartTimeUnixNano > one.EndTimeUnixNano || len(one.StartTimeUnixNano) != 19 {
			t.Errorf("%+v", one)
		}
	}
	for name, parent := range map[string]string{"invoke": "caller", "run": "invoke", "batch": "run", "report": "run"} {
		for _, one := range byName[name] {
			if names[one.ParentSpanID] != parent {
				t.Errorf("%s is a part of %q", name, names[one.ParentSpanID])
			}
		}
	}
	if len(byName["invoke"]) != 1 || len(byName["run"]) != 1 || len(byName["batch"]) != 2 || len(byName["report"]) != 1 {
		t.Errorf("%v", byName)
	}
	if a, b := byName["batch"][0].Status.Code, byName["batch"][1].Status.Code; a+b != 2 {
		t.Errorf("of the batches one cannot be read: %d, %d", a, b)
	}
	if !strings.Contains(s.log.String(), `"trace_id":"1-5759e988-bd862e3fe1be46a994272793"`) {
		t.Errorf("the log does not name the trace:\n%s", s.log)
	}
	status = http.StatusServiceUnavailable
	s.invoke(heartbeat)
	if !strings.Contains(s.log.String(), "traces: ") {
		t.Errorf("the log does not say that the collector is away:\n%s", s.log)
	}
}
