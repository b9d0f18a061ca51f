package ledger

import (
	"cmp"
	"math"
	"slices"
)

// Labels is labels by id. All of them are added before the first is asked for.
//
// Of labels of an id that contradict each other the one of the highest version
// counts, and of those the one that came last: a correction; of those that came at
// the same instant nobody can tell which is right, and the id has no label.
//
// A label of NaN is one of numbers that cannot be read: it tells nothing, and is counted
// for rows that have no other.
type Labels struct {
	Dated bool // ledgers that labels came too late for are joined: see [Ledger]
	New   bool // labels that are added from now on were not there before: see [Awaited]

	shards    [shards]labels
	rows      int64
	settled   bool
	duplicate int64
	corrected int64
}

// labels are those of a shard: all, and once settled the distinct ids, ascending.
type labels struct {
	all    []label
	ids    []uint64
	values []float64
	state  []state
	at     []int64            // dated: when the label came
	before map[uint64][]label // dated: labels of ids that had several

	unreadable []label // those that cannot be read, settled ascending by id and then by when they came
}

// Unversioned is the version of a label that says none: lower than all others.
const Unversioned = math.MinInt64

// label is one label: a class or a number, its version, and when it came.
type label struct {
	id      uint64
	value   float64
	version int64
	at      int64
	new     bool
}

func (l label) compare(o label) int {
	return cmp.Or(cmp.Compare(l.id, o.id), cmp.Compare(l.value, o.value), cmp.Compare(l.version, o.version), cmp.Compare(l.at, o.at))
}

// age orders labels of an id by which of them counts, the newest last.
func (l label) age(o label) int {
	return cmp.Or(cmp.Compare(l.version, o.version), cmp.Compare(l.at, o.at))
}

// state is what is known of an id.
type state uint8

const (
	fitted    state = 1 << iota // a prediction has it
	conflict                    // its labels contradict each other
	contested                   // a row's own label says something else
	revised                     // its label is another than it was before
	repeated                    // a label of it says again what another says
	unread                      // it has no label, but one that cannot be read
	unseen                      // all of its labels are new
)

// Add notes a label by the hash of its id, its version, and the instant at which it
// came, the same for all where that is not known.
func (b *Labels) Add(id uint64, value float64, version, at int64) {
	s := &b.shards[id%shards]
	s.all = append(s.all, label{id, value, version, at, b.New})
	if !math.IsNaN(value) {
		b.rows++
	}
}

// Rows is how many labels were added that can be read.
func (b *Labels) Rows() int64 { return b.rows }

// Mark is where the labels stand.
func (b *Labels) Mark() (m Mark) {
	for i := range b.shards {
		m[i] = len(b.shards[i].all)
	}
	return m
}

// Back forgets what was added since the mark.
func (b *Labels) Back(to Mark) {
	for i := range b.shards {
		s := &b.shards[i]
		for _, l := range s.all[to[i]:] {
			if !math.IsNaN(l.value) {
				b.rows--
			}
		}
		s.all = s.all[:to[i]]
	}
}

// IDs is how many distinct ids have labels.
func (b *Labels) IDs() int64 { return b.count(func(state) bool { return true }) }

// Unmatched is how many distinct ids no prediction has, after Join.
func (b *Labels) Unmatched() int64 { return b.count(func(s state) bool { return s&fitted == 0 }) }

// Conflicting is how many distinct ids have labels that contradict each other,
// or the label of a row that was joined.
func (b *Labels) Conflicting() int64 {
	return b.count(func(s state) bool { return s&(conflict|contested) != 0 })
}

func (b *Labels) count(is func(state) bool) (n int64) {
	b.settle()
	for i := range b.shards {
		for _, state := range b.shards[i].state {
			if is(state) {
				n++
			}
		}
	}
	return n
}

// Duplicate is how many labels say again what another one says.
func (b *Labels) Duplicate() int64 {
	b.settle()
	return b.duplicate
}

// Corrected is how many distinct ids have another label than they had before.
func (b *Labels) Corrected() int64 {
	b.settle()
	return b.corrected
}

// Settle makes the labels ready to be looked at by several at once.
func (b *Labels) Settle() { b.settle() }

