package report

import (
	"fmt"
	"strings"

	"leeway/core/report/plain"
)

// Estimates is how good predictions are estimated to be without labels.
type Estimates struct {
	Rows     int64      `json:"rows"`     // current rows
	Labelled int64      `json:"labelled"` // those of them with a label
	Metrics  []Estimate `json:"metrics"`
	Distrust string     `json:"distrust,omitempty"` // before labels came, or where those that came do not tell: why estimates cannot be trusted after what became of earlier ones
	Record   *Record    `json:"record,omitempty"`   // once labels came: how good estimates were so far
}

// Estimate is a metric of performance before and after labels came.
type Estimate struct {
	Metric    string `json:"metric"`             // "roc_auc"
	Estimated *Level `json:"estimated"`          // for all rows; its interval is for what comes true
	Expected  *Level `json:"expected,omitempty"` // the estimate for the rows whose label came
	Realized  *Level `json:"realized,omitempty"` // what came true of those
}

// Record is how good estimates were in this window and those before it that were
// estimated from the same baseline, in the last 30 of those whose labels came.
type Record struct {
	Windows int           `json:"windows" doc:"How many windows."`
	Drifted int           `json:"drifted" doc:"Those of them where labels showed concept drift: an estimate that was off, or an alarm that the concept moved."`
	Trusted bool          `json:"trusted" doc:"Whether there is no reason to distrust estimates."`
	Reason  string        `json:"reason,omitempty" doc:"Why not."`
	Metrics []RecordOfOne `json:"metrics" doc:"The record of each metric."`
}

// RecordOfOne is the record of one metric.
type RecordOfOne struct {
	Metric  string  `json:"metric" doc:"Name of the metric."`
	Windows int     `json:"windows" doc:"With both an estimate and a realized value."`
	Held    int     `json:"held" doc:"Where what came true was within the 95% interval."`
	Error   float64 `json:"mean_absolute_error" doc:"Of estimates, to three digits."`
}

func (e *Estimates) sound() *Estimates {
	if e == nil {
		return nil
	}
	sound := *e
	sound.Metrics = list(e.Metrics)
	if e.Record != nil {
		record := *e.Record
		record.Metrics = list(record.Metrics)
		sound.Record = &record
	}
	return &sound
}

// recorded says how good estimates were so far, or why those of this window cannot
// be trusted; "" where nothing is known.
func (r *Report) recorded() string {
	if r.Estimates == nil {
		return ""
	}
	record := r.Estimates.Record
	if record == nil {
		if r.Estimates.Distrust == "" {
			return ""
		}
		return "They cannot be trusted: " + r.Estimates.Distrust + "."
	}
	var parts []string
	for _, m := range record.Metrics {
		parts = append(parts, fmt.Sprintf("%s off by %s on average, in its interval in %d of %d", plain.Name(m.Metric, 24), plain.Number(m.Error), m.Held, m.Windows))
	}
	text := ""
	if len(parts) > 0 {
		text = "Estimates so far, this window's included: " + strings.Join(parts, "; ") + "."
	}
	if !record.Trusted {
		text = strings.TrimPrefix(text+" ", " ") + "Those of later windows cannot be trusted: " + record.Reason + "."
	}
	return text
}

// Shown is what labels showed of the estimates of a window.
type Shown struct {
	off    bool // what came true was not what had been estimated
	moved  bool // the concept moved, with an alarm
	Chosen bool // labelled rows are not comparable with those of the reference
}

// See takes a finding in.
func (s *Shown) See(check, metric string, severity Severity) {
	alarm := severity == SeverityAlert || severity == SeverityWarn
	switch {
	case check == "confidence" && metric == "estimate_off":
		s.off = true
	case check == "performance" && metric == "concept_shift" && alarm:
		s.moved = true
	case check == "performance" && metric == "not_comparable":
		s.Chosen = true
	}
}

// Drift tells whether that is concept drift. An estimate that was off is none where it
// may be no more than which labels came.
func (s Shown) Drift() bool { return s.moved || s.off && !s.Chosen }

// Shown is what labels showed of the estimates.
func (r *Report) Shown() (s Shown) {
	for i := range r.Findings {
		f := &r.Findings[i]
		s.See(f.Check, f.Metric, f.Severity)
	}
	return s
}
