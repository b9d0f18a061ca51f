package monitor

import (
	"context"
	"fmt"
	"slices"
	"time"

	"leeway/core/collect"
	"leeway/core/compare"
	"leeway/core/fault"
	"leeway/core/internal/words"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/state"
)

// gathered is what gather gives, to be joined with other windows first.
func (m *model) gathered(ctx context.Context, window state.Window, d *delivered, contract *schema.Schema) (*collect.Collection, time.Time, error) {
	var arrived time.Time
	var wanted []loose
	c := &collect.Collection{}
	for _, i := range d.byWindow[window] {
		batch := &d.batches[i]
		part := batch.Parts[slices.IndexFunc(batch.Parts, func(p state.Part) bool { return p.Window == window })]
		if part.Lost {
			c.Notes = words.Union(c.Notes, []string{fmt.Sprintf("%d rows of %s are left out: their profile is damaged and the file is gone", part.Rows, batch.Key)})
			continue
		}
		wanted = append(wanted, loose{batch.Key, part.Profile, batch.Contract == m.mark})
		c.Take(batch, part)
		for _, other := range d.copies[batch.Key] {
			c.Notes = words.Union(c.Notes, []string{copied(other, batch.Key)})
		}
		if batch.Arrived.After(arrived) {
			arrived = batch.Arrived
		}
	}
	if len(c.Objects) == 0 { // rewritten objects took its rows elsewhere
		arrived = d.newest
	}
	var err error
	c.Profile, err = m.merged(ctx, window, wanted, contract)
	return c, arrived, err
}

// loose is a profile of a window that is in no bundle yet.
type loose struct {
	object string // that it was made from
	name   string
	own    bool // it was read under the present contract
}

// A window of many objects is merged in bundles: what came since the last bundle is
// merged one by one, and makes another bundle once there is as much as bundleOf. So of
// N objects that come one after the other each profile is read about bundleOf/2 times,
// and not N/2 times. When there are as many as mostBundles they are made one.
const (
	bundleOf    = 64
	mostBundles = 16
)

// merged merges profiles of a window.
func (m *model) merged(ctx context.Context, window state.Window, wanted []loose, contract *schema.Schema) (*profile.Dataset, error) {
	var merger profile.Merger
	add := func(one *profile.Dataset) error {
		// An object that is no longer there cannot be read again when the
		// configuration changes: what it says of other kinds is left out.
		one, _ = compare.Fit(one, contract)
		return merger.Add(one)
	}
	rest, err := m.fromBundles(ctx, window, wanted, add)
	if err != nil {
		return nil, err
	}
	fresh := &fresh{enough: !m.replays && ownOf(rest) >= bundleOf}
	read := func(ctx context.Context, one loose) ([]byte, error) {
		return m.DB.Profile(ctx, m.name, window, one.name)
	}
	at := 0
	for data, err := range state.Ahead(ctx, rest, read) {
		from := &rest[at]
		at++
		one, err := m.decodeProfile(window, from.name, data, err)
		if err == nil && from.own && fresh.enough {
			err = fresh.take(from.name, one)
		} else if err == nil {
			err = add(one)
		}
		if err != nil {
			return nil, fault.In(from.object, err)
		}
	}
	if !fresh.enough {
		return merger.Dataset(), nil
	}
	if err := add(fresh.merger.Dataset()); err != nil {
		return nil, err
	}
	return merger.Dataset(), m.DB.PutBundle(ctx, m.name, window, fresh.bundle())
}

func ownOf(all []loose) (own int) {
	for i := range all {
		if all[i].own {
			own++
		}
	}
	return own
}

// fresh is a bundle that is being made.
type fresh struct {
	enough bool
	names  []string
	merger profile.Merger
}

func (f *fresh) take(name string, one *profile.Dataset) error {
	f.names = append(f.names, name)
	return f.merger.Add(one)
}

func (f *fresh) bundle() *state.Bundle {
	slices.Sort(f.names)
	return &state.Bundle{Of: slices.Compact(f.names), Profile: f.merger.Dataset().Encode()}
}

// fromBundles adds the bundles that a window has of what is wanted, and gives what is in
// none of them. Bundles with an object that was rewritten since are deleted.
func (m *model) fromBundles(ctx context.Context, window state.Window, wanted []loose, add func(*profile.Dataset) error) ([]loose, error) {
	if m.replays || ownOf(wanted) < bundleOf {
		return wanted, nil
	}
	bundles, err := m.DB.Bundles(ctx, m.name, window)
	if err != nil || len(bundles) == 0 {
		return wanted, err
	}
	slices.SortStableFunc(bundles, func(a, b state.Bundle) int { return len(b.Of) - len(a.Of) })
	left := make(map[string]bool, len(wanted))
	for i := range wanted {
		if wanted[i].own {
			left[wanted[i].name] = true
		}
	}
	all, used := &fresh{}, 0
	for i := range bundles {
		bundle := &bundles[i]
		one, err := profile.Decode(bundle.Profile)
		if err != nil || slices.ContainsFunc(bundle.Of, func(name string) bool { return !left[name] }) {
			if err := m.DB.DropBundle(ctx, bundle); err != nil {
				return nil, err
			}
			bundles[i].Of = nil
			continue
		}
		for _, name := range bundle.Of {
			delete(left, name)
		}
		used++
		all.names = append(all.names, bundle.Of...)
		if err := all.merger.Add(one); err != nil {
			return nil, err
		}
	}
	if used == 0 {
		return wanted, nil
	}
	if err := add(all.merger.Dataset()); err != nil {
		return nil, err
	}
	rest := slices.DeleteFunc(slices.Clone(wanted), func(one loose) bool { return one.own && !left[one.name] })
	if used < mostBundles {
		return rest, nil
	}
	return rest, m.rebundle(ctx, window, all, bundles)
}

// rebundle makes one bundle of all.
func (m *model) rebundle(ctx context.Context, window state.Window, all *fresh, bundles []state.Bundle) error {
	if err := m.DB.PutBundle(ctx, m.name, window, all.bundle()); err != nil {
		return err
	}
	for i := range bundles {
		if bundles[i].Of == nil {
			continue
		}
		if err := m.DB.DropBundle(ctx, &bundles[i]); err != nil {
			return err
		}
	}
	return nil
}
