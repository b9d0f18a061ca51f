package monitor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"leeway/core/collect"
	"leeway/core/compare"
	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/lay"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/partial"
	"leeway/core/policy"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/segment"
	"leeway/core/state"
	"leeway/core/vary"
)

// baseline is a loaded baseline.
type baseline struct {
	state.Baseline
	profile  *profile.Dataset
	contract *schema.Schema // of its schema and the configuration
}

// variation is how the windows of the reference differed, if they were as long as
// those of now.
func (b *baseline) variation(c *config.Config) map[string][]metric.Deviate {
	if b.Every != c.Window.Every {
		return nil
	}
	return b.Variation
}

// runs are how runs of the reference's windows differed, if these were as long as those of now.
func (b *baseline) runs(c *config.Config) *policy.Runs {
	if b.Runs == nil || b.Every != c.Window.Every {
		return nil
	}
	return &policy.Runs{Variation: b.Runs.Variation, Companies: b.Runs.Companies, Across: time.Duration(b.Runs.Seconds)*time.Second == 24*time.Hour, Times: vary.RunsIn(c.Window.Every), Words: vary.RunWords(b.Runs)}
}

// byRuns says that how few windows differ was taken from their runs too; "" if it was not.
func (b *baseline) byRuns(c *config.Config) string {
	if b.runs(c) == nil {
		return ""
	}
	what := "windows"
	if c.Window.Every == "month" || c.Window.Every == "week" {
		what = c.Window.Every + "s"
	}
	return fmt.Sprintf("the reference's %d %s are few: how they differ was taken from their %s too", len(b.WindowRows), what, vary.RunWords(b.Runs))
}

// clipped tells whether what is known of how windows differ ends where p-values underflow, of a
// baseline that was built before sizes told more: a window of now must not be taken for further
// off than they could be.
func (b *baseline) clipped() bool { return !b.Sizes && far(&b.Baseline) }

// far tells whether windows, pieces or seasons of a reference are as far off as p-values tell.
func far(b *state.Baseline) bool {
	all := []map[string][]metric.Deviate{b.Variation}
	for i := range b.Pieces {
		all = append(all, b.Pieces[i].Variation)
	}
	for i := range b.Seasons {
		all = append(all, b.Seasons[i].Variation)
	}
	return slices.ContainsFunc(all, policy.Clipped)
}

// counts are how many rows the windows of the reference had, if they were as long as
// those of now.
func (b *baseline) counts(c *config.Config) []int64 {
	if b.Every != c.Window.Every {
		return nil
	}
	return b.WindowRows
}

// cover is how far the rows of whole windows reach; nil where that cannot be told.
func (b *baseline) cover(c *config.Config) *state.Cover {
	return partial.Cover(&b.Baseline, b.profile, c.Window.Every)
}

// looked tells whether a window is judged by pieces of the baseline before it is whole.
func (b *baseline) looked(c *config.Config) bool {
	return b.Every == c.Window.Every && len(b.Pieces) > 0 && b.cover(c) != nil
}

// others says that windows are judged by sampling alone, because those of the
// reference were of another length; "" if they are not.
func (b *baseline) others(c *config.Config) string {
	if len(b.Variation) == 0 || b.variation(c) != nil {
		return ""
	}
	return fmt.Sprintf("how windows differ is known of the reference by the %s, not by the %s: windows may alarm for less (leeway baseline build makes a new baseline)", b.Every, c.Window.Every)
}

// collection is what windows are compared with.
func (b *baseline) collection(c *config.Config) *collect.Collection {
	notes := b.Notes
	if line := b.alone(c); line != "" {
		notes = append([]string{line}, notes...)
	}
	for _, line := range []string{b.others(c), b.byRuns(c), b.short(c), b.hint(c), b.undivided(c)} {
		if line != "" {
			notes = append(slices.Clone(notes), line)
		}
	}
	return &collect.Collection{Profile: b.profile, Objects: b.Objects, Notes: notes, Dropped: lay.DroppedIn(b.Objects)}
}

