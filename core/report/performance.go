package report

import (
	"bytes"
	"html/template"
	"strings"

	"leeway/core/report/plain"
)

// Performance is how good predictions were, on the rows whose label is known.
type Performance struct {
	Task     string `json:"task"`
	Rows     int64  `json:"rows"`     // current rows
	Labelled int64  `json:"labelled"` // those of them with a label

	ReferenceCoverage *float64 `json:"reference_coverage,omitempty"` // share of the reference's rows that have a label
	Contradicted      int64    `json:"contradicted,omitempty"`       // rows of a window in a bucket whose labels contradict each other
	Corrected         int64    `json:"corrected,omitempty"`          // rows of such a window whose label is another than it was before

	LeftOut int64 `json:"left_out,omitempty"` // rows whose label does not count: it is of a class that is not known, says that there is none, or is no number

	Labels  *Labels   `json:"labels,omitempty"`
	Metrics []Measure `json:"metrics"`
	Curves  *Curves   `json:"curves,omitempty"`
	Moved   *Moved    `json:"moved,omitempty"` // which of data, labels and concept moved; nil where nothing tells
}

// Labels is what the label files hold.
type Labels struct {
	Objects     []Object `json:"objects"`
	Labels      int64    `json:"labels"`      // rows with an id and a label
	Unmatched   int64    `json:"unmatched"`   // distinct ids that no row has
	Duplicate   int64    `json:"duplicate"`   // rows that say again what another says
	Conflicting int64    `json:"conflicting"` // distinct ids with labels that contradict each other
}

// Measure is a metric on both sides; a side is null where it has no labels.
type Measure struct {
	Metric    string `json:"metric"`
	Reference *Level `json:"reference"`
	Current   *Level `json:"current"`
}

// Level is a metric's value on one side, null with a reason where it is
// undefined, and its 95% interval.
type Level struct {
	Value    *float64    `json:"value"`
	Interval *[2]float64 `json:"interval,omitempty"`
	Rows     int64       `json:"rows"` // that entered
	Reason   string      `json:"reason,omitempty"`
}

// Main are the metrics that say most, in the order of pages. A task has some of them.
var Main = []string{"roc_auc", "roc_auc_macro", "accuracy", "f1", "f1_macro", "mae", "rmse", "cost_per_1000"}

func (p *Performance) sound() *Performance {
	if p == nil {
		return nil
	}
	sound := *p
	sound.Metrics = list(p.Metrics)
	sound.Curves = p.Curves.sound()
	sound.Moved = p.Moved.sound()
	if p.Labels != nil {
		labels := *p.Labels
		labels.Objects = list(labels.Objects)
		sound.Labels = &labels
	}
	return &sound
}

// coverage says how many labels have come, and what is odd about them.
func (p *Performance) coverage() string {
	text := plain.Count(p.Labelled) + " of " + plain.Plural(p.Rows, "row", "rows") + " have a label"
	if p.LeftOut > 0 {
		text += " that counts"
	}
	if p.Rows > 0 {
		text += " (" + plain.Share(float64(p.Labelled)/float64(p.Rows)) + ")"
	}
	if p.ReferenceCoverage != nil {
		text += "; of the reference " + plain.Share(*p.ReferenceCoverage)
	}
	if p.LeftOut > 0 {
		text += "; " + plain.Count(p.LeftOut) + " left out"
	}
	if p.Corrected > 0 {
		text += "; " + plain.Count(p.Corrected) + " corrected"
	}
	if p.Contradicted > 0 {
		text += "; " + plain.Count(p.Contradicted) + " with labels that contradict each other"
	}
	if p.Labels == nil {
		return text
	}
	var odd []string
	for _, one := range []struct {
		n    int64
		what string
	}{{p.Labels.Unmatched, "unmatched"}, {p.Labels.Duplicate, "repeated"}, {p.Labels.Conflicting, "contradictory"}} {
		if one.n > 0 {
			odd = append(odd, plain.Count(one.n)+" "+one.what)
		}
	}
	text += "; " + plain.Plural(p.Labels.Labels, "label", "labels") + " came"
	if len(odd) > 0 {
		text += ": " + strings.Join(odd, ", ")
	}
	return text
}

// cells are a row of the table: the metric on both sides, and the interval of
// the current one.
func (m *Measure) cells() (reference, current, interval string) {
	side := func(l *Level) string {
		if l == nil || l.Value == nil {
			return "–"
		}
		return plain.Number(*l.Value)
	}
	switch c := m.Current; {
	case c == nil:
	case c.Interval != nil:
		interval = plain.Number(c.Interval[0]) + " to " + plain.Number(c.Interval[1])
	case c.Reason != "":
		interval = c.Reason
	}
	return side(m.Reference), side(m.Current), plain.Prose(interval, 60)
}

// performance writes the table for a terminal.
func (t *terminal) performance(r *Report) {
	p := r.Performance
	if p == nil {
		return
	}
	t.heading("Performance", "what came true of the predictions")
	t.wrapped("", p.coverage())
	for _, text := range []string{p.moved(), r.impacts()} {
		if text != "" {
			t.wrapped("", text)
		}
	}
	name, reference, current := field{title: "metric"}, field{title: "reference", right: true}, field{title: "current", right: true}
	interval := field{title: "95% interval", rank: 2}
	for i := range p.Metrics {
		before, now, span := p.Metrics[i].cells()
		name.cells, reference.cells = append(name.cells, plain.Name(r.Costs.title(p.Metrics[i].Metric), 30)), append(reference.cells, before)
		current.cells, interval.cells = append(current.cells, now), append(interval.cells, span)
	}
	if len(p.Metrics) > 0 {
		t.table(t.fit([]field{name, reference, current, interval}), len(p.Metrics))
	}
	for _, line := range p.Curves.lines() {
		t.wrapped("", line)
	}
}

// markdownPerformance writes the table for Markdown.
func (r *Report) markdownPerformance(b *bytes.Buffer) {
	p := r.Performance
	if p == nil {
		return
	}
	b.WriteString("\n### Performance\n\n" + inert(p.coverage()) + "\n\n")
	for _, text := range []string{p.moved(), r.impacts()} {
		if text != "" {
			b.WriteString(paragraph(text, 500) + "\n\n")
		}
	}
	row(b, "Metric", "Reference", "Current", "95% interval")
	row(b, "---", "---:", "---:", "---")
	for i := range p.Metrics {
		reference, current, interval := p.Metrics[i].cells()
		row(b, code(plain.Name(r.Costs.title(p.Metrics[i].Metric), nameWidth)), inert(reference), inert(current), inert(interval))
	}
	for _, line := range p.Curves.lines() {
		b.WriteString("\n" + inert(line) + "\n")
	}
}

// performed is the table for the page.
type performed struct {
	Coverage string
	Moved    template.HTML
	Impact   template.HTML // what the drift of columns costs
	Rows     [][4]string
	Pictures []Picture
}

func (p *page) performance(r *Report) {
	if r.Performance == nil {
		return
	}
	p.Performance = &performed{Coverage: r.Performance.coverage(), Moved: rich(r.Performance.moved(), 400), Impact: rich(r.impacts(), 500), Pictures: r.Performance.Pictures()}
	for i := range r.Performance.Metrics {
		m := &r.Performance.Metrics[i]
		reference, current, interval := m.cells()
		p.Performance.Rows = append(p.Performance.Rows, [4]string{plain.Name(r.Costs.title(m.Metric), nameWidth), reference, current, interval})
	}
}
