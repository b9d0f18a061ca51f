package slicing

import (
	"math"

	"leeway/core/stat"
)

// A slice that was weak in the reference too has come to the test against it for that
// alone, and so have all that share some of its rows: of these the search takes the one that looks
// worst now. So its test is corrected for all that could have been looked at, and not for
// the few that came to it.

// news is the p-value of a slice with that of the test against the reference, given how many
// slices come to it: corrected for as much of all that could have been looked at, in logarithms, as
// the slice may have been weak there. That takes two things: its own rows in the reference speak for it,
// and a search of the reference alone finds slices that are weak. One of so many slices has more
// mistakes there than its predictions say by chance; where the model was weak nowhere, it is that.
// Where it was somewhere, a slice that had hardly more may have been weak too and had luck there.
func (s *searcher) news(one *Slice, c *candidate, different int) float64 {
	fell, least := s.fell(one, c), float64(max(different, distinct))
	weak := s.weak(c)
	if max(one.P, float64(fell*least)) <= worth && weak > 0 {
		weak = min(weak, s.anywhere())
	}
	return max(one.P, min(float64(fell*times(weak, least, s.cost(c))), 1))
}

// times is by how much a test is corrected for what may have been weak; cost is the logarithm of
// what it is for what was for certain.
func times(weak, least, cost float64) float64 {
	return math.Exp(math.Log(least) + float64(weak*max(cost-math.Log(least), 0)))
}

// weak is how surely a slice was weak in the reference, from 0 to 1: by its rows there
// and their predictions.
func (s *searcher) weak(c *candidate) float64 {
	one := stat.Trials{Counts: []float64{0}, Chances: []float64{0}}
	wrong := 0.0
	for _, i := range s.within(c, len(s.rows)) {
		if at := int(i) - s.current; at >= 0 {
			one.Counts[0] += s.then[at].n
			one.Chances[0] += s.toldThen[at]
			wrong += s.then[at].wrong
		}
	}
	if one.Counts[0] == 0 {
		return 0
	}
	one.Chances[0] /= one.Counts[0]
	return surelyBelow(one.LogTail(math.Round(wrong)), weakly)
}

// surelyBelow turns the logarithm of a p-value into a number from 0 to 1, which is a p-value of least.
func surelyBelow(log, least float64) float64 { return min(max(log/math.Log(least), 0), 1) }

// anywhere is how surely the model was weak in any slice of the reference, from 0 to 1:
// by a search of it, corrected for all slices. Fewer rows than now would not show what now does.
func (s *searcher) anywhere() float64 {
	if !math.IsNaN(s.before) {
		return s.before
	}
	s.before = 1
	then := &searcher{name: s.name}
	if s.all.before >= float64(enough*s.all.n) && then.lay(nil, s.reference) {
		s.before = 0
		found := then.pairs()
		for _, one := range then.tested(append(found, then.triples(found)...)) {
			s.before = max(s.before, surelyBelow(one.log, somewhere))
		}
	}
	return s.before
}