// prepare loads the model's baseline. While it has none that anybody approved,
// reference/<model>/ makes one, which counts as approved; without that the
// first batch is proposed. It tells whether there is anything to compare with.
func (m *model) prepare(ctx context.Context, result *Result) (bool, error) {
	version, approved, err := m.DB.Standing(ctx, m.name)
	if err != nil {
		return false, m.noteBaselines(ctx, err)
	}
	before := version
	if !approved {
		given, waits, err := m.given(ctx, result)
		if err != nil || waits {
			return false, err
		}
		if given != "" {
			version = given
		}
	}
	if version == "" {
		if version, err = m.propose(ctx, result); err != nil || version == "" {
			return false, err
		}
	}
	if err := m.load(ctx, version); err != nil {
		return true, m.noteBaselines(ctx, err)
	}
	if hint := m.baseline.hint(m.config); hint != "" && version != before {
		result.Notes = append(result.Notes, hint)
	}
	return true, nil
}

// noteBaselines notes what is damaged of the baselines, for the pages and
// doctor, if that may be why err came about. Which baseline counts is a decision:
// it is for a person to build or approve another one.
func (m *model) noteBaselines(ctx context.Context, err error) error {
	if fault.KindOf(err) != fault.Invalid {
		return err
	}
	found, failed := m.DB.Inspect(ctx, m.name, "baselines/")
	for _, one := range found {
		failed = errors.Join(failed, m.setAside(ctx, one))
	}
	return errors.Join(err, failed)
}

func (m *model) load(ctx context.Context, version string) error {
	var err error
	if m.baseline, err = m.read(ctx, version); err != nil {
		return err
	}
	m.contract = m.baseline.contract
	m.mark, err = mark(m)
	return err
}

// read reads a version from the bucket.
func (m *model) read(ctx context.Context, version string) (*baseline, error) {
	stored, err := m.DB.Baseline(ctx, m.name, version)
	if err != nil {
		return nil, err
	}
	decoded, err := m.decoded(ctx, version)
	if err != nil {
		return nil, err
	}
	contract, _, err := m.config.Apply(stored.Schema)
	if err == nil {
		reworded(contract, stored.Schema, decoded)
	}
	return &baseline{stored, decoded, contract}, err
}

// reworded marks the columns of a contract that a baseline has in other words than the
// configured ones: labels.map is another since it was built.
func reworded(contract, built *schema.Schema, p *profile.Dataset) {
	for i := range contract.Columns {
		now := &contract.Columns[i]
		was, had := built.Column(now.Name), p.Column(now.Name)
		if was == nil || had == nil || had.Categories == nil || maps.Equal(was.Words, now.Words) {
			continue
		}
		now.Reworded = was.Words != nil
		for from := range now.Words {
			now.Reworded = now.Reworded || had.Categories.Of(from) > 0
		}
	}
}

// decoded is the profile of a baseline. Versions never change, so the one used
// last stays in memory.
func (m *model) decoded(ctx context.Context, version string) (*profile.Dataset, error) {
	type known struct {
		version string
		profile *profile.Dataset
	}
	if kept, ok := m.baselines.Load(m.name); ok && kept.(known).version == version {
		return kept.(known).profile, nil
	}
	data, err := m.DB.BaselineProfile(ctx, m.name, version)
	var decoded *profile.Dataset
	if err == nil {
		decoded, err = profile.Decode(data)
	}
	switch fault.KindOf(err) {
	case "":
	case fault.Invalid, fault.NotFound:
		d := state.Damage{Key: state.BaselineKey(m.name, version) + ".profile", Size: int64(len(data)), Err: err}
		return nil, d.Fault(m.name)
	default:
		return nil, err
	}
	m.baselines.Store(m.name, known{version, decoded})
	return decoded, nil
}

