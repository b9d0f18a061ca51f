package dash

import (
	"cmp"
	"html/template"
	"math"
	"net/http"
	"slices"
	"time"

	"leeway/core/report"
	"leeway/core/report/chart"
	"leeway/core/report/plain"
	"leeway/core/schema"
	"leeway/core/state"
)

// modelPage is one model over time.
type modelPage struct {
	Name       string
	Newest     *state.Summary   // nil while there is no report
	Unjudged   []*state.Summary // windows after it, which are not whole yet
	Window     string
	Fresh      time.Time
	Baseline   string
	Proposed   bool
	Trouble    []string // what stops its runs
	Filter     filter
	Checks     []string
	Roles      []schema.Role
	Shown      int // windows within the filter
	Windows    int
	Timeline   template.HTML
	Good       *goodness // how good it is, nil where nothing is known
	Coverage   template.HTML
	Rows       template.HTML
	Heat       template.HTML
	Columns    int
	Strip      template.HTML
	Cards      []card            // findings of the newest window within the filter, with pictures
	Past       past              // the others
	Segments   []*report.Segment // of the newest window, the gravest first
	Retraining *retraining       // nil for a model that nobody asks about
	Batches    []batchRow
	AllBatches int
	Quarantine []state.Quarantined
}

const (
	maxCards   = 12 // findings of the newest window that are shown with a picture
	maxBatches = 8
)

func (d *Dash) model(r *http.Request) (*view, error) {
	s, err := d.existing(r)
	if err != nil {
		return nil, err
	}
	newest, err := d.newestReport(r.Context(), s)
	if err != nil {
		return nil, err
	}
	asked, err := d.retraining(r.Context(), s)
	if err != nil {
		return nil, err
	}
	tag, err := asked.tag()
	if err != nil {
		return nil, err
	}
	f := filterOf(r)
	return &view{
		template: "model", tag: "model" + s.tag() + tag,
		frame:   frame{Title: s.name, Model: s.name, Tab: "overview", Pages: s.pages(), Crumbs: []crumb{{"Models", "/"}}},
		content: func() any { p := s.page(f, newest); p.Retraining = asked; return p },
	}, nil
}

func (s *subject) page(f filter, newest *report.Report) *modelPage {
	history := f.windows(s.history)
	roles := rolesOf(newest)
	page := &modelPage{
		Name: s.name, Newest: s.newest(), Baseline: s.version, Filter: f, Shown: len(history), Windows: len(s.history),
		Checks: checksOf(s.history), Roles: used(roles), AllBatches: len(s.batches), Quarantine: s.quarantine,
	}
	for _, err := range s.trouble {
		page.Trouble = append(page.Trouble, err.Error())
	}
	if page.Newest != nil {
		page.Window, page.Proposed = windowText(page.Newest.Window), s.proposed()
		page.Strip, page.Unjudged = s.strip(), s.unjudged()
	}
	if len(s.batches) > 0 {
		page.Fresh = s.batches[0].Arrived
	}
	if len(history) > 0 {
		page.Timeline, page.Rows = s.timeline(history), s.rows(history)
		page.Heat, page.Columns = s.heat(history, f, roles)
		if page.Good = s.main(history); page.Good != nil {
			page.Coverage = s.coverage(history)
		}
	}
	page.findings(s, history, f, roles, newest)
	page.Segments = segmentsOf(newest)
	copies := state.Copies(s.batches)
	for i := range s.batches[:min(len(s.batches), maxBatches)] {
		page.Batches = append(page.Batches, s.batchRow(&s.batches[i], copies))
	}
	return page
}

// segmentsOf lists the segments of a report, the gravest first.
func segmentsOf(newest *report.Report) []*report.Segment {
	if newest == nil {
		return nil
	}
	order := []report.Verdict{report.Alert, report.Warn, report.OK, report.Unknown}
	var all []*report.Segment
	for i := range newest.Segments {
		all = append(all, &newest.Segments[i])
	}
	slices.SortStableFunc(all, func(a, b *report.Segment) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Verdict), slices.Index(order, b.Verdict)), cmp.Compare(b.NCurrent, a.NCurrent))
	})
	return all
}

