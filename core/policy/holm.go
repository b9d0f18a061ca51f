package policy

import (
	"cmp"
	"math"
	"slices"

	"leeway/core/check"
)

// correct fills q: the smallest budget at which each test would be significant.
//
// Holm's step-down: with the tests in ascending order of P, the i-th is held
// against what the tests from i on could have produced by chance together,
// Σ chance(P_j <= P_i). For continuous tests each chance is P_i itself, which
// gives the usual factor; a discrete test that cannot get as low as P_i adds
// nothing. Valid under any dependence: it is the closed test of Bonferroni's.
func (j *judge) correct() {
	j.q = make([]float64, len(j.evidence))
	var order []int
	for i := range j.evidence {
		j.q[i] = math.NaN()
		if !math.IsNaN(j.evidence[i].P) {
			order = append(order, i)
		}
	}
	j.tests = len(order)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(j.evidence[a].P, j.evidence[b].P) })
	q := 0.0
	for at, i := range order {
		p := j.evidence[i].P
		together := p * float64(len(order)-at)
		open := p <= j.options.FalseAlarms && q <= j.options.FalseAlarms // else nothing more can be significant
		if open && (at < summed || together > j.options.FalseAlarms) {
			together = j.chances(order[at:], p)
		}
		q = min(max(q, together, p), 1)
		j.q[i] = q
	}
}

// summed is for how many tests the sum is taken though they are significant
// without it: in a table of thousands of columns that all changed it would cost
// as much as the columns' number squared.
const summed = 100

// chances is how many of the tests give p or less by chance, on average.
func (j *judge) chances(tests []int, p float64) float64 {
	var together float64
	for _, k := range tests {
		together += chance(&j.evidence[k], p)
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
