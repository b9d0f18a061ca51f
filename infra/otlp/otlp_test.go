package otlp_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"leeway/core/fault"
	"leeway/infra/otlp"
)

var spans = []otlp.Span{
	{
		Trace: "5759e988bd862e3fe1be46a994272793", ID: "53995c3f42cd8ad8", Parent: "00f067aa0ba902b7", Name: "invoke", Consumer: true,
		Start: time.Unix(1, 5), End: time.Unix(2, 0), Attributes: []otlp.Attribute{{Name: "faas.coldstart", Value: true}},
	},
	{
		Trace: "5759e988bd862e3fe1be46a994272793", ID: "53995c3f42cd8ad9", Parent: "53995c3f42cd8ad8", Name: "batch",
		Start: time.Unix(1, 7), End: time.Unix(1, 9), Attributes: []otlp.Attribute{{Name: "leeway.rows", Value: int64(42)}, {Name: "leeway.model", Value: "churn"}}, Error: "is no table",
	},
}

// collector takes what is sent to /v1/traces.
func collector(t *testing.T, status int, answer string) (string, *[]byte, *http.Header) {
	var body []byte
	header := http.Header{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/traces" {
			t.Errorf("path %s", r.URL.Path)
		}
		body, _ = io.ReadAll(r.Body) // what is missing of it the test finds
		header = r.Header.Clone()
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	return server.URL, &body, &header
}

func environment(all map[string]string) func(string) string {
	return func(name string) string { return all[name] }
}

// TestExport: the document is the protocol's.
func TestExport(t *testing.T) {
	address, body, header := collector(t, http.StatusOK, `{"partialSuccess":{}}`)
	e, err := otlp.Open(environment(map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": address + "/", "OTEL_EXPORTER_OTLP_HEADERS": "api-key=a%20b, x=1"}), "leeway", "v1")
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Export(t.Context(), spans); err != nil {
		t.Fatal(err)
	}
	if header.Get("Content-Type") != "application/json" || header.Get("Api-Key") != "a b" || header.Get("X") != "1" {
		t.Errorf("%v", header)
	}
	want, err := os.ReadFile("testdata/traces.json")
	if err != nil {
		t.Fatal(err)
	}
	var compact strings.Builder
	for line := range strings.Lines(string(want)) {
		compact.WriteString(strings.TrimSpace(line))
	}
	if string(*body) != compact.String() || !json.Valid(*body) {
		t.Errorf("got\n%s\nwant\n%s", *body, compact.String())
	}
}

func TestExportFails(t *testing.T) {
	for _, c := range []struct {
		status       int
		answer, want string
	}{
		{http.StatusOK, `{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}`, "refused 2 spans: too old"},
		{http.StatusUnauthorized, "", "answers 401"},
	} {
		address, _, _ := collector(t, c.status, c.answer)
		e, err := otlp.Open(environment(map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": address + "/v1/traces"}), "leeway", "v1")
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Export(t.Context(), spans); fault.KindOf(err) != fault.Unavailable || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%d: %v", c.status, err)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := e.Export(gone, spans); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("given up: %v", err)
		}
	}
}

func TestOpen(t *testing.T) {
	if e, err := otlp.Open(environment(nil), "leeway", ""); e != nil || err != nil {
		t.Errorf("without a collector: %v %v", e, err)
	}
	for name, value := range map[string]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "collector:4318",
		"OTEL_EXPORTER_OTLP_HEADERS": "nonsense", "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "nonsense",
	} {
		env := map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}
		env[name] = value
		if _, err := otlp.Open(environment(env), "leeway", ""); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
}
