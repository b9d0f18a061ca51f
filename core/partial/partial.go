// Package partial tells which windows are not whole, and by what these are judged until they are.
//
// A window of which rows are still to come holds some hours of a day or some days
// of a week, which need not be like whole ones; and so does the first one if the
// data begin within it. Such a window is partial. Whether one is follows from the
// times of rows alone, its own and the oldest and newest of the model, so it is
// derived anew at each run, and part of a window's past: once a row comes that
// makes it whole, the window is judged again though its own rows are what they were.
package partial

import (
	"fmt"
	"time"

	"leeway/core/calendar"
	"leeway/core/policy"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/state"
)

// Extent is from when to when rows are; zero where none has a time.
type Extent struct{ First, Last time.Time }

// Add widens the extent.
func (e *Extent) Add(o Extent) {
	if o.First.IsZero() {
		return
	}
	if e.First.IsZero() || o.First.Before(e.First) {
		e.First = o.First
	}
	if o.Last.After(e.Last) {
		e.Last = o.Last
	}
}

// ExtentOf is that of the rows of a profile.
func ExtentOf(p *profile.Dataset) Extent {
	if p.Start == 0 && p.End == 0 {
		return Extent{}
	}
	return Extent{time.Unix(0, p.Start).UTC(), time.Unix(0, p.End).UTC()}
}

// Grain is what both ends are multiples of: a day, an hour, or less (0). Times
// that are dates stand for all of the day.
func (e Extent) Grain() time.Duration {
	for _, g := range []time.Duration{day, time.Hour} {
		if e.First.Truncate(g).Equal(e.First) && e.Last.Truncate(g).Equal(e.Last) {
			return g
		}
	}
	return 0
}

// Window is what a window lacks.
type Window struct {
	window state.Window
	rows   Extent
	from   time.Time // rows of whole windows begin then or before; zero: the start is there
	until  time.Time // rows of whole windows go on until then or later; zero: the end is there
	pieces []piece   // of the reference, by which it is judged until it is whole; nil: it is not
}

// Of tells what a window lacks, given its rows, those of all windows, and how far those
// of whole windows reach; nil for nothing, or where that cannot be told.
func Of(window state.Window, rows, all Extent, cover *state.Cover) *Window {
	if cover == nil || rows.First.IsZero() {
		return nil
	}
	p := Window{window: window, rows: rows}
	reach, grain := reachOf(cover, window), seconds(cover.Grain)
	from, until := window.Start.Add(seconds(reach.Head)), window.End.Add(-seconds(reach.Tail))
	if grain > 0 { // the nearest times that there can be
		from, until = from.Truncate(grain), until.Add(grain-1).Truncate(grain)
	}
	if !all.First.Before(window.Start) && rows.First.After(from) {
		p.from = from
	}
	last := rows.Last
	if coarse := rows.Grain(); coarse > grain { // an hour or a date stands for all of it
		last = last.Add(coarse)
	}
	if all.Last.Before(window.End) && last.Before(until) {
		p.until = until
	}
	if p.from.IsZero() && p.until.IsZero() {
		return nil
	}
	return &p
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }

// After is what a window lacks the beginning of which is all that it lacks, where no
// pieces are known: nothing if the whole reference is of the same window, before all of
// its rows, for the rows of before are the reference.
func (p *Window) After(reference *profile.Dataset) *Window {
	if p == nil || p.ByPieces() || p.Name() != report.LacksStart || reference.Start == 0 && reference.End == 0 {
		return p
	}
	first, last := time.Unix(0, reference.Start).UTC(), time.Unix(0, reference.End).UTC()
	if !p.window.Contains(first) || !last.Before(p.rows.First) {
		return p
	}
	return nil
}

// Name is at which end rows are lacking: "" for nil.
func (p *Window) Name() string {
	switch {
	case p == nil:
		return ""
	case p.from.IsZero():
		return report.LacksEnd
	case p.until.IsZero():
		return report.LacksStart
	}
	return report.LacksBoth
}

