package report

import (
	"bytes"
	"html/template"
	"math"
	"slices"
	"strings"

	"leeway/core/report/chart"
	"leeway/core/report/plain"
)

// Treated is how the groups of a sensitive column, or of several together, are
// treated.
type Treated struct {
	Columns  []string       `json:"columns"`
	Distinct int            `json:"distinct"`         // groups on both sides
	Others   int64          `json:"others,omitempty"` // current rows of groups that are not told apart
	Absent   int64          `json:"absent,omitempty"` // current rows without a value in one of the columns
	Metrics  []Measure      `json:"metrics"`
	Groups   []TreatedGroup `json:"groups"`
}

// TreatedGroup is a group on both sides; a side is null where it has no row of it.
type TreatedGroup struct {
	Name      string `json:"name"`
	Reference *Rated `json:"reference"`
	Current   *Rated `json:"current"`
}

// Rated are the rates of a group. Those of what came true are absent where no row
// of it has a label.
type Rated struct {
	Rows          int64  `json:"rows"`
	Labelled      int64  `json:"labelled"`
	Selection     *Level `json:"selection_rate,omitempty"`
	TruePositive  *Level `json:"true_positive_rate,omitempty"`
	FalsePositive *Level `json:"false_positive_rate,omitempty"`
	Precision     *Level `json:"precision,omitempty"`
}

// What is shown of groups: those with the most rows.
const (
	treatedGroups = 12 // of a column, on a terminal and in a comment
	pagedGroups   = 40 // on the page
)

// soundTreated has no null where the contract has a list.
func soundTreated(all []Treated) []Treated {
	sound := slices.Clone(all)
	for i := range sound {
		t := &sound[i]
		t.Columns, t.Metrics, t.Groups = list(t.Columns), list(t.Metrics), list(t.Groups)
	}
	return sound
}

func (t *Treated) name() string { return strings.Join(t.Columns, ",") }

// largest are the groups with the most current rows, in order; more is how many are
// left out.
func (t *Treated) largest(most int) (shown []*TreatedGroup, more int) {
	for i := range t.Groups {
		if t.Groups[i].Current != nil {
			shown = append(shown, &t.Groups[i])
		}
	}
	if len(shown) <= most {
		return shown, 0
	}
	more = len(shown) - most
	byRows := slices.Clone(shown)
	slices.SortStableFunc(byRows, func(a, b *TreatedGroup) int { return int(b.Current.Rows - a.Current.Rows) })
	kept := byRows[:most]
	return slices.DeleteFunc(shown, func(g *TreatedGroup) bool { return !slices.Contains(kept, g) }), more
}

// labelled tells whether any current row of a group has a label.
func (t *Treated) labelled() bool {
	return slices.ContainsFunc(t.Groups, func(g TreatedGroup) bool { return g.Current != nil && g.Current.Labelled > 0 })
}

// left says which rows are in no group that is shown, "" for none.
func (t *Treated) left(more int) string {
	var parts []string
	if more > 0 {
		parts = append(parts, plain.Plural(int64(more), "smaller group", "smaller groups")+" left out")
	}
	if t.Others > 0 {
		parts = append(parts, plain.Plural(t.Others, "row", "rows")+" of groups that are not told apart")
	}
	if t.Absent > 0 {
		parts = append(parts, plain.Plural(t.Absent, "row", "rows")+" without a group")
	}
	return strings.Join(parts, "; ")
}

// silent says why no metric has a value on either side, "" where some has.
func (t *Treated) silent() string {
	reason := ""
	for i := range t.Metrics {
		m := &t.Metrics[i]
		if m.Current == nil || m.Current.Reason == "" || m.Reference != nil && m.Reference.Reason == "" || reason != "" && m.Current.Reason != reason {
			return ""
		}
		reason = m.Current.Reason
	}
	return reason
}

// rate is a rate as a share; "–" where there is none.
func rate(l *Level) string {
	if l == nil || l.Value == nil {
		return "–"
	}
	return plain.Share(*l.Value)
}

// rates are a group's cells: its rows, the selection rate from reference to
// current, its interval, and what came true.
func (g *TreatedGroup) rates() (rows, selected, interval, found, wrong, precise string) {
	c := g.Current
	rows, selected = plain.Count(c.Rows), rate(c.Selection)
	if g.Reference != nil {
		selected = rate(g.Reference.Selection) + " → " + selected
	}
	if l := c.Selection; l != nil && l.Interval != nil {
		interval = plain.Share(l.Interval[0]) + " to " + plain.Share(l.Interval[1])
	}
	return rows, selected, interval, rate(c.TruePositive), rate(c.FalsePositive), rate(c.Precision)
}

