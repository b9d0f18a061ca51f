package stat

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// Between tests whether groups of values differ in level by more than the values
// of a group do among themselves: the analysis of variance of their ranks
// (Conover and Iman, 1981), which one bad value cannot spoil. Groups may be
// empty; at least two need two values, and there must be five more values than
// groups. Values that are not finite are [ErrOverflow].
func Between(groups [][]float64) (p float64, err error) {
	type valued struct {
		x     float64
		group int
	}
	var all []valued
	count, several := 0.0, 0
	for g, group := range groups {
		for _, x := range group {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return 0, ErrOverflow
			}
			all = append(all, valued{x, g})
		}
		if len(group) > 0 {
			count++
		}
		if len(group) > 1 {
			several++
		}
	}
	n := float64(len(all))
	if several < 2 || n < count+5 {
		return 0, ErrFew
	}
	slices.SortFunc(all, func(a, b valued) int { return cmp.Compare(a.x, b.x) })
	sums := make([]float64, len(groups))
	var squares sum
	for i := 0; i < len(all); {
		j := i + 1
		for j < len(all) && all[j].x == all[i].x {
			j++
		}
		rank := float64(i+j) - n // twice the rank, centred; ties share the middle one
		for ; i < j; i++ {
			sums[all[i].group] += rank
			squares.add(float64(rank * rank))
		}
	}
	var between sum
	for g, total := range sums {
		if len(groups[g]) > 0 {
			between.add(float64(total*total) / float64(len(groups[g])))
		}
	}
	b, within := between.value(), squares.value()-between.value()
	if b <= 0 {
		return 1, nil
	}
	f := float64(b*(n-count)) / float64(max(within, 1e-9*squares.value())*(count-1))
	return varianceTail(f, count-1, n-count), nil
}

// varianceTail is P(F >= f) for Fisher's F with a and b degrees of freedom.
func varianceTail(f, a, b float64) float64 {
	return mathext.RegIncBeta(b/2, a/2, b/(b+float64(a*f)))
}
