package monitor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"leeway/core/check"
	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/ledger"
	"leeway/core/outcome"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/state"
)

// Late labels. What was predicted is kept by window in the ledger, beside the
// profiles; files below labels/<model>/ are read once into the state. When there
// are labels that the windows were not joined with yet, every window's ledger is
// joined with all labels, and those windows are judged again whose rows have other
// labels than their report knew. Which labels a report knew, its summary names; so
// the same files in any order, and however often, come to the same.

// known are the labels of a model, ready to be joined. It is not changed once
// made.
type known struct {
	labels *ledger.Labels
	shape  *outcome.Shape // what the labels' classes mean
	name   string         // names the labels; "" for none
	newest time.Time      // when the last of them came
}

// keepsLedger tells whether predictions under a contract can be judged one day.
func keepsLedger(contract *schema.Schema) bool {
	return len(contract.ByRole(schema.ID))+len(contract.ByRole(schema.Label)) > 0 && outcome.NewShape(contract, 0) != nil
}

// takeLabels reads the label files that are new.
func (m *model) takeLabels(ctx context.Context, result *Result) error {
	id := m.contract.ByRole(schema.ID)
	if len(id) == 0 || !keepsLedger(m.contract) {
		return nil
	}
	how := short(m.mark + "\x00labels\x00" + string(m.contract.Task))
	pending, err := m.DB.PendingLabels(ctx, m.name, how)
	if err != nil || len(pending) == 0 {
		return err
	}
	names, err := m.idNames(ctx, id[0].Name)
	if err != nil {
		return err
	}
	for _, info := range m.whole(ctx, pending, m.Settle, result) {
		err := m.takeLabelFile(ctx, info, how, names)
		switch {
		case errors.As(err, &growing{}):
			result.wait(info.Key, glance)
		case errors.As(err, &unavailable{}):
			result.Failed = append(result.Failed, err)
		case err != nil:
			return err
		}
	}
	return nil
}

// idNames are the names that the id has in the contract and in logs.
func (m *model) idNames(ctx context.Context, name string) ([]string, error) {
	names := []string{name}
	batches, err := m.DB.Batches(ctx, m.name)
	for i := range batches {
		if other := batches[i].Renamed[name]; other != "" {
			names = union(names, []string{other})
		}
	}
	return names, err
}

// takeLabelFile reads one label file. What is wrong with it is in its record.
func (m *model) takeLabelFile(ctx context.Context, info state.Info, how string, names []string) error {
	object, err := m.Data.Open(ctx, info.Key)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return unavailable{err}
	}
	defer object.Close()
	info = object.Info()
	record := state.LabelFile{Key: info.Key, Size: info.Size, Arrived: info.Modified.UTC(), Read: how}
	if record.Hash, err = contentHash(ctx, object); err != nil {
		if fault.KindOf(err) == fault.Conflict {
			return growing{fault.In(info.Key, err)}
		}
		return unavailable{fault.In(info.Key, err)}
	}
	labels := &Labels{Config: m.config, Contract: m.contract, Shape: outcome.NewShape(m.contract, 0), Names: names}
	source := format.Source{Name: info.Key, At: object, Size: info.Size, Stream: &stoppable{ctx, io.NewSectionReader(object, 0, info.Size)}}
	err = labels.Add(source, report.Object{Key: info.Key})
	switch fault.KindOf(err) {
	case "":
		record.Labels, record.Notes = labels.into.Rows(), labels.Notes()
		m.observe(Event{Object: info.Key, Rows: record.Labels, Bytes: info.Size})
		return m.DB.PutLabels(ctx, m.name, record, info.ETag, labels.into.Encode(labels.Shape))
	case fault.Invalid:
		if again := m.unfinished(ctx, info, err); again != nil {
			return again
		}
		return m.rejectLabels(ctx, record, info, err)
	}
	return fault.In(info.Key, err)
}

// rejectLabels records a label file that cannot be read, and puts it into
// quarantine.
func (m *model) rejectLabels(ctx context.Context, record state.LabelFile, info state.Info, err error) error {
	batch := state.Batch{Key: record.Key, Hash: record.Hash, Size: record.Size, Arrived: record.Arrived}
	reject(&batch, err)
	record.Error, record.Hint = batch.Error, batch.Hint
	if failed := m.DB.Quarantine(ctx, m.name, batch); failed != nil {
		return failed
	}
	m.observe(Event{Object: info.Key, Bytes: info.Size, Err: fault.In(info.Key, err)})
	return m.DB.PutLabels(ctx, m.name, record, info.ETag, nil)
}