// settle sorts labels by id and takes each id once.
func (b *Labels) settle() {
	if b.settled {
		return
	}
	b.settled = true
	for i := range b.shards {
		s := &b.shards[i]
		s.part()
		slices.SortFunc(s.all, label.compare)
		for from := 0; from < len(s.all); {
			to := from + 1
			for to < len(s.all) && s.all[to].id == s.all[from].id {
				to++
			}
			b.take(s, s.all[from:to])
			from = to
		}
		s.all = nil
	}
}

// part puts labels aside that cannot be read.
func (s *labels) part() {
	unreadable := func(l label) bool { return math.IsNaN(l.value) }
	for _, l := range s.all {
		if unreadable(l) {
			s.unreadable = append(s.unreadable, l)
		}
	}
	if len(s.unreadable) > 0 {
		s.all = slices.DeleteFunc(s.all, unreadable)
		slices.SortFunc(s.unreadable, func(a, b label) int { return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.at, b.at)) })
	}
}

// isUnread tells whether a label of an id came by an instant (0: ever) that cannot be
// read.
func (s *labels) isUnread(id uint64, instant int64) bool {
	if len(s.unreadable) == 0 || id == None {
		return false
	}
	at, known := slices.BinarySearchFunc(s.unreadable, id, func(l label, id uint64) int { return cmp.Compare(l.id, id) })
	return known && (instant == 0 || s.unreadable[at].at <= instant)
}

// take takes the labels of one id, in order of their values.
func (b *Labels) take(s *labels, of []label) {
	newest, different, known := choose(of)
	b.duplicate += int64(len(of)) - different
	if different > 1 && known == 0 {
		b.corrected++
		known = revised
	}
	if int64(len(of)) > different {
		known |= repeated
	}
	if !slices.ContainsFunc(of, func(l label) bool { return !l.new }) {
		known |= unseen
	}
	s.ids, s.values, s.state = append(s.ids, newest.id), append(s.values, newest.value), append(s.state, known)
	if !b.Dated {
		return
	}
	s.at = append(s.at, newest.at)
	if len(of) > 1 {
		if s.before == nil {
			s.before = map[uint64][]label{}
		}
		s.before[newest.id] = slices.Clone(of)
	}
}

// choose finds which of the labels of an id counts: those that are there, in order
// of their values; how many values there are; and whether the newest ones
// contradict each other.
func choose(of []label) (newest label, different int64, known state) {
	newest, different = of[0], 1
	for i, l := range of[1:] {
		if l.value != of[i].value {
			different++
		}
		switch order := l.age(newest); {
		case order > 0:
			newest, known = l, 0
		case order == 0 && l.value != newest.value:
			known = conflict
		}
	}
	return newest, different, known
}

// until is the label of an id that counts of those that came by an instant, and
// what is known of it; ok is false where none came.
func (s *labels) until(at int, instant int64) (value float64, known state, ok bool) {
	of := s.before[s.ids[at]]
	if of == nil {
		return s.values[at], 0, s.at[at] <= instant
	}
	in := slices.DeleteFunc(slices.Clone(of), func(l label) bool { return l.at > instant })
	if len(in) == 0 {
		return 0, 0, false
	}
	newest, different, known := choose(in)
	if different > 1 && known == 0 {
		known = revised
	}
	if int64(len(in)) > different {
		known |= repeated
	}
	return newest.value, known, true
}

// find looks an id up.
func (s *labels) find(id uint64) (int, bool) {
	if id == None {
		return 0, false
	}
	return slices.BinarySearch(s.ids, id)
}

// of is look, and remembers what it saw.
func (s *labels) of(at int, value, own float64) float64 {
	s.state[at] |= fitted
	if !math.IsNaN(own) && own != value {
		s.state[at] |= contested
	}
	return s.look(at, value, own)
}

// Of is the label of a row by the hash of its id, given its own; NaN for none and
// where labels contradict each other. It remembers nothing.
func (b *Labels) Of(id uint64, own float64) float64 {
	b.settle()
	s := &b.shards[id%shards]
	at, known := s.find(id)
	if !known {
		return own
	}
	return s.look(at, s.values[at], own)
}

// look is the label of an id for a row, given its value and the row's own, which
// may be NaN; NaN where labels contradict each other.
func (s *labels) look(at int, value, own float64) float64 {
	if s.state[at]&conflict != 0 {
		return math.NaN()
	}
	return agreed(value, own)
}

// agreed is a label, NaN where the row's own says something else.
func agreed(value, own float64) float64 {
	if !math.IsNaN(own) && own != value {
		return math.NaN()
	}
	return value
}
