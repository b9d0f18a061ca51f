package report

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"leeway/core/metric"
	"leeway/core/report/chart"
	"leeway/core/report/plain"
)

// What the renderings say in the same words.

// nameWidth is how much of a column's or category's name a rendering shows.
const nameWidth = 60

// severities from the gravest on, as findings are sorted.
var severities = []Severity{SeverityAlert, SeverityWarn, SeverityUnknown, SeverityInfo}

// rank orders severities: smaller is graver; past the end for no finding.
func (s Severity) rank() int {
	if i := slices.Index(severities, s); i >= 0 {
		return i
	}
	return len(severities)
}

// title is "hotel-cancellation · Jan 2017", as far as known.
func (r *Report) title() string {
	var parts []string
	if r.Model != "" {
		parts = append(parts, plain.Name(r.Model, nameWidth))
	}
	if r.Window != nil {
		parts = append(parts, plain.Span(r.Window.Start, r.Window.End))
	}
	if r.Partial != nil {
		parts = append(parts, "not whole yet")
	}
	return strings.Join(parts, " · ")
}

// tally is "2 alerts, 1 warning, 3 notes"; "" without findings.
func (r *Report) tally() string {
	words := map[Severity][2]string{
		SeverityAlert: {"alert", "alerts"}, SeverityWarn: {"warning", "warnings"},
		SeverityUnknown: {"open question", "open questions"}, SeverityInfo: {"note", "notes"},
	}
	count := map[Severity]int64{}
	for i := range r.Findings {
		count[r.Findings[i].Severity]++
	}
	var parts []string
	for _, severity := range severities {
		if n := count[severity]; n > 0 {
			parts = append(parts, plain.Plural(n, words[severity][0], words[severity][1]))
		}
	}
	return strings.Join(parts, ", ")
}

