package dash

import (
	"cmp"
	"context"
	"html/template"
	"math"
	"net/http"
	"slices"
	"strings"

	"leeway/core/fault"
	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/report/chart"
	"leeway/core/report/plain"
	"leeway/core/state"
)

// fairnessPage is how a model treats groups of people.
type fairnessPage struct {
	Name    string
	Filter  filter
	Window  string
	Report  string
	Verdict report.Verdict
	Columns []treatment
	Past    past
}

// treatment is how the groups of one sensitive column, or of several together, are
// treated.
type treatment struct {
	Name     string
	Links    []string // its columns, where they have pages
	Severity report.Severity
	Rates    template.HTML // selection rate of each group
	Fifths   string        // what the line in Rates is, "" for none
	More     int64         // groups that are not drawn
	Few      []string      // groups of which nothing can be said
	Rows     [][4]string   // gaps: name, value, interval, why there is none
	Over     []goodness    // gaps over time
	Messages []string
}

// mostGroups is how many groups are drawn.
const mostGroups = 24

func (d *Dash) fairness(r *http.Request) (*view, error) {
	s, err := d.existing(r)
	if err != nil {
		return nil, err
	}
	if !s.pages().Fairness {
		return nil, fault.New(fault.NotFound, "nothing is known of how fair "+s.name+" is", "give a column the role sensitive in config/"+s.name+".yaml")
	}
	f := filterOf(r)
	history := f.windows(s.history)
	last, one, err := d.fairReport(r.Context(), s, history)
	if err != nil {
		return nil, err
	}
	return &view{
		template: "fairness", tag: "fairness" + s.tag(),
		frame:   s.frame("Fairness", "fairness"),
		content: func() any { return s.fairness(f, history, one, last) },
	}, nil
}

// fairReport is the report of the newest judged window that knows of groups, nil
// where there is none.
func (d *Dash) fairReport(ctx context.Context, s *subject, history []state.Summary) (*report.Report, *state.Summary, error) {
	for i := len(history) - 1; i >= 0; i-- {
		if one := &history[i]; len(one.Fairness) > 0 && s.judged(one) {
			r, err := d.labelledReport(ctx, s, one, nil)
			return r, one, err
		}
	}
	return nil, nil, nil
}

func (s *subject) fairness(f filter, history []state.Summary, one *state.Summary, r *report.Report) *fairnessPage {
	page := &fairnessPage{Name: s.name, Filter: f, Past: past{Name: s.name}}
	if one != nil && r != nil {
		page.Window, page.Report, page.Verdict = windowText(one.Window), r.ID, one.Checks["fairness"].Verdict
		for _, name := range treated(r) {
			page.Columns = append(page.Columns, s.treatment(name, history, one, r))
		}
	}
	for _, run := range episodes(history, s.judged, func(one *state.FindingSummary) bool { return one.Check == "fairness" }) {
		page.Past.add(run)
	}
	return page
}

// treated lists what people are grouped by: single columns first.
func treated(r *report.Report) []string {
	var names []string
	for i := range r.Samples {
		if s := &r.Samples[i]; s.Check == "fairness" && !slices.Contains(names, s.Labels.Column) {
			names = append(names, s.Labels.Column)
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(strings.Count(a, ","), strings.Count(b, ",")) })
	return names
}

func (s *subject) treatment(name string, history []state.Summary, one *state.Summary, r *report.Report) treatment {
	t := treatment{Name: strings.ReplaceAll(name, ",", " × ")}
	for part := range strings.SplitSeq(name, ",") {
		if columnOf(r, part) != nil {
			t.Links = append(t.Links, part)
		}
	}
	for i := range one.Findings {
		f := &one.Findings[i]
		if f.Check != "fairness" || f.Labels.Column != name {
			continue
		}
		if rankOf(f.Severity) > rankOf(t.Severity) {
			t.Severity = f.Severity
		}
		if f.Severity != report.SeverityUnknown && !slices.Contains(t.Messages, f.Message) {
			t.Messages = append(t.Messages, f.Message)
		}
	}
	t.rates(name, r)
	for i := range r.Samples {
		if one := &r.Samples[i]; one.Check == "fairness" && one.Labels == (metric.Labels{Column: name}) {
			t.Rows = append(t.Rows, gapRow(one))
			if over := s.gap(history, name, one.Metric); over != nil {
				t.Over = append(t.Over, *over)
			}
		}
	}
	return t
}

// gapNames are what the metrics of gaps are called on the page.
var gapNames = map[string]string{
	"demographic_parity_difference": "Gap in being predicted positive", "demographic_parity_ratio": "Lowest to highest rate",
	"equal_opportunity_difference": "Gap in positive cases found", "equalized_odds_difference": "Gap in errors",
	"predictive_parity_difference": "Gap in what a positive prediction means",
}

