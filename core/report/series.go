package report

import (
	"math"
	"slices"
	"time"

	"leeway/core/metric"
)

// Point is one number of a report as services of metrics take it: finite, under the
// name that it has in every sink.
type Point struct {
	Name   string
	Unit   string  // as in metric.Desc
	Labels []Label // those that are there, in the order of the catalogue; model is always the first
	Value  float64 // finite
}

// Label is a name and a value.
type Label struct{ Name, Value string }

// mostWorst is how many columns the few series are of.
const mostWorst = 5

// Points are the numbers of a report. The few: the standing series that a report knows
// of, and what findings say of the five worst columns, or else how far these are from
// the reference. All: the samples besides.
func (r *Report) Points(all bool) []Point {
	p := &points{r: r}
	p.standing()
	worst := r.worstColumns()
	for i := range r.Samples {
		if s := &r.Samples[i]; all || s.Labels.Segment == "" && slices.Contains(worst, s.Labels.Column) && r.telling(s) {
			p.sample(s)
		}
	}
	return p.all
}

type points struct {
	r   *Report
	all []Point
}

func (p *points) add(name, unit string, value float64, labels ...string) {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return
	}
	one := Point{Name: name, Unit: unit, Value: value, Labels: []Label{{"model", p.r.Model}}}
	for i := 0; i < len(labels); i += 2 {
		if labels[i+1] != "" {
			one.Labels = append(one.Labels, Label{labels[i], labels[i+1]})
		}
	}
	p.all = append(p.all, one)
}

// Number is the verdict as a metric: 0 ok, 1 warn, 2 alert, -1 unknown, -2 invalid.
func (v Verdict) Number() float64 {
	switch v {
	case OK:
		return 0
	case Warn:
		return 1
	case Alert:
		return 2
	case Invalid:
		return -2
	}
	return -1
}

func (p *points) standing() {
	r := p.r
	if r.Partial == nil || r.Verdict != Unknown { // what is not judged yet stands for nothing
		p.add(metric.Verdict, "", r.Verdict.Number(), "check", metric.Whole)
		for _, name := range r.families() {
			p.add(metric.Verdict, "", r.Checks[name].Verdict.Number(), "check", name)
		}
	}
	drifted, tested := r.drifted()
	p.add(metric.DriftedColumns, "", float64(drifted))
	if tested > 0 {
		p.add(metric.DriftedRatio, "ratio", float64(drifted)/float64(tested))
	}
	p.add(metric.Rows, "", float64(r.Current.Rows))
	counts := map[Severity]int{}
	for i := range r.Findings {
		counts[r.Findings[i].Severity]++
	}
	for _, severity := range []Severity{SeverityAlert, SeverityWarn, SeverityUnknown, SeverityInfo} {
		p.add(metric.Findings, "", float64(counts[severity]), "severity", string(severity))
	}
	var bytes int64
	for i := range r.Current.Objects {
		bytes += r.Current.Objects[i].Bytes
	}
	p.add(metric.RunBytes, "bytes", float64(bytes))
	if at, err := time.Parse(time.RFC3339, r.Created); err == nil {
		p.add(metric.LastBatch, "seconds", float64(at.UnixMilli())/1000)
	}
	p.estimates()
}

// estimates are what came true, where labels came, and what it was estimated to be.
func (p *points) estimates() {
	if p.r.Performance == nil || p.r.Performance.Labelled == 0 {
		return
	}
	for _, m := range p.r.Performance.Metrics {
		if m.Current != nil {
			p.add(metric.Realized, "", metric.Float(m.Current.Value), "metric", m.Metric)
		}
	}
	if p.r.Estimates == nil {
		return
	}
	for _, m := range p.r.Estimates.Metrics {
		if m.Expected != nil {
			p.add(metric.RealizedGuess, "", metric.Float(m.Expected.Value), "metric", m.Metric)
		}
	}
	if record := p.r.Estimates.Record; record != nil {
		trusted := 0.0
		if record.Trusted {
			trusted = 1
		}
		p.add(metric.EstimateTrust, "", trusted)
	}
}

func (p *points) sample(s *metric.Sample) {
	if s.Reason != "" {
		return
	}
	l := &s.Labels
	p.add((&metric.Desc{Check: s.Check, Name: s.Metric}).FullName(), "", s.Value, "column", l.Column, "segment", l.Segment, "class", l.Class,
		"group", l.Group, "role", l.Role, "q", l.Q, "actual", l.Actual, "predicted", l.Predicted)
}

// drifted counts the columns that drifted, and those that were tested for it.
func (r *Report) drifted() (drifted, tested int) {
	columns, all := map[string]bool{}, map[string]bool{}
	for i := range r.Samples {
		if s := &r.Samples[i]; s.Check == "drift" && s.Labels.Column != "" {
			all[s.Labels.Column] = true
		}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Check != "drift" || f.Labels.Segment != "" || f.Severity != SeverityAlert && f.Severity != SeverityWarn {
			continue
		}
		for _, name := range append([]string{f.Labels.Column}, f.Columns...) {
			if name != "" {
				columns[name] = true
			}
		}
	}
	return len(columns), len(all)
}

// worstColumns are those with the gravest findings, then those furthest from the
// reference.
func (r *Report) worstColumns() []string {
	var worst []string
	add := func(name string) {
		if name != "" && len(worst) < mostWorst && !slices.Contains(worst, name) {
			worst = append(worst, name)
		}
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Labels.Segment == "" && f.Severity != SeverityInfo {
			add(f.Labels.Column)
		}
	}
	var far []*metric.Sample
	for i := range r.Samples {
		if s := &r.Samples[i]; s.Check == "drift" && s.Metric == Distance && s.Labels.Segment == "" && s.Reason == "" && !math.IsNaN(s.Value) {
			far = append(far, s)
		}
	}
	slices.SortStableFunc(far, func(a, b *metric.Sample) int {
		switch {
		case a.Value > b.Value:
			return -1
		case a.Value < b.Value:
			return 1
		}
		return 0
	})
	for _, s := range far {
		add(s.Labels.Column)
	}
	return worst
}

// Distance is the metric of drift that the few series are of.
const Distance = "js_distance"

// telling tells whether a sample is what the few series have of a column: its distance,
// or what a finding is about.
func (r *Report) telling(s *metric.Sample) bool {
	if s.Check == "drift" && s.Metric == Distance && s.Labels == (metric.Labels{Column: s.Labels.Column, Role: s.Labels.Role}) {
		return true
	}
	return slices.ContainsFunc(r.Findings, func(f Finding) bool {
		return f.Check == s.Check && f.Metric == s.Metric && f.Labels == s.Labels && f.Severity != SeverityInfo
	})
}
