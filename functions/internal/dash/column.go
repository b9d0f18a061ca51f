package dash

import (
	"context"
	"fmt"
	"html/template"
	"math"
	"net/http"
	"slices"

	"leeway/core/fault"
	"leeway/core/report"
	"leeway/core/report/chart"
	"leeway/core/report/plain"
	"leeway/core/schema"
	"leeway/core/state"
)

// columnPage is one column over time.
type columnPage struct {
	Model    string
	Name     string
	Kind     schema.Kind
	Role     schema.Role
	Severity report.Severity // in the newest window
	Filter   filter
	Windows  int
	Newest   *state.Summary
	Window   string
	Over     template.HTML // the distribution over time
	Legend   []legend      // of Over, for categories
	Scores   template.HTML
	Metric   string // what Scores shows
	Missing  template.HTML
	Picture  template.HTML // the newest window over the baseline
	Facts    []fact
	Past     past
	Previous string // neighbours in the order of the report, "" for none
	Next     string
}

// legend is one category with its colour and its share on both sides.
type legend struct {
	Class             string
	Name              string
	Other             bool
	Reference, Newest float64
}

func (d *Dash) column(r *http.Request) (*view, error) {
	s, err := d.existing(r)
	if err != nil {
		return nil, err
	}
	name := r.PathValue("column")
	newest, err := d.newestReport(r.Context(), s)
	if err != nil {
		return nil, err
	}
	described, err := d.described(r.Context(), s, newest, name)
	if err != nil {
		return nil, err
	}
	f := filterOf(r)
	return &view{
		template: "column", tag: "column" + s.tag(),
		frame:   s.frame(plain.Name(name, 60), "column"),
		content: func() any { return s.column(name, f, described, newest) },
	}, nil
}

// described finds what the newest report that knows the column says of it: a
// column that went missing still has a page.
func (d *Dash) described(ctx context.Context, s *subject, newest *report.Report, name string) (*report.Column, error) {
	if column := columnOf(newest, name); column != nil {
		return column, nil
	}
	for i := len(s.history) - 1; i >= 0; i-- {
		if s.at(i, name) == nil {
			continue
		}
		r, err := d.DB.Report(ctx, s.name, s.history[i].Report)
		if err != nil {
			return nil, err
		}
		if column := columnOf(r, name); column != nil {
			return column, nil
		}
	}
	return nil, fault.New(fault.NotFound, fmt.Sprintf("model %s has no column %q", s.name, name), "start from the model's page")
}

// at is a column in window i, nil where it was not there.
func (s *subject) at(i int, name string) *state.ColumnSummary {
	columns := s.history[i].Columns
	for k := range columns {
		if columns[k].Name == name {
			return &columns[k]
		}
	}
	return nil
}

func (s *subject) column(name string, f filter, described *report.Column, newest *report.Report) *columnPage {
	history := f.windows(s.history)
	cut := &span{&subject{name: s.name, history: history}, name, marks(history)}
	page := &columnPage{
		Model: s.name, Name: name, Kind: described.Kind, Role: described.Role, Filter: f,
		Windows: len(history), Newest: s.newest(), Facts: factsOf(described),
	}
	if page.Newest != nil {
		page.Window = windowText(page.Newest.Window)
		if last := s.at(len(s.history)-1, name); last != nil {
			page.Severity = last.Severity
		}
	}
	columns := make([]*state.ColumnSummary, len(history))
	for i := range history {
		columns[i] = cut.at(i, name)
	}
	page.Picture = picture(described)
	page.Past = past{Name: s.name, OneColumn: true}
	for _, run := range episodes(history, s.judged, about(name)) {
		page.Past.add(run)
	}
	page.neighbours(name, newest)
	if len(history) == 0 {
		return page
	}
	if described.Kind.Discrete() {
		page.Over, page.Legend = shares(columns, history, state.ShapeOf(described.Reference))
	} else {
		page.Over = cut.fan(columns, state.ShapeOf(described.Reference))
	}
	page.Scores, page.Metric = cut.scores(columns)
	page.Missing = cut.missing(columns)
	return page
}

