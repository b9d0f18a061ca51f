package dash

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"leeway/core/fault"
	"leeway/core/report"
	"leeway/core/state"
)

// subject is what is known of one model.
type subject struct {
	name       string
	history    []state.Summary // ascending
	batches    []state.Batch   // the newest first
	quarantine []state.Quarantined
	version    string             // of the baseline in use, "" for none
	approved   bool               // somebody approved it
	labels     *state.LabelCounts // nil: there are no label files
	trouble    []error
}

// load reads what is known of a model. All of it comes from the database's
// memory unless it changed.
func (d *Dash) load(ctx context.Context, name string) (*subject, error) {
	if err := state.CheckModel(name); err != nil {
		return nil, err
	}
	s := &subject{name: name}
	var err error
	if s.history, err = d.DB.History(ctx, name, time.Time{}, time.Time{}); err != nil {
		return nil, err
	}
	if s.batches, err = d.DB.Batches(ctx, name); err != nil {
		return nil, err
	}
	slices.SortStableFunc(s.batches, func(a, b state.Batch) int { return b.Arrived.Compare(a.Arrived) })
	if s.quarantine, err = d.DB.Quarantines(ctx, name); err != nil {
		return nil, err
	}
	if s.labels, err = d.DB.LabelCounts(ctx, name); err != nil {
		return nil, err
	}
	if d.Trouble != nil {
		s.trouble = d.Trouble(name)
	}
	s.version, s.approved, err = d.DB.Standing(ctx, name)
	if fault.KindOf(err) == fault.Invalid {
		return s, nil // damaged: the quarantine says so, and what was reported can still be seen
	}
	return s, err
}

// existing is load for a page of its own: a model that nobody knows is an
// error there.
func (d *Dash) existing(r *http.Request) (*subject, error) {
	name := r.PathValue("model")
	s, err := d.load(r.Context(), name)
	if err != nil || len(s.history)+len(s.batches) > 0 || s.version != "" {
		return s, err
	}
	names, err := d.DB.Models(r.Context())
	if err != nil {
		return nil, err
	}
	if !slices.Contains(names, name) {
		return nil, fault.New(fault.NotFound, fmt.Sprintf("there is no model %q", name), "start from the list of models")
	}
	return s, nil
}

// tag names the state that pages of the model are made from.
func (s *subject) tag() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\x00%s\x00%t", s.name, s.version, s.approved)
	for i := range s.history {
		b.WriteString("\x00" + s.history[i].Report)
	}
	for i := range s.batches {
		one := &s.batches[i]
		b.WriteString("\x00" + one.Key + "\x00" + one.Hash + one.Contract + one.Arrived.String())
	}
	for i := range s.quarantine {
		b.WriteString("\x00" + s.quarantine[i].Reason + s.quarantine[i].Key + s.quarantine[i].Error)
	}
	if s.labels != nil {
		b.WriteString("\x00" + s.labels.Of)
	}
	for _, err := range s.trouble {
		b.WriteString("\x00" + err.Error())
	}
	return digest(b.String())
}

// proposed tells whether the baseline in use waits for somebody's approval.
func (s *subject) proposed() bool { return s.version != "" && !s.approved }

// newest is the summary of the window that tells how the model is now, nil where
// there is none.
func (s *subject) newest() *state.Summary { return state.Present(s.history) }

// unjudged are the windows after the newest one that are not whole yet.
func (s *subject) unjudged() (all []*state.Summary) {
	newest := s.newest()
	for i := range s.history {
		if one := &s.history[i]; one.Unjudged() && one.Rows > 0 && one.Window.Start.After(newest.Window.Start) {
			all = append(all, one)
		}
	}
	return all
}

// judged tells whether what a window's report finds counts: it is judged, or there
// is none that is.
func (s *subject) judged(one *state.Summary) bool {
	return !one.Unjudged() || one.Window == s.newest().Window
}

// newestReport is the report of the newest window, nil where there is none.
func (d *Dash) newestReport(ctx context.Context, s *subject) (*report.Report, error) {
	newest := s.newest()
	if newest == nil {
		return nil, nil
	}
	d.mu.Lock()
	known := d.reports[s.name]
	d.mu.Unlock()
	if known != nil && known.ID == newest.Report {
		return known, nil
	}
	r, err := d.DB.Report(ctx, s.name, newest.Report)
	if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Invalid {
		return nil, nil // replaced a moment ago, or damaged and about to be made again: the next look finds it
	}
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.reports[s.name] = r
	return r, nil
}