// rolesOf maps the columns to their roles, as the newest report has them.
func rolesOf(newest *report.Report) map[string]schema.Role {
	roles := map[string]schema.Role{}
	if newest != nil {
		for i := range newest.Columns {
			roles[newest.Columns[i].Name] = newest.Columns[i].Role
		}
	}
	return roles
}

// used lists the roles that occur, in the order of the documentation.
func used(roles map[string]schema.Role) []schema.Role {
	var all []schema.Role
	for _, role := range schema.Roles {
		for _, one := range roles {
			if one == role {
				all = append(all, role)
				break
			}
		}
	}
	return all
}

func checksOf(history []state.Summary) []string {
	var all []string
	for i := range history {
		for check := range history[i].Checks {
			if !slices.Contains(all, check) {
				all = append(all, check)
			}
		}
	}
	slices.Sort(all)
	return all
}

func (s *subject) timeline(history []state.Summary) template.HTML {
	moments, labels := make([]chart.Moment, len(history)), marks(history)
	for i := range history {
		moments[i] = s.moment(&history[i], labels[i], history[i].Verdict)
	}
	return chart.Timeline("Verdict of each window", moments)
}

// moment is a window on an axis of time, in the tone of a verdict or severity.
func (s *subject) moment(one *state.Summary, label string, tone any) chart.Moment {
	title := windowText(one.Window) + ": " + levelOf(one.Verdict).Word()
	if one.Unjudged() {
		title += ", not whole yet"
	}
	if one.Drifted > 0 {
		title += ", " + plain.Plural(int64(one.Drifted), "column", "columns") + " drifted"
	}
	return chart.Moment{Label: label, Title: title, Link: reportPath(s.name, one.Report), Level: levelOf(tone)}
}

func (s *subject) rows(history []state.Summary) template.HTML {
	series := &chart.Series{Title: "Rows of each window", Limit: math.NaN(), Zero: true}
	labels := marks(history)
	for i := range history {
		m := s.moment(&history[i], labels[i], chart.None)
		series.Stops = append(series.Stops, chart.Stop{Moment: m, Band: chart.Flat(float64(history[i].Rows))})
	}
	return chart.Lines(series)
}

// heatRow is a column in the heat map, with what decides its place.
type heatRow struct {
	name   string
	weight float64
	cells  []chart.Cell
	at     []*state.ColumnSummary
}

// heat draws columns by windows: the loudest columns of late come first.
func (s *subject) heat(history []state.Summary, f filter, roles map[string]schema.Role) (template.HTML, int) {
	index := map[string]*heatRow{}
	var rows []*heatRow
	for x := range history {
		judged := f.judge(&history[x], roles)
		for i := range history[x].Columns {
			column := &history[x].Columns[i]
			row := index[column.Name]
			if row == nil {
				if !f.column(column.Name, roles[column.Name]) {
					continue
				}
				row = &heatRow{name: column.Name, cells: make([]chart.Cell, len(history)), at: make([]*state.ColumnSummary, len(history))}
				index[column.Name] = row
				rows = append(rows, row)
			}
			row.take(x, column, history[x].Unjudged(), judged)
		}
	}
	// Labels come in files of their own: a column that no window has is no row.
	rows = slices.DeleteFunc(rows, func(r *heatRow) bool { return roles[r.name] == schema.Label && !r.known() })
	if f.Severity != "" || f.Check != "" {
		rows = slices.DeleteFunc(rows, func(r *heatRow) bool { return r.weight == 0 })
	}
	slices.SortStableFunc(rows, func(a, b *heatRow) int { return cmp.Compare(b.weight, a.weight) })
	if len(rows) == 0 {
		return "", 0
	}
	return s.draw(rows, history), len(rows)
}

