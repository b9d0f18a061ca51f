// Package events holds what Leeway tells others, as CloudEvents 1.0: a report
// is ready, a model is worth retraining; and what others tell it of a training.
//
// The types are plain data; which service carries them is the business of the
// adapters under infra. Every event has an ID that is a function of what it
// tells, so that a receiver can drop the second delivery of the same event.
package events

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// TypeReportReady is the type of the event that a window has a new report.
const TypeReportReady = "dev.leeway.report.ready.v1"

// Event is the CloudEvents 1.0 envelope in its JSON form.
type Event struct {
	SpecVersion     string          `json:"specversion"`
	ID              string          `json:"id"`
	Source          string          `json:"source"` // "leeway/<model>"
	Type            string          `json:"type"`
	Subject         string          `json:"subject,omitempty"` // the object's key or the report's id
	Time            time.Time       `json:"time"`
	DataContentType string          `json:"datacontenttype"`
	Data            json.RawMessage `json:"data"`
}

// ReportReady tells that a window has a new report.
type ReportReady struct {
	Model      string `json:"model"`
	Report     string `json:"report"`
	Supersedes string `json:"supersedes,omitempty"`
	Start      string `json:"start"`
	End        string `json:"end"`
	Verdict    string `json:"verdict"`
	Partial    bool   `json:"partial,omitempty"` // the window is not whole yet: the verdict is of what there is
	Summary    string `json:"summary"`
}

// NewReportReady wraps the data in an envelope. The event's id is a function of
// model and report.
func NewReportReady(data ReportReady, at time.Time) (Event, error) {
	sum := sha256.Sum256([]byte(TypeReportReady + "\x00" + data.Model + "\x00" + data.Report))
	return wrap(TypeReportReady, hex.EncodeToString(sum[:16]), data.Model, data.Report, at, data)
}

func wrap(kind, id, model, subject string, at time.Time, data any) (Event, error) {
	body, err := json.Marshal(data)
	if err != nil {
		return Event{}, fmt.Errorf("event %s: %w", kind, err)
	}
	return Event{
		SpecVersion: "1.0", ID: id, Source: "leeway/" + model, Type: kind,
		Subject: subject, Time: at.UTC(), DataContentType: "application/json", Data: body,
	}, nil
}

//go:embed event.v1.schema.json
var schema []byte

// JSONSchema is the JSON Schema (2020-12) of an event.
func JSONSchema() []byte { return schema }
