package monitor

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/internal/words"
	"leeway/core/ledger"
	"leeway/core/outcome"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/state"
	"leeway/core/truth"
)

// Late labels. What was predicted is kept by window in the ledger, beside the
// profiles; files below labels/<model>/ are read once into the state. When there
// are labels that the windows were not joined with yet, every window's ledger is
// joined with all labels, and those windows are judged again whose rows have other
// labels than their report knew. Which labels a report knew, its summary names; so
// the same files in any order, and however often, come to the same.

// known are the labels of a model. They are read when they are asked for, and
// not changed from then on: a run that has nothing to do does not look at them.
type known struct {
	shape  *outcome.Shape // what the labels' classes mean
	name   string         // names the labels; "" for none
	newest time.Time      // when the last of them came

	horizon time.Duration     // see config.Labels
	files   []state.LabelFile // the oldest first

	loading    gate // until loaded
	loaded     bool
	gate       gate                  // one makes references at a time
	references map[string]*reference // of baselines, by version
	labels     ledger.Labels
	before     map[string]bool // names of files that are not new, see awaiting
	stale      bool            // what is kept of baselines may be of other labels: see model.sweepPast
	err        error
}

// expectLabels finds out whether what is predicted is to be kept: the model has
// labels, or may be expected to have some one day, or its rows are grouped.
func (m *model) expectLabels(ctx context.Context) error {
	m.expects = false
	if !truth.KeepsLedger(m.contract) {
		return nil
	}
	if len(m.contract.ByRole(schema.Label)) > 0 || outcome.NewShape(m.contract, 0).Groups != nil {
		m.expects = true
		return nil
	}
	files, err := m.DB.LabelFiles(ctx, m.name)
	if err == nil && len(files) == 0 {
		var infos []state.Info
		infos, err = objects(ctx, m.Data, "labels/"+m.name+"/")
		m.expects = len(infos) > 0
		return err
	}
	m.expects = true
	return err
}

// learnLate has those objects read again that were read before the model had any
// labels, and tells whether there are any. Of those that are gone nobody knows
// what was predicted.
func (m *model) learnLate(ctx context.Context) (bool, error) {
	batches, err := m.DB.Batches(ctx, m.name)
	if err != nil {
		return false, err
	}
	again := m.readOtherwise(batches)
	now := state.Now(batches)
	labels, err := m.findLabels(ctx, now)
	if err != nil || labels.name == "" {
		return again, err
	}
	done, err := m.DB.Joined(ctx, m.name)
	if err != nil || labels.name == done {
		return again, err
	}
	found := again
	for _, batch := range batches {
		if !slices.ContainsFunc(batch.Parts, func(p state.Part) bool { return !p.Ledger && !p.Lost && !m.expired(p.Window, now) }) {
			continue
		}
		there, err := m.isThere(ctx, batch.Key)
		if err == nil && there {
			found = true
			err = m.DB.Forget(ctx, m.name, batch.Key)
		}
		if err != nil {
			return false, err
		}
	}
	return found, err
}

// takeLabels reads the label files that are new.
func (m *model) takeLabels(ctx context.Context, result *Result) error {
	id := m.contract.ByRole(schema.ID)
	if len(id) == 0 || !truth.KeepsLedger(m.contract) {
		var err error
		result.Unused, err = m.unused(ctx)
		return err
	}
	how := m.howLabels()
	pending, err := m.DB.PendingLabels(ctx, m.name, how)
	if err != nil || len(pending) == 0 {
		return err
	}
	names, err := m.idNames(ctx, id[0].Name)
	if err != nil {
		return err
	}
	for _, info := range m.whole(ctx, pending, m.Settle, result) {
		m.stage = info.Key + " was read, which are labels"
		notes, err := m.takeLabelFile(ctx, info, how, names)
		result.Notes = append(result.Notes, notes...)
		switch {
		case errors.As(err, &growing{}):
			result.wait(info.Key, glance)
		case errors.As(err, &unavailable{}):
			result.Failed = append(result.Failed, err)
			if ctx.Err() != nil {
				return ctx.Err()
			}
		case errors.As(err, &rejected{}):
			result.Unread = append(result.Unread, err)
		case err != nil:
			return err
		}
	}
	return nil
}

