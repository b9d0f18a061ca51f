package ledger

import (
	"cmp"
	"math"
	"slices"

	"leeway/core/cases"
	"leeway/core/internal/wire"
)

// The section of windows is
//
//	windows (start length cut)... row...
//
// in the order of their starts and lengths, and for each row, in the order of rows,
// the place of its window from 1 on, 0 for none.
const windowsTag = 4

// Window is a stretch of time that rows of a ledger are of, in Unix nanoseconds.
type Window struct {
	Start, End int64
	Cut        bool // its rows do not reach as far as is usual: it is not whole
}

func (w Window) compare(o Window) int {
	return cmp.Or(cmp.Compare(w.Start, o.Start), cmp.Compare(w.End, o.End))
}

// windowSection writes which windows rows are of.
type windowSection struct {
	windows []Window
	places  []uint64 // by number
	to      []byte
}

// newWindowSection is nil where no row has a window.
func newWindowSection(l *Ledger) *windowSection {
	if len(l.Windows) == 0 {
		return nil
	}
	w := &windowSection{windows: slices.Clone(l.Windows), places: make([]uint64, len(l.Windows)+1)}
	slices.SortFunc(w.windows, Window.compare)
	for i, one := range l.Windows {
		at, _ := slices.BinarySearchFunc(w.windows, one, Window.compare)
		w.places[i+1] = uint64(at) + 1
	}
	return w
}

func (w *windowSection) tag() uint64 { return windowsTag }

func (w *windowSection) place(s *predictions, at int) uint64 { return w.places[s.window(at)] }

func (w *windowSection) compare(s *predictions, a, b int) int {
	return cmp.Compare(w.place(s, a), w.place(s, b))
}

func (w *windowSection) shard(s *predictions, rows []place) {
	for _, row := range rows {
		w.to = wire.Uint(w.to, w.place(s, int(row.at)))
	}
}

func (w *windowSection) bytes() []byte {
	to := wire.Uint(nil, uint64(len(w.windows)))
	for _, one := range w.windows {
		to = wire.Flag(wire.Int(wire.Int(to, one.Start), one.End-one.Start), one.Cut)
	}
	return append(to, w.to...)
}

// windows reads the section.
func (r *reader) windows(l *Ledger) {
	if l.Windows = make([]Window, r.Size(3)); len(l.Windows) > math.MaxUint16 {
		r.Fail("there are too many windows")
		return
	}
	for i := range l.Windows {
		start := r.Int()
		l.Windows[i] = Window{Start: start, End: start + r.Int(), Cut: r.Flag()}
	}
	for i := range l.shards {
		s := &l.shards[i]
		s.windows = make([]uint16, len(s.ids))
		for at := range s.windows {
			number := r.Uint()
			if number > uint64(len(l.Windows)) {
				r.Fail("a row's window is out of range")
			}
			if r.Err() != nil {
				return
			}
			s.windows[at] = uint16(number)
		}
	}
}

// window is the number of a row's window, 0 for none.
func (s *predictions) window(at int) uint16 {
	if at >= len(s.windows) {
		return 0
	}
	return s.windows[at]
}

// Counts is how many rows each of the windows has.
func (l *Ledger) Counts() []int64 {
	counts := make([]int64, len(l.Windows)+1)
	for i := range l.shards {
		s := &l.shards[i]
		for at := range s.ids {
			counts[s.window(at)]++
		}
	}
	return counts[1:]
}

// Only is the rows of some of the windows, and those of the sample that certainly are:
// of ids that no row of another window has.
func (l *Ledger) Only(wanted func(*Window) bool) *Ledger {
	numbers := make([]bool, len(l.Windows)+1)
	for i := range l.Windows {
		numbers[i+1] = wanted(&l.Windows[i])
	}
	other := New(l.shape)
	other.Until, other.Admits, other.Windows = l.Until, l.Admits, l.Windows
	inside, outside := map[uint64]bool{}, map[uint64]bool{}
	if l.Cases.Len() > 0 {
		for row := range l.Cases.All() {
			inside[row.ID] = false
		}
	}
	for k := range l.shards {
		from, to := &l.shards[k], &other.shards[k]
		for at, id := range from.ids {
			_, sampled := inside[id]
			if !numbers[from.window(at)] {
				if sampled {
					outside[id] = true
				}
				continue
			}
			if sampled {
				inside[id] = true
			}
			to.take(from, at, l.stride)
		}
	}
	if l.Cases != nil {
		other.Cases = l.Cases.Only(func(row *cases.Row) bool { return row.ID != None && inside[row.ID] && !outside[row.ID] })
	}
	return other
}

// take adds a row of another shard of the same shape.
func (s *predictions) take(from *predictions, at, stride int) {
	s.ids = append(s.ids, from.ids[at])
	s.values = append(s.values, from.values[at*stride:(at+1)*stride]...)
	if from.classes != nil {
		s.classes = append(s.classes, from.classes[2*at:2*at+2]...)
	}
	s.windows = append(s.windows, from.window(at))
}