// loadLabels reads all labels that came so far. A file's that are damaged in the
// state are read again from it.
func (m *model) loadLabels(ctx context.Context) (*known, error) {
	files, err := m.DB.LabelFiles(ctx, m.name)
	k := &known{labels: &ledger.Labels{}, shape: outcome.NewShape(m.contract, 0)}
	if err != nil || k.shape == nil {
		return k, err
	}
	var names []string
	for i := range files {
		f := &files[i]
		if f.Error != "" {
			continue
		}
		data, err := m.DB.Labels(ctx, m.name, f)
		if err == nil {
			err = k.labels.Decode(data, k.shape, f.Arrived.UnixNano())
		}
		switch fault.KindOf(err) {
		case "":
		case fault.NotFound, fault.Invalid:
			m.observe(Event{Object: f.Key, Err: fault.In(f.Key, fmt.Errorf("its labels are damaged in the state and count for nothing until it is delivered again: %w", err))})
			continue
		default:
			return nil, err
		}
		names = append(names, f.Hash+" "+f.Read+" "+f.Arrived.Format(time.RFC3339Nano))
		if f.Arrived.After(k.newest) {
			k.newest = f.Arrived
		}
	}
	if len(names) > 0 {
		slices.Sort(names)
		k.name = short(strings.Join(names, "\n"))
	}
	k.labels.Settle()
	return k, nil
}

// relabel has those windows judged again whose rows have other labels by now
// than their report knew. It tells nothing new of labels that all windows were
// joined with before.
func (p *pass) relabel(ctx context.Context, history []state.Summary) error {
	done, err := p.DB.Joined(ctx, p.name)
	if err != nil || p.labels.name == done {
		return err
	}
	for i := range history {
		s := &history[i]
		_, digest, err := p.ofWindows(ctx, []state.Window{s.Window}, p.delivered, outcome.NewShape(p.contract, 0))
		if err != nil {
			return err
		}
		if digest != s.Labels {
			p.again[s.Window] = true
		}
	}
	return nil
}

// ofWindows sums up what came true in windows, and names the labels that were
// joined to them; nil where they have no ledger.
func (m *model) ofWindows(ctx context.Context, windows []state.Window, d *delivered, shape *outcome.Shape) (*outcome.Summary, string, error) {
	if shape == nil {
		return nil, "", nil
	}
	var all []*ledger.Ledger
	for _, window := range windows {
		for _, i := range d.byWindow[window] {
			for _, part := range d.batches[i].Parts {
				if part.Window != window || !part.Ledger || part.Lost {
					continue
				}
				data, err := m.DB.Ledger(ctx, m.name, window, part.Profile)
				one, err := m.ledger(data, err, state.LedgerKey(m.name, window, part.Profile), shape)
				if err != nil {
					return nil, "", err
				}
				if one != nil {
					all = append(all, one)
				}
			}
		}
	}
	if len(all) == 0 {
		return nil, "", nil
	}
	summary, digest := m.labels.labels.Look(m.labels.shape, all...)
	return summary, digest.String(), nil
}

// ledger decodes a ledger; nil, which is told, where it is damaged or gone: its
// rows count as not labelled.
func (m *model) ledger(data []byte, err error, key string, shape *outcome.Shape) (*ledger.Ledger, error) {
	var one *ledger.Ledger
	if err == nil {
		one, err = ledger.Decode(data, shape)
	}
	switch fault.KindOf(err) {
	case "":
		return one, nil
	case fault.NotFound, fault.Invalid:
		m.observe(Event{Object: key, Err: fault.In(key, err)})
		return nil, nil
	}
	return nil, err
}

// labelled is what came true of the predictions in windows and of those of the
// baseline, by the labels that there are so far; nil where there are none. The
// text names the labels that were joined to the windows.
func (m *model) labelled(ctx context.Context, windows []state.Window, d *delivered, base *baseline) (*check.Labelled, string, error) {
	shape := outcome.NewShape(base.contract, outcome.Exact)
	current, digest, err := m.ofWindows(ctx, windows, d, shape)
	if err != nil || current == nil || current.Labelled == 0 {
		return nil, digest, err
	}
	all := &check.Labelled{Current: current}
	data, err := m.DB.BaselineLedger(ctx, m.name, base.Version)
	if fault.KindOf(err) == fault.NotFound { // a reference without predictions
		return all, digest, nil
	}
	before, err := m.ledger(data, err, state.BaselineKey(m.name, base.Version)+".ledger", shape)
	if err != nil || before == nil {
		return all, digest, err
	}
	all.Reference, _ = m.labels.labels.Look(m.labels.shape, before)
	return all, digest, nil
}
