package monitor

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"leeway/core/calendar"
	"leeway/core/cases"
	"leeway/core/check"
	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/ledger"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/route"
	"leeway/core/state"
	"leeway/core/vary"
)

// Labels of a reference may come in files of their own, after its baseline was built. Then
// how its windows differ in what came true is told by the predictions that its ledger
// holds, each with the number of its window, once labels are joined to them. The tests are
// those of a reference that has labels itself (core/vary).

// pastOutcomes is what tests say of the windows of a baseline by the labels that there are
// now; nil maps where that is not known, or what was stored with the baseline holds.
type pastOutcomes struct {
	whole  map[string][]metric.Deviate // against the whole of it
	within map[string][]metric.Deviate // against the part of the season that they are of
	note   string                      // what a window's outcomes are held against; "" for the whole baseline, as always
}

// pastOutcomes fills that in: the first where labels of files joined rows of the baseline, the
// second where a window is held against a part of it. Windows that are not as long as those of
// now tell nothing.
func (m *model) pastOutcomes(ctx context.Context, base *baseline, before *reference, part *slotReference) (past pastOutcomes, err error) {
	if before.summary == nil || before.summary.Labelled == 0 || base.Every != m.config.Window.Every {
		return past, nil
	}
	if before.digest.Rows() > 0 {
		past.whole, err = m.pastOf(ctx, base, before, "")
	}
	if part != nil && err == nil {
		past.within, err = m.pastOf(ctx, base, before, part.season)
	}
	return past, err
}

// pastOf is that against the whole, or by a season. It is a function of the baseline, the
// labels that its rows have and the contract, and is kept in the state under a name of these:
// some 50 comparisons are not made again for each file.
func (m *model) pastOf(ctx context.Context, base *baseline, before *reference, season string) (map[string][]metric.Deviate, error) {
	free, err := m.labels.gate.pass(ctx)
	if err != nil {
		return nil, err
	}
	defer free()
	of := before.of
	if past, known := of.past[season]; known {
		return past, nil
	}
	name := m.pastName(of, season)
	past, err := m.DB.PastOutcomes(ctx, m.name, base.Version, name)
	if fault.KindOf(err) == fault.Invalid {
		err = cmp.Or(m.setAside(ctx, state.Damage{Key: state.PastKey(m.name, base.Version, name), Err: err}), err)
	}
	switch fault.KindOf(err) {
	case "":
	case fault.NotFound, fault.Invalid:
		if past, err = m.compareWindows(ctx, base, before, season); err == nil && !m.replays {
			m.labels.stale = true
			err = m.DB.PutPastOutcomes(ctx, m.name, base.Version, name, past)
		}
	}
	if err != nil {
		return nil, err
	}
	if of.past == nil {
		of.past = map[string]map[string][]metric.Deviate{}
	}
	of.past[season] = past
	return past, nil
}

// pastName names it by the labels that the rows of a baseline have, the contract and the season.
func (m *model) pastName(of *reference, season string) string {
	return state.Short(of.digest.Bare().String() + "\x00" + m.mark + "\x00" + season)
}

// sweepPast deletes, where labels changed, what is known of baselines by labels that they no
// longer have, or under another contract; and of other baselines than the one in use, save
// those that this run looked at.
func (m *model) sweepPast(ctx context.Context) error {
	if !m.labels.stale || m.replays {
		return nil
	}
	keep, looked := map[string]bool{}, map[string]bool{}
	for version, of := range m.labels.references {
		looked[version] = true
		for _, season := range []string{"", config.HourOfWeek, config.DayOfWeek, config.MonthOfYear} {
			keep[version+m.pastName(of, season)] = true
		}
	}
	return m.DB.SweepPastOutcomes(ctx, m.name, func(version, name string) bool {
		if !looked[version] {
			return version == m.baseline.Version && len(m.labels.files) > 0
		}
		return keep[version+name]
	})
}

