// Package route sends the rows of a file to the windows that their times fall into, and makes a
// profile of each. Few windows are open at a time, whatever number there is of them; those put
// away are encoded, and merged with what still comes for them.
package route

import (
	"fmt"
	"slices"
	"time"

	"leeway/core/fault"
	"leeway/core/frame"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/segment"
	"leeway/core/state"
)

// MaxWindows bounds how many windows one object may span.
const MaxWindows = 4000

// openWindows bounds how many of them are being profiled at a time. Logs are
// mostly in order of time: the one that had no rows for longest is put away,
// encoded, and merged with what may still come for it.
const openWindows = 64

// Router sends each row to the profile of the window that its time falls into.
// Rows without a readable time go to the fallback.
type Router struct {
	Every     string                                          // how long windows are, see state.WindowOf
	Run       time.Duration                                   // windows are cut into runs of that length; 0: they are not
	Fallback  state.Window                                    // of rows without a time
	Columns   []schema.Column                                 // of the file
	Options   *profile.Options                                // how much the profiles keep
	Divisions []segment.Division                              // of profiles into segments
	Picked    Picker                                          // only these windows, without segments; nil: all
	Then      func(state.Window) func(*frame.Block, []uint64) // takes rows of a window too, see [profile.Builder.Then]; nil: nobody

	clock    int // index of the time column plus one, 0 unknown, -1 none so far
	rows     int64
	builders map[state.Window]*open
	away     map[state.Window][][]byte // encoded profiles of windows put away
	first    map[state.Window]int64    // its first row in the file
	tick     int64                     // orders the open windows by use
	rowsOf   map[state.Window][]int32  // reused per block
	taken    frame.Block
	last     state.Window // of the row before: most rows share it
	lastLow  int64
	lastHigh int64
	err      error
}

// Picker says which windows are kept of very many.
type Picker interface {
	// Wants tells whether a window is kept so far.
	Wants(window state.Window) bool

	// Take counts a window that is about to get rows: kept is false if it is not to have
	// them, fewer true if others are wanted no more.
	Take(window state.Window) (kept, fewer bool)
}

// open is a window that is being profiled.
type open struct {
	*profile.Builder
	used int64
}

// Part is the profile of one window.
type Part struct {
	Window  state.Window
	Profile *profile.Dataset
}

// Add sends each row of a block to its window.
func (r *Router) Add(block *frame.Block) {
	if r.err != nil {
		return
	}
	r.rows += int64(block.Rows)
	times := r.Times(block)
	if times == nil {
		r.into(r.Fallback, block.First, block)
		return
	}
	if window, one := r.single(times); one {
		r.into(window, block.First, block)
		return
	}
	r.spread(block, times)
}

// Times is the time column of the block, nil if there is none. The file may lack
// the column, or have it only from a later block on.
func (r *Router) Times(block *frame.Block) *frame.Column {
	if r.clock <= 0 {
		r.clock = -1
		at := slices.IndexFunc(r.Columns, func(c schema.Column) bool { return c.Role == schema.Timestamp && c.Kind == schema.Time })
		if at >= 0 && at < len(block.Columns) && !block.Columns[at].Absent() {
			r.clock = 1 + at
		}
	}
	if r.clock < 0 || block.Columns[r.clock-1].Type != frame.Time {
		return nil
	}
	return &block.Columns[r.clock-1]
}

// single tells whether all rows fall into one window.
func (r *Router) single(times *frame.Column) (state.Window, bool) {
	if times.States != nil || len(times.Times) == 0 {
		return r.Fallback, len(times.Times) == 0
	}
	low, high := slices.Min(times.Times), slices.Max(times.Times)
	window := r.WindowOf(low)
	return window, high < window.End.UnixNano()
}

func (r *Router) spread(block *frame.Block, times *frame.Column) {
	if r.rowsOf == nil {
		r.rowsOf = map[state.Window][]int32{}
	}
	for row := range block.Rows {
		window := r.Fallback
		if times.States == nil || times.States[row] == frame.Valid {
			window = r.WindowOf(times.Times[row])
		}
		if r.Picked != nil && !r.Picked.Wants(window) {
			continue
		}
		r.rowsOf[window] = append(r.rowsOf[window], int32(row))
	}
	for window, rows := range r.rowsOf {
		if r.Picked != nil && !r.Picked.Wants(window) {
			delete(r.rowsOf, window)
			continue
		}
		if len(rows) == 0 {
			continue
		}
		block.Take(rows, &r.taken)
		r.into(window, block.First+int64(rows[0]), &r.taken)
		r.rowsOf[window] = rows[:0]
	}
}

// into adds rows of one window, of which the first is that row of the file.
func (r *Router) into(window state.Window, first int64, block *frame.Block) {
	if r.Picked != nil && (window == r.Fallback || !r.take(window)) {
		return
	}
	b := r.builder(window, first)
	if b == nil {
		return
	}
	if r.Then != nil {
		b.Then(r.Then(window))
	}
	b.Add(block)
}

