package monitor

import (
	"context"

	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// CheckLabels tells whether a label file of a model could be joined with its logs, as
// far as its columns tell: an error of kind Invalid says what it lacks. It is nil
// where that cannot be known yet: the model has no baseline, or no id.
func (m *Monitor) CheckLabels(ctx context.Context, name string, source format.Source) error {
	one := &model{Monitor: m, name: name}
	version, _, err := m.DB.Standing(ctx, name)
	if err != nil || version == "" {
		return err
	}
	if err := one.settings(ctx); err != nil {
		return ifUnavailable(err)
	}
	stored, err := m.DB.Baseline(ctx, name, version)
	if err != nil {
		return ifUnavailable(err)
	}
	contract, _, err := one.config.Apply(stored.Schema)
	if err != nil {
		return ifUnavailable(err)
	}
	ids, shape := contract.ByRole(schema.ID), outcome.NewShape(contract, 0)
	if len(ids) == 0 || shape == nil {
		return nil
	}
	names, err := one.idNames(ctx, ids[0].Name)
	if err != nil {
		return err
	}
	labels := &Labels{Config: one.config, Contract: contract, Shape: shape, Names: names}
	file, err := format.Open(source, &format.Options{Missing: one.config.MissingValues, Head: 500})
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = labels.lay(file.Heads())
	return err
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
