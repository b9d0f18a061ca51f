package state

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"leeway/core/fault"
)

// Dropped are the windows whose predictions, and the files whose labels, retention
// deleted. Each has a mark, which is written before anything is deleted and stays
// however long things are kept later: what is gone on purpose is never taken for
// damage, and what is left of it when the deleting was cut short is not used.
type Dropped struct {
	windows map[string]bool // by [Window.Key]
	labels  map[string]bool // by name, see labelsMark
}

// drops is what a mark says to people; that it is there says all to the program.
type drops struct {
	Deleted string    `json:"deleted"`
	Hash    string    `json:"hash,omitempty"`
	Arrived time.Time `json:"arrived,omitzero"`
	By      string    `json:"by"`
}

func droppedPrefix(model string) string { return statePrefix(model) + "dropped/" }

func ledgerMark(model, window string) string {
	return droppedPrefix(model) + "ledger/" + window + ".json"
}

// labelsMark is that of one delivery: the same labels that are delivered once more
// later are new ones, and however they are read they are the same.
func labelsMark(model string, f *LabelFile) string {
	return droppedPrefix(model) + "labels/" + Short(f.Key+"\x00"+f.Hash+"\x00"+f.Arrived.UTC().Format(time.RFC3339Nano)) + ".json"
}

// Dropped lists what retention deleted of a model.
func (db *DB) Dropped(ctx context.Context, model string) (*Dropped, error) {
	d := &Dropped{map[string]bool{}, map[string]bool{}}
	for info, err := range db.state.List(ctx, droppedPrefix(model)) {
		if err != nil {
			return nil, err
		}
		place, name, _ := strings.Cut(strings.TrimPrefix(info.Key, droppedPrefix(model)), "/")
		switch place {
		case "ledger":
			d.windows[strings.TrimSuffix(name, ".json")] = true
		case "labels":
			d.labels[info.Key] = true
		}
	}
	return d, nil
}

// Window tells whether the predictions of a window were deleted.
func (d *Dropped) Window(w Window) bool { return d != nil && d.windows[w.Key()] }

// File tells whether the labels of a file were deleted.
func (d *Dropped) File(model string, f *LabelFile) bool {
	return d != nil && d.labels[labelsMark(model, f)]
}

// Count is of how many windows predictions were deleted, and of how many files
// labels.
func (d *Dropped) Count() (windows, files int) {
	if d == nil {
		return 0, 0
	}
	return len(d.windows), len(d.labels)
}

// DropLedgers deletes the predictions of those windows that drop names, once each
// has its mark, and counts the windows.
func (db *DB) DropLedgers(ctx context.Context, model string, marked *Dropped, drop func(Window) bool) (windows int, err error) {
	prefix := statePrefix(model) + "ledger/"
	keys := map[string][]string{}
	for info, err := range db.state.List(ctx, prefix) {
		if err != nil {
			return 0, err
		}
		key, _, _ := strings.Cut(strings.TrimPrefix(info.Key, prefix), "/")
		if window, err := ParseWindow(key); err == nil && drop(window) {
			keys[key] = append(keys[key], info.Key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if err := db.markDropped(ctx, ledgerMark(model, key), marked.windows[key], &drops{Deleted: prefix + key + "/", By: "retain.ledger"}); err != nil {
			return 0, err
		}
		if err := db.deleteAll(ctx, keys[key]); err != nil {
			return 0, err
		}
	}
	return len(keys), nil
}

// DropLabels deletes what was read of those label files that drop names, once each
// has its mark, and counts those of which something was there. Their records stay:
// the files are not read again.
func (db *DB) DropLabels(ctx context.Context, model string, marked *Dropped, drop func(*LabelFile) bool) (files int, err error) {
	records, err := db.LabelFiles(ctx, model)
	if err != nil {
		return 0, err
	}
	there := map[string]bool{}
	for info, err := range db.state.List(ctx, labelPrefix(model)) {
		if err != nil {
			return 0, err
		}
		there[info.Key] = true
	}
	for i := range records { // the same content may lie in another file
		if !drop(&records[i]) {
			delete(there, LabelKey(model, &records[i]))
		}
	}
	gone := map[string]bool{}
	for i := range records {
		f := &records[i]
		if !drop(f) || !there[LabelKey(model, f)] {
			continue
		}
		mark := labelsMark(model, f)
		if err := db.markDropped(ctx, mark, marked.labels[mark], &drops{f.Key, f.Hash, f.Arrived, "retain.labels"}); err != nil {
			return 0, err
		}
		gone[LabelKey(model, f)] = true
	}
	return len(gone), db.deleteAll(ctx, slices.Sorted(maps.Keys(gone)))
}

// markDropped writes a mark that is not there yet.
func (db *DB) markDropped(ctx context.Context, key string, there bool, what *drops) error {
	if there {
		return nil
	}
	data, err := encode(what)
	if err != nil {
		return err
	}
	return db.create(ctx, key, data)
}

func (db *DB) deleteAll(ctx context.Context, keys []string) error {
	for _, key := range keys {
		if err := db.state.Delete(ctx, key); err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
	}
	return nil
}
