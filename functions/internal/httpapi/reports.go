package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"leeway/core/fault"
	"leeway/core/report"
	"leeway/core/state"

	"github.com/danielgtaylor/huma/v2"
)

// modelEntry is a model with its newest verdict.
type modelEntry struct {
	Name     string         `json:"name" doc:"Name of the model."`
	Verdict  report.Verdict `json:"verdict" doc:"Of the newest window: ok, warn, alert, unknown or invalid. Empty while there is no report."`
	Summary  string         `json:"summary,omitempty" doc:"Its report in a sentence or two."`
	Report   string         `json:"report,omitempty" doc:"ID of the newest window's report."`
	Window   *report.Window `json:"window,omitempty" doc:"The newest window: start, and end, which is no part of it."`
	Rows     int64          `json:"rows" doc:"In the newest window."`
	Windows  int            `json:"windows" doc:"How many windows have a report."`
	Batches  int            `json:"batches" doc:"How many batches came, with those that could not be read."`
	Invalid  int            `json:"invalid" doc:"Batches and label files that could not be read."`
	Arrived  string         `json:"last_batch,omitempty" doc:"When the newest batch arrived."`
	Baseline string         `json:"baseline,omitempty" doc:"Version of the baseline in use."`
	Proposed bool           `json:"proposed,omitempty" doc:"Nobody has approved that baseline yet."`
	Labels   *labelCounts   `json:"labels,omitempty" doc:"What the label files hold, over all windows. Absent where there are none."`
	Errors   []modelError   `json:"errors,omitempty" doc:"What stops the model's runs, such as a configuration that cannot be read. Verdict and report are those of before; new batches wait."`
}

// labelCounts is what no single window can say of labels.
type labelCounts struct {
	Labels      int64 `json:"labels" doc:"Rows with an id and a label."`
	IDs         int64 `json:"ids" doc:"Distinct ids."`
	Unmatched   int64 `json:"unmatched" doc:"Ids that no row has so far: they wait for theirs."`
	Late        int64 `json:"late" doc:"Ids whose labels came later than labels.horizon allows for their rows."`
	Duplicate   int64 `json:"duplicate" doc:"Rows that say again what another says."`
	Conflicting int64 `json:"conflicting" doc:"Ids with labels that contradict each other."`
	Corrected   int64 `json:"corrected" doc:"Ids whose label is another than it was before."`
}

// modelError is one thing that stops a model's runs.
type modelError struct {
	Kind    fault.Kind `json:"kind" doc:"invalid, denied, exhausted, unavailable, ..."`
	Object  string     `json:"object,omitempty" doc:"Key of the object, with line and column where they are known." example:"config/churn.yaml:3:5"`
	Message string     `json:"message" doc:"What is wrong."`
	Hint    string     `json:"hint,omitempty" doc:"What to do."`
}

type modelList struct {
	Body struct {
		Models []modelEntry `json:"models" doc:"All models, by name."`
	}
}

func (s *server) listModels(ctx context.Context, _ *struct{}) (*modelList, error) {
	names, err := s.DB.Models(ctx)
	if err != nil {
		return nil, failure(err)
	}
	list := &modelList{}
	list.Body.Models = []modelEntry{}
	for _, name := range names {
		entry, err := s.entry(ctx, name)
		if err != nil {
			return nil, failure(err)
		}
		list.Body.Models = append(list.Body.Models, entry)
	}
	return list, nil
}

func (s *server) entry(ctx context.Context, name string) (modelEntry, error) {
	entry := modelEntry{Name: name, Errors: s.troubles(name)}
	history, err := s.DB.History(ctx, name, time.Time{}, time.Time{})
	if err != nil {
		return entry, err
	}
	batches, err := s.DB.Batches(ctx, name)
	if err != nil {
		return entry, err
	}
	version, approved, err := s.DB.Standing(ctx, name)
	if err != nil {
		return entry, err
	}
	entry.Baseline, entry.Proposed = version, version != "" && !approved
	entry.Windows, entry.Batches = len(history), len(batches)
	var newest time.Time
	for i := range batches {
		if batches[i].Verdict == report.Invalid {
			entry.Invalid++
		}
		if batches[i].Arrived.After(newest) {
			newest = batches[i].Arrived
		}
	}
	files, err := s.DB.LabelFiles(ctx, name)
	if err != nil {
		return entry, err
	}
	for i := range files {
		if files[i].Error != "" {
			entry.Invalid++
		}
	}
	counts, err := s.DB.LabelCounts(ctx, name)
	if err != nil {
		return entry, err
	}
	if counts != nil {
		entry.Labels = &labelCounts{counts.Labels, counts.IDs, counts.Unmatched, counts.Late, counts.Duplicate, counts.Conflicting, counts.Corrected}
	}
	if !newest.IsZero() {
		entry.Arrived = newest.UTC().Format(time.RFC3339)
	}
	if last := state.Present(history); last != nil {
		entry.Verdict, entry.Summary, entry.Report, entry.Rows = last.Verdict, last.Text, last.Report, last.Rows
		entry.Window = window(last.Window)
	}
	return entry, nil
}

