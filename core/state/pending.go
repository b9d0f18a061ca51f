package state

import (
	"context"
	"time"

	"leeway/core/fault"
)

// Recorded tells when an object of the data was recorded, zero if it is pending, see
// [DB.Pending]: that takes three calls at most however many objects there are.
func (db *DB) Recorded(ctx context.Context, model, contract string, info Info) (time.Time, error) {
	record, found, err := whole(ctx, db.state, RecordKey(model, info.Key))
	if fault.KindOf(err) == fault.NotFound {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	token := seenToken(info.ETag, contract, Short(string(record)))
	for _, name := range []string{markOf(model, info.Key, token), seenKey(model, info.Key)} {
		data, _, err := whole(ctx, db.state, name)
		if fault.KindOf(err) == fault.NotFound {
			continue // the second is of an earlier version, see marks
		}
		if err != nil {
			return time.Time{}, err
		}
		if said, err := decode[string](name, data); err == nil && said == token { // one that is damaged says nothing
			return found.Modified, nil
		}
	}
	return time.Time{}, nil
}
