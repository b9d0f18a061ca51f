package main

import (
	"bytes"
	"testing"

	"leeway/core/report"
)

func TestEvidence(t *testing.T) {
	zero, half := 0.0, 0.5
	var out bytes.Buffer
	f := report.Finding{Severity: report.SeverityAlert, Message: "It moved.", Hint: "Look.", Value: &half, P: &zero, Q: &half, Interval: &[2]float64{0.25, 0.75}, NReference: 2000, NCurrent: 300}
	if err := evidence(&out, &f, &report.Report{Model: "m", ID: "r1", Window: &report.Window{Start: "2026-03-01T00:00:00Z", End: "2026-03-02T00:00:00Z"}}); err != nil {
		t.Fatal(err)
	}
	const want = `
Last seen: model m, window 2026-03-01T00:00:00Z to 2026-03-02T00:00:00Z, report r1
  alert: It moved.
  value        0.5
  interval     0.25 to 0.75
  p-value      < 1e-240
  q-value      0.5
  compared     2,000 of the reference, 300 now
  do: Look.
`
	if out.String() != want {
		t.Errorf("%s", out.String())
	}
}

// TestEveryFieldOfAReportIsKnown to explain, whichever table has it.
func TestEveryFieldOfAReportIsKnown(t *testing.T) {
	for _, name := range report.Fields() {
		if meaning(name) == "" {
			t.Errorf("leeway explain %s knows nothing", name)
		}
	}
}