func (s *server) troubles(name string) []modelError {
	if s.Trouble == nil {
		return nil
	}
	var all []modelError
	for _, err := range s.Trouble(name) {
		one := modelError{Kind: fault.KindOf(err), Message: err.Error()}
		var known *fault.Error
		if errors.As(err, &known) {
			bare := *known
			one.Object, one.Hint = bare.Object, bare.Hint
			bare.Object, bare.Hint = "", ""
			one.Message = bare.Error()
		}
		all = append(all, one)
	}
	return all
}

func window(w state.Window) *report.Window {
	return &report.Window{Start: w.Start.UTC().Format(time.RFC3339), End: w.End.UTC().Format(time.RFC3339)}
}

type listQuery struct {
	Model  string `path:"model" doc:"Name of the model."`
	From   string `query:"from" doc:"Windows that end after this instant: RFC 3339, or a date." example:"2026-01-01"`
	To     string `query:"to" doc:"Windows that start before this instant: RFC 3339, or a date." example:"2026-02-01T00:00:00Z"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"How many at most."`
	Cursor string `query:"cursor" doc:"The next of the answer before."`
}

type reportEntry struct {
	ID         string                  `json:"id" doc:"ID of the report."`
	Window     *report.Window          `json:"window" doc:"Start, and end, which is no part of it."`
	Verdict    report.Verdict          `json:"verdict" doc:"Of the window: ok, warn, alert, unknown or invalid."`
	Summary    string                  `json:"summary" doc:"The report in a sentence or two."`
	Created    string                  `json:"created" doc:"When it was made."`
	Rows       int64                   `json:"rows" doc:"In the window."`
	Tested     int                     `json:"tested_columns" doc:"How many columns were tested for drift."`
	Drifted    int                     `json:"drifted_columns" doc:"How many of them drifted."`
	Severities map[report.Severity]int `json:"findings" doc:"How many findings there are of each severity."`
	Baseline   string                  `json:"baseline,omitempty" doc:"Version of the baseline that it was compared with."`
	Partial    string                  `json:"partial,omitempty" enum:"end,start,both" doc:"At which end the window lacks rows: the verdict is of what there is."`
	Closed     bool                    `json:"closed" doc:"No more rows were expected when it was made."`

	Performance *state.PerformanceSummary `json:"performance,omitempty" doc:"How good the model was by its main metrics: what came true of labelled rows and what was estimated without labels, with intervals. Absent while neither is known."`
}

type reportList struct {
	Body struct {
		Reports []reportEntry `json:"reports" doc:"One for each window, newest window first."`
		Next    string        `json:"next,omitempty" doc:"The cursor of the next page; absent on the last one."`
	}
}

func (s *server) listReports(ctx context.Context, q *listQuery) (*reportList, error) {
	from, err := instant("from", q.From)
	if err != nil {
		return nil, err
	}
	to, err := instant("to", q.To)
	if err != nil {
		return nil, err
	}
	before, err := cursor(q.Cursor)
	if err != nil {
		return nil, err
	}
	if err := s.known(ctx, q.Model); err != nil {
		return nil, err
	}
	history, err := s.DB.History(ctx, q.Model, from, to)
	if err != nil {
		return nil, failure(err)
	}
	list := &reportList{}
	list.Body.Reports = []reportEntry{}
	for i := len(history) - 1; i >= 0; i-- {
		one := &history[i]
		if before != nil && one.Window.Compare(*before) >= 0 {
			continue
		}
		if len(list.Body.Reports) == q.Limit {
			list.Body.Next = base64.RawURLEncoding.EncodeToString([]byte(history[i+1].Window.Key()))
			break
		}
		list.Body.Reports = append(list.Body.Reports, reportEntry{
			ID: one.Report, Window: window(one.Window), Verdict: one.Verdict, Summary: one.Text, Created: one.Created, Rows: one.Rows,
			Tested: one.Tested, Drifted: one.Drifted, Severities: one.Severities, Baseline: one.Baseline, Partial: one.Partial, Closed: one.Closed,
			Performance: one.Performance,
		})
	}
	return list, nil
}

