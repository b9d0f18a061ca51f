package monitor

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"leeway/core/fault"
	"leeway/core/internal/words"
	"leeway/core/ledger"
	"leeway/core/outcome"
	"leeway/core/state"
)

// Which labels have a row is a question to all windows at once: a label that no row of
// this window has may be of any other, or of one to come. So it is answered for the
// model, beside the reports, and carried on: an id that has found its row has found it.
// Only labels that are new are looked for in all windows that may have them, and only
// windows that are new are searched for labels that wait.

// awaiting holds ids that have labels against the rows that there are.
type awaiting struct {
	*pass
	counts *state.LabelCounts // as they are stored, where nothing is to be done

	before   *state.Awaited // nil: nothing is known
	files    []string       // names of the labels, ascending
	of       string
	parts    map[string]bool
	versions []string // of baselines that rows are compared with
	since    int64    // when the first of the new labels came; the end of time for none

	found *ledger.Awaited
	met   map[state.Window]bool
	bases map[string]bool
	idle  []*fault.Error // new files of whose ids no row has one
}

// awaited finds out whether labels, or rows, came that were not held against each other
// yet.
func (p *pass) awaited(ctx context.Context, history []state.Summary) (w *awaiting, err error) {
	w = &awaiting{pass: p, parts: map[string]bool{}, met: map[state.Window]bool{}, bases: map[string]bool{}, since: math.MaxInt64}
	if w.counts, err = p.DB.LabelCounts(ctx, p.name); err != nil || w.counts == nil && p.labels.name == "" {
		return w, err
	}
	w.list(history)
	if w.counts != nil && w.counts.Of == w.of {
		return w, nil
	}
	w.counts = nil
	w.before, err = p.DB.Awaited(ctx, p.name)
	if fault.KindOf(err) == fault.Invalid { // then all is held against each other again
		w.before, err = nil, p.setAside(ctx, state.Damage{Key: state.AwaitedKey(p.name), Err: err})
	}
	if err != nil || w.isCounted() {
		return w, err
	}
	p.labels.before = map[string]bool{}
	if w.before != nil {
		for _, name := range w.before.Files {
			p.labels.before[name] = true
		}
	}
	for i := range p.labels.files {
		if f := &p.labels.files[i]; !p.labels.before[p.labels.nameOf(f)] {
			w.since = min(w.since, f.Arrived.UnixNano())
		}
	}
	if err := p.labels.load(ctx, p.model); err != nil {
		return w, err
	}
	var waiting, late []uint64
	if w.before != nil {
		waiting, late = w.before.Waiting, w.before.Late
	}
	w.found = p.labels.labels.Await(waiting, late)
	return w, nil
}

// isCounted tells whether all is counted and only the copy of the counts is not written.
func (w *awaiting) isCounted() bool { return w.before != nil && w.before.Counts.Of == w.of }

// list names what there is to be held against each other.
func (w *awaiting) list(history []state.Summary) {
	for i := range w.labels.files {
		w.files = append(w.files, w.labels.nameOf(&w.labels.files[i]))
	}
	slices.Sort(w.files)
	for window, batches := range w.byWindow {
		if w.expired(window, w.now) {
			continue
		}
		for _, name := range w.ledgersOf(window, batches) {
			w.parts[name] = true
		}
	}
	w.versions = []string{w.baseline.Version}
	for i := range history {
		w.versions = append(w.versions, history[i].Baseline)
	}
	slices.Sort(w.versions)
	w.versions = slices.DeleteFunc(slices.Compact(w.versions), func(version string) bool { return version == "" })
	for _, version := range w.versions {
		w.parts[partName("baseline", version)] = true
	}
	sum := sha256.Sum256([]byte(strings.Join(w.files, " ") + "\x00" + strings.Join(slices.Sorted(maps.Keys(w.parts)), " ")))
	w.of = hex.EncodeToString(sum[:16])
}

// ledgersOf names the predictions of a window.
func (p *pass) ledgersOf(window state.Window, batches []int) (names []string) {
	for _, i := range batches {
		for _, part := range p.batches[i].Parts {
			if part.Window == window && part.Ledger && !part.Lost {
				names = append(names, partName(window.Key(), part.Profile))
			}
		}
	}
	return names
}

func partName(place, name string) string {
	sum := sha256.Sum256([]byte(place + "/" + name))
	return hex.EncodeToString(sum[:8])
}

// pending tells whether anything is to be held against each other.
func (w *awaiting) pending() bool { return w.found != nil }

// meet takes the rows of a window.
func (w *awaiting) meet(window state.Window, ledgers *kept) error {
	if !w.pending() {
		return nil
	}
	if ledgers != nil {
		w.found.Meet(int64(w.config.Labels.Horizon), ledgers.shelf())
	}
	w.met[window] = ledgers.failed() == nil
	return ledgers.failed()
}

