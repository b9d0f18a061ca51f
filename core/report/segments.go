package report

import (
	"bytes"
	"cmp"
	"html/template"
	"slices"
	"strings"

	"leeway/core/metric"
	"leeway/core/report/chart"
	"leeway/core/report/plain"
)

// segmentRows is how many segments a terminal or a comment is shown.
const segmentRows = 30

// gravity orders the verdicts of segments, the gravest first.
var gravity = []Verdict{Alert, Warn, OK, Unknown}

// divided lists the segments that could be told about, the gravest first, then
// those with the most rows; and the names of those with too few rows.
func (r *Report) divided() (told []*Segment, few []string) {
	for i := range r.Segments {
		if one := &r.Segments[i]; one.Verdict == Unknown {
			few = append(few, one.Name)
		} else {
			told = append(told, one)
		}
	}
	slices.SortStableFunc(told, func(a, b *Segment) int {
		if x, y := slices.Index(gravity, a.Verdict), slices.Index(gravity, b.Verdict); x != y {
			return x - y
		}
		return int(b.NCurrent - a.NCurrent)
	})
	return told, few
}

// tooFew is a sentence about the segments that cannot be told about, "" for none.
func tooFew(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return plain.Plural(int64(len(names)), "segment has", "segments have") + " too few rows to tell: " + several(names, nameWidth) + "."
}

// changed is where most changed, and by how much.
func (s *Segment) changed() (column, value string) {
	if s.Column == "" {
		return "–", ""
	}
	return plain.Name(s.Column, nameWidth), s.Amount()
}

// Amount is the value of what changed most, "js_distance 0.3"; "" for none.
func (s *Segment) Amount() string {
	if s.Value == nil {
		return ""
	}
	return plain.Name(s.Metric, 40) + " " + plain.Value(s.Metric, *s.Value)
}

// good is how good the model was in each segment, by the first of [Main] that any of
// them has: its value with the interval, by segment; "" and nil where nothing is known.
func (r *Report) good() (name string, by map[string]string) {
	for _, name := range Main {
		by := map[string]string{}
		for i := range r.Samples {
			s := &r.Samples[i]
			if s.Check != "performance" || s.Metric != name || s.Labels.Segment == "" || s.Labels != (metric.Labels{Segment: s.Labels.Segment}) || s.Reason != "" {
				continue
			}
			text := plain.Value(name, s.Value)
			if s.Interval != nil {
				text += " (" + plain.Value(name, s.Interval[0]) + " to " + plain.Value(name, s.Interval[1]) + ")"
			}
			by[s.Labels.Segment] = text
		}
		if len(by) > 0 {
			return r.Costs.title(name), by
		}
	}
	return "", nil
}

// spread is the segments that show a finding about more rows too: "in 3 segments
// too, most in country=PRT"; "" for none.
func (f *Finding) spread() string {
	if len(f.Segments) == 0 {
		return ""
	}
	var names []string
	for i := range f.Segments {
		names = append(names, f.Segments[i].Segment)
	}
	return "in " + plain.Plural(int64(len(names)), "segment", "segments") + " too: " + several(names, nameWidth)
}

// segments writes the table for a terminal.
func (t *terminal) segments(r *Report) {
	told, few := r.divided()
	if len(r.Segments) == 0 {
		return
	}
	t.heading("Segments", plain.Plural(int64(len(r.Segments)), "part of the rows", "parts of the rows")+" looked at apart")
	name, rows, state := field{title: "segment"}, field{title: "rows", right: true}, field{title: "finding"}
	column, value := field{title: "most changed", rank: 1}, field{title: "by", rank: 2}
	title, known := r.good()
	good := field{title: title, right: true, rank: 1}
	shown := told[:min(len(told), segmentRows)]
	for _, one := range shown {
		level := chart.Level(one.Verdict)
		where, much := one.changed()
		name.cells, rows.cells = append(name.cells, plain.Name(one.Name, 44)), append(rows.cells, plain.Count(one.NCurrent))
		column.cells, value.cells = append(column.cells, where), append(value.cells, much)
		good.cells = append(good.cells, cmp.Or(known[one.Name], "–"))
		state.cells, state.tones = append(state.cells, glyphs[level]+" "+level.Word()), append(state.tones, level)
	}
	if len(shown) > 0 {
		fields := []field{name, rows, column, value, state}
		if known != nil {
			fields = slices.Insert(fields, 2, good)
		}
		t.table(t.fit(fields), len(shown))
	}
	if more := len(told) - len(shown); more > 0 {
		t.line(t.paint("… "+plain.Plural(int64(more), "more segment", "more segments"), dim))
	}
	if text := tooFew(few); text != "" {
		t.wrapped("", text, dim)
	}
}

// markdownSegments writes the table for Markdown.
func (r *Report) markdownSegments(b *bytes.Buffer) {
	told, few := r.divided()
	if len(r.Segments) == 0 {
		return
	}
	b.WriteString("\n### Segments\n\n")
	title, known := r.good()
	line := func(good string, cells ...string) {
		if known != nil {
			cells = slices.Insert(cells, 2, good)
		}
		row(b, cells...)
	}
	if len(told) > 0 {
		line(code(title), "Segment", "Rows", "Most changed", "By", "Finding")
		line("---:", "---", "---:", "---", "---", "---")
	}
	for i, one := range told {
		if i == segmentRows {
			b.WriteString("\n… " + plain.Plural(int64(len(told)-i), "more segment", "more segments") + "\n")
			break
		}
		level := chart.Level(one.Verdict)
		column, value := one.changed()
		line(inert(cmp.Or(known[one.Name], "–")), code(plain.Name(one.Name, nameWidth)), plain.Count(one.NCurrent), inert(column), inert(value), icons[level]+" "+level.Word())
	}
	if text := tooFew(few); text != "" {
		b.WriteString("\n" + inert(text) + "\n")
	}
}

// divided is the table for the page.
type divided struct {
	Note string
	Good string // the metric of segmentLine.Good, "" for none
	Few  string
	Rows []segmentLine
	More string
}

type segmentLine struct {
	Name, Rows, Reference, Good, Column, Value string
	Badge                                      template.HTML
}

func (p *page) segments(r *Report, d detail) {
	told, few := r.divided()
	if len(r.Segments) == 0 {
		return
	}
	p.Segments = &divided{Note: plain.Plural(int64(len(r.Segments)), "part of the rows is", "parts of the rows are") + " looked at apart; what they show that all rows do is one finding.", Few: tooFew(few)}
	var known map[string]string
	p.Segments.Good, known = r.good()
	for i, one := range told {
		if i == d.rows {
			p.Segments.More = plain.Plural(int64(len(told)-i), "more segment is", "more segments are") + " in the JSON report."
			break
		}
		column, value := one.changed()
		p.Segments.Rows = append(p.Segments.Rows, segmentLine{
			plain.Name(one.Name, nameWidth), plain.Count(one.NCurrent), plain.Count(one.NReference), cmp.Or(known[one.Name], "–"), column, strings.TrimSpace(value), chart.Badge(chart.Level(one.Verdict)),
		})
	}
}
