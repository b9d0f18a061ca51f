package ledger

import (
	"cmp"
	"math"
	"slices"
)

// Labels is labels by id. All of them are added before the first is asked for.
type Labels struct {
	shards    [shards]labels
	rows      int64
	settled   bool
	duplicate int64
}

// labels are those of a shard. Once settled, ids are ascending and distinct.
type labels struct {
	ids    []uint64
	values []float64
	state  []state
}

// state is what is known of an id.
type state uint8

const (
	fitted    state = 1 << iota // a prediction has it
	conflict                    // its labels contradict each other
	contested                   // a row's own label says something else
)

// Add notes a label by the hash of its id: a class or a number.
func (b *Labels) Add(id uint64, value float64) {
	s := &b.shards[id%shards]
	s.ids, s.values = append(s.ids, id), append(s.values, value)
	b.rows++
}

// Rows is how many labels were added.
func (b *Labels) Rows() int64 { return b.rows }

// Mark is where the labels stand.
func (b *Labels) Mark() (m Mark) {
	for i := range b.shards {
		m[i] = len(b.shards[i].ids)
	}
	return m
}

// Back forgets what was added since the mark.
func (b *Labels) Back(to Mark) {
	for i := range b.shards {
		s := &b.shards[i]
		b.rows -= int64(len(s.ids) - to[i])
		s.ids, s.values = s.ids[:to[i]], s.values[:to[i]]
	}
}

// Unmatched is how many distinct ids no prediction has, after Join.
func (b *Labels) Unmatched() (n int64) {
	b.settle()
	for i := range b.shards {
		for _, state := range b.shards[i].state {
			if state&fitted == 0 {
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

// Conflicting is how many distinct ids have labels that contradict each other,
// or the label of a row that was joined.
func (b *Labels) Conflicting() (n int64) {
	b.settle()
	for i := range b.shards {
		for _, state := range b.shards[i].state {
			if state&(conflict|contested) != 0 {
				n++
			}
		}
	}
	return n
}

// settle sorts labels by id and takes each id once.
func (b *Labels) settle() {
	if b.settled {
		return
	}
	b.settled = true
	for i := range b.shards {
		b.duplicate += b.shards[i].settle()
	}
}

type label struct {
	id    uint64
	value float64
}

func (s *labels) settle() (duplicate int64) {
	all := make([]label, len(s.ids))
	for i := range all {
		all[i] = label{s.ids[i], s.values[i]}
	}
	slices.SortFunc(all, func(a, b label) int {
		return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.value, b.value))
	})
	s.ids, s.values, s.state = s.ids[:0], s.values[:0], s.state[:0]
	for i, l := range all {
		last := len(s.ids) - 1
		if last < 0 || s.ids[last] != l.id {
			s.ids, s.values, s.state = append(s.ids, l.id), append(s.values, l.value), append(s.state, 0)
			continue
		}
		if l.value == all[i-1].value {
			duplicate++
		} else {
			s.state[last] = conflict
		}
	}
	return duplicate
}

// find looks an id up.
func (s *labels) find(id uint64) (int, bool) {
	if id == None {
		return 0, false
	}
	return slices.BinarySearch(s.ids, id)
}

// of is the label of an id for a row, given the row's own, which may be NaN; NaN
// where labels contradict each other.
func (s *labels) of(at int, own float64) float64 {
	s.state[at] |= fitted
	if !math.IsNaN(own) && own != s.values[at] {
		s.state[at] |= contested
		return math.NaN()
	}
	if s.state[at]&conflict != 0 {
		return math.NaN()
	}
	return s.values[at]
}
