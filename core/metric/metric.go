// Package metric names what Leeway measures: a [Desc] declares a metric once,
// a [Sample] is one value of it.
//
// Descs are declared beside the function that computes them and collected by
// core/check; documentation, JSON Schema, Prometheus and dashboards are made
// from them. Nothing else spells a metric's name.
package metric

import (
	"encoding/json"
	"math"
)

// Desc declares a metric.
type Desc struct {
	Check   string   // family: quality, drift, performance, confidence, fairness
	Name    string   // snake case, unique within the check
	Unit    string   // "", "ratio", "rows", "seconds", "bits", "nats"
	Low     float64  // smallest possible value, may be -Inf
	High    float64  // largest possible value, may be +Inf
	Better  string   // "lower", "higher" or "" where neither is
	Labels  []string // the labels a sample of it carries
	Help    string   // one sentence
	Formula string   // how it is computed, as in docs/metrics.md
	Use     string   // when to use it and what to do when it moves
	Needs   string   // what it needs to have a value, and what special cases give
	Laws    []string // facts about it that tests hold it to
	Cite    string   // paper or reference implementation
}

// Descs are those of the rows of a table.
func Descs[T any](table []T, of func(*T) Desc) []Desc {
	descs := make([]Desc, len(table))
	for i := range table {
		descs[i] = of(&table[i])
	}
	return descs
}

// FullName is the metric's name in every sink: leeway_<check>_<name>.
func (d *Desc) FullName() string { return "leeway_" + d.Check + "_" + d.Name }

// Labels tell samples of one metric apart. The zero value of a field means
// that the sample does not carry the label.
type Labels struct {
	Column    string `json:"column,omitempty"`
	Segment   string `json:"segment,omitempty"`
	Class     string `json:"class,omitempty"`
	Group     string `json:"group,omitempty"`
	Role      string `json:"role,omitempty"`
	Q         string `json:"q,omitempty"`
	Actual    string `json:"actual,omitempty"`
	Predicted string `json:"predicted,omitempty"`
}

// Sample is one value of a metric. It describes the current side, or the
// difference between the two sides.
type Sample struct {
	Check      string
	Metric     string
	Labels     Labels
	Value      float64 // NaN where undefined: Reason says why
	P          float64 // p-value of "nothing changed", NaN for none
	Exact      bool    // false: from a summary, within the documented error
	NReference int64   // reference values that entered
	NCurrent   int64   // current values that entered
	Reason     string  // why Value is undefined

	Interval *[2]float64 // 95% interval of Value; nil for none
}

// document is a sample in JSON: an undefined value is null, with its reason; an
// absent p-value is left out.
type document struct {
	Check      string   `json:"check"`
	Metric     string   `json:"metric"`
	Labels     Labels   `json:"labels"`
	Value      *float64 `json:"value"`
	P          *float64 `json:"p_value,omitempty"`
	Exact      bool     `json:"exact"`
	NReference int64    `json:"n_reference"`
	NCurrent   int64    `json:"n_current"`
	Reason     string   `json:"reason,omitempty"`

	Interval *[2]float64 `json:"interval,omitempty"`
}

// Samples are written as a list in one go: a wide table has many thousands.
type Samples []Sample

// MarshalJSON writes the list, which is never null.
func (list Samples) MarshalJSON() ([]byte, error) {
	documents := make([]document, len(list))
	for i, s := range list {
		documents[i] = document{s.Check, s.Metric, s.Labels, Number(s.Value), Number(s.P), s.Exact, s.NReference, s.NCurrent, s.Reason, s.Interval}
	}
	return json.Marshal(documents)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (list *Samples) UnmarshalJSON(data []byte) error {
	var documents []document
	if err := json.Unmarshal(data, &documents); err != nil {
		return err
	}
	*list = make(Samples, len(documents))
	for i, d := range documents {
		(*list)[i] = Sample{d.Check, d.Metric, d.Labels, Float(d.Value), Float(d.P), d.Exact, d.NReference, d.NCurrent, d.Reason, d.Interval}
	}
	return nil
}

// Number is x for JSON, which has no NaN and no infinity: nil for those.
func Number(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// Float is the inverse of Number: NaN for nil.
func Float(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}
