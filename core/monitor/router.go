package monitor

import (
	"fmt"
	"slices"
	"time"

	"leeway/core/fault"
	"leeway/core/frame"
	"leeway/core/partial"
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

// router sends each row to the profile of the window that its time falls into.
// Rows without a readable time go to the fallback.
type router struct {
	every     string
	run       time.Duration // windows are cut into runs of that length; 0: they are not
	fallback  state.Window
	columns   []schema.Column
	options   *profile.Options
	divisions []segment.Division
	picked    *picked      // only these windows, without segments; nil: all
	predicted *predictions // keeps predictions too; nil: not wanted
	came      *cameTrue    // takes what came true; nil: not wanted

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

// open is a window that is being profiled.
type open struct {
	*profile.Builder
	used int64
}

type part struct {
	window  state.Window
	profile *profile.Dataset
}

func (r *router) add(block *frame.Block) {
	if r.err != nil {
		return
	}
	r.rows += int64(block.Rows)
	if r.predicted != nil {
		block = r.predicted.cut(block, r)
	}
	if r.err == nil {
		r.route(block)
	}
}

// route sends each row of a block to its window.
func (r *router) route(block *frame.Block) {
	times := r.times(block)
	if times == nil {
		r.into(r.fallback, block.First, block)
		return
	}
	if window, one := r.single(times); one {
		r.into(window, block.First, block)
		return
	}
	r.spread(block, times)
}

// times is the time column of the block, nil if there is none. The file may lack
// the column, or have it only from a later block on.
func (r *router) times(block *frame.Block) *frame.Column {
	if r.clock <= 0 {
		r.clock = -1
		at := slices.IndexFunc(r.columns, func(c schema.Column) bool { return c.Role == schema.Timestamp && c.Kind == schema.Time })
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
func (r *router) single(times *frame.Column) (state.Window, bool) {
	if times.States != nil || len(times.Times) == 0 {
		return r.fallback, len(times.Times) == 0
	}
	low, high := slices.Min(times.Times), slices.Max(times.Times)
	window := r.windowOf(low)
	return window, high < window.End.UnixNano()
}

func (r *router) spread(block *frame.Block, times *frame.Column) {
	if r.rowsOf == nil {
		r.rowsOf = map[state.Window][]int32{}
	}
	for row := range block.Rows {
		window := r.fallback
		if times.States == nil || times.States[row] == frame.Valid {
			window = r.windowOf(times.Times[row])
		}
		if r.picked != nil && !r.picked.wants(window) {
			continue
		}
		r.rowsOf[window] = append(r.rowsOf[window], int32(row))
	}
	for window, rows := range r.rowsOf {
		if r.picked != nil && !r.picked.wants(window) {
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
func (r *router) into(window state.Window, first int64, block *frame.Block) {
	if r.picked != nil && (window == r.fallback || !r.picked.take(r, window)) {
		return
	}
	b := r.builder(window, first)
	if b == nil {
		return
	}
	if r.predicted != nil {
		b.Then(r.predicted.of(window, r).add)
	}
	if r.came != nil {
		b.Then(r.came.of(window))
	}
	b.Add(block)
}

func (r *router) windowOf(at int64) state.Window {
	if r.lastLow <= at && at < r.lastHigh {
		return r.last
	}
	window, err := state.WindowOf(time.Unix(0, at), r.every)
	if err != nil {
		r.err = err
		return r.fallback
	}
	if r.run > 0 {
		whole := true
		if window, whole = runOf(window, r.run, time.Unix(0, at).UTC()); !whole {
			return r.fallback
		}
	}
	r.last, r.lastLow, r.lastHigh = window, window.Start.UnixNano(), window.End.UnixNano()
	return window
}

// builder is that of a window for rows from one on; nil if there are too many
// windows.
func (r *router) builder(window state.Window, row int64) *profile.Builder {
	if r.builders == nil {
		r.builders, r.away, r.first = map[state.Window]*open{}, map[state.Window][][]byte{}, map[state.Window]int64{}
	}
	b := r.builders[window]
	if b == nil {
		if r.picked == nil && len(r.builders) == r.most() {
			r.putAway()
		}
		_, known := r.first[window]
		if r.picked == nil && !known && len(r.first) >= MaxWindows {
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
func (r *router) most() int {
	switch {
	case len(r.divisions) > 0:
		return openWindows / 2
	case r.run > 0: // all there are before windows are many, in whatever order rows come
		return openWindows * 2
	}
	return openWindows
}

// fresh is a builder for a window.
func (r *router) fresh() *profile.Builder {
	b := profile.New(r.columns, r.options)
	b.Divide(r.divisions) // of pieces none
	return b
}

// putAway encodes the open window that had no rows for longest.
func (r *router) putAway() {
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

// parts lists the profiles, oldest window first.
func (r *router) parts() ([]part, error) {
	var all []part
	for window, b := range r.builders {
		if len(r.away[window]) == 0 {
			all = append(all, part{window, b.Profile()})
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
		all = append(all, part{window, whole})
	}
	slices.SortFunc(all, func(a, b part) int { return a.window.Compare(b.window) })
	return all, nil
}

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

// span gives the earliest and the latest time of the rows, zero without any.
func span(parts []part) (first, last time.Time) {
	var all partial.Extent
	for i := range parts {
		all.Add(partial.ExtentOf(parts[i].profile))
	}
	return all.First, all.Last
}
