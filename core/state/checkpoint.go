package state

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"hash/crc32"
	"io"
	"maps"
	"slices"

	"leeway/core/fault"
)

// Checkpoint is how far the reading of an object came, kept from when it was given up
// until it is done: who goes on reads no row twice. It says nothing that the object
// does not say too, so that one that is missing or damaged costs work alone.
//
// It is stored as a line of JSON with Head in it, and behind it Parts, end to end.
type Checkpoint struct {
	Key   string          // of the object
	Head  json.RawMessage // what was noted
	Parts [][]byte        // encoded summaries that Head tells of

	token string // of the version that was read or written last; "" for not there
}

// checkpointLine is the first line.
type checkpointLine struct {
	Key   string          `json:"key"`
	Sizes []int           `json:"sizes,omitempty"` // of the parts
	Sum   uint32          `json:"sum"`             // CRC-32C of them
	Head  json.RawMessage `json:"head"`
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checkpointPrefix(model string) string { return statePrefix(model) + "checkpoints/" }

// CheckpointKey is where the checkpoint of an object lies while it is read.
func CheckpointKey(model, key string) string { return checkpointPrefix(model) + Short(key) }

// Checkpoint reads that of an object; an empty one if there is none, or it is damaged.
func (db *DB) Checkpoint(ctx context.Context, model, key string) (*Checkpoint, error) {
	c := &Checkpoint{Key: key}
	data, info, err := whole(ctx, db.state, CheckpointKey(model, key))
	if fault.KindOf(err) == fault.NotFound {
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	if known, err := parseCheckpoint(CheckpointKey(model, key), data); err == nil {
		c = known
	}
	c.token = info.ETag
	return c, nil
}

// parseCheckpoint reads what PutCheckpoint wrote.
func parseCheckpoint(at string, data []byte) (*Checkpoint, error) {
	first, rest, _ := bytes.Cut(data, []byte("\n"))
	line, err := decode[checkpointLine](at, first)
	if err != nil {
		return nil, err
	}
	c := &Checkpoint{Key: line.Key, Head: line.Head}
	sum := crc32.Update(crc32.Checksum(line.Head, castagnoli), castagnoli, rest)
	for _, size := range line.Sizes {
		if size < 0 || size > len(rest) {
			err = errors.New("it ends too early")
			break
		}
		c.Parts, rest = append(c.Parts, rest[:size:size]), rest[size:]
	}
	if err == nil && (len(rest) > 0 || sum != line.Sum) {
		err = errors.New("its checksum is wrong")
	}
	if err != nil {
		return nil, &fault.Error{Kind: fault.Invalid, Op: "decode", Object: at, Err: err}
	}
	return c, nil
}

func (l *checkpointLine) fits(name string) bool { return Short(l.Key) == name }

// PutCheckpoint writes a checkpoint instead of the version that c was read from or
// written as. Where somebody else wrote meanwhile, theirs stays, and the error is of kind
// Conflict: both are right.
func (db *DB) PutCheckpoint(ctx context.Context, model string, c *Checkpoint) error {
	line := checkpointLine{Key: c.Key, Head: c.Head, Sum: crc32.Checksum(c.Head, castagnoli)}
	readers := []io.Reader{nil}
	for _, part := range c.Parts {
		line.Sizes = append(line.Sizes, len(part))
		line.Sum = crc32.Update(line.Sum, castagnoli, part)
		readers = append(readers, bytes.NewReader(part))
	}
	first, err := encode(&line)
	if err != nil {
		return err
	}
	readers[0] = bytes.NewReader(first)
	key := CheckpointKey(model, c.Key)
	info, err := db.state.Put(ctx, key, io.MultiReader(readers...), &PutOptions{IfMatch: c.token, IfAbsent: c.token == ""})
	if c.token != "" && fault.KindOf(err) == fault.NotFound {
		return &fault.Error{Kind: fault.Conflict, Object: key, Err: err}
	}
	if err == nil {
		c.token = info.ETag
	}
	return err
}

// DropCheckpoint deletes that of an object, if there is one.
func (db *DB) DropCheckpoint(ctx context.Context, model, key string) error {
	return db.state.Delete(ctx, CheckpointKey(model, key))
}

// SweepCheckpoints deletes those of objects that are gone or done: their readers were
// killed before they could. One that is kept meanwhile is not among them, for what is
// pending is asked after.
func (db *DB) SweepCheckpoints(ctx context.Context, model, contract string) error {
	keys, err := db.checkpoints(ctx, model)
	if err != nil || len(keys) == 0 {
		return err
	}
	pending, err := db.Pending(ctx, model, contract)
	if err != nil {
		return err
	}
	for _, info := range pending {
		delete(keys, CheckpointKey(model, info.Key))
	}
	return db.deleteAll(ctx, slices.Sorted(maps.Keys(keys)))
}

// Checkpoints reads those of a model, but for damaged ones, which are as none.
func (db *DB) Checkpoints(ctx context.Context, model string) ([]*Checkpoint, error) {
	keys, err := db.checkpoints(ctx, model)
	var all []*Checkpoint
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		data, _, failed := whole(ctx, db.state, key)
		one := (*Checkpoint)(nil)
		if failed == nil {
			one, failed = parseCheckpoint(key, data)
		}
		switch fault.KindOf(failed) {
		case "":
			all = append(all, one)
		case fault.NotFound, fault.Invalid: // done meanwhile, or damaged
		default:
			err = errors.Join(err, failed)
		}
	}
	return all, err
}

func (db *DB) checkpoints(ctx context.Context, model string) (map[string]Info, error) {
	keys := map[string]Info{}
	for info, err := range db.state.List(ctx, checkpointPrefix(model)) {
		if err != nil {
			return nil, err
		}
		keys[info.Key] = info
	}
	return keys, nil
}
