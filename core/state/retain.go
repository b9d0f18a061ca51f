package state

import (
	"context"
	"strings"

	"leeway/core/fault"
)

// DropLedgers deletes the predictions of those windows that drop names, and counts
// the windows.
func (db *DB) DropLedgers(ctx context.Context, model string, drop func(Window) bool) (windows int, err error) {
	prefix := "state/" + model + "/ledger/"
	var keys []string
	dropped := map[string]bool{}
	for info, err := range db.state.List(ctx, prefix) {
		if err != nil {
			return 0, err
		}
		key, _, _ := strings.Cut(strings.TrimPrefix(info.Key, prefix), "/")
		if window, err := ParseWindow(key); err == nil && drop(window) {
			keys = append(keys, info.Key)
			dropped[key] = true
		}
	}
	return len(dropped), db.deleteAll(ctx, keys)
}

// DropLabels deletes what was read of those label files that drop names, and counts
// those of which something was there. Their records stay: the files are not read
// again.
func (db *DB) DropLabels(ctx context.Context, model string, drop func(*LabelFile) bool) (files int, err error) {
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
	keep := map[string]bool{} // the same content may lie in another file
	for i := range records {
		if !drop(&records[i]) {
			keep[LabelKey(model, &records[i])] = true
		}
	}
	var keys []string
	for i := range records {
		if key := LabelKey(model, &records[i]); drop(&records[i]) && there[key] && !keep[key] {
			keys = append(keys, key)
			there[key] = false
		}
	}
	return len(keys), db.deleteAll(ctx, keys)
}

func (db *DB) deleteAll(ctx context.Context, keys []string) error {
	for _, key := range keys {
		if err := db.state.Delete(ctx, key); err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
	}
	return nil
}
