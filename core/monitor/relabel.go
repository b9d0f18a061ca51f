package monitor

import (
	"cmp"
	"context"
	"errors"
	"math"
	"strings"

	"leeway/core/cases"
	"leeway/core/check"
	"leeway/core/collect"
	"leeway/core/fault"
	"leeway/core/ledger"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/state"
	"leeway/core/truth"
)

// relabel has those windows judged again whose rows have other labels by now
// than their report knew. It tells nothing new of labels that all windows were
// joined with before.
func (p *pass) relabel(ctx context.Context, history []state.Summary, result *Result) error {
	done, err := p.DB.Joined(ctx, p.name)
	if err != nil {
		return err
	}
	w, err := p.awaited(ctx, history)
	if err != nil {
		return err
	}
	if p.labels.name == done {
		return w.settle(ctx)
	}
	if err := p.labels.load(ctx, p.model); err != nil {
		return err
	}
	reported := map[state.Window]*state.Summary{}
	for i := range history {
		reported[history[i].Window] = &history[i]
	}
	r := &relabelling{pass: p, since: p.labels.since(done), bases: map[string]ledger.Digest{}, awaiting: w}
	var broken *damaged
	for window := range p.byWindow {
		if p.expired(window, p.now) {
			continue
		}
		other, err := r.differs(ctx, window, reported[window])
		if broken = broken.with(err); broken == nil && err != nil {
			return err
		}
		if other {
			p.again[window] = true
		}
	}
	if broken != nil {
		return broken
	}
	if err := w.settle(ctx); err != nil {
		return err
	}
	result.Notes = append(result.Notes, w.notes()...)
	return nil
}

// relabelling holds the labels of windows against those that their reports knew.
type relabelling struct {
	*pass
	since    int64                    // when the first of the new labels came
	bases    map[string]ledger.Digest // what is joined to baselines, by version
	awaiting *awaiting
}

// differs tells whether the rows of a window, or of its baseline, have other labels than
// the newest report of it knew, nil for none.
func (r *relabelling) differs(ctx context.Context, window state.Window, s *state.Summary) (bool, error) {
	version := r.baseline.Version
	if s != nil {
		version = s.Baseline
	}
	before, err := r.matched(ctx, version)
	if err != nil {
		return false, err
	}
	if s != nil && s.Labels != "" && !r.takes(window, r.since) {
		return s.Labels != beside(s.Labels, before), nil
	}
	ledgers := r.ofWindows(ctx, []state.Window{window}, r.delivered, outcome.NewShape(r.contract, 0).Bare())
	if err := r.awaiting.meet(window, ledgers); err != nil {
		return false, err
	}
	digest, err := r.match(ctx, ledgers.shelf())
	if err = cmp.Or(ledgers.failed(), err); err != nil {
		return false, err
	}
	return s != nil && ledgers != nil && together(digest, before) != s.Labels, nil
}

// matched names the labels that a baseline's predictions have.
func (r *relabelling) matched(ctx context.Context, version string) (ledger.Digest, error) {
	before, known := r.bases[version]
	if known {
		return before, nil
	}
	one, err := r.ofBaseline(ctx, version, outcome.NewShape(r.contract, 0).Bare())
	if err != nil {
		return before, err
	}
	r.awaiting.meetBaseline(version, one)
	if one != nil {
		before, err = r.match(ctx, ledger.Of(one))
	}
	r.bases[version] = before
	return before, err
}

// takes tells whether any of the labels that came at an instant or later can be
// taken for a window.
func (p *pass) takes(window state.Window, since int64) bool {
	for _, i := range p.byWindow[window] {
		if until := p.until(window, &p.batches[i]); until == 0 || until >= since {
			return true
		}
	}
	return false
}

// until is the last instant at which labels are taken for the rows of a batch in a
// window; 0 for no end.
func (m *model) until(window state.Window, batch *state.Batch) int64 {
	if m.config.Labels.Horizon == 0 {
		return 0
	}
	from := window.End
	if batch.Arrived.After(from) {
		from = batch.Arrived
	}
	return from.Add(m.config.Labels.Horizon).UnixNano()
}

// with adds the damage that an error tells of, so that all is mended together.
func (d *damaged) with(err error) *damaged {
	var one *damaged
	switch {
	case !errors.As(err, &one):
		return d
	case d == nil:
		return one
	}
	d.needed = append(d.needed, one.needed...)
	return d
}

