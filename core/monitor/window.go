package monitor

import (
	"context"
	"fmt"
	"slices"
	"time"

	"leeway/core/fault"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/state"
)

// judge makes a report for each window whose live profiles are not those that
// its newest report was made from, oldest first.
func (m *model) judge(ctx context.Context, result *Result) error {
	batches, err := m.DB.Batches(ctx, m.name)
	if err != nil {
		return err
	}
	history, err := m.DB.History(ctx, m.name, time.Time{}, time.Time{})
	if err != nil {
		return err
	}
	d := deliveries(batches)
	for _, window := range state.Touched(d.batches, history) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if m.obsolete(window, d) {
			if err := m.DB.DropSummary(ctx, m.name, window); err != nil {
				return err
			}
			history = slices.DeleteFunc(history, func(s state.Summary) bool { return s.Window == window })
			continue
		}
		r, summary, err := m.report(ctx, window, d, history)
		if err != nil {
			return fmt.Errorf("window %s: %w", window.Key(), err)
		}
		history = insert(history, summary)
		result.Reports = append(result.Reports, headline(r))
	}
	return m.closeWindows(ctx, d, history)
}

// headline is a report without what makes it long: a backfill makes thousands.
func headline(r *report.Report) *report.Report {
	short := *r
	short.Samples, short.Columns = nil, nil
	return &short
}

// closeWindows marks the windows that no more rows are expected for. Rows that
// come all the same count: the window gets another report.
func (m *model) closeWindows(ctx context.Context, d *delivered, history []state.Summary) error {
	for _, summary := range history {
		if summary.Closed || !summary.Window.Closed(d.watermark, m.config.Window.Lateness) {
			continue
		}
		summary.Closed = true
		if err := m.DB.PutSummary(ctx, m.name, summary); err != nil {
			return err
		}
	}
	return nil
}

// obsolete tells whether a window is empty because windows are cut otherwise
// since its report was made: nothing is amiss with its data.
func (m *model) obsolete(window state.Window, d *delivered) bool {
	now, err := state.WindowOf(window.Start, m.config.Window.Every)
	return err == nil && now != window && len(d.live[window]) == 0
}

// report makes and stores the report of one window.
func (m *model) report(ctx context.Context, window state.Window, d *delivered, history []state.Summary) (*report.Report, state.Summary, error) {
	begun := m.Clock.Now()
	current, arrived, err := m.gather(ctx, window, d)
	if err != nil {
		return nil, state.Summary{}, err
	}
	before, earlier := split(history, window)
	r, err := Compare(&Comparison{
		Config: m.config, Contract: m.contract,
		Reference: &Collection{Profile: m.baseline.profile, Objects: m.baseline.Objects, Notes: m.baseline.Notes},
		Current:   current, Baseline: m.baseline.Version, Proposed: !m.baseline.Approved,
		Window: &window, History: earlier, Past: m.baseline.past(m.config), Created: arrived,
	})
	if err != nil {
		return nil, state.Summary{}, err
	}
	if before != nil && before.Report != r.ID {
		r.Supersedes = before.Report
	}
	if err := m.DB.PutReport(ctx, r, window); err != nil {
		return nil, state.Summary{}, err
	}
	summary := state.Summarize(r, window, d.live[window])
	summary.Closed = window.Closed(d.watermark, m.config.Window.Lateness)
	if err := m.DB.PutSummary(ctx, m.name, summary); err != nil {
		return nil, state.Summary{}, err
	}
	m.observe(Event{Window: window.Key(), Report: r, Rows: r.Current.Rows, Duration: m.Clock.Now().Sub(begun)})
	return r, summary, nil
}

// gather merges the window's live profiles, one by one. The second result is
// when the newest of its objects arrived (of all objects, if it has none any
// more): the report's time, so that the same inputs give the same bytes however
// often they are processed.
func (m *model) gather(ctx context.Context, window state.Window, d *delivered) (*Collection, time.Time, error) {
	var merger profile.Merger
	var arrived time.Time
	c := &Collection{}
	for _, i := range d.byWindow[window] {
		batch := &d.batches[i]
		part := batch.Parts[slices.IndexFunc(batch.Parts, func(p state.Part) bool { return p.Window == window })]
		if err := m.merge(ctx, &merger, window, part); err != nil {
			return nil, arrived, fault.In(batch.Key, err)
		}
		c.take(batch, part)
		for _, other := range d.copies[batch.Key] {
			c.Notes = union(c.Notes, []string{other + " has the same content as " + batch.Key + " and is not counted again"})
		}
		if batch.Arrived.After(arrived) {
			arrived = batch.Arrived
		}
	}
	if len(c.Objects) == 0 { // rewritten objects took its rows elsewhere
		arrived = d.newest
	}
	c.Profile = merger.Dataset()
	return c, arrived, nil
}

func (m *model) merge(ctx context.Context, into *profile.Merger, window state.Window, part state.Part) error {
	data, err := m.DB.Profile(ctx, m.name, window, part.Profile)
	if err != nil {
		return err
	}
	one, err := profile.Decode(data)
	if err != nil {
		return err
	}
	// An object that is no longer there cannot be read again when the
	// configuration changes: what it says of other kinds is left out.
	one, _ = fit(one, m.contract)
	return into.Add(one)
}

// take adds what is to be said of a batch to the collection.
func (c *Collection) take(batch *state.Batch, part state.Part) {
	c.Objects = append(c.Objects, report.Object{
		Key: batch.Key, Rows: part.Rows, Bytes: batch.Size, ETag: batch.Hash, Format: batch.Format, Faults: batch.Faults,
	})
	c.Notes = union(c.Notes, batch.Notes)
	c.Missing = union(c.Missing, batch.Missing)
	c.Unexpected = union(c.Unexpected, batch.Unexpected)
	for contract, name := range batch.Renamed {
		if c.Renamed == nil {
			c.Renamed = map[string]string{}
		}
		c.Renamed[contract] = name
	}
}

// split finds the window's own newest summary and those of earlier windows.
func split(history []state.Summary, window state.Window) (own *state.Summary, earlier []state.Summary) {
	for i := range history {
		switch {
		case history[i].Window == window:
			own = &history[i]
		case history[i].Window.Start.Before(window.Start):
			earlier = append(earlier, history[i])
		}
	}
	return own, earlier
}

// insert puts a window's new summary in its place.
func insert(history []state.Summary, summary state.Summary) []state.Summary {
	at, found := slices.BinarySearchFunc(history, summary, func(a, b state.Summary) int {
		return a.Window.Compare(b.Window)
	})
	if found {
		history[at] = summary
		return history
	}
	return slices.Insert(history, at, summary)
}
