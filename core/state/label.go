package state

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
)

// LabelFile records an object below labels/<model>/ that was read.
type LabelFile struct {
	Key     string    `json:"key"`
	Hash    string    `json:"hash"` // SHA-256 of the content
	Size    int64     `json:"size"`
	Arrived time.Time `json:"arrived"` // when the object was written
	Read    string    `json:"read"`    // names how it was read: under which names and for which task
	Labels  int64     `json:"labels"`
	Notes   []string  `json:"notes,omitempty"`
	Error   string    `json:"error,omitempty"` // why it is invalid
	Hint    string    `json:"hint,omitempty"`
}

func labelPrefix(model string) string { return "state/" + model + "/labels/" }

func labelRecord(model, key string) string { return labelPrefix(model) + Short(key) + ".json" }

// LabelKey is where the labels of a content lie, as they were read.
func LabelKey(model string, f *LabelFile) string {
	return labelPrefix(model) + Short(f.Hash+"\x00"+f.Read) + ".labels"
}

// joinedKey says which labels all windows were joined with.
func joinedKey(model string) string { return "state/" + model + "/joined.json" }

// PendingLabels lists the objects below labels/<model>/ that are not recorded in
// the version that lies there now, or were read otherwise.
func (db *DB) PendingLabels(ctx context.Context, model, read string) ([]Info, error) {
	records, err := documents[LabelFile](ctx, db, labelPrefix(model), isRecord)
	if err != nil {
		return nil, err
	}
	return pending(ctx, db, "labels", model, read, records, labelRecord)
}

func isRecord(key string) bool { return strings.HasSuffix(key, ".json") }

// LabelFiles lists the records of a model's labels, ascending by key.
func (db *DB) LabelFiles(ctx context.Context, model string) ([]LabelFile, error) {
	found, err := documents[LabelFile](ctx, db, labelPrefix(model), isRecord)
	if err != nil {
		return nil, err
	}
	files := make([]LabelFile, 0, len(found))
	for _, one := range found {
		files = append(files, one.value)
	}
	slices.SortFunc(files, func(a, b LabelFile) int { return cmp.Compare(a.Key, b.Key) })
	return files, nil
}

// PutLabels stores what was read of an object, then its record, and marks its
// version as seen. data is nil for one that cannot be read.
func (db *DB) PutLabels(ctx context.Context, model string, f LabelFile, etag string, data []byte) error {
	if data != nil {
		if err := db.create(ctx, LabelKey(model, &f), data); err != nil {
			return err
		}
	}
	record, err := encode(&f)
	if err != nil {
		return err
	}
	again, err := db.again(ctx, labelRecord(model, f.Key), record)
	if err != nil {
		return err
	}
	return db.mark(ctx, model, f.Key, seenToken(etag, f.Read, Short(string(record))), again)
}

// Labels reads what was read of an object.
func (db *DB) Labels(ctx context.Context, model string, f *LabelFile) ([]byte, error) {
	data, _, err := whole(ctx, db.state, LabelKey(model, f))
	return data, err
}

// Joined names the labels that all windows were joined with last, "" for none.
func (db *DB) Joined(ctx context.Context, model string) (string, error) {
	found, err := documents[string](ctx, db, joinedKey(model))
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0].value, nil
}

// PutJoined notes which labels all windows were joined with.
func (db *DB) PutJoined(ctx context.Context, model, labels string) error {
	data, err := encode(labels)
	if err != nil {
		return err
	}
	return db.replace(ctx, joinedKey(model), data)
}

// LedgerKey is where a chunk of the predictions of a part lies, by the hashes of their
// ids. Most have one, 0.
func LedgerKey(model string, window Window, name string, chunk int) string {
	return "state/" + model + "/ledger/" + window.Key() + "/" + name + "-" + strconv.Itoa(chunk)
}

// PutLedger stores a chunk of the encoded predictions of a part; name is that of its
// profile.
func (db *DB) PutLedger(ctx context.Context, model string, window Window, data []byte, name string, chunk int) error {
	if err := checkName(name); err != nil {
		return err
	}
	return db.create(ctx, LedgerKey(model, window, name, chunk), data)
}

// Ledger reads a chunk of encoded predictions.
func (db *DB) Ledger(ctx context.Context, model string, window Window, name string, chunk int) ([]byte, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	data, _, err := whole(ctx, db.state, LedgerKey(model, window, name, chunk))
	return data, err
}

// DropChunks deletes the first chunks of the predictions of a part, of a file that
// turned out not to count.
func (db *DB) DropChunks(ctx context.Context, model string, window Window, name string, chunks int) error {
	keys := make([]string, chunks)
	for chunk := range keys {
		keys[chunk] = LedgerKey(model, window, name, chunk)
	}
	return db.deleteAll(ctx, keys)
}

// PutBaselineLedger stores the encoded predictions of a baseline.
func (db *DB) PutBaselineLedger(ctx context.Context, model, version string, data []byte) error {
	if err := checkName(version); err != nil {
		return err
	}
	return db.create(ctx, BaselineKey(model, version)+".ledger", data)
}

// BaselineLedger reads them; NotFound where the baseline has none.
func (db *DB) BaselineLedger(ctx context.Context, model, version string) ([]byte, error) {
	if err := checkName(version); err != nil {
		return nil, err
	}
	data, _, err := whole(ctx, db.state, BaselineKey(model, version)+".ledger")
	return data, err
}
