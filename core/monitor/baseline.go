package monitor

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"leeway/core/cases"
	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/segment"
	"leeway/core/state"
)

// baseline is a loaded baseline.
type baseline struct {
	state.Baseline
	profile  *profile.Dataset
	contract *schema.Schema // of its schema and the configuration
}

// variation is how the windows of the reference differed, if they were as long as
// those of now.
func (b *baseline) variation(c *config.Config) map[string][]metric.Deviate {
	if b.Every != c.Window.Every {
		return nil
	}
	return b.Variation
}

// others says that windows are judged by sampling alone, because those of the
// reference were of another length; "" if they are not.
func (b *baseline) others(c *config.Config) string {
	if len(b.Variation) == 0 || b.variation(c) != nil {
		return ""
	}
	return fmt.Sprintf("how windows differ is known of the reference by the %s, not by the %s: windows may alarm for less (leeway baseline build makes a new baseline)", b.Every, c.Window.Every)
}

// collection is what windows are compared with.
func (b *baseline) collection(c *config.Config) *Collection {
	notes := b.Notes
	if line := b.alone(c); line != "" {
		notes = append([]string{line}, notes...)
	}
	for _, line := range []string{b.others(c), b.short(c), b.hint(c), b.undivided(c)} {
		if line != "" {
			notes = append(slices.Clone(notes), line)
		}
	}
	return &Collection{Profile: b.profile, Objects: b.Objects, Notes: notes, Dropped: droppedIn(b.Objects)}
}

// prepare loads the model's baseline. While it has none that anybody approved,
// reference/<model>/ makes one, which counts as approved; without that the
// first batch is proposed. It tells whether there is anything to compare with.
func (m *model) prepare(ctx context.Context, result *Result) (bool, error) {
	version, approved, err := m.DB.Standing(ctx, m.name)
	if err != nil {
		return false, m.noteBaselines(ctx, err)
	}
	before := version
	if !approved {
		given, waits, err := m.given(ctx, result)
		if err != nil || waits {
			return false, err
		}
		if given != "" {
			version = given
		}
	}
	if version == "" {
		if version, err = m.propose(ctx, result); err != nil || version == "" {
			return false, err
		}
	}
	if err := m.load(ctx, version); err != nil {
		return true, m.noteBaselines(ctx, err)
	}
	if hint := m.baseline.hint(m.config); hint != "" && version != before {
		result.Notes = append(result.Notes, hint)
	}
	return true, nil
}

// noteBaselines notes what is damaged of the baselines, for the pages and
// doctor, if that may be why err came about. Which baseline counts is a decision:
// it is for a person to build or approve another one.
func (m *model) noteBaselines(ctx context.Context, err error) error {
	if fault.KindOf(err) != fault.Invalid {
		return err
	}
	found, failed := m.DB.Inspect(ctx, m.name, "baselines/")
	for _, one := range found {
		failed = errors.Join(failed, m.setAside(ctx, one))
	}
	return errors.Join(err, failed)
}

func (m *model) load(ctx context.Context, version string) error {
	var err error
	if m.baseline, err = m.read(ctx, version); err != nil {
		return err
	}
	m.contract = m.baseline.contract
	m.mark, err = mark(m)
	return err
}

// read reads a version from the bucket.
func (m *model) read(ctx context.Context, version string) (*baseline, error) {
	stored, err := m.DB.Baseline(ctx, m.name, version)
	if err != nil {
		return nil, err
	}
	decoded, err := m.decoded(ctx, version)
	if err != nil {
		return nil, err
	}
	contract, _, err := m.config.Apply(stored.Schema)
	return &baseline{stored, decoded, contract}, err
}