// fairness writes a table for each sensitive column.
func (t *terminal) fairness(r *Report) {
	for i := range r.Fairness {
		one := &r.Fairness[i]
		t.heading("Fairness", "groups of "+plain.Name(one.name(), nameWidth)+": what is predicted of them, reference → current")
		shown, more := one.largest(treatedGroups)
		name, rows := field{title: "group"}, field{title: "rows", right: true}
		selected, interval := field{title: "predicted positive"}, field{title: "95% interval", rank: 3}
		found, wrong, precise := field{title: "TPR", right: true, rank: 1}, field{title: "FPR", right: true, rank: 1}, field{title: "precision", right: true, rank: 2}
		for _, g := range shown {
			n, s, span, f, w, p := g.rates()
			name.cells, rows.cells, selected.cells = append(name.cells, plain.Name(g.Name, 30)), append(rows.cells, n), append(selected.cells, s)
			interval.cells, found.cells = append(interval.cells, span), append(found.cells, f)
			wrong.cells, precise.cells = append(wrong.cells, w), append(precise.cells, p)
		}
		fields := []field{name, rows, selected, interval}
		if one.labelled() {
			fields = append(fields, found, wrong, precise)
		}
		if len(shown) > 0 {
			t.table(t.fit(fields), len(shown))
		}
		if text := one.left(more); text != "" {
			t.line(t.paint("… "+plain.Clip(text, t.width-2), dim))
		}
		t.gaps(one)
	}
}

// gaps writes the metrics of a sensitive column.
func (t *terminal) gaps(one *Treated) {
	if reason := one.silent(); reason != "" {
		t.wrapped("", "no metrics: "+reason)
		return
	}
	name, before, now := field{title: "metric"}, field{title: "reference", right: true}, field{title: "current", right: true}
	interval := field{title: "95% interval", rank: 1}
	for i := range one.Metrics {
		r, c, span := one.Metrics[i].cells()
		name.cells, before.cells = append(name.cells, plain.Name(one.Metrics[i].Metric, 32)), append(before.cells, r)
		now.cells, interval.cells = append(now.cells, c), append(interval.cells, span)
	}
	if len(one.Metrics) > 0 {
		t.line()
		t.table(t.fit([]field{name, before, now, interval}), len(one.Metrics))
	}
}

// markdownFairness writes the tables for Markdown.
func (r *Report) markdownFairness(b *bytes.Buffer) {
	for i := range r.Fairness {
		one := &r.Fairness[i]
		b.WriteString("\n### Fairness: " + code(plain.Name(one.name(), nameWidth)) + "\n\n")
		shown, more := one.largest(treatedGroups)
		if len(shown) > 0 {
			row(b, "Group", "Rows", "Predicted positive", "95% interval", "TPR", "FPR", "Precision")
			row(b, "---", "---:", "---", "---", "---:", "---:", "---:")
		}
		for _, g := range shown {
			n, s, span, f, w, p := g.rates()
			row(b, code(plain.Name(g.Name, nameWidth)), n, inert(s), inert(span), f, w, p)
		}
		if text := one.left(more); text != "" {
			b.WriteString("\n… " + inert(text) + "\n")
		}
		if reason := one.silent(); reason != "" {
			b.WriteString("\nNo metrics: " + inert(plain.Prose(reason, markdownMessage)) + ".\n")
			continue
		}
		if len(one.Metrics) == 0 {
			continue
		}
		b.WriteString("\n")
		row(b, "Metric", "Reference", "Current", "95% interval")
		row(b, "---", "---:", "---:", "---")
		for j := range one.Metrics {
			before, now, span := one.Metrics[j].cells()
			row(b, code(plain.Name(one.Metrics[j].Metric, nameWidth)), inert(before), inert(now), inert(span))
		}
	}
}

// treated is a sensitive column on the page.
type treated struct {
	Name     string
	Left     string
	Silent   string // why there are no metrics
	Chart    template.HTML
	Labelled bool
	Groups   [][7]string
	Metrics  [][4]string
}

func (p *page) fairness(r *Report) {
	for i := range r.Fairness {
		t := &r.Fairness[i]
		shown, more := t.largest(pagedGroups)
		one := treated{Name: plain.Name(t.name(), nameWidth), Labelled: t.labelled(), Left: t.left(more), Silent: plain.Prose(t.silent(), sentence)}
		w := &chart.Whiskers{Title: "Share predicted positive, with 95% intervals", High: 1, Limit: math.NaN()}
		for _, g := range shown {
			n, s, span, found, wrong, precise := g.rates()
			one.Groups = append(one.Groups, [7]string{plain.Name(g.Name, nameWidth), n, s, span, found, wrong, precise})
			w.Rows = append(w.Rows, g.whisker(s))
		}
		one.Chart = chart.DrawWhiskers(w)
		for j := range t.Metrics {
			before, now, span := t.Metrics[j].cells()
			one.Metrics = append(one.Metrics, [4]string{plain.Name(t.Metrics[j].Metric, nameWidth), before, now, span})
		}
		p.Fairness = append(p.Fairness, one)
	}
}

// whisker is a group's selection rate on the page.
func (g *TreatedGroup) whisker(text string) chart.Whisker {
	w := chart.Whisker{Name: plain.Name(g.Name, nameWidth), Note: plain.Plural(g.Current.Rows, "row", "rows"), Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Text: text}
	if l := g.Current.Selection; l != nil && l.Value != nil {
		w.Value = *l.Value
		if l.Interval != nil {
			w.Low, w.High = l.Interval[0], l.Interval[1]
		}
	}
	return w
}
