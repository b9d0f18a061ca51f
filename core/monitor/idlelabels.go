package monitor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"leeway/core/fault"
	"leeway/core/internal/words"
	"leeway/core/ledger"
	"leeway/core/outcome"
	"leeway/core/schema"
	"leeway/core/state"
)

// IdleLabels are the label files of a model that hold no label, or of whose ids no row has
// one, as far as they were held against rows: an error of kind Invalid each, with the file and
// what to do. all tells whether that is so of all files that could be read.
func (m *Monitor) IdleLabels(ctx context.Context, name string) (idle []*fault.Error, all bool, err error) {
	one, err := m.under(ctx, name)
	if err != nil || one == nil {
		return nil, false, err
	}
	k := &known{shape: outcome.NewShape(one.contract, 0), horizon: one.config.Labels.Horizon}
	if k.shape == nil || len(one.contract.ByRole(schema.ID)) == 0 {
		return nil, false, nil
	}
	files, err := m.DB.LabelFiles(ctx, name)
	if err != nil {
		return nil, false, err
	}
	k.files = slices.DeleteFunc(files, func(f state.LabelFile) bool { return f.Error != "" })
	against, err := m.DB.Awaited(ctx, name)
	if fault.KindOf(err) == fault.Invalid { // which doctor says of the state
		against, err = nil, nil
	}
	if err != nil {
		return nil, false, err
	}
	if against == nil {
		against = &state.Awaited{}
	}
	idle, err = one.idle(ctx, k, against, func(f *state.LabelFile) bool {
		_, held := slices.BinarySearch(against.Files, k.nameOf(f))
		return held || f.Labels == 0
	})
	return idle, len(idle) > 0 && len(idle) == len(k.files), err
}

// idle are those of the files that are asked for.
func (m *model) idle(ctx context.Context, k *known, against *state.Awaited, asked func(*state.LabelFile) bool) (all []*fault.Error, err error) {
	c := &against.Counts
	for i := range k.files {
		f := &k.files[i]
		switch {
		case !asked(f):
		case f.Labels == 0:
			all = append(all, holdsNone(f))
		case f.Labels-(c.Labels-c.IDs) > c.Unmatched: // it has more ids than wait
		default:
			ids, err := m.waiting(ctx, k, f, against.Waiting)
			if err != nil {
				return nil, err
			}
			if ids > 0 {
				all = append(all, fitsNone(f, ids))
			}
		}
	}
	return all, nil
}

// waiting is how many ids a file has, if none of them has a row; 0 if one has, or the
// file is kept no longer, or is damaged, which is told elsewhere.
func (m *model) waiting(ctx context.Context, k *known, f *state.LabelFile, ids []uint64) (int64, error) {
	var labels ledger.Labels
	data, err := m.DB.Labels(ctx, m.name, f)
	if err == nil {
		err = labels.Decode(data, k.shape, f.Arrived.UnixNano())
	}
	switch fault.KindOf(err) {
	case "":
	case fault.NotFound, fault.Invalid:
		return 0, nil
	default:
		return 0, err
	}
	if !labels.Among(ids) {
		return 0, nil
	}
	return labels.IDs(), nil
}

// holdsNone says of a file that there is no label in it.
func holdsNone(f *state.LabelFile) *fault.Error {
	one := &fault.Error{Kind: fault.Invalid, Object: f.Key, Err: errors.New("there are no labels in it"), Hint: "it has no rows: if it should have some, look at what writes it"}
	if len(f.Notes) > 0 {
		one.Hint = strings.TrimPrefix(strings.Join(f.Notes, "; "), f.Key+": ")
	}
	return one
}

// fitsNone says of a file that no row has any of its ids.
func fitsNone(f *state.LabelFile, ids int64) *fault.Error {
	return &fault.Error{Kind: fault.Invalid, Object: f.Key, Err: fmt.Errorf("no row so far has any of its %s", words.Plural(ids, "id")),
		Hint: "if their predictions are neither still to come nor deleted (retain.ledger), check that the file is of this model and writes ids as the logs do (007 is not 7)"}
}

// mostIdle is how many such files are told of one by one.
const mostIdle = 3

// TellIdle is what is to be said of such files, one line each.
func TellIdle(idle []*fault.Error) (lines []string) {
	for _, one := range idle[:min(len(idle), mostIdle)] {
		lines = append(lines, one.Error())
	}
	if more := len(idle) - mostIdle; more > 0 {
		lines = append(lines, words.Plural(int64(more), "other label file")+" likewise")
	}
	return lines
}
