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
// groups.
func Between(groups [][]float64) (p float64, err error) {
	type valued struct {
		x     float64
		group int
	}
	var all []valued
	count, several := 0.0, 0
	for g, group := range groups {
		for _, x := range group {
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
		j := i
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

// harmonics is how many of a cycle's are looked at: one wave a turn, and two.
const harmonics = 2

// Cycle tests whether turns of equal length, such as days of 24 hours, have a
// shape in common. Of each turn the first two harmonics are taken, and their
// means held against how they scatter from turn to turn, so that values near
// each other may depend on each other as they like. It takes five turns.
func Cycle(turns [][]float64) (p float64, err error) {
	if len(turns) < 5 || len(turns[0]) < 2 {
		return 0, ErrFew
	}
	length, tests := len(turns[0]), 0
	least := 1.0
	for h := 1; h <= harmonics && 2*h <= length; h++ {
		for _, wave := range []func(float64) float64{math.Cos, math.Sin} {
			loads := make([]float64, len(turns))
			for i, turn := range turns {
				var load sum
				for k, x := range turn {
					load.add(float64(x * wave(2*math.Pi*float64(h*k)/float64(length))))
				}
				loads[i] = load.value()
			}
			if p, ok := zeroMean(loads); ok {
				tests++
				least = min(least, p)
			}
			if 2*h == length {
				break // its sine is 0 throughout
			}
		}
	}
	return min(least*float64(max(tests, 1)), 1), nil
}

// zeroMean is Student's test of a mean of 0; ok is false where nothing scatters.
func zeroMean(x []float64) (p float64, ok bool) {
	n := float64(len(x))
	var total, squares sum
	for _, v := range x {
		total.add(v)
	}
	mean := total.value() / n
	for _, v := range x {
		squares.add(float64((v - mean) * (v - mean)))
	}
	if squares.value() == 0 {
		return 1, false
	}
	return StudentTwoSided(mean/math.Sqrt(squares.value()/(n-1)/n), n-1), true
}
