package monitor

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"leeway/core/fault"
	"leeway/core/report"
	"leeway/core/state"
)

// RunLeased is Run where many processes are told of objects at once. Each reads
// those that it was told of, which takes as many calls however many objects the model
// has. What grows with these is done by one process at a time, which has a lease, and
// as often as that one comes round to it: whoever finds it taken asks for what is to
// be done, and need not wait. The holder goes over the model again for as long as it
// was asked to meanwhile and has time.
//
// Whoever left work to a holder (result.Left) is to call again with want.After set to that
// after [Monitor.LeaseFor] or later: the holder may have died. want.By is found out here.
func (m *Monitor) RunLeased(ctx context.Context, name string, objects []state.Info, want state.Wanted) (*Result, error) {
	result := &Result{Model: name}
	if err := state.CheckModel(name); err != nil {
		return result, err
	}
	one := m.model(name, false)
	one.leased = true
	err := one.runLeased(ctx, result, objects, want)
	result.Stage = one.stage
	m.troubles.note(ctx, name, err)
	return result, errors.Join(append(result.Failed, err)...)
}

// LeaseFor is how long the lease of a process that died holds at most.
func (m *Monitor) LeaseFor() time.Duration { return m.claimFor() }

func (m *model) runLeased(ctx context.Context, result *Result, objects []state.Info, want state.Wanted) error {
	if err := m.settings(ctx); err != nil {
		return err
	}
	if err := m.CheckKey(ctx, m.name); err != nil {
		return err
	}
	known, err := m.readThese(ctx, result, objects)
	if err != nil {
		return err
	}
	if !known && want.Ask != state.AskNothing {
		want.Ask = state.AskAll
	}
	want.By = m.recordedBy(result, objects)
	only := state.Wanted{Ask: state.AskJudge}
	if n := len(result.Elsewhere); n == 0 || n < len(objects) || want != only { // else whoever reads them judges
		if err := m.goOver(ctx, result, want); err != nil {
			return err
		}
	}
	if known {
		return nil
	}
	return m.thenLong(ctx, result, objects)
}

// goOver goes over the model, or leaves that to who has the lease.
func (m *model) goOver(ctx context.Context, result *Result, want state.Wanted) error {
	lease, after, err := m.DB.Lease(ctx, m.name, want, m.Clock.Now, m.claimFor())
	if err != nil || lease == nil {
		result.Left = after
		return err
	}
	return m.underLease(ctx, result, lease)
}

// thenLong reads the long ones of objects, of which nothing could be read while there was
// no baseline: all that was pending besides is read by now.
func (m *model) thenLong(ctx context.Context, result *Result, objects []state.Info) error {
	long := slices.DeleteFunc(slices.Clone(objects), func(info state.Info) bool { return !m.Long(info) })
	if len(long) == 0 {
		return nil
	}
	known, err := m.readThese(ctx, result, long)
	if err != nil {
		return err
	}
	if !known {
		for i := range long {
			result.Elsewhere = append(result.Elsewhere, long[i].Key)
		}
		return nil
	}
	result.Long = slices.DeleteFunc(result.Long, func(info state.Info) bool {
		return slices.ContainsFunc(long, func(one state.Info) bool { return one.Key == info.Key })
	})
	return m.goOver(ctx, result, state.Wanted{Ask: state.AskJudge})
}

// recordedBy is by when objects were recorded that were all recorded before; zero where
// one was read just now, or cannot be yet.
func (m *model) recordedBy(result *Result, objects []state.Info) (by time.Time) {
	if result.Batches > 0 {
		return time.Time{}
	}
	for i := range objects {
		at, ok := m.recorded.Load(objects[i].Key)
		if !ok {
			return time.Time{}
		}
		if at.(time.Time).After(by) {
			by = at.(time.Time)
		}
	}
	return by
}

// busy is for how long after a look at a model the next one reads whatever is pending
// before windows are judged: where so much comes it is many objects at once.
const busy = time.Minute

// underLease goes over the model until nothing is asked any more, or the time may not
// be enough for it: those who asked look again.
func (m *model) underLease(ctx context.Context, result *Result, lease *state.Lease) error {
	m.drains = m.Clock.Now().Sub(lease.Ended) < busy
	for ask := lease.First; ask != state.AskNothing; m.drains = true {
		begun, failed, waiting := m.Clock.Now(), len(result.Failed), len(result.Waiting)
		m.all = ask == state.AskAll
		m.readUntil = m.half(ctx)
		err := m.holding(ctx, lease, func() error { return m.run(ctx, result) })
		if result.Missed = ask == state.AskAll && len(result.Waiting) > waiting || slices.ContainsFunc(result.Failed[failed:], m.mayWork(ask)); err == nil && !result.Missed {
			ask, err = lease.End(ctx, begun, m.Clock.Now)
		}
		if err != nil || result.Missed || ask != state.AskNothing && !m.enough(ctx, m.Clock.Now().Sub(begun)) {
			return errors.Join(err, lease.Leave(context.WithoutCancel(ctx)))
		}
		if ask == state.AskNothing {
			return nil
		}
		if ask, err = lease.Begin(ctx, m.Clock.Now); err != nil {
			return err
		}
	}
	return nil
}