// meetBaseline takes the rows of a baseline; one is nil where it has none.
func (w *awaiting) meetBaseline(version string, one *ledger.Ledger) {
	if !w.pending() {
		return
	}
	if one != nil {
		w.found.Meet(0, ledger.Of(one))
	}
	w.bases[version] = true
}

// wants tells whether a window has rows that labels may be of which were not held
// against them: its rows or the labels are new.
func (w *awaiting) wants(window state.Window, batches []int) bool {
	if w.met[window] || w.expired(window, w.now) {
		return false
	}
	if slices.ContainsFunc(w.ledgersOf(window, batches), w.isNew) {
		return true
	}
	if w.since == math.MaxInt64 {
		return false
	}
	return slices.ContainsFunc(batches, func(i int) bool {
		until := w.until(window, &w.batches[i])
		return until == 0 || until >= w.since-int64(w.config.Labels.Horizon)
	})
}

func (w *awaiting) isNew(part string) bool {
	if w.before == nil {
		return true
	}
	_, known := slices.BinarySearch(w.before.Parts, part)
	return !known
}

// settle looks at the windows that were not looked at for another reason, and stores what
// comes out.
func (w *awaiting) settle(ctx context.Context) error {
	switch {
	case w.pending():
	case w.before != nil: // the counts alone were not written, or are another's
		w.counts = &w.before.Counts
		return w.DB.PutAwaited(ctx, w.name, w.before)
	default:
		return nil
	}
	bare := outcome.NewShape(w.contract, 0).Bare()
	var broken *damaged
	for window, batches := range w.byWindow {
		if !w.wants(window, batches) {
			continue
		}
		err := w.meet(window, w.ofWindows(ctx, []state.Window{window}, w.delivered, bare))
		if broken = broken.with(err); broken == nil && err != nil {
			return err
		}
	}
	if broken != nil {
		return broken
	}
	err := w.meetBaselines(ctx, bare)
	if err != nil {
		return err
	}
	labels := &w.labels.labels
	all := &state.Awaited{Files: w.files, Parts: slices.Sorted(maps.Keys(w.parts)), Waiting: w.found.Waiting(), Late: w.found.Late()}
	all.Counts = state.LabelCounts{
		Of: w.of, Labels: labels.Rows(), IDs: labels.IDs(), Unmatched: int64(len(all.Waiting)), Late: int64(len(all.Late)),
		Duplicate: labels.Duplicate(), Conflicting: labels.Contradictory(), Corrected: labels.Corrected(),
	}
	w.counts = &all.Counts
	if w.idle, err = w.model.idle(ctx, w.labels, all, w.isNewFile); err != nil {
		return err
	}
	return w.DB.PutAwaited(ctx, w.name, all)
}

// meetBaselines takes the rows of baselines that were not looked at for another reason.
func (w *awaiting) meetBaselines(ctx context.Context, bare *outcome.Shape) error {
	for _, version := range w.versions {
		if w.bases[version] || w.since == math.MaxInt64 && !w.isNew(partName("baseline", version)) {
			continue
		}
		one, err := w.ofBaseline(ctx, version, bare)
		if err != nil {
			return err
		}
		w.meetBaseline(version, one)
	}
	return nil
}

// isNewFile tells whether a file has labels that were not held against rows before.
func (w *awaiting) isNewFile(f *state.LabelFile) bool {
	return f.Labels > 0 && !w.labels.before[w.labels.nameOf(f)]
}

// isDeleted tells whether rows that a label may be of are kept no longer.
func (w *awaiting) isDeleted() bool {
	for window := range w.byWindow {
		if w.expired(window, w.now) {
			return true
		}
	}
	return false
}

// notes says how many of the labels fit no row so far, came too late, and were
// corrected.
func (w *awaiting) notes() (lines []string) {
	c := w.counts
	if c == nil {
		return nil
	}
	if c.Unmatched > 0 {
		wait := "they wait for theirs"
		if w.isDeleted() {
			wait += ", or came too late for predictions that are deleted (retain.ledger) and never will"
		} else {
			lines = append(lines, TellIdle(w.idle)...)
		}
		lines = append(lines, fmt.Sprintf("%s of %s in labels/ fit no row so far: %s", words.Count(c.Unmatched), words.Plural(c.IDs, "id"), wait))
	}
	if c.Late > 0 {
		lines = append(lines, fmt.Sprintf("%s of %s in labels/ came too late for their rows (labels.horizon) and are not used", words.Count(c.Late), words.Plural(c.IDs, "id")))
	}
	switch {
	case c.Corrected > 0 && w.labels.horizon > 0:
		lines = append(lines, fmt.Sprintf("%s in labels/ have labels that differ: the newest that came in time counts", words.Plural(c.Corrected, "id")))
	case c.Corrected > 0:
		lines = append(lines, fmt.Sprintf("%s in labels/ had their label corrected by a later file", words.Plural(c.Corrected, "id")))
	}
	return lines
}
