package monitor

import (
	"context"
	"errors"
	"fmt"

	"leeway/core/fault"
	"leeway/core/ledger"
	"leeway/core/outcome"
	"leeway/core/state"
)

// heldBytes is how much memory the predictions of windows may take to be held in it
// while they are gone through several times. Others are read each time.
const heldBytes = 16 << 20

// kept are the predictions of windows as they are kept, in chunks. What goes wrong when
// one is read is told once all were gone through, see failed.
type kept struct {
	*model
	ctx    context.Context
	shape  *outcome.Shape
	chunks []chunk
	admits *outcome.Admission // see [ledger.Ledger]

	held   []*ledger.Ledger // in memory; nil: not yet
	hold   bool             // they are few enough
	broken *damaged
	err    error
}

// chunk is where some of them are.
type chunk struct {
	window state.Window
	name   string
	at, of int   // which chunk of how many
	until  int64 // see [ledger.Ledger]
}

// ofWindows finds the predictions of windows; nil where nothing was kept.
func (m *model) ofWindows(ctx context.Context, windows []state.Window, d *delivered, shape *outcome.Shape) *kept {
	if shape == nil {
		return nil
	}
	k := &kept{model: m, ctx: ctx, shape: shape}
	rows := int64(0)
	for _, window := range windows {
		if m.expired(window, d.now) {
			continue
		}
		for _, i := range d.byWindow[window] {
			for _, part := range d.batches[i].Parts {
				if part.Window != window || !part.Ledger || part.Lost {
					continue
				}
				of := max(part.Chunks, 1)
				for at := range of {
					k.chunks = append(k.chunks, chunk{window, part.Profile, at, of, m.until(window, &d.batches[i])})
				}
				rows += part.Rows
			}
		}
	}
	if len(k.chunks) == 0 {
		return nil
	}
	most := int64(m.heldRows)
	if most == 0 {
		most = int64(heldBytes / ledger.New(shape).RowBytes())
	}
	k.hold = rows <= most
	return k
}

// shelf is how they are gone through.
func (k *kept) shelf() *ledger.Shelf {
	if k == nil {
		return nil
	}
	return &ledger.Shelf{Shape: k.shape, All: k.all}
}

func (k *kept) all(yield func(*ledger.Ledger) bool) {
	if k.held != nil {
		for _, one := range k.held {
			if one.Admits = k.admits; !yield(one) {
				return
			}
		}
		return
	}
	var held []*ledger.Ledger
	for i := range k.chunks {
		one := k.read(&k.chunks[i])
		if one == nil {
			continue // and all is for nothing; but what else is damaged is mended with it
		}
		if k.hold {
			held = append(held, one)
		}
		if one.Admits = k.admits; !yield(one) {
			return
		}
	}
	k.held = held
}

// read reads a chunk; nil where that cannot be done.
func (k *kept) read(p *chunk) *ledger.Ledger {
	if k.err != nil {
		return nil
	}
	data, err := k.DB.Ledger(k.ctx, k.name, p.window, p.name, p.at)
	key := state.LedgerKey(k.name, p.window, p.name, p.at)
	err = k.unlessDropped(k.ctx, err, key, func(d *state.Dropped) bool { return d.Window(p.window) })
	one, err := decodeLedger(data, err, p, key, k.shape)
	var broken *damaged
	switch {
	case errors.As(err, &broken):
		k.broken = k.broken.with(err)
		return nil
	case err != nil:
		k.err = err
		return nil
	}
	one.Until = p.until
	return one
}

// look goes through them to see what is damaged.
func (k *kept) look() error {
	if k != nil {
		k.all(func(*ledger.Ledger) bool { return true })
	}
	return k.failed()
}

// failed is what went wrong so far.
func (k *kept) failed() error {
	switch {
	case k == nil:
		return nil
	case k.err != nil:
		return k.err
	case k.broken != nil:
		return k.broken
	}
	return nil
}

// decodeLedger decodes what was read. Damage is an error that has the ledger made
// again, see relearn.
func decodeLedger(data []byte, err error, p *chunk, key string, shape *outcome.Shape) (*ledger.Ledger, error) {
	var one *ledger.Ledger
	if err == nil {
		one, err = ledger.Decode(data, shape)
	}
	if err == nil && !(one.Chunk == p.at+1 || one.Chunk == 0 && p.of == 1) {
		err = fault.New(fault.Invalid, fmt.Sprintf("is chunk %d of predictions and not %d of %d", one.Chunk, p.at+1, p.of), "it is made again from the files")
	}
	if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Invalid {
		d := state.Damage{Key: key, Size: int64(len(data)), Err: err}
		return nil, &damaged{error: fault.In(key, err), needed: []state.Damage{d}}
	}
	return one, err
}
