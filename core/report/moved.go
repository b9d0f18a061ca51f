package report

import (
	"slices"

	"leeway/core/metric"
	"leeway/core/report/plain"
)

// Moved says which of the three moved since the reference. Each part holds the
// p-value of one thing having stayed as it was; without enough labels there are
// none.
type Moved struct {
	Verdict   string     `json:"verdict"` // none, data, prediction, label, concept, label_or_concept, data+concept, prediction+concept, prediction_or_data, data+prediction, data+prediction+concept, unknown
	Message   string     `json:"message"`
	Needed    int64      `json:"needed,omitempty"`      // unknown, label_or_concept: labelled current rows that it would take
	Each      int64      `json:"needed_each,omitempty"` // label_or_concept: as many on either side would tell, where no number of current ones alone would
	Reference int64      `json:"n_reference"`           // labelled rows that were looked at
	Current   int64      `json:"n_current"`
	Data      *MovedPart `json:"data,omitempty"`    // scores and features are what they were
	Label     *MovedPart `json:"label,omitempty"`   // labels are
	Shape     *MovedPart `json:"shape,omitempty"`   // scores and features are, within each class
	Concept   *MovedPart `json:"concept,omitempty"` // labels are, given scores and features; of verdicts prediction and data+prediction, given features and what the reference's scores say

	Prediction *MovedPart `json:"prediction,omitempty"` // scores are, given features; nil where nothing made it worth asking
}

// MovedPart is a test of something that may have stayed as it was.
type MovedPart struct {
	P      *float64 `json:"p_value"`
	Column string   `json:"column,omitempty"` // by which it shows most; left out for scores and predictions
	Size   *float64 `json:"size,omitempty"`
	Mean   *float64 `json:"mean,omitempty"` // by how much more comes true of the same rows, on average
}

// Sentence says which of the three moved, "" where none did or nothing tells.
func (p *Performance) Sentence() string {
	if p == nil || p.Moved == nil || p.Moved.Verdict == "none" || p.Moved.Verdict == "unknown" {
		return ""
	}
	return p.Moved.Message
}

// Settle says that the data did not move after all: no column drifted. What they
// are apart by, windows of the reference are too.
func (m *Moved) Settle(message string) {
	m.Message = message
	switch m.Verdict {
	case "data":
		m.Verdict = "none"
	case "data+concept":
		m.Verdict = "concept"
	case "data+prediction":
		m.Verdict = "prediction"
	case "data+prediction+concept":
		m.Verdict = "prediction+concept"
	}
}

// moved says which of the three moved, or why that cannot be told.
func (p *Performance) moved() string {
	if p.Moved == nil {
		return ""
	}
	return plain.Prose(p.Moved.Message, 400)
}

// Restated tells whether the predictions moved: the same rows get other scores, as far as
// columns tell rows apart.
func (p *Performance) Restated() bool {
	return p != nil && p.Moved != nil && slices.Contains([]string{"prediction", "prediction+concept", "prediction_or_data", "data+prediction", "data+prediction+concept"}, p.Moved.Verdict)
}

func (m *Moved) sound() *Moved {
	if m == nil {
		return nil
	}
	sound := *m
	for _, part := range []**MovedPart{&sound.Data, &sound.Label, &sound.Shape, &sound.Concept, &sound.Prediction} {
		if *part == nil {
			continue
		}
		one := **part
		for _, number := range []**float64{&one.P, &one.Size, &one.Mean} {
			*number = metric.Number(metric.Float(*number))
		}
		*part = &one
	}
	return &sound
}