// mark names the contract and all else that decides what a profile of an
// object looks like. Batches that were read under another mark are read again.
func mark(m *model) (string, error) {
	data, err := json.Marshal(struct {
		Columns []schema.Column
		Every   string
		Header  []string
		Missing []string
		Groups  []string `json:",omitempty"` // columns that rows are grouped by

		Segments []segment.Division `json:",omitempty"`
		Words    map[string]string  `json:",omitempty"` // other words for classes: ledgers have each class once
	}{m.contract.Columns, m.config.Window.Every, m.config.Header, m.config.MissingValues, outcome.NewShape(m.contract, 0).GroupedBy(), m.divisions(), m.contract.Words})
	return state.Short(string(data)), err
}

// given makes a baseline of reference data, "" if there are none. They may
// still be being written: a baseline of half a file would be wrong for good, so
// it waits for longer than a batch does, and for all of its files.
func (m *model) given(ctx context.Context, result *Result) (version string, waits bool, err error) {
	prefix := "reference/" + m.name + "/"
	keys, err := objects(ctx, m.Data, prefix)
	if err != nil || len(keys) == 0 {
		return "", false, err
	}
	if len(m.whole(ctx, keys, 2*m.Settle, result)) < len(keys) {
		return "", true, nil
	}
	version, err = m.build(ctx, keys, true, "built from "+prefix)
	err = result.later(err)
	return version, version == "", err
}

// propose makes a baseline of the first batch; "" if there is none.
func (m *model) propose(ctx context.Context, result *Result) (string, error) {
	var err error
	m.contract = &schema.Schema{} // without a baseline nothing is known
	if m.mark, err = mark(m); err != nil {
		return "", err
	}
	pending, err := m.DB.Pending(ctx, m.name, m.mark)
	if err != nil {
		return "", err
	}
	// A file that cannot be read is no baseline: the first that can is.
	for _, info := range m.whole(ctx, pending, 2*m.Settle, result) {
		version, err := m.build(ctx, []state.Info{info}, false, "proposed from the first batch, "+info.Key)
		if errors.As(err, &refused{}) {
			return "", err
		}
		switch err = result.later(err); fault.KindOf(err) {
		case fault.Invalid, fault.Denied, fault.NotFound:
			continue
		}
		if version != "" || err != nil {
			return version, err
		}
	}
	// None can: they are recorded under no contract, and read again as soon as
	// there is one.
	return "", m.ingest(ctx, result)
}

// later turns the error of an object that is still being written into a note
// that it is waited for.
func (r *Result) later(err error) error {
	if !errors.As(err, &growing{}) {
		return err
	}
	var known *fault.Error
	if errors.As(err, &known) {
		r.wait(known.Object, glance)
	}
	return nil
}

func objects(ctx context.Context, store state.Store, prefix string) ([]state.Info, error) {
	var all []state.Info
	for info, err := range store.List(ctx, prefix) {
		if err != nil {
			return nil, err
		}
		if state.IsData(info.Key) {
			all = append(all, info)
		}
	}
	return all, nil
}

// DiffBaselines compares two versions of a model's baseline under its
// configuration, the newer one playing the current side.
func (m *Monitor) DiffBaselines(ctx context.Context, name, older, newer string) (*report.Report, error) {
	one := &model{Monitor: m, name: name}
	if err := one.settings(ctx); err != nil {
		return nil, err
	}
	if err := one.load(ctx, older); err != nil {
		return nil, err
	}
	before := one.baseline
	if _, err := m.DB.Baseline(ctx, name, newer); err != nil {
		return nil, err
	}
	after, err := one.decoded(ctx, newer)
	if err != nil {
		return nil, err
	}
	current := &collect.Collection{Profile: after}
	current.Profile, _ = compare.Fit(after, one.contract)
	for _, column := range before.profile.Columns {
		if after.Column(column.Name) == nil {
			current.Missing = append(current.Missing, column.Name)
		}
	}
	for _, column := range after.Columns {
		if one.contract.Column(column.Name) == nil {
			current.Unexpected = append(current.Unexpected, column.Name)
		}
	}
	return compare.Compare(&compare.Comparison{
		Config: one.config, Contract: one.contract, Current: current, Created: before.Created, Baseline: older,
		Reference: &collect.Collection{Profile: before.profile, Objects: before.Objects, Dropped: lay.DroppedIn(before.Objects)},
	})
}
