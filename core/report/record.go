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
	Record   *Record    `json:"record,omitempty"` // how good estimates of earlier windows were; nil: nothing came true yet
}

// Estimate is a metric of performance before and after labels came.
type Estimate struct {
	Metric    string `json:"metric"`             // "roc_auc"
	Estimated *Level `json:"estimated"`          // for all rows; its interval is for what comes true
	Expected  *Level `json:"expected,omitempty"` // the estimate for the rows whose label came
	Realized  *Level `json:"realized,omitempty"` // what came true of those
}

// Record is how good estimates of earlier windows were that were made from the
// same baseline, of the last 30 of those whose labels came.
type Record struct {
	Windows int           `json:"windows"`
	Drifted int           `json:"drifted"` // those of them where labels showed concept drift
	Trusted bool          `json:"trusted"`
	Reason  string        `json:"reason,omitempty"` // why not
	Metrics []RecordOfOne `json:"metrics"`
}

// RecordOfOne is the record of one metric.
type RecordOfOne struct {
	Metric  string  `json:"metric"`
	Windows int     `json:"windows"`             // with both an estimate and a realized value
	Held    int     `json:"held"`                // where what came true was within the 95% interval
	Error   float64 `json:"mean_absolute_error"` // of estimates, to two digits
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

// recorded says how good earlier estimates were; "" where that is not known.
func (r *Report) recorded() string {
	if r.Estimates == nil || r.Estimates.Record == nil {
		return ""
	}
	record := r.Estimates.Record
	var parts []string
	for _, m := range record.Metrics {
		parts = append(parts, fmt.Sprintf("%s was off by %s on average and within its interval in %d of %d", plain.Name(m.Metric, 24), plain.Number(m.Error), m.Held, m.Windows))
	}
	text := "Estimates so far, in " + plain.Plural(int64(record.Windows), "earlier window", "earlier windows") + " with labels: " + strings.Join(parts, "; ") + "."
	if !record.Trusted {
		text += " They cannot be trusted: " + record.Reason + "."
	}
	return text
}
