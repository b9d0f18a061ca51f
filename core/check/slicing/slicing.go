// Package slicing searches for slices of the current rows in which a model is
// wrong more often than elsewhere, and more often than it was: of up to three
// conditions, each a category, or a range of a number between twentieths
// of its values.
//
// A slice must pass these tests. Among the current rows, its mistakes must be more
// than such predictions give: rows are held against those of the same predicted
// class and a like score, as independent draws of these chances (Poisson binomial: a
// model that knows where it errs has less noise than its mean says, and none of like
// rows has more, Hoeffding 1956). That is corrected for every slice that could have
// been looked at, which share the level by how many words they take: see cost. And, where the
// reference has labels, its mistakes must have become more than those of the
// slice's own rows in the reference, beyond how much more there are elsewhere,
// by the noncentral hypergeometric distribution: where a model was always weak
// is not news. That is corrected for the slices that passed the first and differ; one
// that was weak there too, see weakly, for every slice that could have been looked at.
// All of them allow for how windows of the reference differ, see [Vary].
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
	distinct  = 2    // the second test is corrected for at least so many
	weakly    = 0.3  // the chance at which a slice counts for certain as one that was weak in the reference too,
	somewhere = 0.01 // and that at which the model was weak anywhere in it

	enough = 0.5 // of as many rows as the current ones: whether the model was weak anywhere shows
	worth  = 0.1 // the p-value from which on that is asked

	apartBy = 0.03   // a slice is worse than elsewhere by so much of its rows,
	orHalf  = 0.5    // or by so much of what is wrong elsewhere, where that is less,
	surely  = 1. / 3 // and beyond chance by so much of that
	certain = 1e-3   // half the least level at a budget of 1%: simpler words leave nothing less sure than that
)

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
	Scale      float64 // by how much more than by sampling such a slice differs between windows
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