// take tells whether rows of a window are wanted, and lets go of windows that are not any more.
func (r *Router) take(window state.Window) bool {
	kept, fewer := r.Picked.Take(window)
	for known := range r.builders {
		if fewer && !r.Picked.Wants(known) {
			delete(r.builders, known)
		}
	}
	return kept
}

// WindowOf is the window that a time falls into, in nanoseconds since 1970: the fallback where
// that is of no run, or cannot be told, which [Router.Err] says then.
func (r *Router) WindowOf(at int64) state.Window {
	if r.lastLow <= at && at < r.lastHigh {
		return r.last
	}
	window, err := state.WindowOf(time.Unix(0, at), r.Every)
	if err != nil {
		r.err = err
		return r.Fallback
	}
	if r.Run > 0 {
		whole := true
		if window, whole = runOf(window, r.Run, time.Unix(0, at).UTC()); !whole {
			return r.Fallback
		}
	}
	r.last, r.lastLow, r.lastHigh = window, window.Start.UnixNano(), window.End.UnixNano()
	return window
}

// builder is that of a window for rows from one on; nil if there are too many
// windows.
func (r *Router) builder(window state.Window, row int64) *profile.Builder {
	if r.builders == nil {
		r.builders, r.away, r.first = map[state.Window]*open{}, map[state.Window][][]byte{}, map[state.Window]int64{}
	}
	b := r.builders[window]
	if b == nil {
		if r.Picked == nil && len(r.builders) == r.most() {
			r.putAway()
		}
		_, known := r.first[window]
		if r.Picked == nil && !known && len(r.first) >= MaxWindows {
			r.err = fault.New(fault.Invalid, fmt.Sprintf("spans more than %d windows", MaxWindows), "choose a longer window.every, or check the time column")
			return nil
		}
		b = &open{Builder: r.fresh()}
		r.builders[window] = b
		if !known {
			r.first[window] = row
		}
	}
	r.tick++
	b.used = r.tick
	return b.Builder
}

// most is how many windows may be open: half as many where each has segments,
// which take memory of their own; of runs, of which less is kept, twice as many.
func (r *Router) most() int {
	switch {
	case len(r.Divisions) > 0:
		return openWindows / 2
	case r.Run > 0: // all there are before windows are many, in whatever order rows come
		return openWindows * 2
	}
	return openWindows
}

// fresh is a builder for a window.
func (r *Router) fresh() *profile.Builder {
	b := profile.New(r.Columns, r.Options)
	b.Divide(r.Divisions) // of pieces none
	return b
}

// putAway encodes the open window that had no rows for longest.
func (r *Router) putAway() {
	var oldest state.Window
	least := r.tick + 1
	for window, b := range r.builders {
		if b.used < least {
			oldest, least = window, b.used
		}
	}
	r.away[oldest] = append(r.away[oldest], r.builders[oldest].Profile().Encode())
	delete(r.builders, oldest)
}

// Parts lists the profiles, oldest window first.
func (r *Router) Parts() ([]Part, error) {
	var all []Part
	for window, b := range r.builders {
		if len(r.away[window]) == 0 {
			all = append(all, Part{window, b.Profile()})
			delete(r.builders, window)
		}
	}
	for len(r.builders) > 0 {
		r.putAway()
	}
	for window, pieces := range r.away {
		whole, err := mergedPieces(window, pieces)
		if err != nil {
			return nil, err
		}
		all = append(all, Part{window, whole})
	}
	slices.SortFunc(all, func(a, b Part) int { return a.Window.Compare(b.Window) })
	return all, nil
}

// Encoded gives the profiles of all windows, encoded, in pieces that are to be merged. More
// may be added after.
func (r *Router) Encoded() map[state.Window][][]byte {
	for len(r.builders) > 0 {
		r.putAway()
	}
	return r.away
}

// Merged lists the profiles of windows of which pieces are given, oldest window first.
func Merged(pieces map[state.Window][][]byte) ([]Part, error) {
	return (&Router{away: pieces}).Parts()
}

// Err is why rows could not be sent to windows, nil if they could: an error of kind Invalid
// where there are more than MaxWindows.
func (r *Router) Err() error { return r.err }

// Rows is how many rows were added.
func (r *Router) Rows() int64 { return r.rows }

// Undated tells whether the rows so far have no time.
func (r *Router) Undated() bool { return r.clock < 0 }

// Windows is how many windows have rows.
func (r *Router) Windows() int { return len(r.first) }

// mergedPieces is the profile of a window of which pieces were put away.
func mergedPieces(window state.Window, pieces [][]byte) (*profile.Dataset, error) {
	var merger profile.Merger
	for _, data := range pieces {
		piece, err := profile.Decode(data)
		if err == nil {
			err = merger.Add(piece)
		}
		if err != nil {
			return nil, fmt.Errorf("window %s: %w", window.Key(), err)
		}
	}
	return merger.Dataset(), nil
}

// runOf is the run of a window that t is of; false at the end of it that is of none.
func runOf(window state.Window, length time.Duration, t time.Time) (state.Window, bool) {
	start := window.Start.Add(t.Sub(window.Start) / length * length)
	run := state.Window{Start: start, End: start.Add(length)}
	return run, !run.End.After(window.End)
}
