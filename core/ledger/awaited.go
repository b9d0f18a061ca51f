package ledger

import (
	"math"
	"slices"
)

// Awaited tells which ids of settled labels have found no row so far. It is carried
// from one look at the predictions to the next: an id that found its row has found it,
// also when the row is kept no longer; so only new labels, and new rows, have to be
// looked at.
type Awaited struct {
	labels *Labels
	marks  [shards][]mark
}

// mark is what became of an id so far: the larger, the better.
type mark uint8

const (
	waits mark = iota // no row has it
	late              // rows have it, but its label came too late for them
	met               // a row has its label
)

// Await begins with what was known before: ids that waited, and those whose labels came
// too late, both ascending. Other ids have found their rows, but for those all of whose
// labels are new.
func (b *Labels) Await(waiting, tooLate []uint64) *Awaited {
	b.settle()
	w := &Awaited{labels: b}
	for i := range b.shards {
		s := &b.shards[i]
		w.marks[i] = make([]mark, len(s.ids))
		for at, id := range s.ids {
			w.marks[i][at] = met
			if _, is := slices.BinarySearch(tooLate, id); is {
				w.marks[i][at] = late
			} else if _, is := slices.BinarySearch(waiting, id); is || s.state[at]&unseen != 0 {
				w.marks[i][at] = waits
			}
		}
	}
	return w
}

// Meet notes which of the ids are those of rows. A label that came after the end of
// what the ledger takes came too late, and as long again after that nobody looks for
// its row: slack says how long, in nanoseconds.
func (w *Awaited) Meet(slack int64, ledgers *Shelf) {
	for l := range ledgers.All {
		end := l.Until
		if end > math.MaxInt64-slack {
			end = math.MaxInt64 - slack
		}
		for i := range l.shards {
			s, marks := &w.labels.shards[i], w.marks[i]
			for _, id := range l.shards[i].ids {
				at, known := s.find(id)
				if !known || marks[at] == met {
					continue
				}
				switch first := s.first(at); {
				case end == 0 || s.at == nil || first <= end:
					marks[at] = met
				case first <= end+slack:
					marks[at] = late
				}
			}
		}
	}
}

// first is when the first label of an id came.
func (s *labels) first(at int) int64 {
	if s.at == nil {
		return math.MinInt64
	}
	first := s.at[at]
	for _, l := range s.before[s.ids[at]] {
		first = min(first, l.at)
	}
	return first
}

// Waiting lists the ids that no row has, ascending.
func (w *Awaited) Waiting() []uint64 { return w.marked(waits) }

// Late lists the ids whose labels came too late for the rows that have them.
func (w *Awaited) Late() []uint64 { return w.marked(late) }

func (w *Awaited) marked(is mark) (ids []uint64) {
	for i := range w.marks {
		for at, one := range w.marks[i] {
			if one == is {
				ids = append(ids, w.labels.shards[i].ids[at])
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// Contradictory is how many distinct ids have labels that contradict each other,
// whatever their rows say.
func (b *Labels) Contradictory() int64 { return b.count(func(s state) bool { return s&conflict != 0 }) }

// Among tells whether all ids are among some, which are ascending.
func (b *Labels) Among(ids []uint64) bool {
	b.settle()
	for i := range b.shards {
		for _, id := range b.shards[i].ids {
			if _, is := slices.BinarySearch(ids, id); !is {
				return false
			}
		}
	}
	return true
}
