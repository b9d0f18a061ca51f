package monitor

import (
	"maps"
	"slices"

	"leeway/core/ledger"
	"leeway/core/state"
)

// restore makes a router what it was.
func (r *router) restore(at *progress, parts [][]byte) error {
	next := func() []byte {
		if len(parts) == 0 {
			return nil
		}
		part := parts[0]
		parts = parts[1:]
		return part
	}
	r.builders, r.away, r.first = map[state.Window]*open{}, map[state.Window][][]byte{}, map[state.Window]int64{}
	r.rows, r.clock = at.Rows, at.Clock
	for _, one := range at.Windows {
		r.first[one.Window] = one.First
		r.away[one.Window] = [][]byte{next()}
		if one.Chunks > 0 {
			r.predicted.chunks[one.Window] = one.Chunks
		}
		if !one.Open {
			continue
		}
		if err := r.predicted.of(one.Window, r).restore(next()); err != nil {
			return err
		}
	}
	if r.predicted != nil {
		r.predicted.rows = at.Since
	}
	return nil
}

// forget makes a router what it was before the first row.
func (r *router) forget() {
	r.builders, r.away, r.first, r.rows, r.clock = nil, nil, nil, 0, 0
	if r.predicted != nil {
		r.predicted.rows, r.predicted.open, r.predicted.chunks = 0, map[state.Window]*reading{}, map[state.Window]int{}
	}
}

// save notes what was collected, and gives it encoded. More may be added after.
func (r *router) save(at *progress) (parts [][]byte, err error) {
	at.Rows, at.Clock, at.Windows = r.rows, r.clock, nil
	for len(r.builders) > 0 {
		r.putAway()
	}
	for _, window := range slices.SortedFunc(maps.Keys(r.away), state.Window.Compare) {
		pieces := r.away[window]
		if len(pieces) > 1 {
			whole, err := mergedPieces(window, pieces)
			if err != nil {
				return nil, err
			}
			pieces = [][]byte{whole.Encode()}
			r.away[window] = pieces
		}
		one := progressWindow{Window: window, First: r.first[window]}
		parts = append(parts, pieces[0])
		if p := r.predicted; p != nil {
			open := p.open[window]
			if one.Open, one.Chunks = open != nil, p.chunks[window]; one.Open {
				parts = append(parts, open.encode(0))
			}
		}
		at.Windows = append(at.Windows, one)
	}
	if r.predicted != nil {
		at.Since = r.predicted.rows
	}
	return parts, nil
}

// restore makes a new reading one of rows that were encoded.
func (r *reading) restore(data []byte) error {
	known, err := ledger.Decode(data, r.Shape)
	if err != nil {
		return err
	}
	if known.Cases != nil {
		r.cases.Merge(known.Cases)
	}
	known.Cases = nil
	r.ledger = known
	return nil
}