// Find searches. The reference may be nil. noise is that of columns by their names, as far
// as it is known. A nil Search means that there are too few rows, or none of them is
// wrong.
func Find(reference, current *cases.Table, name Namer, noise map[string]Noise) *Search {
	if current == nil || current.Rows == 0 {
		return nil
	}
	s := &searcher{name: name, noise: noise, reference: reference, before: math.NaN()}
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
func (s *searcher) elsewhere(t *tally) float64 { return lifted(t.expected/t.n, s.lift(t)) }

// lift is at how many times the odds of their predictions all other rows are wrong;
// 1 where that is less.
func (s *searcher) lift(t *tally) float64 {
	n, wrong, told := s.all.n-t.n, s.all.wrong-t.wrong, s.all.expected-t.expected
	if told <= 0 || told >= n || wrong <= told {
		return 1
	}
	return wrong / max(n-wrong, 0.5) * ((n - told) / told)
}

func lifted(chance, odds float64) float64 {
	return float64(odds*chance) / (1 - chance + float64(odds*chance))
}

// choose tests the candidates and keeps those that differ.
func (s *searcher) choose(all []candidate) *Search {
	search := &Search{P: 1, Rows: int64(s.all.n), Threshold: s.threshold}
	for _, n := range s.possible() {
		search.Looked += n
	}
	different := s.fold(s.tested(all))
	found := make([]Slice, len(different))
	for i := range different {
		one := &found[i]
		*one = s.slice(&different[i].candidate)
		one.P = math.Exp(max(min(different[i].log, 0), s.apart(&different[i].candidate)))
		if s.all.before > 0 {
			one.P = s.news(one, &different[i].candidate, len(different))
		}
		search.P = min(search.P, one.P)
	}
	slices.SortStableFunc(found, func(a, b Slice) int { return cmp.Compare(a.P, b.P) })
	search.Found = found[:min(len(found), mostFound)]
	return search
}

// tested is a candidate with the logarithm of the p-value of its mistakes among
// current rows, corrected for the search.
type tested struct {
	candidate
	log  float64
	rows []int32 // current ones, ascending
}

// tested are the likeliest candidates, the surest first: by their rows as a whole, and
// of the first of these by the chances of each.
func (s *searcher) tested(all []candidate) []tested {
	const looked = 150
	rough := make([]tested, len(all))
	for i := range all {
		t := &all[i].tally
		one := stat.Trials{Counts: []float64{t.n}, Chances: []float64{s.elsewhere(t)}}
		rough[i] = tested{candidate: all[i], log: s.widened(one.LogTail(math.Round(t.wrong)), &all[i], t.n) + s.cost(&all[i])}
	}
	slices.SortStableFunc(rough, tested.compare)
	rough = rough[:min(len(rough), looked)]
	for i := range rough {
		rough[i] = s.test(&rough[i].candidate)
	}
	slices.SortStableFunc(rough, tested.compare)
	return rough
}

func (t tested) compare(o tested) int {
	return cmp.Or(cmp.Compare(t.log, o.log), t.candidate.compare(o.candidate))
}

// test holds the mistakes of a candidate against the chances of its rows: as many
// independent draws, each with the chance of rows with such a prediction. Unequal
// chances scatter less than as many of their mean.
func (s *searcher) test(c *candidate) tested {
	one := tested{candidate: *c, rows: s.within(c, s.current)}
	counts, sums := make([]float64, s.strata), make([]float64, s.strata)
	for _, i := range one.rows {
		row := &s.now[i]
		counts[s.stratum[i]] += row.n
		sums[s.stratum[i]] += row.expected
	}
	odds := s.lift(&c.tally)
	var of stat.Trials
	for k, n := range counts {
		if n > 0 {
			of.Counts, of.Chances = append(of.Counts, n), append(of.Chances, lifted(sums[k]/n, odds))
		}
	}
	one.log = s.widened(of.LogTail(math.Round(c.tally.wrong)), c, c.tally.n) + s.cost(c)
	return one
}

// apart is the logarithm of the chance that as many rows are wrong as are, if they
// were so hardly more often than all others; 0 where that is by less than matters.
// How often others are is known but roughly: where none is, as if half a row were.
func (s *searcher) apart(c *candidate) float64 {
	t := &c.tally
	n := s.all.n - t.n
	others := max(s.all.wrong-t.wrong, 0.5) / n
	off := math.Sqrt(others * (1 - others) / n)
	least := min(apartBy, float64(orHalf*others))
	chance := others + off + float64(surely*least)
	if chance >= 1 || t.wrong/t.n < others+least {
		return 0
	}
	of := stat.Trials{Counts: []float64{t.n}, Chances: []float64{chance}}
	return min(s.widened(of.LogTail(math.Round(t.wrong)), c, t.n)+math.Log(distinct), 0)
}

// fold keeps of slices that share most of their rows the surest one that is worse than
// elsewhere; of none like that, the surest.
func (s *searcher) fold(all []tested) []tested {
	const most = 50
	var different []tested
	for i := range all {
		one := &all[i]
		if len(different) == most || len(different) > 0 && one.log > math.Log(eligible) {
			break
		}
		known := func(one *tested) bool {
			return slices.ContainsFunc(different, func(o tested) bool { return overlap(o.rows, one.rows) })
		}
		if s.apart(&one.candidate) > math.Log(eligible) || known(one) {
			continue
		}
		if bare := s.pruned(one); !known(bare) {
			different = append(different, *bare)
		}
	}
	if len(different) == 0 && len(all) > 0 {
		return all[:1]
	}
	return different
}

// pruned is a candidate without conditions that add nothing: without them it is as
// sure, or nearly so. However many are left out, that costs no more than once, and
// never what makes it significant.
func (s *searcher) pruned(one *tested) *tested {
	bound := func(log float64) float64 { return max(log, min(log-math.Log(eligible), math.Log(certain))) }
	least := surety{bound(one.log), max(s.apart(&one.candidate), math.Log(certain))}
	for {
		bare := s.barer(one, least)
		if bare == nil {
			return one
		}
		one = bare
	}
}

// barer is the surest candidate with a condition less, if it is sure enough
// by each test.
func (s *searcher) barer(one *tested, least surety) *tested {
	var bare *tested
	for k := 0; k < one.depth && one.depth > 1; k++ {
		parent := one.candidate
		parent.depth--
		copy(parent.on[k:], one.on[k+1:])
		copy(parent.from[k:], one.from[k+1:])
		copy(parent.to[k:], one.to[k+1:])
		parent.on[parent.depth], parent.from[parent.depth], parent.to[parent.depth] = -1, 0, 0
		parent.tally = tally{}
		for _, i := range s.within(&parent, len(s.rows)) {
			parent.tally.add(&s.rows[i])
		}
		if parent.z = s.height(&parent.tally); parent.tally.n > s.most {
			continue
		}
		if test := s.test(&parent); test.log <= least.now && s.apart(&test.candidate) <= least.apart && (bare == nil || test.compare(*bare) < 0) {
			bare = &test
		}
	}
	return bare
}

// surety is the logarithm of what the p-values of the tests of current rows may be. The
// test against the reference has no say: it is corrected for the slices that come to it
// only, so it must not choose among them.
type surety struct{ now, apart float64 }

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
func (s *searcher) fell(one *Slice, c *candidate) float64 {
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
	p := h.AboveAtOdds(wrong, max(odds, 1))
	if variance, _ := s.varied(c, 1); variance == 1 {
		return p
	}
	return math.Exp(s.widened(math.Log(max(p, 1e-300)), c, float64(n)*float64(m)/float64(n+m)))
}