// instant reads a time parameter, zero for an empty one.
func instant(name, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, huma.NewError(http.StatusUnprocessableEntity, name+" is no time: write RFC 3339, such as 2026-01-03T00:00:00Z, or a date",
		&huma.ErrorDetail{Message: "expected a time", Location: "query." + name, Value: text})
}

// cursor reads the position after which a list goes on: the window of the last
// entry that was given, so that a new report does not shift the pages.
func cursor(text string) (*state.Window, error) {
	if text == "" {
		return nil, nil
	}
	key, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		var w state.Window
		if w, err = state.ParseWindow(string(key)); err == nil {
			return &w, nil
		}
	}
	return nil, huma.NewError(http.StatusUnprocessableEntity, "cursor is none of ours: take next from the answer before",
		&huma.ErrorDetail{Message: "expected a cursor", Location: "query.cursor", Value: text})
}

type reportQuery struct {
	Model  string `path:"model" doc:"Name of the model."`
	ID     string `path:"id" doc:"ID of the report."`
	Accept string `header:"Accept" doc:"text/html for the report as a page; JSON otherwise."`
	Known  string `header:"If-None-Match" doc:"An ETag: the answer is 304 where it is still the one."`
}

type reportBody struct {
	Status  int
	Type    string `header:"Content-Type"`
	ETag    string `header:"ETag"`
	Caching string `header:"Cache-Control"`
	Vary    string `header:"Vary"`
	Body    []byte
}

func (s *server) reportOperation() huma.Operation {
	return huma.Operation{
		OperationID: "one-report", Method: http.MethodGet, Path: "/api/v1/models/{model}/reports/{id}", Tags: []string{"reports"},
		Summary: "One report, as JSON or as a page", Errors: []int{404, 422},
		Description: "The document of `leeway schema report`, or, where text/html is accepted rather than JSON, a page that needs nothing else.",
		Responses: map[string]*huma.Response{
			"200": {Description: "The report", Content: map[string]*huma.MediaType{
				"application/json": {Schema: &huma.Schema{Type: huma.TypeObject}},
				"text/html":        {Schema: &huma.Schema{Type: huma.TypeString}},
			}},
			"304": {Description: "The report is still the one of the ETag."},
		},
	}
}

func (s *server) oneReport(ctx context.Context, q *reportQuery) (*reportBody, error) {
	if err := state.CheckModel(q.Model); err != nil {
		return nil, failure(err)
	}
	r, err := s.DB.Report(ctx, q.Model, q.ID)
	if err != nil {
		return nil, failure(err)
	}
	answer := &reportBody{Status: http.StatusOK, Type: "application/json", Caching: "no-cache", Vary: "Accept"}
	if prefersPage(q.Accept) {
		var page bytes.Buffer
		err = report.HTML(&page, r)
		answer.Type, answer.Body = "text/html; charset=utf-8", page.Bytes()
	} else {
		answer.Body, err = r.JSON()
	}
	if err != nil {
		return nil, failure(err)
	}
	sum := sha256.Sum256(answer.Body)
	answer.ETag = `"` + hex.EncodeToString(sum[:16]) + `"`
	if matches(q.Known, answer.ETag) {
		answer.Status, answer.Body = http.StatusNotModified, nil
	}
	return answer, nil
}

// matches tells whether an If-None-Match header names the tag.
func matches(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == "*" || one == tag {
			return true
		}
	}
	return false
}

// prefersPage tells whether a client likes HTML better than JSON. Whoever
// takes anything gets JSON.
func prefersPage(accept string) bool {
	page, data := 0.0, 0.0
	for part := range strings.SplitSeq(accept, ",") {
		kind, parameters, _ := strings.Cut(part, ";")
		weight := 1.0
		if _, q, found := strings.Cut(parameters, "q="); found {
			if value, err := strconv.ParseFloat(strings.TrimSpace(q), 64); err == nil {
				weight = value
			}
		}
		switch strings.ToLower(strings.TrimSpace(kind)) {
		case "text/html", "application/xhtml+xml":
			page = max(page, weight)
		case "application/json", "application/*":
			data = max(data, weight)
		}
	}
	return page > data
}
