package vary

import (
	"math"
	"slices"

	"leeway/core/check"
	"leeway/core/check/fairness"
	"leeway/core/compare"
	"leeway/core/frame"
	"leeway/core/ledger"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/profile"
	"leeway/core/route"
	"leeway/core/schema"
	"leeway/core/state"
	"leeway/core/truth"
)

// How groups of people and segments differ between windows of a reference is told from
// the predictions that its ledger holds, where each row has the number of its window: two
// bytes a row, and the parts of one window at a time. What stays in the baseline are
// deviates, of 20 groups of a column and of the segments, in up to 48 windows.

// Number gives rows of the file that is being read the numbers of their windows. Rows without a time have the
// number 0, and so do those of windows beyond as many as there are numbers. It is nil where
// the reference cannot be cut.
func (w *Windows) Number(block *frame.Block) func(row int) uint16 {
	if w.failed {
		return nil
	}
	times := w.file.Times(block)
	return func(row int) uint16 {
		if times == nil || times.States != nil && times.States[row] != frame.Valid {
			return 0
		}
		return w.numberOf(w.file.WindowOf(times.Times[row]))
	}
}

func (w *Windows) numberOf(window state.Window) uint16 {
	if w.last.number > 0 && w.last.window == window {
		return w.last.number
	}
	if w.numbers == nil {
		w.numbers = map[state.Window]uint16{}
	}
	number, known := w.numbers[window]
	if !known && len(w.numbers) < math.MaxUint16 {
		number = uint16(len(w.numbers) + 1)
		w.numbers[window] = number
	}
	w.last.window, w.last.number = window, number
	return number
}

// Numbered are the windows of the reference by their numbers; nil where rows could not be
// told apart by windows.
func (w *Windows) Numbered() []ledger.Window {
	if w.failed || w.err != nil || len(w.numbers) == 0 {
		return nil
	}
	all, cut := make([]ledger.Window, len(w.numbers)), w.cut()
	for window, number := range w.numbers {
		all[number-1] = ledger.Window{Start: window.Start.UnixNano(), End: window.End.UnixNano(), Cut: slices.Contains(cut, window)}
	}
	return all
}

// ofParts adds how windows of a reference differ from the whole in how groups of people
// are treated, and in what came true of segments.
func (w *Windows) ofParts(to map[string][]metric.Deviate, from *truth.Outcomes, contract *schema.Schema, whole *profile.Dataset, parts []route.Part) error {
	if from == nil || from.Ledger() == nil || from.Shape.Groups == nil || len(w.numbers) == 0 {
		return nil
	}
	blanks := outcome.Blanks(from.Shape)
	rows := func(all outcome.Rows) outcome.Rows {
		return func(yield func(*outcome.Row) bool) {
			for row := range all {
				row.Actual = blanks.Label(row.Actual)
				if !yield(row) {
					return
				}
			}
		}
	}
	before, of := outcome.SplitWindows(from.Shape, rows(from.Ledger().All()))
	for _, one := range Judged(parts) {
		number, known := w.numbers[one.Window]
		if !known { // 0 is that of rows of no window
			continue
		}
		if err := w.stop.now(); err != nil {
			return err
		}
		now := of(rows(from.Ledger().In(number)))
		if err := RememberParts(to, contract, whole, one.Profile, &check.Groups{Reference: before, Current: now}); err != nil {
			return err
		}
	}
	return nil
}

// RememberParts adds what the tests of groups and segments say of a window that is part
// of a reference.
func RememberParts(to map[string][]metric.Deviate, contract *schema.Schema, whole, part *profile.Dataset, groups *check.Groups) error {
	in := &check.Input{Schema: contract, Reference: whole, Current: part, Wanted: check.Tests, Labelled: &check.Labelled{}, Groups: groups}
	said, err := fairness.Check{}.Evaluate(in)
	if err == nil {
		err = compare.OutcomesBySegment(&said, in)
	}
	if err == nil {
		Remember(to, &said, 1)
	}
	return err
}
