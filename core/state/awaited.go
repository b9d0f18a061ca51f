package state

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"

	"leeway/core/fault"
)

// LabelCounts counts what the label files of a model hold, over all of its windows:
// what no single window can say. It is a function of Of.
type LabelCounts struct {
	Of          string `json:"of"`          // names the labels, and the predictions that they were held against
	Labels      int64  `json:"labels"`      // rows with an id and a label
	IDs         int64  `json:"ids"`         // distinct ones
	Unmatched   int64  `json:"unmatched"`   // distinct ids that no row has
	Late        int64  `json:"late"`        // distinct ids whose labels came after labels.horizon for their rows
	Duplicate   int64  `json:"duplicate"`   // rows that say again what another says
	Conflicting int64  `json:"conflicting"` // distinct ids with labels that contradict each other
	Corrected   int64  `json:"corrected"`   // distinct ids whose label is another than it was before
}

// Awaited is what labels were held against so far, and which ids found no row. It lets
// the next run look at new labels and new predictions alone.
type Awaited struct {
	Counts  LabelCounts `json:"counts"`
	Files   []string    `json:"files"` // names of the labels, ascending
	Parts   []string    `json:"parts"` // names of the predictions, ascending
	Waiting IDs         `json:"waiting"`
	Late    IDs         `json:"late"`
}

// IDs are hashes of ids, ascending: eight bytes each, least significant first.
type IDs []uint64

// MarshalJSON writes the bytes.
func (i IDs) MarshalJSON() ([]byte, error) {
	data := make([]byte, 0, 8*len(i))
	for _, id := range i {
		data = binary.LittleEndian.AppendUint64(data, id)
	}
	return json.Marshal(data)
}

// UnmarshalJSON reads them.
func (i *IDs) UnmarshalJSON(text []byte) error {
	var data []byte
	if err := json.Unmarshal(text, &data); err != nil {
		return err
	}
	if len(data)%8 != 0 {
		return errors.New("ids are cut off")
	}
	*i = nil
	for ; len(data) > 0; data = data[8:] {
		*i = append(*i, binary.LittleEndian.Uint64(data))
	}
	return nil
}

func labelCountsKey(model string) string { return statePrefix(model) + "labels.json" }

// AwaitedKey is where it lies which labels found no row.
func AwaitedKey(model string) string { return statePrefix(model) + "awaited.json" }

// LabelCounts reads the counts; nil for none.
func (db *DB) LabelCounts(ctx context.Context, model string) (*LabelCounts, error) {
	found, err := documents[LabelCounts](ctx, db, labelCountsKey(model))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0].value, nil
}

// Awaited reads what is known of labels without a row; nil for nothing. It is not kept
// in memory: there may be many.
func (db *DB) Awaited(ctx context.Context, model string) (*Awaited, error) {
	key := AwaitedKey(model)
	data, _, err := whole(ctx, db.state, key)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	a, err := decode[Awaited](key, data)
	return &a, err
}

// PutAwaited stores it, and then the counts for those who read them alone.
func (db *DB) PutAwaited(ctx context.Context, model string, a *Awaited) error {
	data, err := encode(a)
	if err != nil {
		return err
	}
	if err := db.replace(ctx, AwaitedKey(model), data); err != nil {
		return err
	}
	if data, err = encode(&a.Counts); err != nil {
		return err
	}
	return db.replace(ctx, labelCountsKey(model), data)
}