func gapName(name string) string {
	if text, known := gapNames[name]; known {
		return text
	}
	return strings.ReplaceAll(plain.Text(name), "_", " ")
}

func gapRow(s *metric.Sample) [4]string {
	row := [4]string{gapName(s.Metric), "–", "", s.Reason}
	if s.Reason == "" {
		row[1] = plain.Share(s.Value)
	}
	if s.Interval != nil {
		row[2] = plain.Share(s.Interval[0]) + " to " + plain.Share(s.Interval[1])
	}
	return row
}

// group is one of them.
type group struct {
	name string
	rows int64
	rate *metric.Sample // nil: there is none
}

// groupsOf are the groups of a column, the largest first.
func groupsOf(name string, r *report.Report) []*group {
	var all []*group
	known := map[string]*group{}
	for i := range r.Samples {
		s := &r.Samples[i]
		if s.Check != "fairness" || s.Labels.Column != name || s.Labels.Group == "" {
			continue
		}
		g := known[s.Labels.Group]
		if g == nil {
			g = &group{name: s.Labels.Group}
			known[g.name] = g
			all = append(all, g)
		}
		switch s.Metric {
		case "group_rows":
			g.rows = int64(s.Value)
		case "selection_rate":
			g.rate = s
		}
	}
	slices.SortStableFunc(all, func(a, b *group) int { return cmp.Or(cmp.Compare(b.rows, a.rows), cmp.Compare(a.name, b.name)) })
	return all
}

// rates draws how often each group is predicted positive.
func (t *treatment) rates(name string, r *report.Report) {
	w := &chart.Whiskers{Title: "Share predicted positive, by " + t.Name, Limit: math.NaN()}
	var highest float64
	for _, g := range groupsOf(name, r) {
		if g.rate == nil || g.rate.Reason != "" {
			t.Few = append(t.Few, plain.Name(g.name, 40))
			continue
		}
		if len(w.Rows) == mostGroups {
			t.More++
			continue
		}
		row := chart.Whisker{Name: g.name, Note: plain.Plural(g.rows, "row", "rows"), Value: g.rate.Value, Low: math.NaN(), High: math.NaN(), Text: plain.Share(g.rate.Value)}
		if g.rate.Interval != nil {
			row.Low, row.High = g.rate.Interval[0], g.rate.Interval[1]
			row.Text += " (" + plain.Share(row.Low) + " to " + plain.Share(row.High) + ")"
			w.High = max(w.High, row.High)
		}
		highest = max(highest, g.rate.Value)
		w.High = max(w.High, row.Value)
		w.Rows = append(w.Rows, row)
	}
	if len(w.Rows) == 0 {
		return
	}
	if w.High = min(1.05*w.High, 1); w.High == 0 {
		w.High = 1
	}
	if highest > 0 && len(w.Rows) > 1 {
		w.Limit = 0.8 * highest
		t.Fifths = plain.Share(w.Limit)
	}
	for i := range w.Rows {
		switch row := &w.Rows[i]; {
		case math.IsNaN(w.Limit):
		case row.High < w.Limit:
			row.Level = chart.Alert
		case row.Value < w.Limit:
			row.Level = chart.Warn
		}
	}
	t.Rates = chart.DrawWhiskers(w)
}

// gap draws a gap over time; nil where no window or but one knows it.
func (s *subject) gap(history []state.Summary, column, name string) *goodness {
	series := &chart.Series{Title: gapName(name) + " over time", Limit: math.NaN(), Zero: true, Touch: true, Format: plain.Share}
	if name == "demographic_parity_ratio" {
		series.Limit = 0.8
	}
	labels := marks(history)
	known := 0
	for i := range history {
		stop := chart.Stop{Moment: s.moment(&history[i], labels[i], chart.None), Band: unknownBand}
		for k := range history[i].Fairness {
			if one := &history[i].Fairness[k]; one.Column == column && one.Metric == name && one.Value != nil {
				stop.Band = interval(one.Value, one.Interval)
				stop.Title = windowText(history[i].Window) + ": " + plain.Share(*one.Value)
				known++
			}
		}
		for k := range history[i].Findings {
			if f := &history[i].Findings[k]; f.Check == "fairness" && f.Metric == name && f.Labels.Column == column {
				stop.Level = levelOf(f.Severity)
			}
		}
		series.Stops = append(series.Stops, stop)
	}
	if known < 2 {
		return nil
	}
	return &goodness{Metric: name, Name: gapName(name), Chart: chart.Lines(series)}
}
