package monitor

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"leeway/core/fault"
	"leeway/core/outcome"
	"leeway/core/profile"
	"leeway/core/state"
)

// rounds is how often a run goes over a model again because it came upon damage
// of its state on the way. Each time all that is known of is mended.
const rounds = 3

// damaged is the error of a run that has to go over the model again: objects
// are to be read again. needed are damaged profiles that windows with new rows
// cannot do without.
type damaged struct {
	error
	needed []state.Damage
	noted  bool // all is done that can be: the next time over finds what there is
}

func (d *damaged) Unwrap() error { return d.error }

// mend prepares that damaged state is made again. Objects are read again whose
// profiles are damaged, and windows are judged again whose reports are; records
// and summaries count as missing, so that what they stand for comes by itself.
// It tells whether there was anything to mend.
func (m *model) mend(ctx context.Context) (bool, error) {
	m.again, m.gone, m.pending = map[state.Window]bool{}, map[state.Window]bool{}, false
	damages, err := m.DB.Noted(ctx, m.name)
	damages = append(m.DB.Noticed(m.name), damages...)
	if err == nil {
		err = m.mendAll(ctx, damages, false)
	}
	if err == nil {
		err = m.lookForEnds(ctx)
	}
	if err == nil && m.pending {
		err = &damaged{error: fault.New(fault.Unavailable, "state is damaged and being made again", "run leeway again")}
	}
	return len(damages) > 0, err
}

func (m *model) mendAll(ctx context.Context, damages []state.Damage, needed bool) error {
	for _, one := range damages {
		if err := m.mendOne(ctx, one, needed); err != nil {
			return err
		}
	}
	return nil
}

