package monitor

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"leeway/core/cases"
	"leeway/core/collect"
	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/state"
	"leeway/core/truth"
	"leeway/core/vary"
)

// build makes a baseline from objects and makes it current: approved, or
// proposed for a person to approve. Where a few windows on end stand apart from all
// others it is made once more without them.
func (m *model) build(ctx context.Context, infos []state.Info, approved bool, reason string) (string, error) {
	b := state.Baseline{Approved: approved, Reason: reason, Every: m.config.Window.Every}
	read, err := m.assemble(ctx, infos, nil, &b)
	if err != nil {
		return "", err
	}
	m.stage = "the windows of a new baseline were compared"
	slots, out, err := read.learn(&b)
	if err == nil && len(out) > 0 {
		if read, err = m.assemble(ctx, infos, out, &b); err != nil {
			return "", err
		}
		slots, _, err = read.learn(&b)
	}
	if err != nil {
		return "", err
	}
	return m.keep(ctx, read.whole, read.Outcomes.Kept(read.Contract, read.windows.Numbered()), slots, b)
}

// assembled is a reference that was read.
type assembled struct {
	*collect.Collector
	whole   *collect.Collection
	windows *vary.Windows
}

// learn fills in what is known of its windows, see [vary.Windows.Learn].
func (a *assembled) learn(b *state.Baseline) ([]vary.Slot, []vary.Episode, error) {
	return a.windows.Learn(b, a.whole.Profile, a.Contract, a.Outcomes)
}

// assemble reads the objects of a baseline, without some stretches of windows.
func (m *model) assemble(ctx context.Context, infos []state.Info, out []vary.Episode, b *state.Baseline) (*assembled, error) {
	windows := vary.New(m.config, m.IDKey, out, ctx.Err)
	collector := &collect.Collector{Config: m.config, Options: profile.Baseline.Keyed(m.IDKey), Outcomes: &truth.Outcomes{Joined: true, Key: m.IDKey, Cases: cases.Bound}, Windows: windows, Skip: windows.Skip()}
	infos = collect.Leading(collector, infos, func(info state.Info, read func(format.Source) error) error {
		return m.peek(ctx, info, read)
	})
	if err := m.survey(ctx, collector, infos); err != nil {
		return nil, err
	}
	var newest time.Time
	var failed error
	b.Skipped = nil
	for _, info := range infos {
		m.stage = "a baseline was made of " + info.Key
		if err := m.collect(ctx, collector, info); err != nil {
			if again := m.unlessInvalid(ctx, info, err); again != nil {
				return nil, again
			}
			failed = errors.Join(failed, err)
			if out == nil { // else it was told
				m.observe(Event{Object: info.Key, Err: err})
			}
			collector.Note([]string{"left out of the baseline: " + err.Error()})
			b.Skipped = append(b.Skipped, skipped(info, err))
			continue
		}
		if info.Modified.After(newest) {
			newest = info.Modified
		}
	}
	collector.Note(windows.LeftOut())
	whole := collector.Collection()
	if whole.Profile.Rows == 0 {
		return nil, noRows(infos, failed)
	}
	b.Created, b.Schema, b.Segments = newest.UTC(), collector.Contract, collector.Divisions
	return &assembled{collector, whole, windows}, nil
}

// unlessInvalid is why an object of a baseline could not be read, if it may be another time; nil
// where it cannot be read as it is.
func (m *model) unlessInvalid(ctx context.Context, info state.Info, err error) error {
	if again := m.unfinished(ctx, info, err); again != nil {
		return again
	}
	switch fault.KindOf(err) {
	case fault.Conflict: // it was written to meanwhile
		return growing{err}
	case fault.Invalid:
		return nil
	}
	return err
}

// skipped says why an object is left out of a baseline.
func skipped(info state.Info, err error) state.Skipped {
	var b state.Batch
	reject(&b, err)
	return state.Skipped{Key: info.Key, ETag: info.ETag, Error: b.Error, Hint: b.Hint}
}

// survey has the collector look at all objects for segments.
func (m *model) survey(ctx context.Context, collector *collect.Collector, infos []state.Info) error {
	for _, info := range infos {
		if !collector.Divides() {
			return nil
		}
		err := m.open(ctx, info, func(source format.Source, _ string) error { return collector.Survey(source) })
		if kind := fault.KindOf(err); err != nil && kind != fault.Invalid && kind != fault.Conflict { // else it is told when it is collected
			return err
		}
	}
	if err := collector.Divide(); err != nil {
		return refused{fault.In(ConfigKey(m.name), err)}
	}
	return nil
}

