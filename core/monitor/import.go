package monitor

import (
	"context"
	"time"

	"leeway/core/collect"
	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/state"
)

// Import is a baseline that was made elsewhere.
type Import struct {
	Profile *profile.Dataset
	Config  *config.Config // of the model: it says which columns logs have beside
	Created time.Time
	Reason  string
	Notes   []string
}

// ImportBaseline stores a baseline that was made elsewhere as a version of a model's,
// approved and in use from now on. How its windows differed is not known.
func (m *Monitor) ImportBaseline(ctx context.Context, name string, from *Import) (string, error) {
	if err := state.CheckModel(name); err != nil {
		return "", err
	}
	contract, err := ContractOf(from.Profile, from.Config)
	if err != nil {
		return "", err
	}
	b := state.Baseline{Created: from.Created.UTC(), Rows: from.Profile.Rows, Approved: true, Reason: from.Reason, Notes: from.Notes, Schema: contract}
	data := from.Profile.Encode()
	if b.Version, err = versionOf(data, &b, nil); err != nil {
		return "", err
	}
	if err := m.DB.PutBaseline(ctx, name, b, data); err != nil {
		return "", err
	}
	return b.Version, m.DB.Approve(ctx, name, b.Version)
}

// Profiled is a stored profile as what current data are compared with, and the
// contract that it makes with the configuration. Of its rows nothing is known, so
// that there is nothing to say of how good predictions were.
func Profiled(p *profile.Dataset, settings *config.Config) (*collect.Collection, *schema.Schema, error) {
	if p.Rows == 0 {
		return nil, nil, fault.New(fault.Invalid, "the profile has no rows", "give one of data that the model saw when it was good")
	}
	contract, notes, err := settings.Apply(besides(p, settings))
	if err != nil {
		return nil, nil, err
	}
	return &collect.Collection{Profile: p, Notes: notes}, contract, nil
}

// besides is the contract of a profile, with the columns that logs have beside: an id,
// a time and what was predicted, if the configuration declares them.
func besides(p *profile.Dataset, settings *config.Config) *schema.Schema {
	s := &schema.Schema{Task: schema.None}
	for _, c := range p.Columns {
		s.Columns = append(s.Columns, schema.Column{Name: c.Name, Kind: c.Kind, Role: c.Role})
	}
	for i := range settings.Columns {
		c := &settings.Columns[i]
		if s.Column(c.Name) != nil {
			continue
		}
		kind := c.Kind
		switch c.Role {
		case schema.ID:
			kind = schema.Text
		case schema.Timestamp:
			kind = schema.Time
		case schema.Score, schema.Prediction:
			if kind == "" {
				kind = schema.Numeric
			}
		default:
			continue // Apply says that there is no such column
		}
		s.Columns = append(s.Columns, schema.Column{Name: c.Name, Kind: kind, Role: c.Role})
	}
	return s
}

// ContractOf is the contract that a profile and a configuration make.
func ContractOf(p *profile.Dataset, settings *config.Config) (*schema.Schema, error) {
	contract, _, err := settings.Apply(besides(p, settings))
	return contract, err
}