func (p *columnPage) neighbours(name string, newest *report.Report) {
	if newest == nil {
		return
	}
	for i := range newest.Columns {
		if newest.Columns[i].Name != name {
			continue
		}
		if i > 0 {
			p.Previous = newest.Columns[i-1].Name
		}
		if i+1 < len(newest.Columns) {
			p.Next = newest.Columns[i+1].Name
		}
	}
}

// about tells whether a finding is about the column.
func about(name string) func(*state.FindingSummary) bool {
	return func(f *state.FindingSummary) bool { return slices.Contains(concerned(f), name) }
}

// span is the part of a model's history that charts show.
type span struct {
	*subject
	column string
	labels []string // of its windows
}

// stop is a window on a chart, marked by the findings about the column that the
// chart can show.
func (s *span) stop(i int, band chart.Band, shown func(*state.FindingSummary) bool) chart.Stop {
	m := s.moment(&s.history[i], s.labels[i], chart.None)
	gravest := report.Severity("")
	for k := range s.history[i].Findings {
		f := &s.history[i].Findings[k]
		if shown(f) && slices.Contains(concerned(f), s.column) && rankOf(f.Severity) > rankOf(gravest) {
			gravest = f.Severity
		}
	}
	if gravest != "" {
		m.Level = levelOf(gravest)
		m.Title = windowText(s.history[i].Window) + ": " + m.Level.Word()
	}
	return chart.Stop{Moment: m, Band: band}
}

var unknownBand = chart.Flat(math.NaN())

func bandOf(shape state.Shape) chart.Band {
	if shape.Quantiles == nil {
		return unknownBand
	}
	q := shape.Quantiles
	return chart.Band{Low: q[0], Lower: q[1], Middle: q[2], Upper: q[3], High: q[4]}
}

// fan draws a quantitative column over time before the baseline's band.
func (s *span) fan(columns []*state.ColumnSummary, baseline state.Shape) template.HTML {
	series := &chart.Series{Title: plain.Name(s.column, 60) + " over time", Limit: math.NaN()}
	if baseline.Quantiles != nil {
		base := bandOf(baseline)
		series.Baseline = &base
	}
	known := false
	for i, column := range columns {
		band := unknownBand
		if column != nil {
			band = bandOf(column.Shape)
		}
		known = known || !math.IsNaN(band.Middle)
		series.Stops = append(series.Stops, s.stop(i, band, func(*state.FindingSummary) bool { return true }))
	}
	if !known {
		return ""
	}
	return chart.Lines(series)
}

// scores draws the distance from the baseline over time, and the line from
// which it is worth an alert where any finding of the model tells it.
func (s *span) scores(columns []*state.ColumnSummary) (template.HTML, string) {
	series := &chart.Series{Title: "Distance from the baseline", Limit: math.NaN(), Zero: true}
	name := ""
	for i, column := range columns {
		band := unknownBand
		if column != nil && column.Score != nil {
			band, name = chart.Flat(*column.Score), column.Metric
		}
		series.Stops = append(series.Stops, s.stop(i, band, func(f *state.FindingSummary) bool { return f.Check == "drift" }))
	}
	if name == "" {
		return "", ""
	}
	series.Limit = s.limit(name)
	return chart.Lines(series), name
}

// limit is the newest known value from which a metric is worth an alert. It is
// the column's own if there is one, else that of another column.
func (s *span) limit(name string) float64 {
	found := math.NaN()
	for i := len(s.history) - 1; i >= 0; i-- {
		for k := range s.history[i].Findings {
			f := &s.history[i].Findings[k]
			if f.Metric != name || f.Limit == nil {
				continue
			}
			if slices.Contains(concerned(f), s.column) {
				return *f.Limit
			}
			if math.IsNaN(found) {
				found = *f.Limit
			}
		}
	}
	return found
}

// missing draws the share of missing values over time; "" if there never were any.
func (s *span) missing(columns []*state.ColumnSummary) template.HTML {
	series := &chart.Series{Title: "Missing values", Limit: math.NaN(), Format: plain.Share, Zero: true}
	ever := false
	for i, column := range columns {
		band := unknownBand
		if column != nil {
			band, ever = chart.Flat(column.Missing), ever || column.Missing > 0
		}
		series.Stops = append(series.Stops, s.stop(i, band, func(f *state.FindingSummary) bool { return f.Metric == "missing_ratio" }))
	}
	if !ever {
		return ""
	}
	return chart.Lines(series)
}