// refused is the error of segments that cannot be made: no other file helps.
type refused struct{ error }

func (r refused) Unwrap() error { return r.error }

func noRows(infos []state.Info, failed error) error {
	if failed != nil {
		return failed
	}
	return &fault.Error{Kind: fault.Invalid, Object: infos[0].Key, Err: errors.New("no rows to make a baseline from"), Hint: "give data that the model saw when it was good"}
}

func (m *model) keep(ctx context.Context, c *collect.Collection, ledger []byte, slots []vary.Slot, b state.Baseline) (string, error) {
	data := c.Profile.Encode()
	version, err := versionOf(data, &b, slots)
	if err != nil {
		return "", err
	}
	b.Version = version
	b.Rows, b.Objects, b.Notes = c.Profile.Rows, c.Objects, c.Notes
	if err := m.keepSlots(ctx, version, slots); err != nil {
		return "", err
	}
	if ledger != nil {
		if err := m.DB.PutBaselineLedger(ctx, m.name, version, ledger); err != nil {
			return "", err
		}
	}
	if err := m.DB.PutBaseline(ctx, m.name, b, data); err != nil {
		return "", err
	}
	if err := m.DB.Adopt(ctx, m.name, b.Version); err != nil {
		return "", err
	}
	return b.Version, nil
}

func (m *model) collect(ctx context.Context, collector *collect.Collector, info state.Info) error {
	return m.open(ctx, info, func(source format.Source, hash string) error {
		return collector.Add(source, report.Object{Key: info.Key, Bytes: source.Size, ETag: hash})
	})
}

// open opens an object to be read, and tells its content's hash.
func (m *model) open(ctx context.Context, info state.Info, read func(source format.Source, hash string) error) error {
	object, err := m.Data.Open(ctx, info.Key)
	if err != nil {
		return err
	}
	defer object.Close()
	// The content's hash and not the store's ETag, which differs between copies
	// of a bucket: the state would differ with it.
	hash, err := contentHash(ctx, object)
	if err != nil {
		return err
	}
	return fault.In(info.Key, read(objectSource(ctx, object), hash))
}

func objectSource(ctx context.Context, object state.Object) format.Source {
	size := object.Info().Size
	return format.Source{Name: object.Info().Key, At: object, Size: size, Stream: &stoppable{ctx, io.NewSectionReader(object, 0, size)}}
}

// peek opens an object for a look at its beginning.
func (m *model) peek(ctx context.Context, info state.Info, read func(format.Source) error) error {
	object, err := m.Data.Open(ctx, info.Key)
	if err != nil {
		return err
	}
	defer object.Close()
	return read(objectSource(ctx, object))
}

// BuildBaseline makes a new version of a model's baseline from the objects
// under the prefixes (reference/<model>/ where none is given). It is proposed
// until somebody approves it, unless approve is set.
func (m *Monitor) BuildBaseline(ctx context.Context, name string, prefixes []string, approve bool) (string, error) {
	if err := state.CheckModel(name); err != nil {
		return "", err
	}
	one := &model{Monitor: m, name: name}
	if err := one.settings(ctx); err != nil {
		return "", err
	}
	if err := m.CheckKey(ctx, name); err != nil {
		return "", err
	}
	if len(prefixes) == 0 {
		prefixes = []string{"reference/" + name + "/"}
	}
	var infos []state.Info
	for _, prefix := range prefixes {
		found, err := objects(ctx, m.Data, prefix)
		if err != nil {
			return "", err
		}
		infos = append(infos, found...)
	}
	if len(infos) == 0 {
		return "", &fault.Error{Kind: fault.NotFound, Object: prefixes[0], Err: errors.New("no files there"), Hint: "put reference data there, or name other objects"}
	}
	slices.SortFunc(infos, func(a, b state.Info) int { return cmp.Or(a.Modified.Compare(b.Modified), cmp.Compare(a.Key, b.Key)) })
	version, err := one.build(ctx, infos, approve, "built by hand from "+strings.Join(prefixes, ", "))
	if err != nil || !approve {
		return version, err
	}
	return version, m.DB.Approve(ctx, name, version)
}
