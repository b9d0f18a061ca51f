package dash

import (
	"html/template"
	"strings"

	"leeway/core/report"
	"leeway/core/report/chart"
	"leeway/core/report/plain"
)

// card is a finding with a picture of the column that it is about.
type card struct {
	topic
	Title   string
	Link    string // the column's page, "" for none
	Picture template.HTML
}

func cardOf(model string, run *episode, newest *report.Report) card {
	c := card{topic: topic{run, []*episode{run}}, Title: run.Metric}
	name := run.Labels.Column
	if name == "" {
		if len(run.Columns) > 0 {
			c.Title = several(run.Columns)
		}
		return c
	}
	c.Title, c.Link = name, columnPath(model, name)
	if run.Labels.Segment != "" { // the picture is of all rows
		c.Title += " in " + plain.Name(run.Labels.Segment, 60)
		return c
	}
	if column := columnOf(newest, name); column != nil {
		c.Picture = picture(column)
	}
	return c
}

// several names the first few columns.
func several(names []string) string {
	const shown = 3
	text := strings.Join(names[:min(len(names), shown)], ", ")
	if more := len(names) - shown; more > 0 {
		text += " and " + plain.Count(int64(more)) + " more"
	}
	return text
}

// columnOf finds a column in a report, nil if there is none.
func columnOf(r *report.Report, name string) *report.Column {
	if r == nil {
		return nil
	}
	for i := range r.Columns {
		if r.Columns[i].Name == name {
			return &r.Columns[i]
		}
	}
	return nil
}

// picture draws both distributions of a column over each other; "" where the
// report has none.
func picture(column *report.Column) template.HTML {
	d := column.Distribution
	if d == nil {
		return ""
	}
	both := &chart.Distribution{
		Title: "Distribution of " + plain.Name(column.Name, 60), Edges: d.Edges, Names: d.Names, Other: d.Other,
		Reference: d.Reference, Current: d.Current,
	}
	if d.Names != nil {
		return chart.Bars(both)
	}
	return chart.Overlay(both)
}
