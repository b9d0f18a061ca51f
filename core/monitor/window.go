package monitor

import (
	"context"
	"slices"
	"time"

	"leeway/core/collect"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/state"
)

// judge makes a report for each window whose live profiles are not those that
// its newest report was made from, and for those that follow and whose past is
// another one with that.
func (m *model) judge(ctx context.Context, result *Result) error {
	batches, history, err := m.known(ctx)
	if err != nil {
		return err
	}
	mended, err := m.mend(ctx)
	if mended && err == nil {
		batches, history, err = m.known(ctx)
	}
	if err != nil {
		return err
	}
	p := &pass{model: m, delivered: deliveries(batches), gate: newGate()}
	m.tellCopies(p.delivered, result)
	if m.labels, err = m.findLabels(ctx, p.now); err != nil {
		return err
	}
	if history, err = p.recall(ctx, history); err != nil {
		return err
	}
	if err := p.relabel(ctx, history, result); err != nil {
		return err
	}
	touched, err := m.drop(ctx, m.due(p.delivered, history), p.delivered)
	if err != nil {
		return err
	}
	if err := p.plan(ctx, history, touched); err != nil {
		return err
	}
	if err := p.run(ctx); err != nil {
		return err
	}
	for _, s := range p.steps {
		if s.report != nil {
			result.Reports = append(result.Reports, s.report)
		}
		result.told = result.told || s.after.Rows > 0 && !s.after.Unjudged()
	}
	if result.Failed = append(result.Failed, p.failed...); len(result.Reports) > 0 {
		result.Notes = append(result.Notes, p.unlabelled()...)
	}
	if err := p.closeWindows(ctx); err != nil {
		return err
	}
	if m.labels.name != "" {
		if err := m.DB.PutJoined(ctx, m.name, m.labels.name); err != nil {
			return err
		}
	}
	if err := m.forget(ctx, p.now, result); err != nil {
		return err
	}
	return m.sweepPast(ctx)
}

// tellCopies says which of the batches that were read in this run do not count, since
// their content was there under another name.
func (m *model) tellCopies(d *delivered, result *Result) {
	var lines []string
	for original, copies := range d.copies {
		for _, key := range copies {
			if _, now := m.took.LoadAndDelete(key); now {
				lines = append(lines, copied(key, original))
			}
		}
	}
	slices.Sort(lines)
	result.Notes = append(result.Notes, lines...)
}

func copied(key, original string) string {
	return key + " has the same content as " + original + " and is not counted again"
}

// known are all records and summaries.
func (m *model) known(ctx context.Context) ([]state.Batch, []state.Summary, error) {
	batches, err := m.DB.Batches(ctx, m.name)
	if err != nil {
		return nil, nil, err
	}
	history, err := m.DB.History(ctx, m.name, time.Time{}, time.Time{})
	return batches, history, err
}

// touched are windows that need a report, and those that are none any more.
type touched struct{ due, dropped []state.Window }

// drop takes windows out of the history that are empty because windows are cut
// otherwise since.
func (m *model) drop(ctx context.Context, windows []state.Window, d *delivered) (touched, error) {
	var t touched
	for _, window := range windows {
		if !m.obsolete(window, d) {
			t.due = append(t.due, window)
			continue
		}
		t.dropped = append(t.dropped, window)
		if err := m.DB.DropSummary(ctx, m.name, window); err != nil {
			return t, err
		}
	}
	return t, nil
}

// due lists the windows to report on: those that were touched, and the newest
// one if it was judged against a baseline that was only proposed while there is
// an approved one by now. It is what people look at; what was reported of
// earlier windows stays.
func (m *model) due(d *delivered, history []state.Summary) []state.Window {
	windows := state.Touched(d.batches, history)
	if len(history) == 0 || !m.baseline.Approved {
		return windows
	}
	newest := &history[len(history)-1]
	if newest.Proposed && !slices.Contains(windows, newest.Window) {
		windows = append(windows, newest.Window)
		slices.SortFunc(windows, state.Window.Compare)
	}
	return windows
}

// headline is a report without what makes it long: a backfill makes thousands.
func headline(r *report.Report) *report.Report {
	short := *r
	short.Samples, short.Columns = nil, nil
	return &short
}

// obsolete tells whether a window is empty because windows are cut otherwise
// since its report was made: nothing is amiss with its data.
func (m *model) obsolete(window state.Window, d *delivered) bool {
	now, err := state.WindowOf(window.Start, m.config.Window.Every)
	return err == nil && now != window && len(d.live[window]) == 0
}

// gather merges the window's live profiles, one by one. The second result is
// when the newest of its objects arrived (of all objects, if it has none any
// more): the report's time, so that the same inputs give the same bytes however
// often they are processed.
func (m *model) gather(ctx context.Context, window state.Window, d *delivered, contract *schema.Schema) (*collect.Collection, time.Time, error) {
	c, arrived, err := m.gathered(ctx, window, d, contract)
	if err != nil {
		return nil, arrived, err
	}
	return c.Whole(), arrived, nil
}
