package monitor

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"leeway/core/fault"
	"leeway/core/schema"
)

// Ids are hashed under a key, and what was hashed under one is not found under
// another. So the state says which it was, and under another the model stands still:
// its labels would lose their rows, and reports that know them be superseded by such
// that know none.

// noKey stands for ids that are hashed without a key.
const noKey = "none"

// keyName names a key without telling it: its MAC of a constant. Who knows one id can
// try keys on this as on any id's hash, so it hides no less than these.
func keyName(key []byte, model string) string {
	if len(key) == 0 {
		return noKey
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("leeway: ids of " + model))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// CheckKey makes sure that the ids of a model are hashed as those in its state were:
// else the error, of kind Invalid, says what to do.
func (m *Monitor) CheckKey(ctx context.Context, name string) error {
	kept, err := m.DB.IDKey(ctx, name)
	if err != nil || kept == "" {
		return err
	}
	return m.compareKey(name, kept)
}

// compareKey is an error if the present key is not the one of that name.
func (m *Monitor) compareKey(name, kept string) error {
	now := keyName(m.IDKey, name)
	what, todo := "is another key than the ids of "+name+" were hashed under", "set it as it was"
	switch {
	case kept == now:
		return nil
	case kept == noKey:
		what, todo = "is set, and the ids of "+name+" were hashed without a key", "unset it"
	case now == noKey:
		what = "is not set, and the ids of " + name + " were hashed under a key"
	}
	return &fault.Error{Kind: fault.Invalid, Object: "LEEWAY_ID_KEY", Err: errors.New(what + ": labels would not find their rows, so nothing is judged"),
		Hint: todo + "; to begin anew under this one, delete state/" + name + "/ (its reports go with it; logs and labels that are there are read again)"}
}

// keepKey notes the key where predictions are kept that labels may find by their ids.
func (m *model) keepKey(ctx context.Context) error {
	if !m.expects || len(m.contract.ByRole(schema.ID)) == 0 {
		return nil
	}
	kept, err := m.DB.IDKey(ctx, m.name)
	if err == nil && kept == "" {
		kept, err = m.DB.HashUnder(ctx, m.name, keyName(m.IDKey, m.name))
	}
	if err != nil {
		return err
	}
	return m.compareKey(m.name, kept)
}
