package dash

import (
	"context"
	"html/template"
	"math"
	"net/http"
	"slices"
	"strings"

	"leeway/core/fault"
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
	Came    string // the newest window with labels
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
	Left     string        // which rows are in no group that is drawn, "" for none
	Few      []string      // groups of which nothing can be said
	Labelled [][5]string   // what came true of groups: name, labelled rows, rates
	Rows     [][5]string   // gaps: name, both sides, interval, why there is none
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
	came, err := d.labelledReport(r.Context(), s, labelled(history), last)
	if err != nil {
		return nil, err
	}
	return &view{
		template: "fairness", tag: "fairness" + s.tag(),
		frame:   s.frame("Fairness", "fairness"),
		content: func() any { return s.fairness(f, history, one, last, came) },
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

func (s *subject) fairness(f filter, history []state.Summary, one *state.Summary, r, came *report.Report) *fairnessPage {
	page := &fairnessPage{Name: s.name, Filter: f, Past: past{Name: s.name}}
	if one != nil && r != nil {
		if last := labelled(history); came != nil && last != nil {
			page.Came = windowText(last.Window)
		}
		page.Window, page.Report, page.Verdict = windowText(one.Window), r.ID, one.Checks["fairness"].Verdict
		for i := range r.Fairness {
			t := s.treatment(&r.Fairness[i], history, one, r)
			t.came(r.Fairness[i].Name(), came)
			page.Columns = append(page.Columns, t)
		}
	}
	for _, run := range episodes(history, s.judged, func(one *state.FindingSummary) bool { return one.Check == "fairness" }) {
		page.Past.add(run)
	}
	return page
}

func (s *subject) treatment(treated *report.Treated, history []state.Summary, one *state.Summary, r *report.Report) treatment {
	name := treated.Name()
	t := treatment{Name: strings.Join(treated.Columns, " × ")}
	for _, part := range treated.Columns {
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
	t.rates(treated)
	for i := range treated.Metrics {
		m := &treated.Metrics[i]
		t.Rows = append(t.Rows, gapRow(m))
	}
	for _, gap := range gapNames {
		if over := s.gap(history, name, gap[0]); over != nil {
			t.Over = append(t.Over, *over)
		}
	}
	return t
}

// gapNames are what the metrics of gaps are called on the page, in its order.
var gapNames = [][2]string{
	{"demographic_parity_difference", "Gap in being predicted positive"}, {"demographic_parity_ratio", "Lowest to highest rate"},
	{"equal_opportunity_difference", "Gap in positive cases found"}, {"equalized_odds_difference", "Gap in errors"},
	{"predictive_parity_difference", "Gap in what a positive prediction means"},
}

func gapName(name string) string {
	for _, gap := range gapNames {
		if gap[0] == name {
			return gap[1]
		}
	}
	return strings.ReplaceAll(plain.Text(name), "_", " ")
}

// gapRow is a gap on both sides, its interval, and why there is none.
func gapRow(m *report.Measure) [5]string {
	row := [5]string{gapName(m.Metric), "–", "–"}
	for i, l := range []*report.Level{m.Reference, m.Current} {
		if l != nil && l.Value != nil {
			row[1+i] = plain.Share(*l.Value)
		}
	}
	if now := m.Current; now != nil {
		row[4] = now.Reason
		if now.Interval != nil && now.Value != nil {
			row[3] = plain.Share(now.Interval[0]) + " to " + plain.Share(now.Interval[1])
		}
	}
	return row
}

// rates draws how often each group is predicted positive.
func (t *treatment) rates(treated *report.Treated) {
	w := &chart.Whiskers{Title: "Share predicted positive, by " + t.Name, Limit: math.NaN()}
	var highest float64
	shown, more := treated.Largest(mostGroups)
	t.Left = treated.Left(more)
	for _, g := range shown {
		rate := g.Current.Selection
		if rate == nil || rate.Value == nil {
			t.Few = append(t.Few, plain.Name(g.Name, 40))
			continue
		}
		row := chart.Whisker{Name: g.Name, Note: plain.Plural(g.Current.Rows, "row", "rows"), Value: *rate.Value, Low: math.NaN(), High: math.NaN(), Text: plain.Share(*rate.Value)}
		if rate.Interval != nil {
			row.Low, row.High = rate.Interval[0], rate.Interval[1]
			row.Text += " (" + plain.Share(row.Low) + " to " + plain.Share(row.High) + ")"
			w.High = max(w.High, row.High)
		}
		highest = max(highest, row.Value)
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
		w.Limit = fourFifths * highest
		t.Fifths = plain.Share(w.Limit)
	}
	for i := range w.Rows {
		if row := &w.Rows[i]; !math.IsNaN(w.Limit) && row.High < w.Limit {
			row.Level = chart.Warn // even the most that it may be is below the line
		}
	}
	t.Rates = chart.DrawWhiskers(w)
}

// fourFifths is how much of the highest selection rate others should have.
const fourFifths = 0.8

// came lists what came true of groups in a report with labels.
func (t *treatment) came(name string, r *report.Report) {
	if r == nil {
		return
	}
	for i := range r.Fairness {
		if r.Fairness[i].Name() == name {
			shown, _ := r.Fairness[i].Largest(mostGroups)
			for _, g := range shown {
				t.group(g)
			}
		}
	}
}

// group lists what came true of a group: how many of its positive cases are found,
// how many negative ones are taken for positive, how often it is right about that.
func (t *treatment) group(g *report.TreatedGroup) {
	if g.Current.Labelled == 0 {
		return
	}
	share := func(l *report.Level) string {
		if l == nil || l.Value == nil {
			return "–"
		}
		return plain.Share(*l.Value)
	}
	t.Labelled = append(t.Labelled, [5]string{
		plain.Name(g.Name, 40), plain.Count(g.Current.Labelled), share(g.Current.TruePositive), share(g.Current.FalsePositive), share(g.Current.Precision),
	})
}

// gap draws a gap over time; nil where no window or but one knows it.
func (s *subject) gap(history []state.Summary, column, name string) *goodness {
	series := &chart.Series{Title: gapName(name) + " over time", Limit: math.NaN(), Zero: true, Touch: true, Format: plain.Share}
	if name == "demographic_parity_ratio" {
		series.Limit = fourFifths
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
