package monitor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"leeway/core/config"
	"leeway/core/policy"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/state"
)

// A window of which rows are still to come holds some hours of a day or some days
// of a week, which need not be like whole ones; and so does the first one if the
// data begin within it. Such a window is partial. Whether one is follows from the
// times of rows alone, its own and the oldest and newest of the model, so it is
// derived anew at each run, and part of a window's past: once a row comes that
// makes it whole, the window is judged again though its own rows are what they were.

// extent is from when to when rows are; zero where none has a time.
type extent struct{ first, last time.Time }

// add widens the extent.
func (e *extent) add(o extent) {
	if o.first.IsZero() {
		return
	}
	if e.first.IsZero() || o.first.Before(e.first) {
		e.first = o.first
	}
	if o.last.After(e.last) {
		e.last = o.last
	}
}

// extent is that of a window's rows.
func (p *part) extent() extent {
	if p.profile.Start == 0 && p.profile.End == 0 {
		return extent{}
	}
	return extent{time.Unix(0, p.profile.Start).UTC(), time.Unix(0, p.profile.End).UTC()}
}

// grain is what both ends are multiples of: a day, an hour, or less (0). Times
// that are dates stand for all of the day.
func (e extent) grain() time.Duration {
	const day = 24 * time.Hour
	for _, g := range []time.Duration{day, time.Hour} {
		if e.first.Truncate(g).Equal(e.first) && e.last.Truncate(g).Equal(e.last) {
			return g
		}
	}
	return 0
}

// partial is what a window lacks.
type partial struct {
	window state.Window
	rows   extent
	from   time.Time // rows of whole windows begin then or before; zero: the start is there
	until  time.Time // rows of whole windows go on until then or later; zero: the end is there
	pieces []piece   // of the reference, by which it is judged until it is whole; nil: it is not
}

// lacking tells what a window lacks, given its rows and how far those of whole
// windows reach; nil for nothing, or where that cannot be told.
func (d *delivered) lacking(window state.Window, rows extent, cover *state.Cover) *partial {
	if cover == nil || rows.first.IsZero() {
		return nil
	}
	p := partial{window: window, rows: rows}
	reach, grain := reachOf(cover, window), seconds(cover.Grain)
	from, until := window.Start.Add(seconds(reach.Head)), window.End.Add(-seconds(reach.Tail))
	if grain > 0 { // the nearest times that there can be
		from, until = from.Truncate(grain), until.Add(grain-1).Truncate(grain)
	}
	if !d.oldest.Before(window.Start) && rows.first.After(from) {
		p.from = from
	}
	last := rows.last
	if coarse := rows.grain(); coarse > grain { // an hour or a date stands for all of it
		last = last.Add(coarse)
	}
	if d.watermark.Before(window.End) && last.Before(until) {
		p.until = until
	}
	if p.from.IsZero() && p.until.IsZero() {
		return nil
	}
	return &p
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }

// edge is what the window of a step lacks. A baseline that cannot be had any more
// leaves what was said.
func (p *pass) edge(ctx context.Context, s *step) (*partial, error) {
	if d := p.delivered; d.oldest.Before(s.window.Start) && !d.watermark.Before(s.window.End) {
		return nil, nil
	}
	base, err := p.base(ctx, s)
	if errors.As(err, &lost{}) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	lacks := p.lacking(s.window, p.extents[s.window], base.cover(p.config))
	lacks.judgeBy(base, p.config)
	return lacks.after(base.profile), nil
}

// looked tells whether a window is judged by pieces of the baseline before it is whole.
func (b *baseline) looked(c *config.Config) bool {
	return b.Every == c.Window.Every && len(b.Pieces) > 0 && b.cover(c) != nil
}

// after is what a window lacks the beginning of which is all that it lacks, where no
// pieces are known: nothing if the whole reference is of the same window, before all of
// its rows, for the rows of before are the reference.
func (p *partial) after(reference *profile.Dataset) *partial {
	if p == nil || p.byPieces() || p.name() != report.LacksStart || reference.Start == 0 && reference.End == 0 {
		return p
	}
	first, last := time.Unix(0, reference.Start).UTC(), time.Unix(0, reference.End).UTC()
	if !p.window.Contains(first) || !last.Before(p.rows.first) {
		return p
	}
	return nil
}

// name is at which end rows are lacking: "" for nil.
func (p *partial) name() string {
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

// policy says so in sentences, of a window with so many rows.
func (p *partial) policy(rows int64) *policy.Partial {
	if p == nil {
		return nil
	}
	ends := fmt.Sprintf("its rows end at %s, those of whole windows at %s or later", instant(p.rows.last), instant(p.until))
	begins := fmt.Sprintf("its rows begin at %s, those of whole windows at %s or before", instant(p.rows.first), instant(p.from))
	said := policy.Partial{Pieces: p.said(), Share: p.share(rows)}
	switch p.name() {
	case report.LacksEnd:
		said.Message, said.Hint = "The window is not over: "+ends+".", "when such rows come, or some of a later window."
	case report.LacksStart:
		said.Message, said.Hint = "The window is cut by the beginning of the data: "+begins+".", "if rows of before come."
	default:
		said.Message, said.Hint = "The data begin in this window, and it is not over: "+begins+"; and "+ends+".", "if rows of before and of then come."
	}
	if p.byPieces() {
		said.Hint = "It is judged in full " + said.Hint + " Until then it is held against how pieces of the reference differ (" + p.words() + ")."
	} else {
		said.Hint = "It is judged " + said.Hint + " Until then only what is broken for certain alarms."
	}
	return &said
}

// document is what the report says of it.
func (p *partial) document() *report.Partial {
	if p == nil {
		return nil
	}
	text := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339)
	}
	d := &report.Partial{Lacks: p.name(), First: text(p.rows.first), Last: text(p.rows.last), From: text(p.from), Until: text(p.until)}
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

// cover is how far the rows of whole windows reach. Of a baseline that knows no
// windows as long as those of now the hours of its days are all that can be told
// of it; nil where not even these can.
func (b *baseline) cover(c *config.Config) *state.Cover {
	if b.Cover != nil && b.Every == c.Window.Every {
		return b.Cover
	}
	window, err := state.WindowOf(time.Unix(0, b.profile.Start).UTC(), c.Window.Every)
	if err != nil || window.End.Sub(window.Start)%(24*time.Hour) != 0 {
		return nil
	}
	for _, column := range b.profile.Columns {
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
	return &state.Cover{Reach: quiet(state.Reach{Head: int64(first+1) * hour, Tail: int64(len(hours)-last) * hour})}
}