// decoded is the profile of a baseline. Versions never change, so the one used
// last stays in memory.
func (m *model) decoded(ctx context.Context, version string) (*profile.Dataset, error) {
	type known struct {
		version string
		profile *profile.Dataset
	}
	if kept, ok := m.baselines.Load(m.name); ok && kept.(known).version == version {
		return kept.(known).profile, nil
	}
	data, err := m.DB.BaselineProfile(ctx, m.name, version)
	var decoded *profile.Dataset
	if err == nil {
		decoded, err = profile.Decode(data)
	}
	switch fault.KindOf(err) {
	case "":
	case fault.Invalid, fault.NotFound:
		d := state.Damage{Key: state.BaselineKey(m.name, version) + ".profile", Size: int64(len(data)), Err: err}
		return nil, d.Fault(m.name)
	default:
		return nil, err
	}
	m.baselines.Store(m.name, known{version, decoded})
	return decoded, nil
}

// mark names the contract and all else that decides what a profile of an
// object looks like. Batches that were read under another mark are read again.
func mark(m *model) (string, error) {
	data, err := json.Marshal(struct {
		Columns []schema.Column
		Every   string
		Header  []string
		Missing []string
		Groups  []string `json:",omitempty"` // columns that rows are grouped by

		Segments []segment.Division `json:",omitempty"`
	}{m.contract.Columns, m.config.Window.Every, m.config.Header, m.config.MissingValues, outcome.NewShape(m.contract, 0).GroupedBy(), m.divisions()})
	return short(string(data)), err
}

// given makes a baseline of reference data, "" if there are none. They may
// still be being written: a baseline of half a file would be wrong for good, so
// it waits for longer than a batch does, and for all of its files.
func (m *model) given(ctx context.Context, result *Result) (version string, waits bool, err error) {
	prefix := "reference/" + m.name + "/"
	keys, err := objects(ctx, m.Data, prefix)
	if err != nil || len(keys) == 0 {
		return "", false, err
	}
	if len(m.whole(ctx, keys, 2*m.Settle, result)) < len(keys) {
		return "", true, nil
	}
	version, err = m.build(ctx, keys, true, "built from "+prefix)
	err = result.later(err)
	return version, version == "", err
}

// propose makes a baseline of the first batch; "" if there is none.
func (m *model) propose(ctx context.Context, result *Result) (string, error) {
	var err error
	m.contract = &schema.Schema{} // without a baseline nothing is known
	if m.mark, err = mark(m); err != nil {
		return "", err
	}
	pending, err := m.DB.Pending(ctx, m.name, m.mark)
	if err != nil {
		return "", err
	}
	// A file that cannot be read is no baseline: the first that can is.
	for _, info := range m.whole(ctx, pending, 2*m.Settle, result) {
		version, err := m.build(ctx, []state.Info{info}, false, "proposed from the first batch, "+info.Key)
		if errors.As(err, &refused{}) {
			return "", err
		}
		switch err = result.later(err); fault.KindOf(err) {
		case fault.Invalid, fault.Denied, fault.NotFound:
			continue
		}
		if version != "" || err != nil {
			return version, err
		}
	}
	// None can: they are recorded under no contract, and read again as soon as
	// there is one.
	return "", m.ingest(ctx, result)
}

// later turns the error of an object that is still being written into a note
// that it is waited for.
func (r *Result) later(err error) error {
	if !errors.As(err, &growing{}) {
		return err
	}
	var known *fault.Error
	if errors.As(err, &known) {
		r.wait(known.Object, glance)
	}
	return nil
}

func objects(ctx context.Context, store state.Store, prefix string) ([]state.Info, error) {
	var all []state.Info
	for info, err := range store.List(ctx, prefix) {
		if err != nil {
			return nil, err
		}
		if state.IsData(info.Key) {
			all = append(all, info)
		}
	}
	return all, nil
}

