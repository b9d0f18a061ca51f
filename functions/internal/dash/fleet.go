package dash

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"leeway/core/report"
	"leeway/core/report/plain"
	"leeway/core/state"
)

// fleetPage is the first page: every model, the one that needs a person first.
type fleetPage struct {
	Models []fleetModel
	Tally  []tally
	Strays []string
}

type tally struct {
	Verdict report.Verdict
	Count   int
}

type fleetModel struct {
	Name       string
	Verdict    report.Verdict // "" while there is no report
	Summary    string
	Window     string
	Report     string
	Rows       int64
	Fresh      time.Time // when the newest batch arrived
	Top        string    // the gravest finding, unless the summary tells it
	More       int       // further findings of the window
	Strip      template.HTML
	Windows    int64
	Quarantine int
	Proposed   bool
	Trouble    string // what stops its runs, "" for nothing
	Troubles   int    // further things that do
}

func (d *Dash) fleet(r *http.Request) (*view, error) {
	names, err := d.DB.Models(r.Context())
	if err != nil {
		return nil, err
	}
	strays, err := d.DB.Strays(r.Context())
	if err != nil {
		return nil, err
	}
	var subjects []*subject
	tags := append([]string{"fleet"}, strays...)
	for _, name := range names {
		s, err := d.load(r.Context(), name)
		if err != nil {
			return nil, err
		}
		subjects = append(subjects, s)
		tags = append(tags, s.tag())
	}
	return &view{
		template: "fleet", tag: strings.Join(tags, "\x00"),
		frame:   frame{Title: "Models"},
		content: func() any { return fleet(subjects, strays) },
	}, nil
}

// urgency orders verdicts by how soon a person should look.
var urgency = map[report.Verdict]int{report.Alert: 0, report.Invalid: 1, report.Warn: 2, report.Unknown: 3, report.OK: 4, "": 5}

// urgency of a model that stands still is that of a file that cannot be read,
// unless its last report is worse.
func (m *fleetModel) urgency() int {
	if m.Trouble != "" {
		return min(urgency[m.Verdict], urgency[report.Invalid])
	}
	return urgency[m.Verdict]
}

func fleet(subjects []*subject, strays []string) *fleetPage {
	page := &fleetPage{Strays: strays}
	counts := map[report.Verdict]int{}
	for _, s := range subjects {
		one := s.fleetModel()
		counts[one.Verdict]++
		page.Models = append(page.Models, one)
	}
	slices.SortStableFunc(page.Models, func(a, b fleetModel) int {
		return cmp.Or(cmp.Compare(a.urgency(), b.urgency()), cmp.Compare(a.Name, b.Name))
	})
	for _, verdict := range []report.Verdict{report.Alert, report.Warn, report.Unknown, report.OK, report.Invalid} {
		if counts[verdict] > 0 {
			page.Tally = append(page.Tally, tally{verdict, counts[verdict]})
		}
	}
	return page
}

// stripWindows is how many windows the small strip of a model shows.
const stripWindows = 60

func (s *subject) fleetModel() fleetModel {
	one := fleetModel{Name: s.name, Windows: int64(len(s.history)), Quarantine: len(s.quarantine)}
	if len(s.batches) > 0 {
		one.Fresh = s.batches[0].Arrived // the newest comes first
	}
	if len(s.trouble) > 0 {
		one.Trouble, one.Troubles = s.trouble[0].Error(), len(s.trouble)-1
	}
	newest := s.newest()
	if newest == nil {
		return one
	}
	one.Verdict, one.Summary, one.Report, one.Rows = newest.Verdict, newest.Text, newest.Report, newest.Rows
	one.Window, one.Proposed = windowText(newest.Window), s.proposed()
	if len(newest.Findings) > 0 {
		one.Top, one.More = newest.Findings[0].Message, len(newest.Findings)-1
	}
	if strings.Contains(one.Summary, one.Top) { // said already
		one.Top = ""
	}
	one.Strip = s.strip()
	return one
}

// strip draws the verdicts of late.
func (s *subject) strip() template.HTML {
	recent := s.history[max(0, len(s.history)-stripWindows):]
	return strip(verdictCells(recent), "Verdicts of the last "+plain.Plural(int64(len(recent)), "window", "windows"))
}

func verdictCells(history []state.Summary) []cell {
	cells := make([]cell, len(history))
	for i := range history {
		one := &history[i]
		cells[i] = cell{level: one.Verdict, title: windowText(one.Window) + ": " + levelOf(one.Verdict).Word() + ", " + plain.Plural(one.Rows, "row", "rows")}
	}
	return cells
}
