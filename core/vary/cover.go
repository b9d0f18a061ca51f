package vary

import (
	"maps"
	"math"
	"slices"
	"time"

	"leeway/core/calendar"
	"leeway/core/compare"
	"leeway/core/partial"
	"leeway/core/route"
	"leeway/core/state"
)

// reached is how far the rows of a window of the reference reach, and how many
// they are.
type reached struct {
	partial.Extent
	rows int64
}

// reach takes a file's share of a window in.
func (w *Windows) reach(one route.Part) {
	if w.extents == nil {
		w.extents = map[state.Window]*reached{}
	}
	if w.extents[one.Window] == nil {
		w.extents[one.Window] = &reached{}
	}
	to := w.extents[one.Window]
	to.Add(partial.ExtentOf(one.Profile))
	to.rows += one.Profile.Rows
}

// counts are the rows of the reference's windows, of the last ones that it does not
// cut at its ends, oldest first; nil if they cannot be told.
func (w *Windows) counts() (all []int64) {
	if w.failed || w.err != nil {
		return nil
	}
	cut := w.cut()
	for _, window := range slices.SortedFunc(maps.Keys(w.extents), state.Window.Compare) {
		if !slices.Contains(cut, window) {
			all = append(all, w.extents[window].rows)
		}
	}
	return compare.Recent(all)
}

const day = 24 * time.Hour

// cover is how far the rows of the reference's windows reach; nil if that cannot
// be told.
func (w *Windows) cover() *state.Cover {
	if w.failed || w.err != nil || len(w.extents) == 0 {
		return nil
	}
	all := w.ends(func(state.Window) bool { return true })
	c := &state.Cover{Reach: all.reach(state.Reach{}, spread80(all.heads), spread80(all.tails)), Grain: int64(day / time.Second)}
	by := map[string]ends{}
	var heads, tails []float64
	for window, one := range w.extents {
		c.Grain = min(c.Grain, int64(one.Grain()/time.Second))
		name := calendar.SlotName("", int(window.Start.Weekday()))
		if _, known := by[name]; known || window.End.Sub(window.Start) != day {
			continue
		}
		alike := w.ends(func(o state.Window) bool { return o.Start.Weekday() == window.Start.Weekday() })
		by[name], heads, tails = alike, append(heads, aboutMiddle(alike.heads)...), append(tails, aboutMiddle(alike.tails)...)
	}
	for name, alike := range by {
		if c.Days == nil {
			c.Days = map[string]state.Reach{}
		}
		c.Days[name] = alike.reach(c.Reach, spread80(heads), spread80(tails))
	}
	return c
}

// ends are how far some windows' rows are from either end, and from each other, in
// seconds. The first window may begin late, and the last end early, because the
// data do, so they tell of the other end alone.
type ends struct {
	heads, tails []float64
	apart        float64
}

func (w *Windows) ends(of func(state.Window) bool) (e ends) {
	windows := slices.SortedFunc(maps.Keys(w.extents), state.Window.Compare)
	first, last := windows[0], windows[len(windows)-1]
	var between []float64
	for _, window := range windows {
		if !of(window) {
			continue
		}
		one := w.extents[window]
		if one.rows > 1 {
			between = append(between, one.Last.Sub(one.First).Seconds()/float64(one.rows-1))
		}
		if window != first || first == last {
			e.heads = append(e.heads, one.First.Sub(window.Start).Seconds())
		}
		if window != last || first == last {
			e.tails = append(e.tails, window.End.Sub(one.Last).Seconds())
		}
	}
	if len(between) > 0 {
		e.apart = medianOf(between)
	}
	return e
}

// reach is what is usual of them, given by how much ends scatter; of an end that none
// of them tells of, it is as usual.
func (e ends) reach(usually state.Reach, head, tail float64) state.Reach {
	r := partial.SummerTime(state.Reach{Head: usual(e.heads, max(e.apart, head)), Tail: usual(e.tails, max(e.apart, tail))})
	if len(e.heads) == 0 {
		r.Head = usually.Head
	}
	if len(e.tails) == 0 {
		r.Tail = usually.Tail
	}
	return r
}

// medianOf is the lower median.
func medianOf(all []float64) float64 {
	slices.Sort(all)
	return all[(len(all)-1)/2]
}

// aboutMiddle is how far each is from the one in the middle. Of one day of the week
// there are few, which tell little of how they scatter; of all together, each about
// its own middle, there are enough.
func aboutMiddle(gaps []float64) (all []float64) {
	if len(gaps) == 0 {
		return nil
	}
	middle := medianOf(gaps)
	for _, gap := range gaps {
		all = append(all, gap-middle)
	}
	return all
}

// cut are the windows that the ends of the reference cut: some days of a week tell
// little of how weeks differ.
func (w *Windows) cut() (all []state.Window) {
	cover := w.cover()
	if cover == nil {
		return nil
	}
	var whole partial.Extent
	for _, one := range w.extents {
		whole.Add(one.Extent)
	}
	for window, one := range w.extents {
		if partial.Of(window, one.Extent, whole, cover) != nil {
			all = append(all, window)
		}
	}
	return all
}

// unusual is how many scales beyond nine windows of ten are no longer usual: of a
// distance that is exponential, as to the first of independent rows, one in 180 is.
const unusual = 5

// at is a quantile of sorted distances.
func at(gaps []float64, q float64) float64 { return gaps[int(math.Round(q*float64(len(gaps)-1)))] }

// spread80 is the narrower half of what is in the middle: some windows without their
// last day make no other one early.
func spread80(gaps []float64) float64 {
	if len(gaps) == 0 {
		return 0
	}
	slices.Sort(gaps)
	return min(at(gaps, 0.5)-at(gaps, 0.1), at(gaps, 0.9)-at(gaps, 0.5))
}

// usual is how far, in seconds, a window's rows may be from its end, given how far
// those of the reference are, and by how much that scatters.
func usual(gaps []float64, scale float64) int64 {
	if len(gaps) == 0 {
		return 0
	}
	slices.Sort(gaps)
	high := at(gaps, 0.9)
	if len(gaps) < 10 {
		high = gaps[len(gaps)-1]
	}
	return int64(math.Ceil(high + float64(unusual*scale)))
}