// noteDamage notes what the last look at the state came upon.
func (m *model) noteDamage(ctx context.Context) error {
	for _, one := range m.DB.Noticed(m.name) {
		if err := m.setAside(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

func (m *model) mendOne(ctx context.Context, d state.Damage, needed bool) error {
	if err := m.setAside(ctx, d); err != nil {
		return err
	}
	switch place, rest := d.Place(m.name); place {
	case "profiles":
		return m.reread(ctx, rest, needed)
	case "ledger":
		return m.relearn(ctx, rest)
	case "history":
		if window, err := state.ParseWindow(strings.TrimSuffix(rest, ".json")); err == nil {
			m.again[window] = true
		}
	case "reports":
		return m.rewrite(ctx, rest)
	case "batches":
		return m.restore(ctx, d.Key)
	}
	return nil
}

// setAside notes damage in quarantine and tells of it once.
func (m *model) setAside(ctx context.Context, d state.Damage) error {
	fresh, err := m.DB.SetAside(ctx, m.name, d)
	if fresh {
		m.observe(Event{Object: d.Key, Bytes: d.Size, Err: d.Fault(m.name)})
	}
	return err
}

// reread has the objects read again that a profile was made from. One that is
// not there any more leaves its window as it was reported, unless the window
// needs a report: then its rows are left out, and the report says so.
func (m *model) reread(ctx context.Context, rest string, needed bool) error {
	key, name, _ := strings.Cut(rest, "/")
	window, err := state.ParseWindow(key)
	if err != nil {
		return nil // nobody reads it
	}
	of := func(p state.Part) bool { return p.Window == window && p.Profile == name && !p.Lost }
	return m.refetch(ctx, of, func(batch state.Batch, at int) error {
		if !needed {
			m.gone[window] = true
			return nil
		}
		batch.Parts[at].Lost = true
		return m.DB.PutBatch(ctx, m.name, batch)
	})
}

// refetch has the objects read again of which a part is damaged. What is to become
// of the part of an object that is not there any more, gone says; the batch that
// it gets is its own.
func (m *model) refetch(ctx context.Context, damaged func(state.Part) bool, gone func(batch state.Batch, part int) error) error {
	batches, err := m.DB.Batches(ctx, m.name)
	if err != nil {
		return err
	}
	for _, batch := range batches {
		at := slices.IndexFunc(batch.Parts, damaged)
		if at < 0 {
			continue
		}
		there, err := m.isThere(ctx, batch.Key)
		switch {
		case err != nil:
		case there:
			m.pending = true
			err = m.DB.Forget(ctx, m.name, batch.Key)
		default:
			batch.Parts = slices.Clone(batch.Parts) // the records in memory are shared
			err = gone(batch, at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// isThere tells whether an object is still where it was delivered.
func (m *model) isThere(ctx context.Context, key string) (bool, error) {
	object, err := m.Data.Open(ctx, key)
	if fault.KindOf(err) == fault.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, object.Close()
}

// rewrite has a window judged again whose newest report is damaged. Superseded
// reports cannot be made again: what they were made from has changed.
func (m *model) rewrite(ctx context.Context, rest string) error {
	key, file, _ := strings.Cut(rest, "/")
	window, err := state.ParseWindow(key)
	if err != nil {
		return nil // nobody reads it
	}
	history, err := m.DB.History(ctx, m.name, window.Start, window.End)
	if err != nil {
		return err
	}
	for i := range history {
		if history[i].Window == window && history[i].Report == strings.TrimSuffix(file, ".json") {
			m.again[window] = true
		}
	}
	return nil
}

// lookForEnds finds newest reports that are cut off or gone, once per process:
// that is what a crash of the machine or a full disk leaves.
func (m *model) lookForEnds(ctx context.Context) error {
	if _, done := m.looked.Load(m.name); done {
		return nil
	}
	history, err := m.DB.History(ctx, m.name, time.Time{}, time.Time{})
	if err != nil {
		return err
	}
	for i := range history {
		if m.again[history[i].Window] {
			continue // known already
		}
		whole, err := m.DB.Ends(ctx, m.name, &history[i])
		if err != nil {
			return err
		}
		if whole {
			continue
		}
		m.again[history[i].Window] = true
		d := state.Damage{Key: state.ReportKey(m.name, history[i].Window, history[i].Report), Err: errors.New("it is cut off or gone")}
		if err := m.setAside(ctx, d); err != nil {
			return err
		}
	}
	m.looked.Store(m.name, true)
	return nil
}

// lookThrough finds all damaged profiles of windows with new rows, so that they
// are mended together.
func (p *pass) lookThrough(ctx context.Context, because *damaged) error {
	all := &damaged{error: because.error}
	for _, s := range p.steps {
		if !s.touched {
			continue
		}
		damages, err := p.damages(ctx, s.window)
		if err != nil {
			return err
		}
		all.needed = append(all.needed, damages...)
	}
	return all
}

// mendFrom has all profiles made again that are damaged of the windows from one on,
// or left out where their files are gone: the next time over finds what there is.
func (p *pass) mendFrom(ctx context.Context, first int, because *damaged) error {
	var all []state.Damage
	for _, s := range p.steps[first:] {
		damages, err := p.damages(ctx, s.window)
		if err != nil {
			return err
		}
		all = append(all, damages...)
	}
	if err := p.mendAll(ctx, all, false); err != nil {
		return err
	}
	return &damaged{error: because.error, noted: true}
}

// damages are the profiles of a window that are damaged.
func (p *pass) damages(ctx context.Context, window state.Window) (all []state.Damage, err error) {
	err = p.ofWindows(ctx, []state.Window{window}, p.delivered, outcome.NewShape(p.contract, 0).Bare()).look()
	var one *damaged
	switch {
	case errors.As(err, &one):
		all = append(all, one.needed...)
	case err != nil:
		return nil, err
	}
	for _, name := range p.live[window] {
		_, err := p.profile(ctx, window, name)
		var one *damaged
		switch {
		case errors.As(err, &one):
			all = append(all, one.needed...)
		case err != nil:
			return nil, err
		}
	}
	return all, nil
}

// profile reads a stored profile.
func (m *model) profile(ctx context.Context, window state.Window, name string) (*profile.Dataset, error) {
	data, err := m.DB.Profile(ctx, m.name, window, name)
	return m.decodeProfile(window, name, data, err)
}

// decodeProfile decodes what was read of a profile.
func (m *model) decodeProfile(window state.Window, name string, data []byte, err error) (*profile.Dataset, error) {
	if err == nil {
		var one *profile.Dataset
		if one, err = profile.Decode(data); err == nil {
			return one, nil
		}
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound:
		d := state.Damage{Key: state.ProfileKey(m.name, window, name), Size: int64(len(data)), Err: err}
		return nil, &damaged{error: d.Fault(m.name), needed: []state.Damage{d}}
	}
	return nil, err
}
