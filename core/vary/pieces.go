package vary

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"leeway/core/calendar"
	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/route"
	"leeway/core/schema"
	"leeway/core/state"
)

// A window that is not whole is held against how pieces of the reference differ:
// its days where windows are weeks or months, a few hours of days, some minutes of
// hours. They lie at fixed places of the calendar. How long they are follows from
// how many rows the reference has, which is known when all of it is read; so it is
// cut into the shortest there are, of some of its days (or hours), and these are
// joined to longer ones in the end.

// Bounds on the pieces of a reference.
const (
	mostPieces  = 32     // that are compared with the whole
	goodRows    = 100    // of a piece in the middle, where that can be had
	someRows    = 24     // the same of the shorter ones, for windows of less than a piece
	leastOfOne  = 8      // of any: nights have fewer rows than days, and are unlike them
	mostCut     = 400    // shortest pieces that are kept
	mostCells   = 40_000 // the same times columns
	leastCut    = 16     // however many columns there are
	mostDays    = 64     // whole days that are kept as pieces
	mostSplit   = 16     // days that are cut into hours
	fewerSplit  = 8      // the same where days are pieces too
	mostHours   = 30     // hours that are cut into minutes
	leastPieces = metric.FewestWindows
)

// cut is a reference cut into pieces.
type cut struct {
	picked
	step    time.Duration   // of the shortest pieces
	lengths []time.Duration // that they may be joined to, ascending
	turn    string          // window.every of what a piece's place is in: a week of days, a day of hours
	read    *picked         // which pieces of the file that is being read
	file    *route.Router   // of the file that is being read
	away    map[state.Window][][]byte
}

// pieceOptions is what is kept of a piece.
var pieceOptions = profile.Options{Cells: 256, Categories: 256, Distinct: 64, Rows: 64}

// cutsOf are the pieces to collect for such windows of a table of so many columns.
func cutsOf(every string, columns int) []*cut {
	one, err := state.WindowOf(time.Unix(0, 0), every)
	if err != nil { // the configuration was linted: every is sound
		return []*cut{}
	}
	length := one.End.Sub(one.Start)
	budget := min(mostCut, max(leastCut, mostCells/max(columns, 1)))
	all := []*cut{}
	if length >= 2*day {
		turn := "week"
		if every == "month" {
			turn = every
		}
		all = append(all, &cut{picked: picked{block: day, most: min(mostDays, budget), thin: 2, firsts: every == "month"}, step: day, lengths: []time.Duration{day}, turn: turn})
	}
	split, block, turn, thin := mostSplit, day, "day", int64(2)
	steps := multiples(time.Hour, 1, 2, 3, 4, 6, 12)
	switch {
	case len(all) > 0:
		split = fewerSplit
	case length < 2*time.Hour:
		split, block, turn, thin = mostHours, time.Hour, "hour", thinned
		steps = multiples(time.Minute, 5, 10, 15, 20, 30)
	}
	steps = slices.DeleteFunc(steps, func(s time.Duration) bool { return 2*s > length })
	if len(steps) == 0 {
		return all
	}
	for len(steps) > 1 && split*int(block/steps[0]) > budget {
		steps = steps[1:]
	}
	step := steps[0]
	steps = slices.DeleteFunc(steps, func(s time.Duration) bool { return s%step != 0 })
	most := max(min(split, budget*int(step)/int(block)), 1)
	return append(all, &cut{picked: picked{block: block, most: most, thin: thin}, step: step, lengths: steps, turn: turn})
}

func multiples(unit time.Duration, by ...int) (all []time.Duration) {
	for _, n := range by {
		all = append(all, time.Duration(n)*unit)
	}
	return all
}

// picked says which pieces are kept: those of every so manieth block of time, so
// that there are no more than most.
type picked struct {
	block  time.Duration
	most   int
	thin   int64
	stride int64
	blocks map[int64]bool
	firsts bool // of months, which every month that is not over has, are kept all
}

// of numbers the block that a piece is in.
func (p *picked) of(window state.Window) int64 {
	return calendar.Stretch(window, p.block)
}

// Wants tells whether a piece is kept.
func (p *picked) Wants(window state.Window) bool {
	return p.of(window)%p.stride == 0 || p.first(window)
}

