package monitor

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"sync"

	"leeway/core/cases"
	"leeway/core/frame"
	"leeway/core/ledger"
	"leeway/core/outcome"
	"leeway/core/route"
	"leeway/core/schema"
	"leeway/core/state"
	"leeway/core/truth"
)

// routing is a router that keeps predictions too.
type routing struct {
	*route.Router
	predicted *predictions // nil: not wanted
	err       error        // of putting predictions away
}

// predicts has predictions kept.
func (r *routing) predicts(p *predictions) {
	r.predicted = p
	r.Router.Then = func(window state.Window) func(*frame.Block, []uint64) { return p.of(window, r).Add }
}

// failure is what stopped it, nil for nothing.
func (r *routing) failure() error { return cmp.Or(r.err, r.Router.Err()) }

// add sends each row of a block to its window.
func (r *routing) add(block *frame.Block) {
	if r.failure() == nil && r.predicted != nil {
		block = r.predicted.cut(block, r)
	}
	if r.failure() == nil {
		r.Router.Add(block)
	}
}

// predictions are those of a file, by window. After so many rows of the file what there
// is of each window is put away as a chunk: the rows of a large file are never in memory
// as a whole. Where it is cut hangs on the file's rows alone, so that whoever reads it
// comes to the same chunks.
type predictions struct {
	contract *schema.Schema
	key      []byte // of the hashes of ids
	most     int    // rows between two cuts
	put      func(window state.Window, data []byte, chunk int) error

	rows   int // since the last cut
	open   map[state.Window]*truth.Reading
	chunks map[state.Window]int // how many were put away
}

// newPredictions keeps those of rows under a contract, chunks of most rows being put away
// by put; 0 for as many as usual.
func newPredictions(contract *schema.Schema, key []byte, most int, put func(state.Window, []byte, int) error) *predictions {
	if most == 0 {
		most = ledger.ChunkRows(outcome.NewShape(contract, 0))
	}
	return &predictions{contract: contract, key: key, most: most, put: put, open: map[state.Window]*truth.Reading{}, chunks: map[state.Window]int{}}
}

// cut routes those rows of a block that the chunks at hand have room for, puts these
// away, and gives what is left of the block.
func (p *predictions) cut(block *frame.Block, r *routing) *frame.Block {
	for p.rows+block.Rows > p.most && r.failure() == nil {
		room := p.most - p.rows
		if r.Router.Add(stretch(block, 0, room)); r.failure() == nil {
			r.err = p.putAway()
		}
		block, p.rows = stretch(block, room, block.Rows), 0
	}
	p.rows += block.Rows
	return block
}

// stretch is the rows of a block from one on to another.
func stretch(block *frame.Block, from, to int) *frame.Block {
	rows := make([]int32, 0, to-from)
	for row := from; row < to; row++ {
		rows = append(rows, int32(row))
	}
	taken := &frame.Block{}
	block.Take(rows, taken)
	taken.First = block.First + int64(from)
	return taken
}

// of takes rows of a window.
func (p *predictions) of(window state.Window, r *routing) *truth.Reading {
	one, known := p.open[window]
	if !known {
		one = (&truth.Outcomes{Joined: true, Key: p.key, Cases: cases.Stored}).Start(p.contract, r.Divisions, r.Columns)
		p.open[window] = one
	}
	return one
}

// putAway writes what there is of each window.
func (p *predictions) putAway() error {
	windows := slices.SortedFunc(maps.Keys(p.open), state.Window.Compare)
	errs := make([]error, len(windows))
	var wg sync.WaitGroup
	writing := make(chan struct{}, writers)
	for i, window := range windows {
		chunk := p.chunks[window]
		data := p.open[window].Encode(chunk + 1)
		writing <- struct{}{}
		wg.Go(func() {
			errs[i] = p.put(window, data, chunk)
			<-writing
		})
		p.chunks[window] = chunk + 1
		delete(p.open, window)
	}
	wg.Wait()
	return errors.Join(errs...)
}

// rest is what is left of a window, encoded, nil for nothing; and how many chunks came
// before. Most windows have no more than a rest.
func (p *predictions) rest(window state.Window) (data []byte, chunks int) {
	if p == nil {
		return nil, 0
	}
	chunks = p.chunks[window]
	if one := p.open[window]; one != nil && chunks > 0 {
		return one.Encode(chunks + 1), chunks
	} else if one != nil {
		return one.Encode(0), 0
	}
	return nil, chunks
}
