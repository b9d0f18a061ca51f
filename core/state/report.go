package state

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"leeway/core/fault"
	"leeway/core/report"
)

// PutProfile stores the encoded profile of a part. name says what it was made
// from (the content's hash and the contract), so that the same content
// delivered twice is one profile. The name is given back.
func (db *DB) PutProfile(ctx context.Context, model string, window Window, data []byte, name string) (string, error) {
	if err := checkName(name); err != nil {
		return "", err
	}
	return name, db.create(ctx, ProfileKey(model, window, name), data)
}

// Profile reads an encoded profile.
func (db *DB) Profile(ctx context.Context, model string, window Window, name string) ([]byte, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	data, _, err := whole(ctx, db.state, ProfileKey(model, window, name))
	return data, err
}

// PutReport stores a report of a window.
func (db *DB) PutReport(ctx context.Context, r *report.Report, window Window) error {
	if err := checkName(r.ID); err != nil {
		return err
	}
	data, err := r.JSON()
	if err != nil {
		return err
	}
	return db.replace(ctx, ReportKey(r.Model, window, r.ID), data)
}

// Report reads a report by its ID, a superseded one too, and adds to the newest of a
// window what was done about it ([Delivered]). Damage is noted.
func (db *DB) Report(ctx context.Context, model, id string) (*report.Report, error) {
	missing := &fault.Error{Kind: fault.NotFound, Err: fmt.Errorf("model %s has no report %s", model, id), Hint: "look at the list of reports"}
	if CheckModel(model) != nil || checkName(id) != nil {
		return nil, missing
	}
	keys, err := db.reportKeys(ctx, model)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(keys, func(key string) bool { return strings.HasSuffix(key, "/"+id+".json") })
	if at < 0 {
		return nil, missing
	}
	data, info, err := whole(ctx, db.state, keys[at])
	if err != nil {
		return nil, err
	}
	r, err := report.Parse(data)
	if fault.KindOf(err) == fault.Invalid { // the next run knows of it then
		damage := Damage{keys[at], info.Size, info.Modified, err}
		_, failed := db.SetAside(ctx, model, damage)
		return nil, errors.Join(damage.Fault(model), failed)
	}
	if err != nil {
		return nil, err
	}
	return db.join(ctx, r, keys[at])
}

// ReportOf reads a report of a window, with what was done about it.
func (db *DB) ReportOf(ctx context.Context, model string, window Window, id string) (*report.Report, error) {
	if err := checkName(id); err != nil {
		return nil, err
	}
	key := ReportKey(model, window, id)
	data, _, err := whole(ctx, db.state, key)
	if err != nil {
		return nil, err
	}
	r, err := report.Parse(data)
	if err != nil {
		return nil, fault.In(key, err)
	}
	return db.join(ctx, r, key)
}

func (db *DB) reportKeys(ctx context.Context, model string) ([]string, error) {
	var keys []string
	for info, err := range db.state.List(ctx, reportPrefix(model)) {
		if err != nil {
			return nil, err
		}
		keys = append(keys, info.Key)
	}
	return keys, nil
}

func reportPrefix(model string) string { return "state/" + model + "/reports/" }

// ReportKey is where a report lies.
func ReportKey(model string, window Window, id string) string {
	return reportPrefix(model) + window.Key() + "/" + id + ".json"
}

// ProfileKey is where the profile of a part lies.
func ProfileKey(model string, window Window, name string) string {
	return "state/" + model + "/profiles/" + window.Key() + "/" + name
}