// first tells whether a piece is kept for being the first of a month.
func (p *picked) first(window state.Window) bool { return p.firsts && window.Start.Day() == 1 }

// Take counts the block of a piece that is about to get rows, see [route.Picker].
func (p *picked) Take(window state.Window) (kept, fewer bool) {
	if at := p.of(window); at%p.stride == 0 && !p.blocks[at] && !p.first(window) {
		p.blocks[at] = true
		for p.thinOut() {
			fewer = true
		}
	}
	return p.Wants(window), fewer
}

// thinOut keeps fewer blocks if there are too many.
func (p *picked) thinOut() bool {
	if len(p.blocks) <= p.most {
		return false
	}
	p.stride *= p.thin
	for at := range p.blocks {
		if at%p.stride != 0 {
			delete(p.blocks, at)
		}
	}
	return true
}

// start begins a file. What it picks counts once it is kept.
func (c *cut) start(columns []schema.Column) {
	if c.blocks == nil {
		c.stride, c.blocks, c.away = 1, map[int64]bool{}, map[state.Window][][]byte{}
	}
	own := c.picked
	own.blocks = map[int64]bool{}
	c.read = &own
	c.file = &route.Router{Every: c.step.String(), Columns: columns, Options: &pieceOptions, Picked: &own}
}

// keep takes the file's pieces in. What is kept in the end is a function of all
// blocks that have rows, in whatever order they come.
func (c *cut) keep() {
	own := c.read
	c.stride = max(c.stride, own.stride)
	for at := range own.blocks {
		c.blocks[at] = true
	}
	for at := range c.blocks {
		if at%c.stride != 0 {
			delete(c.blocks, at)
		}
	}
	for c.thinOut() {
	}
	for window, pieces := range c.file.Encoded() {
		c.away[window] = append(c.away[window], pieces...)
	}
	for window := range c.away {
		if !c.Wants(window) {
			delete(c.away, window)
		}
	}
	c.file, c.read = nil, nil
}

// pieces are the pieces of the length that suits their rows, and before that is
// reached, of the shortest that have some; none if there are too few of any.
func (c *cut) pieces() (all [][]route.Part, err error) {
	shortest, err := route.Merged(c.away)
	if err != nil {
		return nil, err
	}
	var best, short []route.Part
	for _, length := range c.lengths {
		joined, err := joinedTo(shortest, length)
		if err != nil {
			return nil, err
		}
		enough := slices.DeleteFunc(joined, func(p route.Part) bool { return p.Profile.Rows < leastOfOne })
		if len(enough) < leastPieces {
			continue
		}
		best = enough
		rows := medianRows(best)
		if rows >= goodRows {
			break
		}
		if short == nil && rows >= someRows {
			short = best
		}
	}
	if len(best) == 0 {
		return nil, nil
	}
	all = append(all, c.some(best))
	if len(short) > 0 && lengthOf(short) < lengthOf(best) {
		all = append(all, c.some(short))
	}
	return all, nil
}

// lengthOf is that of pieces, which is the same for all.
func lengthOf(parts []route.Part) time.Duration {
	return parts[0].Window.End.Sub(parts[0].Window.Start)
}

// some are at most mostPieces of them, a quarter of which may be firsts of months.
func (c *cut) some(all []route.Part) []route.Part {
	if len(all) <= mostPieces {
		return all
	}
	var firsts, others []route.Part
	for _, one := range all {
		if c.first(one.Window) {
			firsts = append(firsts, one)
		} else {
			others = append(others, one)
		}
	}
	if len(firsts) > mostPieces/4 {
		firsts = spread(firsts, mostPieces/4, byMonth)
	}
	if most := mostPieces - len(firsts); len(others) > most {
		others = spread(others, most, time.Time.Day, time.Time.Minute)
	}
	picks := append(firsts, others...)
	slices.SortFunc(picks, func(a, b route.Part) int { return a.Window.Compare(b.Window) })
	return picks
}

func byMonth(t time.Time) int { return int(t.Month()) }

