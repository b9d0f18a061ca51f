// Package vary tells how the windows of a reference differ, of which it is known that
// they are good: the noise that later windows are held against, beside that of sampling.
//
// [Windows] goes along while a reference is read and cuts its rows into windows, into pieces
// and runs of them, and by the parts of seasons. Then [Windows.Learn] has the tests compare
// each of these with the whole that it is part of, frees what they say from the rows that both
// have in common, and fills in what a baseline remembers of it. [Remember] and [Apart] are the
// heart of that, apart for simulations; [RememberLabels] and [RememberParts] do the same where
// labels of a reference come after it was read.
package vary

import (
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/state"
	"leeway/core/truth"
)

// Learn fills in what is known of the windows of a baseline that was read whole, and of their
// pieces, runs and seasons; the profiles of the latter are to be stored with it. It tells of the
// windows which stand apart. Where there are such and none was left out yet, it ends with
// these, for the reference is to be read once more without them.
func (w *Windows) Learn(b *state.Baseline, whole *profile.Dataset, contract *schema.Schema, outcomes *truth.Outcomes) (slots []Slot, out []Episode, err error) {
	if b.Variation, out, err = w.ofWindows(whole, contract, outcomes); err != nil {
		return nil, nil, err
	}
	if len(out) > 0 && len(w.without) == 0 { // all else has to be learnt again
		return nil, out, nil
	}
	if b.Pieces, err = w.ofPieces(whole, contract); err != nil {
		return nil, nil, err
	}
	if b.Runs, err = w.ofRuns(contract); err != nil {
		return nil, nil, err
	}
	b.Sizes = true
	b.Cover, b.WindowRows = w.cover(), w.counts()
	b.Seasons, slots, err = w.ofSeasons(whole, contract)
	return slots, out, err
}
