package state

import (
	"context"
	"errors"
	"strings"

	"leeway/core/metric"
)

// PutPastOutcomes stores what tests say of the windows of a version, by finding id, by labels
// that came in files of their own; name names these.
func (db *DB) PutPastOutcomes(ctx context.Context, model, version, name string, past map[string][]metric.Deviate) error {
	if err := errors.Join(checkName(version), checkName(name)); err != nil {
		return err
	}
	data, err := encode(past)
	if err != nil {
		return err
	}
	return db.create(ctx, PastKey(model, version, name), data)
}

// PastOutcomes reads it; NotFound where nobody stored it.
func (db *DB) PastOutcomes(ctx context.Context, model, version, name string) (map[string][]metric.Deviate, error) {
	if err := errors.Join(checkName(version), checkName(name)); err != nil {
		return nil, err
	}
	key := PastKey(model, version, name)
	data, _, err := whole(ctx, db.state, key)
	if err != nil {
		return nil, err
	}
	return decode[map[string][]metric.Deviate](key, data)
}

// SweepPastOutcomes deletes those that are not to be kept, by version and name. They are
// derived: where one is asked for again it is made again.
func (db *DB) SweepPastOutcomes(ctx context.Context, model string, keep func(version, name string) bool) error {
	var stale []string
	for info, err := range db.state.List(ctx, baselinePrefix(model)) {
		if err != nil {
			return err
		}
		bare, is := strings.CutSuffix(strings.TrimPrefix(info.Key, baselinePrefix(model)), ".past")
		at := strings.LastIndexByte(bare, '.')
		if is && at >= 0 && !keep(bare[:at], bare[at+1:]) {
			stale = append(stale, info.Key)
		}
	}
	for _, key := range stale {
		if err := db.state.Delete(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

// PastKey is where what tests say of the windows of a version lies, by labels of a name.
func PastKey(model, version, name string) string {
	return BaselineKey(model, version) + "." + name + ".past"
}
