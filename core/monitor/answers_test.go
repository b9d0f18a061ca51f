package monitor_test

import (
	"slices"
	"strings"
	"testing"

	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/events"
)

// TestParseAnswer: an answer comes in its envelope or without; what is none says why.
func TestParseAnswer(t *testing.T) {
	for text, want := range map[string]string{
		`{"request": "rt-1", "outcome": "succeeded"}`: "",
		`{"type": "dev.leeway.retrain.finished.v1", "data": {"model": "m", "request": "rt-1", "outcome": "failed", "error": "no space"}}`: "",
		"":                                       "is empty or too large",
		"[]":                                     "is no answer",
		"{":                                      "is no answer",
		`{"outcome": "failed"}`:                  "names no request",
		`{"request": "rt-1", "outcome": "done"}`: `has the outcome "done": use one of`,
		`{"type": "dev.leeway.report.ready.v1", "data": {"request": "rt-1", "outcome": "failed"}}`: `is an event of type "dev.leeway.report.ready.v1"`,
	} {
		said, err := monitor.ParseAnswer([]byte(text))
		switch {
		case want == "" && (err != nil || said.Request != "rt-1"):
			t.Errorf("%s: %+v, %v", text, said, err)
		case want != "" && (fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// FuzzParseAnswer: whatever lies below retrain/ is an answer with a request and an
// outcome, or an error of kind invalid.
func FuzzParseAnswer(f *testing.F) {
	f.Add([]byte(`{"request": "rt-1", "outcome": "succeeded"}`))
	f.Add([]byte(`{"type": "dev.leeway.retrain.finished.v1", "data": {"request": "rt-1", "outcome": "failed"}}`))
	f.Add([]byte(`{"data": null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		said, err := monitor.ParseAnswer(data)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("kind %s: %v", fault.KindOf(err), err)
			}
			return
		}
		if said.Request == "" || !slices.Contains(events.Outcomes, said.Outcome) {
			t.Errorf("%+v", said)
		}
	})
}
