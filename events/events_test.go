package events_test

import (
	"bytes"
	"encoding/json"
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
