// Package slicing searches for slices of the current rows in which a model is
// wrong more often than elsewhere, and more often than it was: of up to three
// conditions, each a category, or a range of a number between twentieths
// of its values.
//
// A slice must pass two tests. Among the current rows, its mistakes must be more
// than such predictions give: rows are held against those of the same predicted
// class and a like score, and the tail of the binomial distribution, which is no
// smaller than that of the unequal chances of these rows (Hoeffding 1956), is
// corrected for every slice that could have been looked at. And, where the
// reference has labels, its mistakes must have become more than those of the
// slice's own rows in the reference, beyond how much more there are elsewhere,
// by the noncentral hypergeometric distribution: where a model was always weak
// is not news. That is corrected for the slices that passed the first and differ.
//
// All slices of two conditions are looked at (cubes of counts make that cheap),
// and those of three that extend one of the best.
package slicing

import (
	"cmp"
	"math"
	"slices"

	"leeway/core/cases"
	"leeway/core/stat"
)

// The bounds of the search.
const (
	deepest   = 3    // conditions
	smallest  = 0.01 // of the rows
	fewest    = 50   // rows
	largest   = 0.5  // of the rows: more than half are the rule and no slice
	extended  = 24   // slices of two conditions that a third is tried on
	kept      = 400  // candidates of either number of conditions
	mostFound = 5
	alike     = 0.5 // slices that share more of their rows (Jaccard) are one
	eligible  = 0.01
	distinct  = 2 // the second test is corrected for at least so many
)

// shares of the level for slices of one, two and three conditions.
var shares = [deepest + 1]float64{0, 0.4, 0.4, 0.2}

// Condition is one of a slice.
type Condition struct {
	Column   string
	Missing  bool     // the value is missing
	Category string   // where Numeric is false and Missing too
	Numeric  bool     // above Low, and up to High
	Low      *float64 // nil: no limit
	High     *float64
}

// Slice is a slice in which the model is worse.
type Slice struct {
	Conditions []Condition
	Rows       int64   // current labelled rows in it
	Share      float64 // of all of them
	Wrong      float64 // share of its rows that the model is wrong about
	Elsewhere  float64 // of all others
	Expected   float64 // of rows with such predictions
	Before     float64 // share of wrong rows of the slice in the reference; NaN without labels there
	RowsBefore int64
	P          float64 // corrected for the search

	of   candidate
	rows []int32 // current ones, ascending
}

// Search is the outcome.
type Search struct {
	Found     []Slice // the surest first, no two alike
	P         float64 // the smallest corrected p-value
	Looked    float64 // slices that could have been looked at
	Rows      int64   // current labelled rows
	Threshold float64 // numbers: an error that is larger counts as wrong; NaN for classes
}

// Namer gives the text of a category by its code; not ok where it is not known.
type Namer func(column string, code uint32) (name string, ok bool)

// Find searches. The reference may be nil. A nil Search means that there are too
// few rows, or none of them is wrong.
func Find(reference, current *cases.Table, name Namer) *Search {
	if current == nil || current.Rows == 0 {
		return nil
	}
	s := &searcher{name: name}
	if !s.lay(reference, current) {
		return nil
	}
	found := s.pairs()
	found = append(found, s.triples(found)...)
	return s.choose(found)
}

// candidate is a slice while it is looked for: of each column that it has a
// condition on, the first and the last bin.
type candidate struct {
	on    [deepest]int // indexes of columns, ascending; -1 for none
	from  [deepest]uint8
	to    [deepest]uint8
	depth int
	tally tally
	z     float64
}

// tally counts rows of a slice: current ones, wrong ones of them, those that
// would be by their predictions; and the reference's.
type tally struct{ n, wrong, expected, before, wrongBefore float64 }

func (t *tally) add(o *tally) {
	t.n += o.n
	t.wrong += o.wrong
	t.expected += o.expected
	t.before += o.before
	t.wrongBefore += o.wrongBefore
}

// height is by how many standard errors more rows are wrong than by their
// predictions: what candidates are ordered by.
func (s *searcher) height(t *tally) float64 {
	if t.n < s.least || t.n > s.most {
		return 0
	}
	expected := s.elsewhere(t)
	spread := float64(t.n * expected * (1 - expected))
	if !(spread > 0) {
		return 0
	}
	z := (t.wrong - float64(t.n*expected)) / math.Sqrt(spread)
	if s.all.before == 0 {
		return z
	}
	if !(t.before >= fewest/2) {
		return 0
	}
	// What was always so is not worth a place.
	both := (t.wrong + t.wrongBefore) / (t.n + t.before)
	off := t.wrong/t.n - t.wrongBefore/t.before
	news := off / math.Sqrt(float64(both*(1-both)*(1/t.n+1/t.before)))
	return min(z, float64(1.5*news))
}

// elsewhere is the share of rows that would be wrong, were they so as often as
// all others are beyond what their predictions say.
func (s *searcher) elsewhere(t *tally) float64 {
	expected := t.expected / t.n
	n, wrong, told := s.all.n-t.n, s.all.wrong-t.wrong, s.all.expected-t.expected
	if told <= 0 || told >= n || wrong <= told {
		return expected
	}
	odds := wrong / max(n-wrong, 0.5) * ((n - told) / told)
	return float64(odds*expected) / (1 - expected + float64(odds*expected))
}