// together names the labels that were joined to a window and to its baseline.
func together(current, reference ledger.Digest) string {
	return beside(current.String(), reference)
}

// beside names the labels of a window as before and those of its baseline as now.
func beside(labels string, reference ledger.Digest) string {
	current, _, _ := strings.Cut(labels, "/")
	if reference.Rows() == 0 {
		return current
	}
	return current + "/" + reference.Bare().String()
}

// relearn has the object read again that a damaged ledger was made from. If that
// is gone its rows count as not labelled.
func (m *model) relearn(ctx context.Context, rest string) error {
	key, name, _ := strings.Cut(rest, "/")
	window, err := state.ParseWindow(key)
	if err != nil {
		return nil // nobody reads it
	}
	name, _, _ = strings.Cut(name, "-") // of whichever chunk
	of := func(p state.Part) bool { return p.Window == window && p.Profile == name && p.Ledger }
	return m.refetch(ctx, of, func(batch state.Batch, at int) error {
		batch.Parts[at].Ledger = false
		return m.DB.PutBatch(ctx, m.name, batch)
	})
}

// ofBaseline reads the ledger of a baseline; nil where it has none, or where that
// is damaged: a baseline is not made again.
func (m *model) ofBaseline(ctx context.Context, version string, shape *outcome.Shape) (*ledger.Ledger, error) {
	if version == "" || shape == nil {
		return nil, nil
	}
	data, err := m.DB.BaselineLedger(ctx, m.name, version)
	var one *ledger.Ledger
	if err == nil {
		one, err = ledger.Decode(data, shape)
	}
	switch fault.KindOf(err) {
	case "":
		return one, nil
	case fault.NotFound:
		return nil, nil
	case fault.Invalid:
		return nil, m.setAside(ctx, state.Damage{Key: state.BaselineKey(m.name, version) + ".ledger", Size: int64(len(data)), Err: err})
	}
	return nil, err
}

// windowTruth is what is known of how good predictions are.
type windowTruth struct {
	labelled *check.Labelled // what came true; nil where no label is known
	said     *check.Said     // what was said before it was known; nil where no ledger is kept
	groups   *check.Groups   // both by groups; nil where rows are not grouped
	labels   string          // names the labels of files that were joined

	past pastOutcomes // what labels say of the baseline's windows
}

// truth is what came true of the predictions in windows and of those of the
// baseline, or of the part of it that is chosen, by the labels that there are so far, and
// what the model said of all rows.
func (m *model) truth(ctx context.Context, windows []state.Window, d *delivered, base *baseline, c *choice) (t windowTruth, err error) {
	asked, _ := collect.Wanted(base.Segments, m.config, base.contract)
	shape := outcome.NewShape(base.contract, outcome.Exact).Divide(asked)
	if shape == nil {
		return t, nil
	}
	known := m.labels
	before, err := known.reference(ctx, m, base.Version, shape)
	if err != nil {
		return t, err
	}
	kept := m.ofWindows(ctx, windows, d, before.shape)
	if kept == nil {
		return t, nil
	}
	if err := known.load(ctx, m); err != nil {
		return t, err
	}
	part, why, err := m.slotOutcomes(ctx, base, before, c)
	if err != nil {
		return t, err
	}
	if t.past, err = m.pastOutcomes(ctx, base, before, part); err != nil {
		return t, err
	}
	held := part.or(before)
	ledgers := kept.shelf()
	odd, twice := truth.Admit(&known.labels, known.shape, before.summary, ledgers, func(a *outcome.Admission) { kept.admits = a })
	if err := kept.failed(); err != nil {
		return t, err
	}
	current, err := m.look(ctx, ledgers)
	if err != nil {
		return t, err
	}
	t.labels = together(current.Digest, before.digest)
	t.said = &check.Said{Reference: before.summary, Current: current.Said}
	t.groups = truth.Split(before.shape, known.labels.Outcomes(known.shape, ledger.Of(held.ledgers...)), known.labels.Outcomes(known.shape, ledgers))
	labelled := &check.Labelled{Reference: held.summary, Current: current.Summary, Unlabelled: current.Unlabelled, Odd: odd(current.Summary), Contrary: twice, Before: truth.JoinedOf(&before.digest)}
	if current.Summary.Labelled > 0 || truth.IsOdd(labelled) || current.Digest.Unread > 0 {
		t.labelled, t.past.note = labelled, c.outcomesNote(part, why)
		if err := held.rows(ctx, m, base.Version); err != nil {
			return t, err
		}
		labelled.Cases = tabled(known, cases.ColumnsOf(base.contract), ledger.Of(held.ledgers...), ledgers)
		if t.labels != "" {
			labelled.Joined = truth.JoinedOf(&current.Digest)
		}
	}
	return t, kept.failed()
}

