package prometheus

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"leeway/core/fault"
	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/state"
)

// Source is what the exporter reads; *state.DB is one.
type Source interface {
	Models(ctx context.Context) ([]string, error)
	Batches(ctx context.Context, model string) ([]state.Batch, error)
	History(ctx context.Context, model string, from, to time.Time) ([]state.Summary, error)
	Report(ctx context.Context, model, id string) (*report.Report, error)
	LabelFiles(ctx context.Context, model string) ([]state.LabelFile, error)
	LabelCounts(ctx context.Context, model string) (*state.LabelCounts, error)
}

// Exporter answers scrapes. It is safe for concurrent use.
type Exporter struct {
	Source    Source
	Catalogue []metric.Desc
	Runs      *Runs                      // nil: no run is ever timed
	Trouble   func(model string) []error // what stops a model's runs; nil: nothing ever does

	mu      sync.Mutex
	reports map[string]*report.Report // newest report by model: a report never changes under its ID

	counting sync.Mutex
	judged   map[string]*judged // by model
}

// ServeHTTP writes the metrics in the format that the scraper prefers.
func (e *Exporter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	models, err := e.models(r.Context())
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	format := negotiate(r.Header.Get("Accept"))
	var body bytes.Buffer
	if err := Write(&body, models, e.Catalogue, format); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", string(format))
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "Accept")
	_, _ = w.Write(body.Bytes()) // a scraper that went away is nobody to tell
}

func (e *Exporter) models(ctx context.Context) ([]Model, error) {
	names, err := e.Source.Models(ctx)
	if err != nil {
		return nil, err
	}
	models := make([]Model, 0, len(names))
	for _, name := range names {
		m, err := e.model(ctx, name)
		if err != nil {
			return nil, err
		}
		models = append(models, m)
	}
	return models, nil
}

func (e *Exporter) model(ctx context.Context, name string) (Model, error) {
	m := Model{Name: name}
	if e.Trouble != nil {
		m.Errors = len(e.Trouble(name))
	}
	history, err := e.batches(ctx, &m)
	if err != nil {
		return m, err
	}
	m.Windows = state.Verdicts(history)
	for i := range history {
		if p := history[i].Performance; p != nil && p.Labelled > 0 {
			m.Labelled = &history[i]
		}
	}
	if run, known := e.Runs.last(name); known {
		m.Run = run
	}
	newest := state.Present(history)
	if newest == nil {
		return m, nil
	}
	m.Drifted, m.Tested = newest.Drifted, newest.Tested
	m.Report, err = e.report(ctx, name, newest.Report)
	if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Invalid {
		return m, nil // superseded and cleared away since, or damaged: the next scrape has what comes of it
	}
	return m, err
}

// batches fills in what is known of a model's batches, and gives its history. One
// scrape at a time: an older state that is counted after a newer one would be
// taken for another verdict.
func (e *Exporter) batches(ctx context.Context, m *Model) ([]state.Summary, error) {
	e.counting.Lock()
	defer e.counting.Unlock()
	history, err := e.Source.History(ctx, m.Name, time.Time{}, time.Time{})
	if err != nil {
		return nil, err
	}
	batches, err := e.Source.Batches(ctx, m.Name)
	if err != nil {
		return nil, err
	}
	m.arrivals(batches)
	files, err := e.Source.LabelFiles(ctx, m.Name)
	if err != nil {
		return nil, err
	}
	if m.Labels, err = e.Source.LabelCounts(ctx, m.Name); err != nil {
		return nil, err
	}
	if e.judged[m.Name] == nil {
		if e.judged == nil {
			e.judged = map[string]*judged{}
		}
		e.judged[m.Name] = &judged{}
	}
	m.Batches = e.judged[m.Name].count(state.Judged(batches, files, history))
	return history, nil
}

func (e *Exporter) report(ctx context.Context, model, id string) (*report.Report, error) {
	e.mu.Lock()
	known := e.reports[model]
	e.mu.Unlock()
	if known != nil && known.ID == id {
		return known, nil
	}
	r, err := e.Source.Report(ctx, model, id)
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.reports == nil {
		e.reports = map[string]*report.Report{}
	}
	e.reports[model] = r
	return r, nil
}

// arrivals tells of the newest batch: when it came, how large it is, and whether
// it can be read.
func (m *Model) arrivals(batches []state.Batch) {
	m.LastBatch, m.Run.Bytes, m.Invalid = state.Newest(batches)
}

// negotiate chooses the format by an Accept header: OpenMetrics if the scraper
// likes it at least as much as plain text.
func negotiate(accept string) Format {
	open, text := 0.0, 0.0
	for part := range strings.SplitSeq(accept, ",") {
		kind, parameters, _ := strings.Cut(part, ";")
		weight := 1.0
		for parameter := range strings.SplitSeq(parameters, ";") {
			if value, found := strings.CutPrefix(strings.TrimSpace(parameter), "q="); found {
				if q, err := strconv.ParseFloat(value, 64); err == nil {
					weight = q
				}
			}
		}
		switch strings.ToLower(strings.TrimSpace(kind)) {
		case "application/openmetrics-text":
			open = max(open, weight)
		case "text/plain", "text/*":
			text = max(text, weight)
		}
	}
	if open > 0 && open >= text {
		return OpenMetrics
	}
	return Text
}

// Runs remembers what the last pass over each model's pending batches took.
// It is safe for concurrent use; a nil *Runs remembers nothing.
type Runs struct {
	mu    sync.Mutex
	known map[string]Run
}

// Record notes the last run of a model.
func (r *Runs) Record(model string, run Run) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil {
		r.known = map[string]Run{}
	}
	r.known[model] = run
}

func (r *Runs) last(model string) (run Run, known bool) {
	if r == nil {
		return Run{}, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	run, known = r.known[model]
	return run, known
}