// mayWork tells whether an error is of an object that others left to this process, or may
// have, and that may be had the next time: they are not told of it.
func (m *model) mayWork(ask state.Ask) func(error) bool {
	tops := []string{"labels/", "reference/", "retrain/"}
	if ask == state.AskAll {
		tops = append(tops, "logs/")
	}
	return func(err error) bool {
		var one *fault.Error
		return errors.As(err, &one) && fault.KindOf(err) == fault.Unavailable && slices.ContainsFunc(tops, func(top string) bool {
			return strings.HasPrefix(one.Object, top+m.name+"/")
		})
	}
}

// half is when half of the time that is left is over; zero where it has no end.
func (m *model) half(ctx context.Context) time.Time {
	deadline, ok := ctx.Deadline()
	if !ok {
		return time.Time{}
	}
	now := m.Clock.Now()
	return now.Add(deadline.Sub(now) / 2)
}

// enough tells whether the time that is left is enough for as much as took so long before.
func (m *model) enough(ctx context.Context, took time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return !ok || deadline.Sub(m.Clock.Now()) > 2*took
}

// holding holds a lease while work goes on.
func (m *model) holding(ctx context.Context, lease *state.Lease, work func() error) error {
	stop := m.renewing(func() bool {
		mine, err := lease.Hold(ctx, m.Clock.Now)
		return err != nil || mine // else somebody else has it, who may do the same too
	})
	err := work()
	stop()
	return err
}

// late tells whether the time is over for reading what is pending.
func (m *model) late() bool { return !m.readUntil.IsZero() && m.Clock.Now().After(m.readUntil) }

// undone is what follows from that: others are told of what is pending, too, unless it
// is for another reason than that it came.
func (m *model) undone() error {
	if m.all {
		return fault.New(fault.Unavailable, "the time was not enough for all objects that are pending", "what is done stays done, and the rest is tried again")
	}
	return nil
}

// readThese reads objects that are not recorded yet. It tells whether that could be
// done: without a baseline nothing is known of columns.
func (m *model) readThese(ctx context.Context, result *Result, objects []state.Info) (bool, error) {
	m.stage = ""
	version, _, err := m.DB.Standing(ctx, m.name)
	if err != nil || version == "" {
		return false, m.noteBaselines(ctx, err)
	}
	if len(objects) == 0 {
		return true, nil
	}
	if err := m.load(ctx, version); err != nil {
		return false, m.noteBaselines(ctx, err)
	}
	if err := m.expectLabels(ctx); err != nil {
		return false, err
	}
	if err := m.keepKey(ctx); err != nil {
		return false, err
	}
	outcome := m.readAll(ctx, m.whole(ctx, objects, m.Settle, result), m.once())
	for i := range objects {
		if _, is := m.elsewhere.Load(objects[i].Key); is {
			result.Elsewhere = append(result.Elsewhere, objects[i].Key)
		}
	}
	result.Batches += outcome.read
	result.Invalid += outcome.invalid
	result.Halfway = append(result.Halfway, outcome.halfway...)
	for _, key := range outcome.growing {
		result.wait(key, glance)
	}
	for _, err := range outcome.failed {
		result.Failed = append(result.Failed, err)
	}
	return true, outcome.err
}

// later leaves long objects out of those that are pending. They are noted where all that is
// pending was asked for: else others are told of each.
func (m *model) later(pending []state.Info, result *Result) []state.Info {
	return slices.DeleteFunc(pending, func(info state.Info) bool {
		if !m.Long(info) {
			return false
		}
		if m.all && !slices.ContainsFunc(result.Long, func(known state.Info) bool { return known.Key == info.Key }) {
			result.Long = append(result.Long, info)
		}
		return true
	})
}

// taking reads an object unless that is done.
type taking func(ctx context.Context, info state.Info) (read, invalid int, err error)

// once is how an object is read that others may be told of, too.
func (m *model) once() taking {
	if m.leased {
		return m.unlessRecorded
	}
	return m.claimed
}

// unclaimed is up to how many bytes reading an object twice is less work than making
// sure that it is read once: that takes three calls.
const unclaimed = 1 << 20

// unlessRecorded reads an object that is not recorded as it is now. It waits for
// whoever is reading it, but not for as long as a long one takes.
func (m *model) unlessRecorded(ctx context.Context, info state.Info) (read, invalid int, err error) {
	for wait := m.claimFor() / 10; ; wait = min(2*wait, m.claimFor()) {
		at, err := m.DB.Recorded(ctx, m.name, m.mark, info)
		if err != nil {
			return 0, 0, err
		}
		if !at.IsZero() {
			m.recorded.Store(info.Key, at)
			return 0, 0, nil
		}
		if info.Size <= unclaimed {
			return m.record(ctx, info)
		}
		if read, invalid, err = m.claimed(ctx, info); err != nil || read > 0 {
			return read, invalid, err
		}
		if m.Long(info) {
			m.elsewhere.Store(info.Key, true)
			return 0, 0, nil
		}
		if err := pause(ctx, wait); err != nil {
			return 0, 0, err
		}
	}
}

// readOtherwise tells, once in the life of a process, whether objects were read under
// another contract than that of now: they are pending then, unless they are gone.
func (m *model) readOtherwise(batches []state.Batch) bool {
	if m.all {
		return false // it was looked for what is pending
	}
	for i := range batches {
		if batches[i].Contract != m.mark && batches[i].Verdict != report.Invalid {
			_, done := m.looked.LoadOrStore(m.name+"\x00"+m.mark, true)
			return !done
		}
	}
	return false
}