// howLabels names how label files are read. Who knows one id can try keys on this as
// on any id's hash: a key that can be guessed hides nothing either way.
func (m *model) howLabels() string {
	how := m.mark + "\x00labels\x00" + string(m.contract.Task) + "\x00"
	if len(m.IDKey) > 0 {
		how += fmt.Sprintf("%016x", (&ledger.Hasher{Key: m.IDKey}).Hash([]byte("\x00labels\x00"+m.name)))
	}
	if version := m.config.Labels.Version; version != "" {
		how += "\x00" + version
	}
	return state.Short(how)
}

// idNames are the names that the id has in the contract and in logs.
func (m *model) idNames(ctx context.Context, name string) ([]string, error) {
	names := []string{name}
	batches, err := m.DB.Batches(ctx, m.name)
	for i := range batches {
		if other := batches[i].Renamed[name]; other != "" {
			names = words.Union(names, []string{other})
		}
	}
	return names, err
}

// rejected is the error of a label file that cannot be read, which is recorded.
type rejected struct{ error }

func (r rejected) Unwrap() error { return r.error }

// takeLabelFile reads one label file. What is wrong with it is in its record, and what
// is to be said of it in notes.
func (m *model) takeLabelFile(ctx context.Context, info state.Info, how string, names []string) (notes []string, err error) {
	object, err := m.Data.Open(ctx, info.Key)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, unavailable{err}
	}
	defer object.Close()
	info = object.Info()
	record := state.LabelFile{Key: info.Key, Size: info.Size, Arrived: info.Modified.UTC(), Read: how}
	if record.Hash, err = contentHash(ctx, object); err != nil {
		if fault.KindOf(err) == fault.Conflict {
			return nil, growing{fault.In(info.Key, err)}
		}
		return nil, unavailable{fault.In(info.Key, err)}
	}
	labels := &truth.Labels{Config: m.config, Contract: m.contract, Shape: outcome.NewShape(m.contract, 0), Names: names, Key: m.IDKey}
	source := format.Source{Name: info.Key, At: object, Size: info.Size, Stream: &stoppable{ctx, io.NewSectionReader(object, 0, info.Size)}}
	err = labels.Add(source, report.Object{Key: info.Key})
	switch fault.KindOf(err) {
	case "":
		record.Labels, record.Notes = labels.Taken().Rows(), labels.Notes()
		m.observe(Event{Object: info.Key, Rows: record.Labels, Bytes: info.Size})
		return m.ofFile(&record), m.DB.PutLabels(ctx, m.name, record, info.ETag, labels.Taken().Encode(labels.Shape))
	case fault.Invalid:
		if again := m.unfinished(ctx, info, err); again != nil {
			return nil, again
		}
		return nil, m.rejectLabels(ctx, record, info, err)
	}
	return nil, fault.In(info.Key, err)
}

// ofFile is what is to be said of a label file, with its key.
func (m *model) ofFile(f *state.LabelFile) (lines []string) {
	for _, note := range f.Notes {
		if !strings.HasPrefix(note, f.Key) {
			note = f.Key + ": " + note
		}
		lines = append(lines, note)
	}
	if f.Labels == 0 && len(lines) == 0 {
		lines = append(lines, holdsNone(f).Error())
	}
	return lines
}

// rejectLabels records a label file that cannot be read, and puts it into
// quarantine: its error is then [rejected].
func (m *model) rejectLabels(ctx context.Context, record state.LabelFile, info state.Info, err error) error {
	batch := state.Batch{Key: record.Key, Hash: record.Hash, Size: record.Size, Arrived: record.Arrived}
	reject(&batch, err)
	record.Error, record.Hint = batch.Error, batch.Hint
	if failed := m.DB.Quarantine(ctx, m.name, batch); failed != nil {
		return failed
	}
	err = fault.In(info.Key, err)
	m.observe(Event{Object: info.Key, Bytes: info.Size, Err: err})
	if failed := m.DB.PutLabels(ctx, m.name, record, info.ETag, nil); failed != nil {
		return failed
	}
	return rejected{err}
}