// tabled are the labelled rows of the samples that lie with ledgers; nil where none
// of now has one.
func tabled(k *known, columns []cases.Column, before, now *ledger.Shelf) *check.Cases {
	current := k.labels.Cases(k.shape, columns, cases.Stored, now)
	if current == nil {
		return nil
	}
	all := &check.Cases{}
	reference := k.labels.Cases(k.shape, columns, cases.Bound, before)
	if reference == nil {
		all.Current, all.Rest = current.Table(cases.Own, math.MaxUint64), current.Rest(cases.Own, math.MaxUint64)
		return all
	}
	all.Reference, all.Before, all.Current, all.Rest = cases.Tables(&cases.Side{Sample: reference, Label: cases.Own}, &cases.Side{Sample: current, Label: cases.Own})
	return all
}

// reference is what came true of a baseline's predictions.
type reference struct {
	shape   *outcome.Shape // what windows are to be held beside it with
	summary *outcome.Summary
	digest  ledger.Digest
	ledgers []*ledger.Ledger // its rows, where they are wanted: see rows

	of *reference // what it was made from, of all windows

	past map[string]map[string][]metric.Deviate // by season: see model.pastOf
}

// rows reads the rows, if that was not done yet and there are any.
func (r *reference) rows(ctx context.Context, m *model, version string) error {
	free, err := m.labels.gate.pass(ctx)
	if err != nil {
		return err
	}
	defer free()
	return r.read(ctx, m, version)
}

// read is rows for who is inside the gate.
func (r *reference) read(ctx context.Context, m *model, version string) error {
	if r.summary == nil || len(r.ledgers) > 0 {
		return nil
	}
	if of := r.of; len(of.ledgers) == 0 {
		one, err := m.ofBaseline(ctx, version, of.shape)
		if err != nil || one == nil {
			return err
		}
		of.ledgers = []*ledger.Ledger{one}
	}
	r.share()
	return nil
}

// share gives it the rows of what it was made from, under its own shape.
func (r *reference) share() {
	for _, one := range r.of.ledgers {
		mine := one.Under(r.shape)
		mine.Admits = outcome.Blanks(r.shape)
		if r.summary != nil && r.summary.Strange != nil {
			mine.Admits = outcome.Nothing(r.shape)
		}
		r.ledgers = append(r.ledgers, mine)
	}
}

// reference is that of a version, of the caller alone. It is read and summed up once;
// its rows are kept where they are grouped, or once they are asked for.
func (k *known) reference(ctx context.Context, m *model, version string, shape *outcome.Shape) (*reference, error) {
	free, err := k.gate.pass(ctx)
	if err != nil {
		return nil, err
	}
	defer free()
	of := k.references[version]
	if of == nil {
		if of, err = m.sumUp(ctx, version, shape); err != nil {
			return nil, err
		}
		if shape.Groups == nil {
			of.ledgers = nil
		}
		if k.references == nil {
			k.references = map[string]*reference{}
		}
		k.references[version] = of
	}
	mine := &reference{shape: of.shape.Apart(), digest: of.digest, of: of}
	if of.summary != nil {
		mine.summary = outcome.New(mine.shape)
		mine.summary.Merge(of.summary)
	}
	mine.share()
	return mine, nil
}

// sumUp reads the ledger of a baseline and joins it with the labels.
func (m *model) sumUp(ctx context.Context, version string, shape *outcome.Shape) (*reference, error) {
	of := &reference{shape: shape}
	one, err := m.ofBaseline(ctx, version, shape)
	if err != nil || one == nil {
		return of, err
	}
	one.Admits = outcome.Blanks(shape)
	joined, err := m.look(ctx, ledger.Of(one))
	if err != nil {
		return nil, err
	}
	of.summary, of.digest, of.ledgers = joined.Summary, joined.Digest, []*ledger.Ledger{one}
	if of.summary.Apart() {
		of.summary = of.summary.Disown()
	}
	of.summary.Predicts(one.Predicted())
	return of, nil
}
