package slicing

import (
	"cmp"
	"slices"
)

// span is a range of bins that is a condition on a column.
type span struct{ from, to uint8 }

// conditions lists them: ranges of one beginning in order of their ends.
func (c *column) conditions() []span {
	var all []span
	if c.missing {
		all = append(all, span{0, 0})
	}
	for from := 1; from <= c.bins; from++ {
		last := from
		if c.numeric {
			last = c.bins
		}
		for to := from; to <= last; to++ {
			if to-from+1 < c.bins || !c.numeric || c.missing {
				all = append(all, span{uint8(from), uint8(to)})
			}
		}
	}
	return all
}

// best keeps the highest candidates.
type best struct {
	most int
	all  []candidate
	bar  float64 // nothing below it is worth a place
}

func (b *best) add(c candidate) {
	if c.z <= b.bar {
		return
	}
	if b.all = append(b.all, c); len(b.all) >= 2*b.most {
		b.trim()
	}
}

func (b *best) trim() {
	slices.SortStableFunc(b.all, candidate.compare)
	if len(b.all) > b.most {
		b.all = b.all[:b.most]
		b.bar = b.all[b.most-1].z
	}
}

// compare puts the highest first, and any two in one order.
func (c candidate) compare(o candidate) int {
	order := cmp.Or(cmp.Compare(o.z, c.z), cmp.Compare(c.depth, o.depth))
	for i := 0; i < deepest && order == 0; i++ {
		order = cmp.Or(cmp.Compare(c.on[i], o.on[i]), cmp.Compare(c.from[i], o.from[i]), cmp.Compare(c.to[i], o.to[i]))
	}
	return order
}

// low is the height below which nothing is significant whatever else.
const low = 3

// pairs are the best slices of one and of two conditions.
func (s *searcher) pairs() []candidate {
	singles, pairs := &best{most: kept, bar: low}, &best{most: kept, bar: low}
	for a := range s.columns {
		s.singles(a, singles)
	}
	chosen := s.chosen()
	for i, a := range chosen {
		for _, b := range chosen[i+1:] {
			s.pair(a, b, pairs)
		}
	}
	singles.trim()
	pairs.trim()
	return append(singles.all, pairs.all...)
}

func (s *searcher) singles(at int, into *best) {
	c := &s.columns[at]
	cells := s.cells(at, nil)
	for _, of := range c.spans {
		one := candidate{on: [deepest]int{at, -1, -1}, from: [deepest]uint8{of.from}, to: [deepest]uint8{of.to}, depth: 1}
		for bin := of.from; bin <= of.to; bin++ {
			one.tally.add(&cells[bin])
		}
		one.z = s.height(&one.tally)
		c.highest = max(c.highest, one.z)
		into.add(one)
	}
}

// mostColumns bounds how many columns pairs are made of.
const mostColumns = 30

// chosen are the columns that pairs are made of, ascending: in a wide table those
// that show most alone.
func (s *searcher) chosen() []int {
	all := make([]int, len(s.columns))
	for i := range all {
		all[i] = i
	}
	slices.SortStableFunc(all, func(a, b int) int { return cmp.Compare(s.columns[b].highest, s.columns[a].highest) })
	all = all[:min(len(all), mostColumns)]
	slices.Sort(all)
	return all
}

// cells tallies rows by the bin of a column; nil rows are all.
func (s *searcher) cells(at int, rows []int32) []tally {
	c := &s.columns[at]
	cells := make([]tally, c.bins+2)
	if rows == nil {
		for i, bin := range c.of {
			cells[bin].add(&s.rows[i])
		}
		return cells
	}
	for _, i := range rows {
		cells[c.of[i]].add(&s.rows[i])
	}
	return cells
}

// triples extend the best slices of two conditions by a third.
func (s *searcher) triples(found []candidate) []candidate {
	into := &best{most: kept, bar: low}
	chosen, tried := s.chosen(), 0
	for i := range found {
		c := &found[i]
		if c.depth != 2 || tried == extended {
			continue
		}
		tried++
		rows := s.within(c, len(s.rows))
		for _, at := range chosen {
			if at != c.on[0] && at != c.on[1] {
				s.extend(c, at, rows, into)
			}
		}
	}
	into.trim()
	return slices.CompactFunc(into.all, func(a, b candidate) bool { return a.compare(b) == 0 })
}

func (s *searcher) extend(c *candidate, at int, rows []int32, into *best) {
	cells := s.cells(at, rows)
	place := 0
	for place < 2 && c.on[place] < at {
		place++
	}
	var run tally
	for _, of := range s.columns[at].spans {
		if of.from == of.to {
			run = tally{}
		}
		run.add(&cells[of.to])
		if !s.rises(run.n, run.wrong, run.expected, into.bar) {
			continue
		}
		one := *c
		one.depth, one.tally, one.z = 3, run, s.height(&run)
		copy(one.on[place+1:], c.on[place:2])
		copy(one.from[place+1:], c.from[place:2])
		copy(one.to[place+1:], c.to[place:2])
		one.on[place], one.from[place], one.to[place] = at, of.from, of.to
		into.add(one)
	}
}

// within are the rows of a candidate among the first n, ascending.
func (s *searcher) within(c *candidate, n int) []int32 {
	rows := make([]int32, 0, n)
	for i, bin := range s.columns[c.on[0]].of[:n] {
		if bin >= c.from[0] && bin <= c.to[0] {
			rows = append(rows, int32(i))
		}
	}
	for k := 1; k < c.depth; k++ {
		of, kept := s.columns[c.on[k]].of, rows[:0]
		for _, i := range rows {
			if bin := of[i]; bin >= c.from[k] && bin <= c.to[k] {
				kept = append(kept, i)
			}
		}
		rows = kept
	}
	return rows
}