// Policy says so in sentences, of a window with so many rows.
func (p *Window) Policy(rows int64) *policy.Partial {
	if p == nil {
		return nil
	}
	ends := fmt.Sprintf("its rows end at %s, those of whole windows at %s or later", instant(p.rows.Last), instant(p.until))
	begins := fmt.Sprintf("its rows begin at %s, those of whole windows at %s or before", instant(p.rows.First), instant(p.from))
	said := policy.Partial{Pieces: p.said(), Share: p.share(rows)}
	switch p.Name() {
	case report.LacksEnd:
		said.Message, said.Hint = "The window is not over: "+ends+".", "when such rows come, or some of a later window."
	case report.LacksStart:
		said.Message, said.Hint = "The window is cut by the beginning of the data: "+begins+".", "if rows of before come."
	default:
		said.Message, said.Hint = "The data begin in this window, and it is not over: "+begins+"; and "+ends+".", "if rows of before and of then come."
	}
	if p.ByPieces() {
		said.Hint = "It is judged in full " + said.Hint + " Until then it is held against how pieces of the reference differ (" + p.words() + ")."
	} else {
		said.Hint = "It is judged " + said.Hint + " Until then only what is broken for certain alarms."
	}
	return &said
}

// Document is what the report says of it.
func (p *Window) Document() *report.Partial {
	if p == nil {
		return nil
	}
	text := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339)
	}
	d := &report.Partial{Lacks: p.Name(), First: text(p.rows.First), Last: text(p.rows.Last), From: text(p.from), Until: text(p.until)}
	for _, one := range p.known() {
		d.Pieces = append(d.Pieces, report.Pieces{Seconds: one.Seconds, Count: one.Count, Rows: one.Rows})
	}
	return d
}

// instant is a time for people: without what is 0 of it.
func instant(t time.Time) string {
	t = t.UTC()
	if t.Truncate(24 * time.Hour).Equal(t) {
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02 15:04")
}

// Cover is how far the rows of whole windows reach. Of a baseline that knows no
// windows as long as those of now the hours of its days are all that can be told
// of it; nil where not even these can.
func Cover(b *state.Baseline, reference *profile.Dataset, every string) *state.Cover {
	if b.Cover != nil && b.Every == every {
		return b.Cover
	}
	window, err := state.WindowOf(time.Unix(0, reference.Start).UTC(), every)
	if err != nil || window.End.Sub(window.Start)%(24*time.Hour) != 0 {
		return nil
	}
	for _, column := range reference.Columns {
		if column.Kind == schema.Time && column.Role == schema.Timestamp && column.Hours != nil {
			return hoursOf(column.Hours)
		}
	}
	return nil
}

// hoursOf is the cover of days that have rows in these hours.
func hoursOf(hours *profile.Hours) *state.Cover {
	first, last := len(hours), -1
	for hour, n := range hours {
		if n > 0 {
			first, last = min(first, hour), hour
		}
	}
	if last < 0 {
		return nil
	}
	const hour = 3600
	return &state.Cover{Reach: SummerTime(state.Reach{Head: int64(first+1) * hour, Tail: int64(len(hours)-last) * hour})}
}

// SummerTime allows for clocks that are changed for the summer where the ends of a day
// are quiet.
func SummerTime(r state.Reach) state.Reach {
	const hour = 3600
	for _, end := range []*int64{&r.Head, &r.Tail} {
		if *end >= 2*hour {
			*end += hour
		}
	}
	return r
}

// day is the length of windows that have a reach by the day of the week: shops
// close early on Saturdays.
const day = 24 * time.Hour

// reachOf is how far the rows of such a window reach.
func reachOf(c *state.Cover, window state.Window) state.Reach {
	if window.End.Sub(window.Start) == day {
		if known, ok := c.Days[calendar.SlotName("", int(window.Start.Weekday()))]; ok {
			return known
		}
	}
	return c.Reach
}
