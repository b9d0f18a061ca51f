package sketch

import (
	"cmp"
	"iter"
	"math"
	"slices"
)

// Marked is a multiset of finite numbers each of which is marked or not: scores
// by whether what they foretell came true. Values may have weights.
//
// Like a [Grid] it is exact while there are at most as many distinct values as
// its budget; beyond that it keeps cells, the leading bits of the values, as
// many as make at most budget cells. So it is a function of the values alone,
// whatever the order or the split.
type Marked struct {
	budget int
	shift  uint8
	count  int64
	run    markedRun // ascending by key
	log    []markedEntry
}

// markedRun are cells in ascending order. masses is nil without weights. Neither is
// ever changed: runs that are merged with nothing share them.
type markedRun struct {
	cells  []markedCell
	masses []masses
}

type markedCell struct {
	key    uint64
	counts [2]int64 // not marked, marked
}

// masses are the sums of weights of a cell, and of their squares.
type masses struct{ weights, squares [2]Mass }

type markedEntry struct {
	key    uint64
	weight float64
	mark   uint8
}

// Step is what a [Marked] knows of one value: how many there are of it, the sum
// of their weights and that of their squares, not marked and marked. Without
// weights all three are the number.
type Step struct {
	Value   float64
	Counts  [2]int64
	Weights [2]float64
	Squares [2]float64
}

// NewMarked is an empty multiset of at most budget cells, and no fewer than
// [MinCells].
func NewMarked(budget int, weighted bool) *Marked {
	m := &Marked{budget: max(budget, MinCells)}
	if weighted {
		m.run.masses = []masses{}
	}
	return m
}

// markedLog is how many values are collected before they are sorted in.
const markedLog = 1 << 14

// Add adds a finite value. The weight counts only if the multiset has weights:
// 0 < weight <= MaxWeight.
func (m *Marked) Add(x float64, marked bool, weight float64) {
	e := markedEntry{key: ordered(math.Float64bits(x+0)) >> m.shift, weight: weight}
	if marked {
		e.mark = 1
	}
	m.count++
	if m.log = append(m.log, e); len(m.log) >= markedLog {
		m.flush()
	}
}

// flush sorts the log in, and makes the cells coarser once they are too many.
func (m *Marked) flush() {
	if len(m.log) == 0 {
		return
	}
	slices.SortFunc(m.log, func(a, b markedEntry) int { return cmp.Compare(a.key, b.key) })
	next := markedRun{cells: make([]markedCell, 0, len(m.log))}
	weighted := m.run.masses != nil
	for _, e := range m.log {
		n := len(next.cells) - 1
		if n < 0 || next.cells[n].key != e.key {
			next.cells = append(next.cells, markedCell{key: e.key})
			if weighted {
				next.masses = append(next.masses, masses{})
			}
			n++
		}
		next.cells[n].counts[e.mark]++
		if weighted {
			next.masses[n].weights[e.mark].Add(e.weight)
			next.masses[n].squares[e.mark].Add(e.weight * e.weight)
		}
	}
	m.log = m.log[:0]
	m.run = m.run.merge(&next)
	m.narrow()
}

// narrow keeps to the budget.
func (m *Marked) narrow() {
	if len(m.run.cells) <= m.budget {
		return
	}
	keys := make([]cell, len(m.run.cells))
	for i := range keys {
		keys[i].key = m.run.cells[i].key
	}
	by := narrowest(keys, m.budget)
	m.run.coarsen(by)
	m.shift += by
}