// choose tests the candidates and keeps those that differ.
func (s *searcher) choose(all []candidate) *Search {
	search := &Search{P: 1, Rows: int64(s.all.n), Threshold: s.threshold}
	possible := s.possible()
	for _, n := range possible {
		search.Looked += n
	}
	var tested []Slice
	for i := range all {
		c := &all[i]
		tested = append(tested, s.tested(c, possible))
	}
	slices.SortStableFunc(tested, func(a, b Slice) int {
		return cmp.Or(cmp.Compare(a.P, b.P), a.of.compare(b.of))
	})
	different := s.fold(tested, possible)
	for i := range different {
		one := &different[i]
		if s.all.before > 0 {
			one.P = max(one.P, min(float64(s.fell(one)*float64(max(len(different), distinct))), 1))
		}
		search.P = min(search.P, one.P)
	}
	slices.SortStableFunc(different, func(a, b Slice) int { return cmp.Compare(a.P, b.P) })
	search.Found = different[:min(len(different), mostFound)]
	return search
}

// tested is a candidate with the p-value of its mistakes among current rows.
func (s *searcher) tested(c *candidate, possible [deepest + 1]float64) Slice {
	one := s.slice(c)
	p := stat.BinomialTail(int64(math.Round(c.tally.wrong)), one.Rows, s.elsewhere(&c.tally))
	one.P = min(float64(p*possible[c.depth]/shares[c.depth]), 1)
	return one
}

// fold keeps of slices that share most of their rows the surest one.
func (s *searcher) fold(tested []Slice, possible [deepest + 1]float64) []Slice {
	const most, looked = 50, 150
	var different []Slice
	for i := range tested[:min(len(tested), looked)] {
		one := &tested[i]
		if len(different) == most || len(different) > 0 && one.P > eligible {
			break
		}
		known := func(one *Slice) bool {
			return slices.ContainsFunc(different, func(o Slice) bool { return overlap(o.rows, one.rows) })
		}
		if one.rows = s.within(&one.of, s.current); known(one) {
			continue
		}
		bare := s.tested(s.pruned(&one.of, possible[1]), possible)
		if bare.rows = s.within(&bare.of, s.current); !known(&bare) {
			different = append(different, bare)
		}
	}
	return different
}

// pruned is a candidate without conditions that add nothing: of the rows without
// one, those that it leaves out are as often wrong, as far as chance tells among
// all conditions that were tried on all that were extended.
func (s *searcher) pruned(c *candidate, possible float64) *candidate {
	for k := 0; k < c.depth && c.depth > 1; k++ {
		parent := *c
		parent.depth--
		copy(parent.on[k:], c.on[k+1:])
		copy(parent.from[k:], c.from[k+1:])
		copy(parent.to[k:], c.to[k+1:])
		parent.on[parent.depth], parent.from[parent.depth], parent.to[parent.depth] = -1, 0, 0
		parent.tally = tally{}
		for _, i := range s.within(&parent, len(s.rows)) {
			parent.tally.add(&s.rows[i])
		}
		t := &parent.tally
		h := stat.Hypergeometric{All: int64(math.Round(t.n)), Marked: int64(math.Round(t.wrong)), Draw: int64(math.Round(c.tally.n))}
		in, out := odds(c.tally.expected, c.tally.n), odds(t.expected-c.tally.expected, t.n-c.tally.n)
		p := h.AboveAtOdds(int64(math.Round(c.tally.wrong)), in/out)
		if parent.z = s.height(t); t.n <= s.most && float64(possible*p*extended) > eligible {
			return s.pruned(&parent, possible)
		}
	}
	return c
}

// odds of so many rows of n.
func odds(of, n float64) float64 { return max(of, 1e-9) / max(n-of, 1e-9) }

// overlap tells whether two slices are much the same, or one is within the other.
func overlap(a, b []int32) bool {
	i, j, both := 0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			i, j, both = i+1, j+1, both+1
		}
	}
	return float64(both) > float64(alike*float64(len(a)+len(b)-both)) || float64(both) > float64(0.8*float64(min(len(a), len(b))))
}

// fell is the chance that as many rows of the slice are wrong now as are, if it
// got worse by no more than all others did.
func (s *searcher) fell(one *Slice) float64 {
	n, m := one.Rows, one.RowsBefore
	wrong, before := int64(math.Round(one.Wrong*float64(n))), int64(math.Round(one.Before*float64(m)))
	out, outBefore := s.all.n-float64(n), s.all.before-float64(m)
	x, y := s.all.wrong-float64(wrong), s.all.wrongBefore-float64(before)
	odds := (x + 0.5) / (out - x + 0.5) * ((outBefore - y + 0.5) / (y + 0.5))
	spread := math.Sqrt(1/(x+0.5) + 1/(out-x+0.5) + 1/(y+0.5) + 1/(outBefore-y+0.5))
	if odds > 1 { // how much worse others are is known but roughly
		odds *= math.Exp(spread)
	}
	h := stat.Hypergeometric{All: n + m, Marked: wrong + before, Draw: n}
	return h.AboveAtOdds(wrong, max(odds, 1))
}
