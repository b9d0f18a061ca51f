package monitor

import (
	"math"
	"slices"
	"time"

	"leeway/core/state"
)

// reached is how far the rows of a window of the reference reach, and how many
// they are.
type reached struct {
	extent
	rows int64
}

// reach takes a file's share of a window in.
func (w *windowed) reach(one part) {
	if w.extents == nil {
		w.extents = map[state.Window]*reached{}
	}
	if w.extents[one.window] == nil {
		w.extents[one.window] = &reached{}
	}
	to := w.extents[one.window]
	to.add(one.extent())
	to.rows += one.profile.Rows
}

// day is the length of windows that have a reach by the day of the week: shops
// close early on Saturdays.
const day = 24 * time.Hour

// cover is how far the rows of the reference's windows reach; nil if that cannot
// be told. The first window may begin late, and the last end early, because the
// data do, so they tell of the other end alone.
func (w *windowed) cover() *state.Cover {
	if w == nil || w.failed || w.err != nil || len(w.extents) == 0 {
		return nil
	}
	c := &state.Cover{Reach: w.reachOf(state.Reach{}, func(state.Window) bool { return true }), Grain: int64(day / time.Second)}
	for window, one := range w.extents {
		c.Grain = min(c.Grain, int64(one.grain()/time.Second))
		name := slotName("", int(window.Start.Weekday()))
		if window.End.Sub(window.Start) != day || c.Days[name] != (state.Reach{}) {
			continue
		}
		if c.Days == nil {
			c.Days = map[string]state.Reach{}
		}
		c.Days[name] = w.reachOf(c.Reach, func(o state.Window) bool { return o.Start.Weekday() == window.Start.Weekday() })
	}
	return c
}

// reachOf is what is usual of some of the windows; of an end that none of them
// tells of, it is as usual.
func (w *windowed) reachOf(usually state.Reach, of func(state.Window) bool) state.Reach {
	var windows []state.Window
	for window := range w.extents {
		windows = append(windows, window)
	}
	slices.SortFunc(windows, state.Window.Compare)
	first, last := windows[0], windows[len(windows)-1]
	windows = slices.DeleteFunc(windows, func(window state.Window) bool { return !of(window) })
	only := first == last
	var heads, tails, between []float64
	for _, window := range windows {
		one := w.extents[window]
		if one.rows > 1 {
			between = append(between, one.last.Sub(one.first).Seconds()/float64(one.rows-1))
		}
		if window != first || only {
			heads = append(heads, one.first.Sub(window.Start).Seconds())
		}
		if window != last || only {
			tails = append(tails, window.End.Sub(one.last).Seconds())
		}
	}
	apart := 0.0
	if len(between) > 0 {
		slices.Sort(between)
		apart = between[(len(between)-1)/2]
	}
	r := quiet(state.Reach{Head: usual(heads, apart), Tail: usual(tails, apart)})
	if len(heads) == 0 {
		r.Head = usually.Head
	}
	if len(tails) == 0 {
		r.Tail = usually.Tail
	}
	return r
}

// cut are the windows that the ends of the reference cut: some days of a week tell
// little of how weeks differ.
func (w *windowed) cut() (all []state.Window) {
	cover := w.cover()
	if cover == nil {
		return nil
	}
	whole := delivered{}
	for _, one := range w.extents {
		if whole.oldest.IsZero() || one.first.Before(whole.oldest) {
			whole.oldest = one.first
		}
		if one.last.After(whole.watermark) {
			whole.watermark = one.last
		}
	}
	for window, one := range w.extents {
		if whole.lacking(window, one.extent, cover) != nil {
			all = append(all, window)
		}
	}
	return all
}

// unusual is how many scales beyond nine windows of ten are no longer usual: of a
// distance that is exponential, as to the first of independent rows, one in 180 is.
const unusual = 5

// usual is how far, in seconds, a window's rows may be from its end, given how far
// those of the reference are, and how far apart rows are. The scale is the
// narrower half of what is in the middle: some windows without their last day make
// no other one early.
func usual(gaps []float64, apart float64) int64 {
	if len(gaps) == 0 {
		return 0
	}
	slices.Sort(gaps)
	at := func(q float64) float64 { return gaps[int(math.Round(q*float64(len(gaps)-1)))] }
	low, middle, high := at(0.1), at(0.5), at(0.9)
	if len(gaps) < 10 {
		high = gaps[len(gaps)-1]
	}
	return int64(math.Ceil(high + float64(unusual*max(min(middle-low, high-middle), apart))))
}

// quiet allows for clocks that are changed for the summer where the ends of a day
// are quiet.
func quiet(r state.Reach) state.Reach {
	const hour = 3600
	for _, end := range []*int64{&r.Head, &r.Tail} {
		if *end >= 2*hour {
			*end += hour
		}
	}
	return r
}

// reachOf is how far the rows of such a window reach.
func reachOf(c *state.Cover, window state.Window) state.Reach {
	if window.End.Sub(window.Start) == day {
		if known, ok := c.Days[slotName("", int(window.Start.Weekday()))]; ok {
			return known
		}
	}
	return c.Reach
}
