package state

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"leeway/core/fault"
)

// DB is the bucket as a database. It is safe for concurrent use; any number of
// processes may work on one bucket.
type DB struct {
	// Holder names this process in its claims, unlike any other; "" will do where
	// an object that is written twice with equal bytes has two ETags, as in a
	// folder. It is to be set before the database is used.
	Holder string

	data, state Store
	mu          sync.Mutex
	cache       map[string]cached // decoded documents by key
	noticed     map[string]Damage // damaged documents by key
}

type cached struct {
	etag string
	sum  string // names the bytes
	doc  any
}

// Open gives the database over a bucket: data holds logs/, reference/ and
// config/, state holds all that Leeway writes. They may be the same store.
func Open(data, state Store) *DB {
	return &DB{data: data, state: state, cache: map[string]cached{}, noticed: map[string]Damage{}}
}

// Models lists the names of all models in the bucket, ascending: those with
// logs, a reference, a configuration or a state. Names that no model can have
// are left out; see Strays.
func (db *DB) Models(ctx context.Context) ([]string, error) {
	names, _, err := db.models(ctx)
	return names, err
}

// Strays lists what lies where models are expected but cannot be one, because
// its name is no model name: nothing below it is ever read. A configuration
// that ends in .yml is among them.
func (db *DB) Strays(ctx context.Context) ([]string, error) {
	_, strays, err := db.models(ctx)
	return strays, err
}

func (db *DB) models(ctx context.Context) (names, strays []string, err error) {
	add := func(prefix, name string) {
		if CheckModel(name) == nil {
			names = append(names, name)
		} else {
			strays = append(strays, prefix+name)
		}
	}
	for _, place := range []struct {
		store  Store
		prefix string
	}{{db.data, "logs/"}, {db.data, "reference/"}, {db.state, "state/"}} {
		found, err := folders(ctx, place.store, place.prefix)
		if err != nil {
			return nil, nil, err
		}
		for _, name := range found {
			add(place.prefix, name)
		}
	}
	for info, err := range db.data.List(ctx, "config/") {
		if err != nil {
			return nil, nil, err
		}
		name, isYAML := strings.CutSuffix(strings.TrimPrefix(info.Key, "config/"), ".yaml")
		switch {
		case !IsData(info.Key):
		case isYAML && !strings.Contains(name, "/"):
			add("config/", name)
		case strings.HasSuffix(name, ".yml"): // meant for a model, and a silent loss
			strays = append(strays, info.Key)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), strays, nil
}

// folders asks the store for the names below prefix, or finds them by listing.
func folders(ctx context.Context, store Store, prefix string) ([]string, error) {
	if able, ok := store.(Folders); ok {
		return able.Folders(ctx, prefix)
	}
	var names []string
	for info, err := range store.List(ctx, prefix) {
		if err != nil {
			return nil, err
		}
		name, _, below := strings.Cut(strings.TrimPrefix(info.Key, prefix), "/")
		if below && (len(names) == 0 || names[len(names)-1] != name) {
			names = append(names, name)
		}
	}
	return names, nil
}

// Pending lists the objects below logs/<model>/ that are not recorded in the
// version that lies there now, or were read under another contract, ascending
// by key. What [IsData] leaves out is never pending.
func (db *DB) Pending(ctx context.Context, model, contract string) ([]Info, error) {
	records, err := documents[Batch](ctx, db, batchPrefix(model))
	if err != nil {
		return nil, err
	}
	return pending(ctx, db, "logs", model, contract, records, RecordKey)
}

// pending lists a model's objects below a folder that have no record, of the key
// that recordOf gives, of the version that lies there now and read as it is read
// now.
func pending[T any](ctx context.Context, db *DB, folder, model, read string, records []document[T], recordOf func(model, key string) string) ([]Info, error) {
	recorded := make(map[string]string, len(records))
	for _, record := range records {
		recorded[record.key] = record.sum
	}
	seen, err := db.marks(ctx, model)
	if err != nil {
		return nil, err
	}
	prefix := folder + "/" + model + "/"
	var infos []Info
	for info, err := range db.data.List(ctx, prefix) {
		if err != nil {
			return nil, err
		}
		if !IsData(strings.TrimPrefix(info.Key, prefix)) {
			continue
		}
		record, known := recorded[recordOf(model, info.Key)]
		if !known || !seen[markOf(model, info.Key, seenToken(info.ETag, read, record))] {
			infos = append(infos, info)
		}
	}
	return infos, nil
}

// Busy tells whether somebody is known to hold an object of the data open for
// writing.
func (db *DB) Busy(ctx context.Context, key string) bool {
	able, ok := db.data.(Busy)
	return ok && able.Busy(ctx, key)
}

// document is a decoded JSON object of the state.
type document[T any] struct {
	key   string
	sum   string // names its bytes
	value T
}

// documents reads all documents below prefix that every filter lets pass. Those
// that did not change since the last call come from memory. Damaged ones are
// missing, and noticed.
func documents[T any](ctx context.Context, db *DB, prefix string, filters ...func(key string) bool) ([]document[T], error) {
	var all []document[T]
	var damaged []Damage
	wanted := func(key string) bool {
		return strings.HasPrefix(key, prefix) && !slices.ContainsFunc(filters, func(pass func(string) bool) bool { return !pass(key) })
	}
	var infos []Info
	for info, err := range db.state.List(ctx, prefix) {
		if err != nil {
			return nil, err
		}
		if wanted(info.Key) {
			infos = append(infos, info)
		}
	}
	found, errs := readEach[T](ctx, db, infos)
	for i, info := range infos {
		switch err := errs[i]; fault.KindOf(err) {
		case "":
			all = append(all, found[i])
		case fault.NotFound: // deleted since it was listed
		case fault.Invalid:
			damaged = append(damaged, Damage{info.Key, info.Size, info.Modified, err})
		default:
			return nil, err
		}
	}
	db.notice(wanted, damaged)
	return all, nil
}

// readers is how many documents are read at once: one after the other, those of
// a year would take most of a minute where each is a call over the network.
const readers = 16

// readEach reads documents, with an error for each that cannot be had.
func readEach[T any](ctx context.Context, db *DB, infos []Info) ([]document[T], []error) {
	all, errs := make([]document[T], len(infos)), make([]error, len(infos))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(readers, len(infos)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(infos); i = int(next.Add(1)) - 1 {
				all[i], errs[i] = read[T](ctx, db, infos[i])
			}
		})
	}
	wg.Wait()
	return all, errs
}

