package state

import (
	"context"
	"fmt"

	"leeway/core/fault"
	"leeway/core/retrain"
)

// lostTrack is what to do where the state of retraining is damaged.
const lostTrack = "make sure that no training is under way, then delete it"

// Retraining reads state/<model>/retrain.json, with a token of its version for
// [DB.SwapRetraining]; the zero state and "" where there is none. One that is
// damaged is an error: who went on without it might ask twice.
func (db *DB) Retraining(ctx context.Context, model string) (retrain.State, string, error) {
	key := retrainKey(model)
	data, info, err := whole(ctx, db.state, key)
	if fault.KindOf(err) == fault.NotFound {
		return retrain.State{}, "", nil
	}
	if err != nil {
		return retrain.State{}, "", err
	}
	s, err := decode[retrain.State](key, data)
	if err != nil {
		return s, "", &fault.Error{Kind: fault.Invalid, Object: key, Err: fmt.Errorf("is damaged: %w", bare(err)), Hint: lostTrack}
	}
	return s, info.ETag, nil
}

// SwapRetraining replaces the state of retraining if it is still of the version of
// the token. Otherwise the error is of kind Conflict: read it again.
func (db *DB) SwapRetraining(ctx context.Context, model string, s retrain.State, token string) error {
	data, err := encode(&s)
	if err != nil {
		return err
	}
	return db.swap(ctx, retrainKey(model), data, token)
}

// answerPrefix is where people and workflows put what they say of requests, in the
// bucket of the data.
func answerPrefix(model string) string { return "retrain/" + model + "/" }

// AnswerKey is where one answer lies, by any name.
func AnswerKey(model, name string) string { return answerPrefix(model) + name + ".json" }

// Spoken is an answer as it lies in the bucket.
type Spoken struct {
	Key  string
	Data []byte
}

// mostSpoken bounds what is read of one answer, in bytes.
const mostSpoken = 1 << 16

// Spoken lists what lies under retrain/<model>/, ascending by key. Objects that are
// too large for an answer come without their data.
func (db *DB) Spoken(ctx context.Context, model string) ([]Spoken, error) {
	var all []Spoken
	for info, err := range db.data.List(ctx, answerPrefix(model)) {
		if err != nil {
			return nil, err
		}
		if !IsData(info.Key) {
			continue
		}
		one := Spoken{Key: info.Key}
		if info.Size <= mostSpoken {
			if one.Data, _, err = whole(ctx, db.data, info.Key); err != nil && fault.KindOf(err) != fault.NotFound {
				return nil, err
			}
		}
		all = append(all, one)
	}
	return all, nil
}

func retrainKey(model string) string { return statePrefix(model) + "retrain.json" }