// compareWindows makes it; the lock of references is held.
func (m *model) compareWindows(ctx context.Context, base *baseline, before *reference, season string) (map[string][]metric.Deviate, error) {
	if err := before.read(ctx, m, base.Version); err != nil || len(before.ledgers) == 0 {
		return nil, err
	}
	all := map[string][]metric.Deviate{}
	whole := &joinedRows{labels: m.labels, base: base, rows: before.ledgers[0], summary: before.summary}
	if season == "" {
		return all, whole.compare(ctx, all, whole.windows())
	}
	bySlot := map[int][]route.Part{}
	for _, one := range whole.windows() {
		slot := calendar.Slot(season, one.Window)
		bySlot[slot] = append(bySlot[slot], one)
	}
	for _, slot := range slices.Sorted(maps.Keys(bySlot)) {
		if len(bySlot[slot]) < vary.FewestAlike {
			continue
		}
		if err := whole.only(ofSlot(season, slot)).compare(ctx, all, bySlot[slot]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// ofSlot tells whether a window is of a part of a season.
func ofSlot(season string, slot int) func(state.Window) bool {
	return func(w state.Window) bool { return calendar.Slot(season, w) == slot }
}

// joinedRows are rows of a baseline with the labels that there are now.
type joinedRows struct {
	labels  *known
	base    *baseline
	rows    *ledger.Ledger
	summary *outcome.Summary // what came true of them
}

// only is those of some of the windows.
func (r *joinedRows) only(wanted func(state.Window) bool) *joinedRows {
	rows := r.rows.Only(func(w *ledger.Window) bool { return wanted(spanOf(w)) })
	return &joinedRows{r.labels, r.base, rows, r.labels.labels.Look(r.labels.shape, ledger.Of(rows)).Summary}
}

// compare adds what tests say of windows that are part of these rows.
func (r *joinedRows) compare(ctx context.Context, to map[string][]metric.Deviate, windows []route.Part) error {
	sample := r.sample()
	var before *outcome.Parts
	var of func(outcome.Rows) *outcome.Parts
	if r.rows.Shape().Groups != nil {
		before, of = outcome.SplitWindows(r.rows.Shape(), r.outcomes())
	}
	for _, one := range windows {
		if err := ctx.Err(); err != nil {
			return err
		}
		now := r.only(func(w state.Window) bool { return w == one.Window })
		if now.summary.Labelled >= vary.FewestRows {
			labelled := &check.Labelled{Reference: r.summary, Current: now.summary, Cases: windowTables(sample, now.sample())}
			if err := vary.RememberLabels(to, r.base.contract, labelled); err != nil {
				return err
			}
		}
		if of == nil {
			continue
		}
		groups := &check.Groups{Reference: before, Current: of(now.outcomes())}
		if err := vary.RememberParts(to, r.base.contract, r.base.profile, r.base.profile, groups); err != nil {
			return err
		}
	}
	return nil
}

// windows are the windows to compare, oldest first: those with enough rows, save the ones
// that are cut off.
func (r *joinedRows) windows() []route.Part {
	var all []route.Part
	for i, rows := range r.rows.Counts() {
		if one := &r.rows.Windows[i]; rows >= vary.FewestRows && !one.Cut {
			all = append(all, route.Part{Window: spanOf(one)})
		}
	}
	slices.SortFunc(all, func(a, b route.Part) int { return a.Window.Compare(b.Window) })
	return vary.Judged(all)
}

func spanOf(w *ledger.Window) state.Window {
	return state.Window{Start: time.Unix(0, w.Start).UTC(), End: time.Unix(0, w.End).UTC()}
}

// outcomes are the rows with their labels.
func (r *joinedRows) outcomes() outcome.Rows {
	return r.labels.labels.Outcomes(r.labels.shape, ledger.Of(r.rows))
}

// sample is the rows of the sample with their labels; nil where none was kept.
func (r *joinedRows) sample() *cases.Sample {
	return r.labels.labels.Cases(r.labels.shape, cases.ColumnsOf(r.base.contract), cases.Bound, ledger.Of(r.rows))
}

// windowTables are the labelled rows of a reference's sample and of a window of it.
func windowTables(whole, part *cases.Sample) *check.Cases {
	tables := &check.Cases{}
	if whole != nil && part != nil {
		tables.Reference, _, tables.Current, _ = cases.Tables(&cases.Side{Sample: whole, Label: cases.Own}, &cases.Side{Sample: part, Label: cases.Own})
	}
	return tables
}

// overlaid is what tests said of a reference's windows, where what labels said that were
// joined since takes the place of what was said before.
func overlaid(variation, joined map[string][]metric.Deviate) map[string][]metric.Deviate {
	if len(variation) == 0 || len(joined) == 0 {
		return variation
	}
	all := maps.Clone(variation)
	maps.Copy(all, joined)
	return all
}
