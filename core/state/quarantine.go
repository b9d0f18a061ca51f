package state

import (
	"cmp"
	"context"
	"slices"
)

// The reasons for quarantine.
const (
	ReasonInvalid = "invalid" // nothing of it can be understood, now or later
	ReasonDenied  = "denied"  // permission is missing: it is tried again at every run
	ReasonDamaged = "damaged" // an object of the state itself, see [Damage]
)

// ofBatches are the reasons that a batch can be in quarantine for.
var ofBatches = []string{ReasonInvalid, ReasonDenied}

// Quarantined is the record of an object that could not be read.
type Quarantined struct {
	Reason string `json:"reason"`
	Model  string `json:"model"`
	Batch
}

// Quarantine records that a batch is invalid. The object stays where it is;
// once it has been rewritten and read, PutBatch removes the record.
func (db *DB) Quarantine(ctx context.Context, model string, batch Batch) error {
	return db.quarantine(ctx, model, ReasonInvalid, batch)
}

// Deny records that nobody may read an object. It stays pending; once it has
// been read, PutBatch removes the record.
func (db *DB) Deny(ctx context.Context, model string, batch Batch) error {
	return db.quarantine(ctx, model, ReasonDenied, batch)
}

func (db *DB) quarantine(ctx context.Context, model, reason string, batch Batch) error {
	data, err := encode(&Quarantined{reason, model, batch})
	if err != nil {
		return err
	}
	return db.replace(ctx, quarantinePrefix(reason, model)+Short(batch.Key)+".json", data)
}

// free takes an object out of quarantine, except for one reason ("" for none).
func (db *DB) free(ctx context.Context, model, key, except string) error {
	for _, reason := range ofBatches {
		if reason == except {
			continue
		}
		if err := db.state.Delete(ctx, quarantinePrefix(reason, model)+Short(key)+".json"); err != nil {
			return err
		}
	}
	return nil
}

// Quarantines lists the quarantine records of a model by key.
func (db *DB) Quarantines(ctx context.Context, model string) ([]Quarantined, error) {
	all := []Quarantined{}
	for _, reason := range append(slices.Clone(ofBatches), ReasonDamaged) {
		found, err := documents[Quarantined](ctx, db, quarantinePrefix(reason, model))
		if err != nil {
			return nil, err
		}
		for _, one := range found {
			all = append(all, one.value)
		}
	}
	slices.SortFunc(all, func(a, b Quarantined) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Reason, b.Reason))
	})
	return all, nil
}

func quarantinePrefix(reason, model string) string { return "quarantine/" + reason + "/" + model + "/" }
