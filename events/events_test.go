package events_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"leeway/events"
)

var at = time.Date(2026, 10, 3, 4, 5, 6, 0, time.UTC)

func TestIDIsAFunctionOfWhatIsTold(t *testing.T) {
	first, err := events.NewReportReady(events.ReportReady{Model: "m", Report: "1"}, at)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := events.NewReportReady(events.ReportReady{Model: "m", Report: "1"}, at.Add(time.Hour)); again.ID != first.ID {
		t.Error("a second delivery has another id")
	}
	if other, _ := events.NewReportReady(events.ReportReady{Model: "m", Report: "2"}, at); other.ID == first.ID {
		t.Error("another report has the same id")
	}
}

func TestEventsFitTheSchema(t *testing.T) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(events.JSONSchema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("event.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("event.json")
	if err != nil {
		t.Fatal(err)
	}
	ready, err := events.NewReportReady(events.ReportReady{Model: "m", Report: "r", Start: "s", End: "e", Verdict: "ok", Summary: "fine"}, at)
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(generic(t, ready)); err != nil {
		t.Error(err)
	}
	sample, err := os.ReadFile("samples/retrain.requested.v1.json")
	if err != nil {
		t.Fatal(err)
	}
	requested, err := jsonschema.UnmarshalJSON(bytes.NewReader(sample))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(requested); err != nil {
		t.Error(err)
	}
	mixed := generic(t, ready).(map[string]any)
	mixed["type"] = events.TypeRetrainRequested
	if schema.Validate(mixed) == nil {
		t.Error("the data of a report pass for those of a request")
	}
	ready.Data = json.RawMessage(`{"model": "m"}`)
	if schema.Validate(generic(t, ready)) == nil {
		t.Error("an event without its data fits the schema")
	}
}

func generic(t *testing.T, event events.Event) any {
	t.Helper()
	data, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// TestSample: the sample of a request is what a request looks like.
func TestSample(t *testing.T) {
	sample, err := os.ReadFile("samples/retrain.requested.v1.json")
	if err != nil {
		t.Fatal(err)
	}
	event, err := events.NewRetrainRequested(events.RetrainRequested{
		Model: "hotel-cancellation", Request: "rt-4f1c8e0b6a2d95374f1c8e0b6a2d9537", Report: "9a3c5e7f1b2d4f60", Verdict: "alert",
		Reasons: []events.RetrainReason{{
			Kind: "performance", Message: "performance fell in 2 windows: roc_auc, log_loss",
			Windows: []string{"2026-09-01T00:00:00Z", "2026-10-01T00:00:00Z"},
		}},
		Summary: "performance fell in 2 windows: roc_auc, log_loss", Start: "2026-07-01T00:00:00Z", End: "2026-11-01T00:00:00Z", Labels: 15732, Baseline: "1f2e3d4c5b6a7980",
		Data: events.RetrainData{
			Location: "s3://acme-models", Logs: "logs/hotel-cancellation/", Labels: "labels/hotel-cancellation/", Reference: "reference/hotel-cancellation/",
			Answers: "retrain/hotel-cancellation/rt-4f1c8e0b6a2d95374f1c8e0b6a2d9537.json",
			Objects: []string{"logs/hotel-cancellation/2026-09.csv", "logs/hotel-cancellation/2026-10.csv"},
		},
	}, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.MarshalIndent(event, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if want := string(data) + "\n"; want != string(sample) {
		t.Errorf("the sample is another; want\n%s", want)
	}
}