// read reads a document, from memory if the version of info is there.
func read[T any](ctx context.Context, db *DB, info Info) (document[T], error) {
	db.mu.Lock()
	known, ok := db.cache[info.Key]
	db.mu.Unlock()
	if value, same := known.doc.(T); ok && same && known.etag == info.ETag {
		return document[T]{info.Key, known.sum, value}, nil
	}
	data, now, err := whole(ctx, db.state, info.Key)
	if err != nil {
		return document[T]{}, err
	}
	one := document[T]{key: info.Key, sum: Short(string(data))}
	if one.value, err = decode[T](info.Key, data); err != nil {
		return document[T]{}, err
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	db.cache[info.Key] = cached{now.ETag, one.sum, one.value}
	return one, nil
}

// whole reads an object into memory.
func whole(ctx context.Context, store Store, key string) ([]byte, Info, error) {
	object, err := store.Open(ctx, key)
	if err != nil {
		return nil, Info{}, err
	}
	defer object.Close()
	info := object.Info()
	data := make([]byte, info.Size)
	n, err := object.ReadAt(data, 0)
	if int64(n) < info.Size {
		if err == nil {
			err = errors.New("read less than its size")
		}
		return nil, info, fault.In(key, err)
	}
	return data, info, nil
}

// replace writes an object unless it already has these bytes, so that a second
// run changes nothing, not even a time.
func (db *DB) replace(ctx context.Context, key string, data []byte) error {
	_, err := db.again(ctx, key, data)
	return err
}

// again is replace that tells whether there was an object before.
func (db *DB) again(ctx context.Context, key string, data []byte) (there bool, err error) {
	old, _, err := whole(ctx, db.state, key)
	switch {
	case err == nil && bytes.Equal(old, data):
		return true, nil
	case err != nil && fault.KindOf(err) != fault.NotFound:
		return false, err
	}
	there = err == nil
	_, err = db.state.Put(ctx, key, bytes.NewReader(data), nil)
	return there, err
}

// create writes an immutable object. If it is there already, all is well, save
// that one with other bytes is damaged: its name stands for these.
func (db *DB) create(ctx context.Context, key string, data []byte) error {
	_, err := db.state.Put(ctx, key, bytes.NewReader(data), &PutOptions{IfAbsent: true})
	if fault.KindOf(err) == fault.Conflict {
		return db.replace(ctx, key, data)
	}
	return err
}

// swap writes a document if it is still of the version of the token, "" for not there.
// Otherwise the error is of kind Conflict.
func (db *DB) swap(ctx context.Context, key string, data []byte, token string) error {
	_, err := db.state.Put(ctx, key, bytes.NewReader(data), &PutOptions{IfMatch: token, IfAbsent: token == ""})
	if token != "" && fault.KindOf(err) == fault.NotFound {
		return &fault.Error{Kind: fault.Conflict, Object: key, Err: err}
	}
	return err
}

func encode(doc any) ([]byte, error) {
	data, err := json.Marshal(doc)
	if err != nil {
		return nil, &fault.Error{Kind: fault.Internal, Op: "encode", Err: err}
	}
	return append(data, '\n'), nil
}

// Short is a name of 128 bits for a text.
func Short(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}
