package policy

import (
	"cmp"
	"math"
	"slices"

	"leeway/core/check"
)

// correct fills q: the smallest budget at which each test would be significant.
//
// Each family has a share of the budget, see split. Within a family it is
// Holm's step-down: with the tests in ascending order of P, the i-th is held
// against what the tests from i on could have produced by chance together,
// Σ chance(P_j <= P_i). For continuous tests each chance is P_i itself, which
// gives the usual factor; a discrete test that cannot get as low as P_i adds
// nothing. What a family of which every test is significant has no more use for
// goes to the others, in proportion to their shares.
//
// That is a closed test: any set of hypotheses is rejected when one of its
// families is, at that family's share of the shares of those in the set (by
// Bonferroni). Shares and chances only get better as hypotheses leave the set,
// so stepping down in the order of q is the same. So the chance of naming any
// test of something unchanged is within the budget under any dependence, however
// much else changed.
func (j *judge) correct() {
	j.q = make([]float64, len(j.evidence))
	var steps [families][]step
	for i := range j.evidence {
		j.q[i] = math.NaN()
		if e := &j.evidence[i]; !math.IsNaN(e.P) {
			f := familyOf(e)
			steps[f] = append(steps[f], step{test: i})
			j.count[f] += counts(e)
			j.tests++
		}
	}
	var members [families]int
	for f := range steps {
		members[f] = len(steps[f])
	}
	j.shares = split(j.count, members)
	for f := range steps {
		j.stepDown(steps[f], j.shares[f])
	}
	j.stepDownAll(steps)
}

// step is a test of a family in the order of P.
type step struct {
	test     int
	together float64 // what it and those after it would give by chance
}

// stepDown sorts a family and says what its tests could have produced together.
// It is exact for all that a share of the budget may make significant.
func (j *judge) stepDown(steps []step, share float64) {
	p := func(s step) float64 { return j.evidence[s.test].P }
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(p(a), p(b)) })
	budget := j.budget()
	highest := 0.0
	for at := range steps {
		x := p(steps[at])
		together := x * float64(len(steps)-at)
		open := x <= budget && highest <= budget // else nothing more can be significant
		if open && (at < summed || together > budget*share) {
			together = j.chances(steps[at:], x)
		}
		highest = max(highest, together)
		steps[at].together = together
	}
}

// stepDownAll goes down all families together: next is the test that needs the
// smallest budget.
func (j *judge) stepDownAll(steps [families][]step) {
	shares, q := j.shares, 0.0
	for {
		next, least := -1, math.Inf(1)
		for f := range steps {
			if len(steps[f]) == 0 {
				continue
			}
			needs := 0.0
			if together := steps[f][0].together; together > 0 {
				needs = together / shares[f]
			}
			if next < 0 || needs < least {
				next, least = f, needs
			}
		}
		if next < 0 {
			return
		}
		test := steps[next][0].test
		q = min(max(q, least), 1)
		j.q[test] = max(q, j.evidence[test].P)
		if steps[next] = steps[next][1:]; len(steps[next]) == 0 {
			shares[next] = 0
			shares = toWhole(shares)
		}
	}
}

// summed is for how many tests of a family the sum is taken though they are
// significant without it: in a table of thousands of columns that all changed it
// would cost as much as the columns' number squared.
const summed = 100

// chances is how many of the tests give p or less by chance, on average.
func (j *judge) chances(tests []step, p float64) float64 {
	var together float64
	for _, s := range tests {
		together += chance(&j.evidence[s.test], p)
	}
	return together
}

// chance is the probability under no change that the test gives p or less.
func chance(e *check.Evidence, p float64) float64 {
	if e.Null == nil {
		return p
	}
	return min(e.Null(p), p)
}
