package monitor

import (
	"context"
	"errors"
	"fmt"

	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/internal/words"
	"leeway/core/outcome"
	"leeway/core/schema"
	"leeway/core/truth"
)

// CheckLabels tells whether a label file of a model could be joined with its logs, as
// far as its columns tell: an error of kind Invalid says what it lacks. It is nil
// where that cannot be known yet: the model has no baseline, or no id.
func (m *Monitor) CheckLabels(ctx context.Context, name string, source format.Source) error {
	one, err := m.under(ctx, name)
	if err != nil || one == nil {
		return err
	}
	contract := one.contract
	ids, shape := contract.ByRole(schema.ID), outcome.NewShape(contract, 0)
	if len(ids) == 0 || shape == nil {
		return nil
	}
	names, err := one.idNames(ctx, ids[0].Name)
	if err != nil {
		return err
	}
	labels := &truth.Labels{Config: one.config, Contract: contract, Shape: shape, Names: names}
	file, err := format.Open(source, &format.Options{Missing: one.config.MissingValues, Head: 500})
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = labels.Lay(file.Heads())
	return err
}

// under is a model with its configuration and contract; nil where these are not known
// yet, or cannot be had, which its runs say.
func (m *Monitor) under(ctx context.Context, name string) (*model, error) {
	one := &model{Monitor: m, name: name}
	version, _, err := m.DB.Standing(ctx, name)
	if err != nil || version == "" {
		return nil, err
	}
	if err := one.settings(ctx); err != nil {
		return nil, ifUnavailable(err)
	}
	stored, err := m.DB.Baseline(ctx, name, version)
	if err != nil {
		return nil, ifUnavailable(err)
	}
	if one.contract, _, err = one.config.Apply(stored.Schema); err != nil {
		return nil, ifUnavailable(err)
	}
	return one, nil
}

// UnusedLabels says why label files that lie there are not held against predictions: an
// error of kind Invalid. They wait, and are read once that is mended. It is nil where
// nothing hinders them, or there are none.
func (m *Monitor) UnusedLabels(ctx context.Context, name string) error {
	one, err := m.under(ctx, name)
	if err != nil || one == nil {
		return err
	}
	unused, err := one.unused(ctx)
	return errors.Join(unused, err)
}

// unused is [Monitor.UnusedLabels] of a model that is at hand, beside what went wrong
// with finding out.
func (m *model) unused(ctx context.Context) (unused, err error) {
	var id *schema.Column
	if ids := m.contract.ByRole(schema.ID); len(ids) > 0 {
		id = ids[0]
	}
	why := truth.Unjoinable(outcome.NewShape(m.contract, 0), id)
	if why == nil {
		return nil, nil
	}
	files, err := objects(ctx, m.Data, "labels/"+m.name+"/")
	if err != nil || len(files) == 0 {
		return nil, err
	}
	what := files[0].Key
	if more := len(files) - 1; more > 0 {
		what += " and " + words.Plural(int64(more), "other file")
	}
	var f *fault.Error
	if errors.As(why, &f) {
		f.Err = fmt.Errorf("no label is used: %w", f.Err)
		f.Hint += " in " + ConfigKey(m.name) + "; the labels wait until then"
	}
	return fault.In(what, why), nil
}

// ifUnavailable drops what is wrong with the model itself: its runs say so, and files
// wait meanwhile.
func ifUnavailable(err error) error {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound:
		return nil
	}
	return err
}