// joinedTo joins pieces to ones of a length.
func joinedTo(shortest []route.Part, length time.Duration) (all []route.Part, err error) {
	var merger profile.Merger
	for i, one := range shortest {
		window, err := state.WindowOf(one.Window.Start, length.String())
		if err != nil {
			return nil, err
		}
		if window == one.Window {
			all = append(all, one)
			continue
		}
		if err := merger.Add(one.Profile); err != nil {
			return nil, err
		}
		if i+1 == len(shortest) || !window.Contains(shortest[i+1].Window.Start) {
			all = append(all, route.Part{Window: window, Profile: merger.Dataset()})
			merger = profile.Merger{}
		}
	}
	return all, nil
}

// medianRows is how many rows the piece in the middle has.
func medianRows(all []route.Part) int64 {
	var rows []int64
	for _, one := range all {
		rows = append(rows, one.Profile.Rows)
	}
	slices.Sort(rows)
	return rows[(len(rows)-1)/2]
}

// ofPieces compares pieces of a reference with the whole of it, as ofWindows does
// windows.
func (w *Windows) ofPieces(whole *profile.Dataset, contract *schema.Schema) ([]state.Pieces, error) {
	if w.failed || w.err != nil {
		return nil, nil
	}
	var all []state.Pieces
	for _, one := range w.cuts {
		lengths, err := one.pieces()
		if err != nil {
			return nil, err
		}
		for _, parts := range lengths {
			said, err := w.saidOf(whole, contract, parts, one.turn)
			if err != nil {
				return nil, err
			}
			all = append(all, state.Pieces{Seconds: int64(lengthOf(parts) / time.Second), Count: len(parts), Rows: medianRows(parts), Variation: said})
		}
	}
	return all, nil
}

// saidOf is what the tests of columns said of each piece, without those of turns
// that stand apart. Nothing is known of whole rows, nor of segments.
func (w *Windows) saidOf(whole *profile.Dataset, contract *schema.Schema, parts []route.Part, every string) (map[string][]metric.Deviate, error) {
	kept, turns := map[string][]metric.Deviate{}, map[string]map[state.Window][]metric.Deviate{} // by id, and turn
	for _, one := range parts {
		outcome, err := w.evaluate(whole, contract, one, check.ColumnTests)
		if err != nil {
			return nil, err
		}
		outcome.Evidence = slices.DeleteFunc(outcome.Evidence, func(e check.Evidence) bool { return e.Labels.Column == "" })
		said := map[string][]metric.Deviate{}
		Remember(said, &outcome, float64(one.Profile.Rows)/float64(whole.Rows))
		turn, err := state.WindowOf(one.Window.Start, every)
		if err != nil {
			return nil, err
		}
		for id, deviates := range said {
			if _, trait := outcome.Traits[id]; trait {
				kept[id] = append(kept[id], deviates...)
				continue
			}
			if turns[id] == nil {
				turns[id] = map[state.Window][]metric.Deviate{}
			}
			turns[id][turn] = append(turns[id][turn], deviates...)
		}
	}
	for id, by := range turns {
		kept[id] = withoutWorst(by)
	}
	return kept, nil
}

// withoutWorst leaves out turns that stand apart, of a tenth of them at the most:
// those in which a piece is further off than twice what any piece of the others is. A
// bad day of the reference excuses nothing; what recurs in every turn stays, and so
// do days that merely scatter.
func withoutWorst(turns map[state.Window][]metric.Deviate) (kept []metric.Deviate) {
	const fewest = 5 // turns that may lack one
	furthest := func(turn state.Window) (most float64) {
		for _, one := range turns[turn] {
			most = max(most, math.Abs(one.Z))
		}
		return most
	}
	order := slices.SortedFunc(maps.Keys(turns), state.Window.Compare)
	slices.SortStableFunc(order, func(a, b state.Window) int { return cmp.Compare(furthest(a), furthest(b)) })
	if len(order) >= fewest {
		for i := len(order) - (len(order)+9)/10; i < len(order); i++ {
			if furthest(order[i]) > 2*furthest(order[i-1]) {
				order = order[:i]
			}
		}
	}
	slices.SortFunc(order, state.Window.Compare)
	for _, turn := range order {
		kept = append(kept, turns[turn]...)
	}
	return kept
}
