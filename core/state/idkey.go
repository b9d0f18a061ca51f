package state

import (
	"context"
	"errors"

	"leeway/core/fault"
)

// IDKey names the key that the ids of a model were hashed under.
type IDKey struct {
	MAC string `json:"mac"` // of a constant under the key; "none" without one
}

func (k *IDKey) fits(string) bool { return k.MAC != "" }

// lostKey is what to do where it is damaged: who took the present key for it might be wrong.
const lostKey = "set LEEWAY_ID_KEY as it was (or not, if it was not), then delete this file: the next run writes it again"

// idKeyKey is where it lies.
func idKeyKey(model string) string { return statePrefix(model) + "idkey.json" }

// IDKey reads which key the ids of a model were hashed under; "" where nothing says.
func (db *DB) IDKey(ctx context.Context, model string) (string, error) {
	key := idKeyKey(model)
	data, _, err := whole(ctx, db.state, key)
	if fault.KindOf(err) == fault.NotFound {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	kept, err := decode[IDKey](key, data)
	if err != nil {
		return "", &fault.Error{Kind: fault.Invalid, Object: key, Err: errors.New("is damaged, so it is not known under which key ids were hashed"),
			Hint: lostKey}
	}
	return kept.MAC, nil
}

// HashUnder notes the key that ids are hashed under from now on, unless one is noted,
// and gives the one that is.
func (db *DB) HashUnder(ctx context.Context, model, mac string) (string, error) {
	data, err := encode(&IDKey{mac})
	if err != nil {
		return "", err
	}
	if err := db.swap(ctx, idKeyKey(model), data, ""); err != nil && fault.KindOf(err) != fault.Conflict {
		return "", err
	}
	return db.IDKey(ctx, model)
}
