package monitor

import (
	"math"

	"leeway/core/check"
	"leeway/core/check/fairness"
	"leeway/core/frame"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/state"
)

// How groups of people and segments differ between windows of a reference is told from
// the predictions that its ledger holds. While it is filled each row has the number of
// its window there: two bytes a row, and the parts of one window at a time. What stays
// in the baseline are deviates, of 20 groups of a column and of the segments, in up to
// 48 windows.

// numbered gives a block's rows the numbers of their windows; nil where they have none.
type numbered func(*frame.Block) func(row int) uint16

func (n numbered) of(block *frame.Block) func(row int) uint16 {
	if n == nil {
		return nil
	}
	return n(block)
}

// number is [numbered] of the file that is being read. Rows without a time have the
// number 0, and so do those of windows beyond as many as there are numbers. A nil
// receiver has none.
func (w *windowed) number(block *frame.Block) func(row int) uint16 {
	if w == nil || w.failed {
		return nil
	}
	times := w.file.times(block)
	return func(row int) uint16 {
		if times == nil || times.States != nil && times.States[row] != frame.Valid {
			return 0
		}
		return w.numberOf(w.file.windowOf(times.Times[row]))
	}
}

func (w *windowed) numberOf(window state.Window) uint16 {
	if w.numbers == nil {
		w.numbers = map[state.Window]uint16{}
	}
	number, known := w.numbers[window]
	if !known && len(w.numbers) < math.MaxUint16 {
		number = uint16(len(w.numbers) + 1)
		w.numbers[window] = number
	}
	return number
}

// ofParts adds how windows of a reference differ from the whole in how groups of people
// are treated, and in what came true of segments.
func (w *windowed) ofParts(to map[string][]metric.Deviate, from *Outcomes, contract *schema.Schema, whole *profile.Dataset, parts []part) error {
	if from == nil || from.ledger == nil || from.Shape.Groups == nil || len(w.numbers) == 0 {
		return nil
	}
	if len(parts) > judgedTrue {
		parts = spread(parts, judgedTrue)
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
	before, of := outcome.SplitWindows(from.Shape, rows(from.ledger.All()))
	for _, one := range parts {
		number, known := w.numbers[one.window]
		if !known { // 0 is that of rows of no window
			continue
		}
		now := of(rows(from.ledger.In(number)))
		in := &check.Input{Schema: contract, Reference: whole, Current: one.profile, Wanted: check.Tests,
			Labelled: &check.Labelled{}, Groups: &check.Groups{Reference: before, Current: now}}
		said, err := fairness.Check{}.Evaluate(in)
		if err != nil {
			return err
		}
		if err := outcomesBySegment(&said, in); err != nil {
			return err
		}
		Remember(to, &said, 1)
	}
	return nil
}