// findLabels looks which labels came so far, and are kept when the data have come
// to an instant.
func (m *model) findLabels(ctx context.Context, now time.Time) (*known, error) {
	files, err := m.DB.LabelFiles(ctx, m.name)
	k := &known{loading: newGate(), gate: newGate(), shape: outcome.NewShape(m.contract, 0), horizon: m.config.Labels.Horizon}
	k.labels.Dated = k.horizon > 0
	if err != nil || k.shape == nil {
		return k, err
	}
	for _, f := range files {
		if f.Error == "" && !m.forgotten(&f, now) {
			k.files = append(k.files, f)
		}
	}
	slices.SortFunc(k.files, func(a, b state.LabelFile) int {
		return cmp.Or(a.Arrived.Compare(b.Arrived), cmp.Compare(a.Key, b.Key))
	})
	if n := len(k.files); n > 0 {
		k.newest = k.files[n-1].Arrived
		k.name = k.names()[n]
	}
	return k, nil
}

// names are those of the first labels, by how many files of them.
func (k *known) names() []string {
	names, sum := []string{""}, [2]uint64{}
	for i, f := range k.files {
		hash := k.hash(&f)
		sum[0] += binary.LittleEndian.Uint64(hash[:])
		sum[1] += binary.LittleEndian.Uint64(hash[8:])
		names = append(names, fmt.Sprintf("%d-%016x%016x", i+1, sum[0], sum[1]))
	}
	return names
}

func (k *known) hash(f *state.LabelFile) [sha256.Size]byte {
	return sha256.Sum256([]byte(f.Hash + " " + f.Read + " " + f.Arrived.Format(time.RFC3339Nano) + " " + k.horizon.String()))
}

// nameOf names the labels of a file.
func (k *known) nameOf(f *state.LabelFile) string {
	hash := k.hash(f)
	return hex.EncodeToString(hash[:16])
}

// since is when the first of the labels came, in Unix nanoseconds, that windows
// were not joined with yet, given the name of those that they were.
func (k *known) since(done string) int64 {
	if at := slices.Index(k.names(), done); at >= 0 && at < len(k.files) {
		return k.files[at].Arrived.UnixNano()
	}
	return math.MinInt64
}

// load reads the labels, once.
func (k *known) load(ctx context.Context, m *model) error {
	free, err := k.loading.pass(ctx)
	if err != nil {
		return err
	}
	defer free()
	if k.loaded {
		return k.err
	}
	k.loaded = true
	for i := range k.files {
		if k.err = m.addLabels(ctx, k, &k.files[i]); k.err != nil {
			return k.err
		}
	}
	k.labels.Settle()
	return nil
}

// look joins ledgers with the labels that came so far.
func (m *model) look(ctx context.Context, ledgers *ledger.Shelf) (*ledger.Joined, error) {
	k := m.labels
	if err := k.load(ctx, m); err != nil {
		return nil, err
	}
	return k.labels.Look(k.shape, ledgers), nil
}

// match names the labels that ledgers have of those that came so far.
func (m *model) match(ctx context.Context, ledgers *ledger.Shelf) (ledger.Digest, error) {
	k := m.labels
	if err := k.load(ctx, m); err != nil || ledgers == nil {
		return ledger.Digest{}, err
	}
	return k.labels.Match(k.shape, ledgers), nil
}

// addLabels adds the labels of a file. Where they are damaged in the state they
// are made again from the file; if that is gone they are lost, which is told.
func (m *model) addLabels(ctx context.Context, k *known, f *state.LabelFile) error {
	read := func() error {
		data, err := m.DB.Labels(ctx, m.name, f)
		err = m.unlessDropped(ctx, err, state.LabelKey(m.name, f), func(d *state.Dropped) bool { return d.File(m.name, f) })
		if err != nil {
			return err
		}
		k.labels.New = !k.before[k.nameOf(f)]
		return k.labels.Decode(data, k.shape, f.Arrived.UnixNano())
	}
	err := read()
	if kind := fault.KindOf(err); kind != fault.NotFound && kind != fault.Invalid {
		return err
	}
	if err := m.setAside(ctx, state.Damage{Key: state.LabelKey(m.name, f), Err: err}); err != nil {
		return err
	}
	ids := m.contract.ByRole(schema.ID)
	if len(ids) == 0 { // nothing to find rows by any more
		return nil
	}
	names, err := m.idNames(ctx, ids[0].Name)
	if err == nil {
		_, err = m.takeLabelFile(ctx, state.Info{Key: f.Key}, f.Read, names)
	}
	if err != nil && !errors.As(err, &rejected{}) {
		return err
	}
	err = read()
	if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Invalid {
		return nil
	}
	return err
}
