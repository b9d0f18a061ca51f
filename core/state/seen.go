package state

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"leeway/core/fault"
)

// Which version of an object a record was made from is kept beside the state,
// below seen/. An ETag of a folder is made of inode and times, so with ETags
// inside two copies of one bucket would have different states. What lies there
// is a cache: a mark that is missing, damaged, or that belongs to another record,
// only means that the object is read once more.
//
// A mark is an object whose name has all that it says, the object's key and a token of
// version, contract and record: listing the marks reads them. Before, the token was in
// the object alone, whose name was that of the key; it is there still, and such marks
// are read until there is another one.
func seenPrefix(model string) string   { return "seen/" + model + "/" }
func seenKey(model, key string) string { return seenPrefix(model) + Short(key) }
func seenToken(etag, contract, record string) string {
	return Short(etag + "\x00" + contract + "\x00" + record)
}

// marks are the names of all marks of a model, those of before with their token too.
type marks map[string]bool

func markOf(model, key, token string) string { return seenKey(model, key) + "-" + token }

func (db *DB) marks(ctx context.Context, model string) (marks, error) {
	all := marks{}
	nameless := func(key string) bool { return !strings.Contains(strings.TrimPrefix(key, seenPrefix(model)), "-") }
	var before []Info
	for info, err := range db.state.List(ctx, seenPrefix(model)) {
		if err != nil {
			return nil, err
		}
		if all[info.Key] = true; nameless(info.Key) {
			before = append(before, info)
		}
	}
	found, errs := readEach[string](ctx, db, before)
	for i, err := range errs {
		switch fault.KindOf(err) {
		case "":
			all[before[i].Key+"-"+found[i].value] = true
		case fault.NotFound, fault.Invalid: // it says nothing
		default:
			return nil, err
		}
	}
	return all, nil
}

// mark marks a version of an object as seen. Marks of other versions lie nowhere but
// where the object had a record before.
func (db *DB) mark(ctx context.Context, model, key, token string, again bool) error {
	data, err := encode(token)
	if err != nil {
		return err
	}
	name := markOf(model, key, token)
	_, err = db.state.Put(ctx, name, bytes.NewReader(data), &PutOptions{IfAbsent: true, Fleeting: true})
	if err != nil && fault.KindOf(err) != fault.Conflict {
		return err
	}
	if !again {
		return nil
	}
	return db.unmark(ctx, model, key, name)
}

// unmark deletes the marks of an object but one.
func (db *DB) unmark(ctx context.Context, model, key, except string) error {
	var others []string
	for info, err := range db.state.List(ctx, seenKey(model, key)) {
		if err != nil {
			return err
		}
		others = append(others, info.Key)
	}
	return db.deleteAll(ctx, slices.DeleteFunc(others, func(name string) bool { return name == except }))
}
