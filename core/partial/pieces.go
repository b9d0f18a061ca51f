package partial

import (
	"maps"
	"slices"
	"strings"
	"time"

	"leeway/core/check/quality"
	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/policy"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/state"
)

// piece is how pieces of the reference differ, and which share of a window's rows
// differs as they do: all, or of hours those of days that are not over, since the
// hours of whole days have been averaged.
type piece struct {
	*state.Pieces
	share  float64
	longer float64 // how many times as long as the window's rows reach a piece is; 1 where it is not
}

// ByPieces tells whether a window is judged by pieces of the reference: it is held
// against the whole baseline then, as they were.
func (p *Window) ByPieces() bool { return p != nil && len(p.pieces) > 0 }

// mostOfOne is how much of a piece a window must be to be as such pieces are: less
// may be unlike all of them, as one hour may be unlike any six.
const mostOfOne = 0.8

// JudgeBy finds the pieces by which a window is judged that is not whole. There
// are none where the baseline was built for windows of another length, or knows
// none that are short enough.
func (p *Window) JudgeBy(b *state.Baseline, reference *profile.Dataset, every string) {
	if p == nil || b.Every != every {
		return
	}
	pieces := b.Pieces
	share, shortest := 1.0, day
	if p.window.End.Sub(p.window.Start) >= 2*day && len(pieces) > 0 {
		share, shortest = p.begun(reference)
		switch known := pieces[0].Seconds == int64(day/time.Second); {
		case known && share == 0:
			pieces = pieces[:1]
		case !known:
			pieces = nil
		case len(pieces) == 1: // rows are too few to know hours: they are less than a day
			p.beginDays(&pieces[0], share, shortest)
			return
		case share == 1:
			pieces = pieces[1:]
		}
	}
	for i := range pieces {
		if pieces[i].Seconds == int64(day/time.Second) {
			p.pieces = append(p.pieces, piece{&pieces[i], 1, 1})
			continue
		}
		if longer := p.longer(seconds(pieces[i].Seconds)); longer == 1 || i+1 == len(pieces) {
			p.pieces = append(p.pieces, piece{&pieces[i], share, longer})
			break
		}
	}
}

// beginDays has a window judged by days of which some are only begun, such a share of
// its rows and the shortest so long.
func (p *Window) beginDays(days *state.Pieces, share float64, shortest time.Duration) {
	if share < 1 {
		p.pieces = append(p.pieces, piece{days, 1, 1})
	}
	p.pieces = append(p.pieces, piece{days, share, float64(day) / float64(max(shortest, time.Minute))})
}

// longer is how many times as long as the rows reach a piece is; 1 where they are
// most of one. Rows that reach no further than a minute count for that.
func (p *Window) longer(piece time.Duration) float64 {
	reach := max(p.rows.Last.Sub(p.rows.First)+p.rows.Grain(), time.Minute)
	if float64(reach) >= mostOfOne*float64(piece) {
		return 1
	}
	return float64(piece) / float64(reach)
}

// begun is the share of the rows that are to be expected on days that are not
// there as a whole, by the hours of the reference's days, and how much there is of the
// shortest of these.
func (p *Window) begun(reference *profile.Dataset) (share float64, shortest time.Duration) {
	first, last := p.rows.First.Truncate(day), p.rows.Last.Truncate(day)
	if p.rows.Grain() == day {
		return 0, day
	}
	weights := hoursWeights(reference)
	from, to := p.rows.First.Hour(), p.rows.Last.Hour()+1
	if first.Equal(last) {
		if weights.of(from, to) == 1 {
			return 0, day
		}
		return 1, p.rows.Last.Sub(p.rows.First)
	}
	whole, begun, shortest := last.Sub(first).Hours()/24-1, 0.0, day
	for _, one := range []struct {
		weight float64
		length time.Duration
	}{{weights.of(from, 24), day - p.rows.First.Sub(first)}, {weights.of(0, to), p.rows.Last.Sub(last)}} {
		if one.weight < 1 {
			begun, shortest = begun+one.weight, min(shortest, one.length)
		} else {
			whole++
		}
	}
	if whole+begun == 0 { // at hours that the reference has no rows of
		return 1, shortest
	}
	return begun / (whole + begun), shortest
}

// hourly are the rows of days by the hour.
type hourly [24]float64

// hoursWeights are those of a reference; all alike where they are not known.
func hoursWeights(reference *profile.Dataset) *hourly {
	var w hourly
	for i := range w {
		w[i] = 1
	}
	for _, column := range reference.Columns {
		if column.Kind == schema.Time && column.Role == schema.Timestamp && column.Hours != nil {
			for i, n := range column.Hours {
				w[i] = float64(n)
			}
			break
		}
	}
	return &w
}

// of is the share of a day's rows from one hour to another. An hour in a
// thousandth of rows is none.
func (w *hourly) of(from, to int) float64 {
	var some, all float64
	for i, n := range w {
		all += n
		if i >= from && i < to {
			some += n
		}
	}
	if all == 0 || some > 0.999*all {
		return 1
	}
	return some / all
}

// share is which share so many rows are of what whole windows have, if these have as
// many as their pieces; 0 where that is not known.
func (p *Window) share(rows int64) float64 {
	if !p.ByPieces() {
		return 0
	}
	one := p.pieces[0]
	return float64(rows) * float64(one.Seconds) / (float64(one.Rows) * p.window.End.Sub(p.window.Start).Seconds())
}

// said is what the policy is told of the pieces.
func (p *Window) said() (all []policy.Pieces) {
	for _, one := range p.pieces {
		all = append(all, policy.Pieces{Variation: one.Variation, Share: one.share, Longer: one.longer})
	}
	return all
}

// known are the pieces, once each.
func (p *Window) known() (all []*state.Pieces) {
	for _, one := range p.pieces {
		if !slices.Contains(all, one.Pieces) {
			all = append(all, one.Pieces)
		}
	}
	return all
}

// words says what the pieces are: "32 days; 32 pieces of 3 hours".
func (p *Window) words() string {
	var names []string
	for _, one := range p.known() {
		names = append(names, pieceWords(one.Count, time.Duration(one.Seconds)*time.Second))
	}
	return strings.Join(names, "; ")
}

// pieceWords is so many pieces of a length.
func pieceWords(n int, length time.Duration) string {
	switch {
	case length == day:
		return words.Plural(int64(n), "day")
	case length == time.Hour:
		return words.Plural(int64(n), "hour")
	case length%time.Hour == 0:
		return words.Plural(int64(n), "piece") + " of " + words.Plural(int64(length/time.Hour), "hour")
	}
	return words.Plural(int64(n), "piece") + " of " + words.Plural(int64(length/time.Minute), "minute")
}

// Usual is what checks are told of how windows differ, for one that is not whole:
// what pieces are like; but no piece reaches as far as all of them together, nor
// does part of a window reach further than whole ones.
func (p *Window) Usual(windows map[string][]metric.Deviate) map[string][]metric.Deviate {
	all := maps.Clone(p.pieces[0].Variation)
	for id, deviates := range windows {
		if quality.IsExtreme(id) && len(deviates) >= metric.LeastWindows {
			all[id] = deviates
		}
	}
	return all
}
