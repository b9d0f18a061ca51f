package monitor

import (
	"context"
	"fmt"
	"time"

	"leeway/core/fault"
	"leeway/core/internal/words"
	"leeway/core/state"
)

// expired tells whether the predictions of a window are kept no longer, when the
// data have come to an instant (see [state.Now]), or were deleted once, under
// whatever `retain`. What was reported of it stays as it is.
func (m *model) expired(window state.Window, now time.Time) bool {
	keep := m.config.Retain.Ledger
	return keep > 0 && window.End.Add(keep).Before(now) || m.dropped.Window(window)
}

// forgotten tells the same of the labels of a file.
func (m *model) forgotten(f *state.LabelFile, now time.Time) bool {
	keep := m.config.Retain.Labels
	return keep > 0 && f.Arrived.Add(keep).Before(now) || m.dropped.File(m.name, f)
}

// unlessDropped is the error of predictions or labels that could not be read. If
// another run deleted them since this one looked what is kept, that is no damage: this
// one goes over the model again.
func (m *model) unlessDropped(ctx context.Context, err error, key string, is func(*state.Dropped) bool) error {
	if fault.KindOf(err) != fault.NotFound {
		return err
	}
	now, failed := m.DB.Dropped(ctx, m.name)
	if failed != nil {
		return failed
	}
	if !is(now) {
		return err
	}
	again := fault.New(fault.Unavailable, "was deleted by another run meanwhile (retain)", "run leeway again")
	return &damaged{error: fault.In(key, again), noted: true}
}

// forget deletes what is kept no longer. What it leaves behind when it is cut short
// the next run deletes; what is gone is not told again.
func (m *model) forget(ctx context.Context, now time.Time, result *Result) error {
	windows, files := m.dropped.Count()
	if m.config.Retain.Ledger == 0 && windows+files == 0 {
		return nil
	}
	ledgers, err := m.DB.DropLedgers(ctx, m.name, m.dropped, func(window state.Window) bool { return m.expired(window, now) })
	if err != nil {
		return err
	}
	if ledgers > 0 && m.config.Retain.Ledger > 0 {
		result.Notes = append(result.Notes, fmt.Sprintf("the predictions of %s are older than retain.ledger and are deleted: labels are no longer taken for them", words.Plural(int64(ledgers), "window")))
	}
	if m.config.Retain.Labels == 0 && files == 0 {
		return nil
	}
	labels, err := m.DB.DropLabels(ctx, m.name, m.dropped, func(f *state.LabelFile) bool { return m.forgotten(f, now) })
	m.labels.stale = m.labels.stale || labels > 0
	if err == nil && labels > 0 && m.config.Retain.Labels > 0 {
		result.Notes = append(result.Notes, fmt.Sprintf("the labels of %s are older than retain.labels and are deleted", words.Plural(int64(labels), "file")))
	}
	return err
}