// merge adds up two runs of the same shift.
func (r *markedRun) merge(o *markedRun) markedRun {
	if len(r.cells) == 0 {
		if r.masses != nil && o.masses == nil {
			o.masses = []masses{}
		}
		return *o
	}
	if len(o.cells) == 0 {
		return *r
	}
	both := markedRun{cells: make([]markedCell, 0, len(r.cells)+len(o.cells))}
	if r.masses != nil {
		both.masses = make([]masses, 0, cap(both.cells))
	}
	i, j := 0, 0
	for i < len(r.cells) || j < len(o.cells) {
		switch {
		case j == len(o.cells) || i < len(r.cells) && r.cells[i].key < o.cells[j].key:
			both.take(r, i)
			i++
		case i == len(r.cells) || o.cells[j].key < r.cells[i].key:
			both.take(o, j)
			j++
		default:
			both.take(r, i)
			both.join(o, j)
			i, j = i+1, j+1
		}
	}
	return both
}

// take appends a cell of another run.
func (r *markedRun) take(from *markedRun, i int) {
	r.cells = append(r.cells, from.cells[i])
	if r.masses != nil {
		r.masses = append(r.masses, from.masses[i])
	}
}

// join adds a cell of another run to the last one.
func (r *markedRun) join(from *markedRun, i int) {
	last := len(r.cells) - 1
	for mark := range 2 {
		r.cells[last].counts[mark] += from.cells[i].counts[mark]
		if r.masses != nil {
			r.masses[last].weights[mark].Merge(&from.masses[i].weights[mark])
			r.masses[last].squares[mark].Merge(&from.masses[i].squares[mark])
		}
	}
}

// coarsen shifts keys right and adds up what becomes equal.
func (r *markedRun) coarsen(by uint8) {
	if by == 0 {
		return
	}
	whole := *r
	r.cells = make([]markedCell, 0, len(whole.cells))
	if r.masses != nil {
		r.masses = make([]masses, 0, len(whole.cells))
	}
	for i := range whole.cells {
		key := whole.cells[i].key >> by
		if n := len(r.cells); n > 0 && r.cells[n-1].key == key {
			r.join(&whole, i)
		} else {
			r.take(&whole, i)
			r.cells[n].key = key
		}
	}
}

// Merge adds the values of o, which has weights if m has.
func (m *Marked) Merge(o *Marked) {
	m.flush()
	o.flush()
	other, shift := o.run, max(m.shift, o.shift)
	other.coarsen(shift - o.shift)
	m.run.coarsen(shift - m.shift)
	m.shift = shift
	m.run = m.run.merge(&other)
	m.count += o.count
	m.narrow()
}

// Count is the number of values.
func (m *Marked) Count() int64 { return m.count }

// Exact tells whether every distinct value is known.
func (m *Marked) Exact() bool {
	m.flush()
	return m.shift == 0
}

// Steps lists the cells in ascending order. Beyond the budget the value is the
// middle of a cell, which is [Marked.Width] times as wide as its value.
func (m *Marked) Steps() []Step {
	steps := make([]Step, 0, m.Cells())
	for s := range m.All() {
		steps = append(steps, *s)
	}
	return steps
}

// All is Steps one by one, each valid until the next: the list of many takes more
// memory than they do here.
func (m *Marked) All() iter.Seq[*Step] {
	m.flush()
	return func(yield func(*Step) bool) {
		var s Step
		for i := range m.run.cells {
			if m.step(i, &s); !yield(&s) {
				return
			}
		}
	}
}

// Cells is the number of Steps.
func (m *Marked) Cells() int {
	m.flush()
	return len(m.run.cells)
}

func (m *Marked) step(i int, s *Step) {
	c := &m.run.cells[i]
	s.Value, s.Counts = middle(c.key, m.shift), c.counts
	for mark := range 2 {
		s.Weights[mark], s.Squares[mark] = float64(c.counts[mark]), float64(c.counts[mark])
		if m.run.masses != nil {
			s.Weights[mark], s.Squares[mark] = m.run.masses[i].weights[mark].Float(), m.run.masses[i].squares[mark].Float()
		}
	}
}

// Width is the width of a cell relative to its value, 0 while exact.
func (m *Marked) Width() float64 {
	if m.Exact() {
		return 0
	}
	return math.Ldexp(1, int(m.shift)-52)
}
