package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"leeway/core/fault"
	"leeway/core/metric"
)

//go:embed report.v1.schema.json
var schemaDocument []byte

// JSONSchema is the JSON Schema (2020-12) of the document. It allows fields
// that it does not know: later releases of version 1 may add some.
func JSONSchema() []byte { return bytes.Clone(schemaDocument) }

// JSON writes the document: two blanks of indentation, fields in the order of
// the contract, lists never null, numbers that JSON cannot hold null or left
// out, a newline at the end. <, > and & are escaped as \u003c..., so the text
// may stand in a page. Equal reports give equal bytes.
func (r *Report) JSON() ([]byte, error) {
	data, err := json.MarshalIndent(r.sound(), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode report: %w", err)
	}
	return append(data, '\n'), nil
}

// WriteCompact writes the same document in one line.
func (r *Report) WriteCompact(w io.Writer) error {
	if err := json.NewEncoder(w).Encode(r.sound()); err != nil {
		return fmt.Errorf("encode report: %w", err)
	}
	return nil
}

// Parse reads a document of this version. Fields that it does not know are
// ignored: a later release may have added them.
func Parse(data []byte) (*Report, error) {
	var head struct {
		Version *int     `json:"version"`
		Verdict *Verdict `json:"verdict"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, unreadable(data, err)
	}
	switch {
	case head.Version == nil || head.Verdict == nil:
		return nil, fault.New(fault.Invalid, "no report: it lacks version or verdict", "give the JSON that leeway check --output json writes")
	case *head.Version > Version:
		return nil, fault.New(fault.Invalid, fmt.Sprintf("report version %d is newer than %d", *head.Version, Version), "use a newer leeway")
	case *head.Version != Version:
		return nil, fault.New(fault.Invalid, fmt.Sprintf("no such report version: %d", *head.Version), "")
	}
	var r Report
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, unreadable(data, err)
	}
	return r.sound(), nil
}

// unreadable says where in the text the error is.
func unreadable(data []byte, err error) error {
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		line, column := position(data, syntax.Offset)
		err = fmt.Errorf("report is not JSON: line %d, column %d: %w", line, column, err)
	case errors.As(err, &wrong):
		line, column := position(data, wrong.Offset)
		err = fmt.Errorf("report has a %s in %q: line %d, column %d", wrong.Value, wrong.Field, line, column)
	default:
		err = fmt.Errorf("read report: %w", err)
	}
	return &fault.Error{Kind: fault.Invalid, Op: "parse report", Err: err}
}

func position(data []byte, offset int64) (line, column int) {
	before := data[:min(max(int(offset), 0), len(data))]
	return 1 + bytes.Count(before, []byte{'\n'}), max(1, len(before)-1-bytes.LastIndexByte(before, '\n'))
}

// sound is a copy of the report that JSON can hold, that has no null where the
// contract has a list, and whose distributions can be drawn.
func (r *Report) sound() *Report {
	c := *r
	c.Reference, c.Current = r.Reference.sound(), r.Current.sound()
	c.Findings = make([]Finding, len(r.Findings))
	for i := range r.Findings {
		c.Findings[i] = r.Findings[i].sound()
	}
	c.Columns = make([]Column, len(r.Columns))
	for i := range r.Columns {
		c.Columns[i] = r.Columns[i].sound()
	}
	c.Segments = slices.Clone(r.Segments)
	for i := range c.Segments {
		one := &c.Segments[i]
		one.Value, one.Effect = metric.Number(metric.Float(one.Value)), metric.Number(metric.Float(one.Effect))
	}
	c.Samples = list(r.Samples)
	c.Performance, c.Estimates = r.Performance.sound(), r.Estimates.sound()
	c.Fairness = soundTreated(r.Fairness)
	c.Slices = r.Slices.sound()
	c.Compat = r.Compat.sound()
	c.Sinks = list(r.Sinks)
	if c.Checks == nil {
		c.Checks = Checks{}
	}
	return &c
}

// list is s, never nil.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func (s Side) sound() Side {
	s.Objects = list(s.Objects)
	return s
}

func (f Finding) sound() Finding {
	for _, number := range []**float64{&f.Value, &f.Effect, &f.NoiseFloor, &f.P, &f.Q, &f.Threshold, &f.Detectable, &f.Impact, &f.ImpactCost} {
		*number = metric.Number(metric.Float(*number))
	}
	f.Segments = slices.Clone(f.Segments)
	for i := range f.Segments {
		part := &f.Segments[i]
		part.Value, part.Effect = metric.Number(metric.Float(part.Value)), metric.Number(metric.Float(part.Effect))
	}
	if f.Interval != nil && !finite(f.Interval[0], f.Interval[1]) {
		f.Interval = nil
	}
	f.Cause = f.Cause.sound()
	return f
}

func (c *Cause) sound() *Cause {
	if c == nil {
		return nil
	}
	s := *c
	for _, number := range []**float64{&s.Factor, &s.Offset, &s.Hours, &s.Bound, &s.Step} {
		*number = metric.Number(metric.Float(*number))
	}
	if !finite(s.Explains) {
		s.Explains = 0
	}
	return &s
}

func (c Column) sound() Column {
	c.Reference, c.Current = c.Reference.sound(), c.Current.sound()
	if !c.Distribution.drawable() {
		c.Distribution = nil
	}
	return c
}

// drawable tells whether the parts of a distribution fit together.
func (d *Distribution) drawable() bool {
	if d == nil {
		return false
	}
	cells := len(d.Names)
	if d.Names == nil {
		cells = len(d.Edges) - 1
	}
	for _, side := range [][]float64{d.Reference, d.Current} {
		if side != nil && len(side) != cells || slices.ContainsFunc(side, func(x float64) bool { return x < 0 }) {
			return false
		}
	}
	return cells > 0 && (d.Reference != nil || d.Current != nil) && finite(slices.Concat(d.Edges, d.Reference, d.Current)...)
}

func (d *Description) sound() *Description {
	if d == nil {
		return nil
	}
	c := *d
	for _, number := range []**float64{&c.Mean, &c.Std, &c.Min, &c.Max} {
		*number = metric.Number(metric.Float(*number))
	}
	if q := c.Quantiles; q != nil && !finite(q.Q01, q.Q05, q.Q25, q.Q50, q.Q75, q.Q95, q.Q99) {
		c.Quantiles = nil
	}
	if !finite(c.MissingRatio) {
		c.MissingRatio = 0
	}
	if !finite(c.Distinct) {
		c.Distinct = 0
	}
	return &c
}

func finite(numbers ...float64) bool {
	for _, x := range numbers {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}