// known tells whether any window says something of the column.
func (r *heatRow) known() bool {
	return r.weight > 0 || slices.ContainsFunc(r.at, func(one *state.ColumnSummary) bool { return one != nil && one.Score != nil })
}

// take sets a cell. An alarm weighs more the newer it is: what is wrong now
// stands at the top, what was wrong once below it.
func (r *heatRow) take(x int, column *state.ColumnSummary, unjudged bool, judged map[string]report.Severity) {
	severity := column.Severity
	if judged != nil {
		severity = judged[column.Name]
	}
	c := chart.Cell{Level: chart.OK}
	if column.Score != nil {
		c.Score = min(*column.Score/nearAlert, 1)
	}
	switch severity {
	case "", report.SeverityInfo:
		if unjudged {
			c.Level = chart.Unknown
		}
	case report.SeverityWarn, report.SeverityAlert, report.SeverityUnknown:
		c.Level = levelOf(severity)
		if severity != report.SeverityUnknown {
			r.weight += float64(rankOf(severity)) * (1 + float64(x)*float64(x)/16)
		}
	}
	r.cells[x], r.at[x] = c, column
}

// nearAlert is the distance at which a quiet cell is darkest: what is worth an
// alert by default.
const nearAlert = 0.1

// judge is the gravest severity by column among the findings that the filter
// wants; nil where the filter does not narrow them down.
func (f filter) judge(one *state.Summary, roles map[string]schema.Role) map[string]report.Severity {
	if f.Severity == "" && f.Check == "" {
		return nil
	}
	judged := map[string]report.Severity{}
	for i := range one.Findings {
		finding := &one.Findings[i]
		if !f.finding(finding, roles) {
			continue
		}
		for _, name := range concerned(finding) {
			if rankOf(finding.Severity) > rankOf(judged[name]) {
				judged[name] = finding.Severity
			}
		}
	}
	return judged
}

func (s *subject) draw(rows []*heatRow, history []state.Summary) template.HTML {
	m := &chart.Map{
		Title: "Columns by windows",
		Link:  func(_, x int) string { return reportPath(s.name, history[x].Report) },
		Tip: func(y, x int) string {
			tip := windowText(history[x].Window) + ", " + plain.Name(rows[y].name, 40) + ": " + rows[y].cells[x].Level.Word()
			if at := rows[y].at[x]; at != nil && at.Score != nil {
				tip += ", " + at.Metric + " " + plain.Number(*at.Score)
			}
			return tip
		},
	}
	m.Columns = marks(history)
	for _, row := range rows {
		m.Rows = append(m.Rows, chart.Row{Name: row.name, Link: columnPath(s.name, row.name)})
		m.Cells = append(m.Cells, row.cells)
	}
	return chart.Heatmap(m)
}

// findings shows those of the newest window as cards, and those that were over
// before it, or that found no room there, as a table.
func (p *modelPage) findings(s *subject, history []state.Summary, f filter, roles map[string]schema.Role, newest *report.Report) {
	p.Past.Name = s.name
	cards := map[string]int{} // by segment and column
	for _, run := range episodes(history, s.judged, f.wanted(roles)) {
		key := run.Labels.Segment + "\x00" + run.Labels.Column
		at, known := cards[key]
		switch {
		case run.Last != s.newest().Window || !known && len(p.Cards) >= maxCards:
			p.Past.add(run)
		case known && run.Labels.Column != "":
			p.Cards[at].join(run)
		default:
			cards[key] = len(p.Cards)
			p.Cards = append(p.Cards, cardOf(s.name, run, newest))
		}
	}
}

// Severities lists what can be filtered by, the gravest first.
func (p *modelPage) Severities() []report.Severity {
	return []report.Severity{report.SeverityAlert, report.SeverityWarn, report.SeverityUnknown}
}

// WindowCount is Windows for people.
func (p *modelPage) WindowCount() int64 { return int64(p.Windows) }
