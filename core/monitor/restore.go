package monitor

import (
	"context"
	"slices"
	"time"

	"leeway/core/fault"
	"leeway/core/report"
	"leeway/core/route"
	"leeway/core/state"
)

// restore makes a damaged record again whose object is gone, from what the
// newest reports say of the object and from its profiles: its rows were counted
// and go on counting. An object that is there was read again before, and its
// record is sound. It is tried once per process, again after an error.
func (m *model) restore(ctx context.Context, record string) error {
	if _, tried := m.looked.Load(record); tried {
		return nil
	}
	err := m.remake(ctx, record)
	if err == nil {
		m.looked.Store(record, true)
	}
	return err
}

func (m *model) remake(ctx context.Context, record string) error {
	history, err := m.DB.History(ctx, m.name, time.Time{}, time.Time{})
	if err != nil {
		return err
	}
	var batch state.Batch
	for i := range history {
		r, err := m.DB.Report(ctx, m.name, history[i].Report)
		if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Invalid {
			continue
		}
		if err != nil {
			return err
		}
		at := slices.IndexFunc(r.Current.Objects, func(o report.Object) bool { return state.RecordKey(m.name, o.Key) == record })
		if at < 0 {
			continue
		}
		if err := m.recount(ctx, &batch, &r.Current.Objects[at], history[i].Window, r.Created); err != nil {
			return err
		}
	}
	if len(batch.Parts) == 0 {
		return nil // no report counts it
	}
	batch.Notes = []string{"its record was damaged and is made again from the reports"}
	return m.DB.PutBatch(ctx, m.name, batch)
}

// recount adds to a record what a window's report says of its object, if the
// profile is still there.
func (m *model) recount(ctx context.Context, batch *state.Batch, object *report.Object, window state.Window, created string) error {
	name := profileName(object.ETag, m.mark)
	one, err := m.profile(ctx, window, name)
	if err != nil {
		if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Invalid {
			return nil
		}
		return err
	}
	batch.Key, batch.Hash, batch.Size, batch.Format = object.Key, object.ETag, object.Bytes, object.Format
	batch.Faults, batch.Contract = object.Faults, m.mark
	batch.Rows += object.Rows
	batch.Parts = append(batch.Parts, state.Part{Window: window, Profile: name, Rows: object.Rows})
	first, last := span([]route.Part{{Window: window, Profile: one}})
	if batch.First.IsZero() || first.Before(batch.First) {
		batch.First = first
	}
	if last.After(batch.Last) {
		batch.Last = last
	}
	// The time at which it was written is lost; a report that counts it is not older.
	if at, err := time.Parse(time.RFC3339, created); err == nil && (batch.Arrived.IsZero() || at.Before(batch.Arrived)) {
		batch.Arrived = at
	}
	return nil
}
