package route

import (
	"maps"
	"slices"

	"leeway/core/state"
)

// Saved is what a router collected of a file so far, so that another one can go on.
type Saved struct {
	Rows    int64
	Clock   int // the column of times, as the router numbers it
	Windows []SavedWindow
}

// SavedWindow is what there is of one window.
type SavedWindow struct {
	Window  state.Window
	First   int64  // its first row in the file
	Profile []byte // encoded
}

// Save gives what was collected. More may be added after.
func (r *Router) Save() (*Saved, error) {
	at := &Saved{Rows: r.rows, Clock: r.clock}
	r.Encoded()
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
		at.Windows = append(at.Windows, SavedWindow{window, r.first[window], pieces[0]})
	}
	return at, nil
}

// Restore makes a router what it was; of nothing, what it was before the first row.
func (r *Router) Restore(at *Saved) {
	r.builders, r.away, r.first = map[state.Window]*open{}, map[state.Window][][]byte{}, map[state.Window]int64{}
	r.rows, r.clock = at.Rows, at.Clock
	for _, one := range at.Windows {
		r.first[one.Window], r.away[one.Window] = one.First, [][]byte{one.Profile}
	}
}