// build makes a baseline from objects and makes it current: approved, or
// proposed for a person to approve.
func (m *model) build(ctx context.Context, infos []state.Info, approved bool, reason string) (string, error) {
	collector := &Collector{Config: m.config, Options: profile.Baseline.Keyed(m.IDKey), Outcomes: &Outcomes{Joined: true, Key: m.IDKey, Cases: cases.Bound}, Windows: &windowed{every: m.config.Window.Every, key: m.IDKey, seasons: seasonsOf(m.config)}}
	if err := m.survey(ctx, collector, infos); err != nil {
		return "", err
	}
	var newest time.Time
	var failed error
	for _, info := range infos {
		if err := m.collect(ctx, collector, info); err != nil {
			if again := m.unfinished(ctx, info, err); again != nil {
				return "", again
			}
			if fault.KindOf(err) == fault.Conflict { // it was written to meanwhile
				return "", growing{err}
			}
			if fault.KindOf(err) != fault.Invalid {
				return "", err
			}
			failed = errors.Join(failed, err)
			m.observe(Event{Object: info.Key, Err: err})
			collector.note([]string{"left out of the baseline: " + err.Error()})
			continue
		}
		if info.Modified.After(newest) {
			newest = info.Modified
		}
	}
	collection, err := collector.Collection()
	if err != nil {
		return "", err
	}
	if collection.Profile.Rows == 0 {
		return "", noRows(infos, failed)
	}
	b := state.Baseline{Created: newest.UTC(), Approved: approved, Reason: reason, Schema: collector.Contract, Every: m.config.Window.Every, Segments: collector.Divisions}
	slots, err := m.learn(&b, collection, collector)
	if err != nil {
		return "", err
	}
	return m.keep(ctx, collection, collector.Outcomes.kept(collector.Contract), slots, b)
}

// learn fills in what is known of the windows of a baseline, and of their pieces and
// seasons; the profiles of the latter are to be stored with it.
func (m *model) learn(b *state.Baseline, whole *Collection, from *Collector) (slots []slotProfile, err error) {
	if b.Variation, err = m.variation(whole, from.Contract, from.Windows); err != nil {
		return nil, err
	}
	if b.Pieces, err = m.pieces(whole, from.Contract, from.Windows); err != nil {
		return nil, err
	}
	b.Cover = from.Windows.cover()
	b.Seasons, slots, err = m.seasons(whole, from.Contract, from.Windows)
	return slots, err
}

// survey has the collector look at all objects for segments.
func (m *model) survey(ctx context.Context, collector *Collector, infos []state.Info) error {
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

func (m *model) keep(ctx context.Context, c *Collection, ledger []byte, slots []slotProfile, b state.Baseline) (string, error) {
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

func (m *model) collect(ctx context.Context, collector *Collector, info state.Info) error {
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
	size := object.Info().Size
	source := format.Source{Name: info.Key, At: object, Size: size, Stream: &stoppable{ctx, io.NewSectionReader(object, 0, size)}}
	return fault.In(info.Key, read(source, hash))
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

// DiffBaselines compares two versions of a model's baseline under its
// configuration, the newer one playing the current side.
func (m *Monitor) DiffBaselines(ctx context.Context, name, older, newer string) (*report.Report, error) {
	one := &model{Monitor: m, name: name}
	if err := one.settings(ctx); err != nil {
		return nil, err
	}
	if err := one.load(ctx, older); err != nil {
		return nil, err
	}
	before := one.baseline
	if _, err := m.DB.Baseline(ctx, name, newer); err != nil {
		return nil, err
	}
	after, err := one.decoded(ctx, newer)
	if err != nil {
		return nil, err
	}
	current := &Collection{Profile: after}
	current.Profile, _ = fit(after, one.contract)
	for _, column := range before.profile.Columns {
		if after.Column(column.Name) == nil {
			current.Missing = append(current.Missing, column.Name)
		}
	}
	for _, column := range after.Columns {
		if one.contract.Column(column.Name) == nil {
			current.Unexpected = append(current.Unexpected, column.Name)
		}
	}
	return Compare(&Comparison{
		Config: one.config, Contract: one.contract, Current: current, Created: before.Created, Baseline: older,
		Reference: &Collection{Profile: before.profile, Objects: before.Objects, Dropped: droppedIn(before.Objects)},
	})
}
