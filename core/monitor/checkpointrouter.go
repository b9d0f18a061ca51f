package monitor

import (
	"leeway/core/route"
	"leeway/core/state"
	"leeway/core/truth"
)

// restore makes a router what it was.
func (r *routing) restore(at *progress, parts [][]byte) error {
	next := func() []byte {
		if len(parts) == 0 {
			return nil
		}
		part := parts[0]
		parts = parts[1:]
		return part
	}
	saved := route.Saved{Rows: at.Rows, Clock: at.Clock}
	for _, one := range at.Windows {
		saved.Windows = append(saved.Windows, route.SavedWindow{Window: one.Window, First: one.First, Profile: next()})
		if one.Chunks > 0 {
			r.predicted.chunks[one.Window] = one.Chunks
		}
		if !one.Open {
			continue
		}
		if err := r.predicted.of(one.Window, r).Restore(next()); err != nil {
			return err
		}
	}
	r.Router.Restore(&saved)
	if r.predicted != nil {
		r.predicted.rows = at.Since
	}
	return nil
}

// forget makes a router what it was before the first row.
func (r *routing) forget() {
	r.Router.Restore(&route.Saved{})
	if r.predicted != nil {
		r.predicted.rows, r.predicted.open, r.predicted.chunks = 0, map[state.Window]*truth.Reading{}, map[state.Window]int{}
	}
}

// save notes what was collected, and gives it encoded. More may be added after.
func (r *routing) save(at *progress) (parts [][]byte, err error) {
	saved, err := r.Router.Save()
	if err != nil {
		return nil, err
	}
	at.Rows, at.Clock, at.Windows = saved.Rows, saved.Clock, nil
	for _, window := range saved.Windows {
		one := progressWindow{Window: window.Window, First: window.First}
		parts = append(parts, window.Profile)
		if p := r.predicted; p != nil {
			open := p.open[window.Window]
			if one.Open, one.Chunks = open != nil, p.chunks[window.Window]; one.Open {
				parts = append(parts, open.Encode(0))
			}
		}
		at.Windows = append(at.Windows, one)
	}
	if r.predicted != nil {
		at.Since = r.predicted.rows
	}
	return parts, nil
}