// families lists the checks that ran, by name.
func (r *Report) families() []string {
	names := make([]string, 0, len(r.Checks))
	for name := range r.Checks {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// byName finds the columns of the report.
func (r *Report) byName() map[string]*Column {
	columns := make(map[string]*Column, len(r.Columns))
	for i := len(r.Columns) - 1; i >= 0; i-- { // of the same name the first
		columns[r.Columns[i].Name] = &r.Columns[i]
	}
	return columns
}

// worst is the gravest severity among the findings on each column.
func (r *Report) worst() map[string]Severity {
	worst := map[string]Severity{}
	for i := range r.Findings {
		f := &r.Findings[i]
		for _, name := range append([]string{f.Labels.Column}, f.Columns...) {
			if known, ok := worst[name]; !ok || f.Severity.rank() < known.rank() {
				worst[name] = f.Severity
			}
		}
	}
	return worst
}

// gravest lists the columns, those with findings first, the gravest of them
// before the others; else in the order of the report.
func (r *Report) gravest() []*Column {
	worst := r.worst()
	columns := make([]*Column, len(r.Columns))
	for i := range r.Columns {
		columns[i] = &r.Columns[i]
	}
	slices.SortStableFunc(columns, func(a, b *Column) int { return worst[a.Name].rank() - worst[b.Name].rank() })
	return columns
}

// subject is what a finding is about: its columns, and what else narrows it
// down: "score · class cat".
func (f *Finding) subject(width int) string {
	var parts []string
	switch {
	case f.Labels.Column != "":
		parts = append(parts, plain.Name(f.Labels.Column, width))
	case len(f.Columns) > 0:
		parts = append(parts, several(f.Columns, width))
	}
	if scope := f.scope(width); scope != "" {
		parts = append(parts, scope)
	}
	if len(parts) == 0 {
		return "all rows"
	}
	return strings.Join(parts, " · ")
}

// scope is the part of the column that a finding is about: "class cat"; "" for
// all of it.
func (f *Finding) scope(width int) string {
	l := f.Labels
	var parts []string
	for _, label := range []struct{ name, value string }{
		{"segment", l.Segment}, {"class", l.Class}, {"group", l.Group}, {"q", l.Q}, {"actual", l.Actual}, {"predicted", l.Predicted},
	} {
		if label.value != "" {
			parts = append(parts, label.name+" "+plain.Name(label.value, width))
		}
	}
	return strings.Join(parts, " · ")
}

// marked cuts a sentence at its backticks: it calls prose and code in turn for
// what stands between and within pairs of them.
func marked(s string, prose, code func(string)) {
	for {
		before, rest, found := strings.Cut(s, "`")
		inner, after, closed := strings.Cut(rest, "`")
		if !found || !closed {
			prose(s)
			return
		}
		prose(before)
		code(inner)
		s = after
	}
}

// several is "a, b and 3 more".
func several(names []string, width int) string {
	const shown = 3
	var parts []string
	for _, name := range names[:min(len(names), shown)] {
		parts = append(parts, plain.Name(name, width))
	}
	text := strings.Join(parts, ", ")
	if more := len(names) - shown; more > 0 {
		text += " and " + strconv.Itoa(more) + " more"
	}
	return text
}

// amount is the value of a finding, "" for an event.
func (f *Finding) amount() string {
	if f.Value == nil {
		return ""
	}
	return plain.Value(f.Metric, *f.Value)
}

// judged says how the effect compares with what is worth an alert: "2.9 × the
// alert limit of 0.1"; "" where there is no limit.
func (f *Finding) judged() string {
	effect := metric.Float(f.Effect)
	if f.Effect == nil {
		effect = math.Abs(metric.Float(f.Value))
	}
	if f.Threshold == nil || math.IsNaN(effect) {
		return ""
	}
	limit := plain.Value(f.Metric, *f.Threshold)
	if f.ruled() {
		return "limit " + limit
	}
	times := effect / *f.Threshold
	switch {
	case *f.Threshold == 0 || math.IsInf(times, 0) || f.Severity == SeverityUnknown:
		return "alert limit " + limit
	case times >= 1000:
		return "over 1000 × the alert limit of " + limit
	case times >= 9.95:
		return plain.Number(math.Round(times)) + " × the alert limit of " + limit
	case times >= 1:
		return plain.Number(math.Round(10*times)/10) + " × the alert limit of " + limit
	}
	return "below the alert limit of " + limit
}

// ruled tells whether it is the value that has a limit, and not its change.
func (f *Finding) ruled() bool { return f.Metric == "demographic_parity_ratio" }

// numbers are the evidence of a finding for those who compute: name and value.
func (f *Finding) numbers() [][2]string {
	var rows [][2]string
	add := func(name string, x *float64, write func(float64) string) {
		if x != nil {
			rows = append(rows, [2]string{name, write(*x)})
		}
	}
	value := func(x float64) string { return plain.Value(f.Metric, x) }
	add("Value", f.Value, value)
	if f.Interval != nil {
		rows = append(rows, [2]string{"95% interval", value(f.Interval[0]) + " to " + value(f.Interval[1])})
	}
	add("Noise floor (no change would give)", f.NoiseFloor, value)
	add("Effect (beyond the noise)", f.Effect, value)
	if f.ruled() {
		add("Limit for the value", f.Threshold, value)
	} else {
		add("Alert limit for the effect", f.Threshold, value)
	}
	add("Smallest effect that would be seen", f.Detectable, value)
	add("p-value", f.P, plain.P)
	add("q-value (all tests together)", f.Q, plain.P)
	rows = append(rows, [2]string{"Values compared", plain.Count(f.NReference) + " reference, " + plain.Count(f.NCurrent) + " current"})
	if f.Streak > 1 {
		rows = append(rows, [2]string{"Windows in a row", strconv.Itoa(f.Streak)})
	}
	return append(rows, [2]string{"Finding", plain.Name(f.ID, 40)})
}

// drawn is the column's distribution for a chart, nil where there is none.
func (c *Column) drawn() *chart.Distribution {
	if c == nil || c.Distribution == nil {
		return nil
	}
	d := c.Distribution
	return &chart.Distribution{Title: c.Name, Edges: d.Edges, Names: d.Names, Other: d.Other, Reference: d.Reference, Current: d.Current}
}

// arrow is "a → b", or a alone where both sides read the same.
func arrow(a, b string) string {
	if a == b {
		return a
	}
	return a + " → " + b
}

// missing is the share of missing values on both sides.
func (c *Column) missing() string {
	share := func(d *Description) string {
		if d == nil {
			return "–"
		}
		return plain.Share(d.MissingRatio)
	}
	return arrow(share(c.Reference), share(c.Current))
}

// typical is the centre of both sides: medians of numbers, the share of the
// reference's largest category, the last instant of times, else how many
// values are distinct. What says which of these it is.
func (c *Column) typical(width int) (what, text string) {
	ref, cur := c.Reference, c.Current
	side := func(write func(*Description) string) string {
		words := [2]string{"–", "–"}
		for i, d := range []*Description{ref, cur} {
			if d != nil {
				words[i] = write(d)
			}
		}
		return arrow(words[0], words[1])
	}
	switch {
	case c.Kind.Quantitative():
		return "median", side(func(d *Description) string {
			if d.Quantiles == nil {
				return "–"
			}
			return plain.Number(d.Quantiles.Q50)
		})
	case c.Kind.Discrete():
		name := c.leading()
		if name == nil {
			break
		}
		return "largest", plain.Name(*name, width) + ": " + side(func(d *Description) string { return plain.Share(c.share(d, *name)) })
	case c.Kind == "time":
		return "latest", side(func(d *Description) string {
			if d.Last == "" {
				return "–"
			}
			return plain.Instant(d.Last)
		})
	}
	return "distinct", side(func(d *Description) string { return plain.Number(math.Round(d.Distinct)) })
}

// leading is the largest category of the reference, else of the current side.
func (c *Column) leading() *string {
	for _, d := range []*Description{c.Reference, c.Current} {
		if d != nil && len(d.Top) > 0 {
			return &d.Top[0].Name
		}
	}
	return nil
}

// share is the part of one side's valid values that are the category; NaN
// where it is not among the largest and so not known.
func (c *Column) share(of *Description, name string) float64 {
	if d := c.Distribution; d != nil {
		shares := d.Current
		if of == c.Reference {
			shares = d.Reference
		}
		named := len(d.Names)
		if d.Other {
			named--
		}
		if i := slices.Index(d.Names[:named], name); i >= 0 && i < len(shares) {
			return shares[i]
		}
	}
	valid := of.Rows - of.Missing - of.Mistyped
	for _, category := range of.Top {
		if category.Name == name && valid > 0 {
			return float64(category.Count) / float64(valid)
		}
	}
	if float64(len(of.Top)) >= of.Distinct {
		return 0
	}
	return math.NaN()
}
