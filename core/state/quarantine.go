package state

import (
	"cmp"
	"context"
	"slices"
)

// reasonInvalid is the only reason so far: nothing of the object can be read.
const reasonInvalid = "invalid"

// Quarantined is the record of an object that could not be read.
type Quarantined struct {
	Reason string `json:"reason"`
	Model  string `json:"model"`
	Batch
}

// Quarantine records that a batch cannot be read. The object stays where it
// is; once it has been rewritten and read, PutBatch removes the record.
func (db *DB) Quarantine(ctx context.Context, model string, batch Batch) error {
	data, err := encode(&Quarantined{reasonInvalid, model, batch})
	if err != nil {
		return err
	}
	return db.replace(ctx, quarantineKey(model, batch.Key), data)
}

// Quarantines lists the quarantine records of a model by key.
func (db *DB) Quarantines(ctx context.Context, model string) ([]Quarantined, error) {
	found, err := documents[Quarantined](ctx, db, quarantinePrefix(model))
	if err != nil {
		return nil, err
	}
	all := make([]Quarantined, 0, len(found))
	for _, one := range found {
		all = append(all, one.value)
	}
	slices.SortFunc(all, func(a, b Quarantined) int { return cmp.Compare(a.Key, b.Key) })
	return all, nil
}

func quarantinePrefix(model string) string { return "quarantine/" + reasonInvalid + "/" + model + "/" }
func quarantineKey(model, key string) string {
	return quarantinePrefix(model) + short(key) + ".json"
}
