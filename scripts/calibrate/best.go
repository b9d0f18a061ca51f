package main

import (
	"math"

	"leeway/core/profile"
	"leeway/core/stat"
)

// sample is what a classical test looks at: one column of a profile.
type sample struct{ *profile.Column }

// studentTest is the two-sided t-test of equal means.
func studentTest(a, b *sample) float64 {
	n, m := float64(a.Valid()), float64(b.Valid())
	x, y := a.Numeric, b.Numeric
	pooled := (float64((n-1)*x.Std()*x.Std()) + float64((m-1)*y.Std()*y.Std())) / (n + m - 2)
	return stat.StudentTwoSided((y.Mean()-x.Mean())/math.Sqrt(pooled*(1/n+1/m)), n+m-2)
}

// varianceTest is the two-sided F-test of equal variances, by the normal
// approximation to Fisher's z, log F / 2 (good to some percent of P from a
// hundred rows on).
func varianceTest(a, b *sample) float64 {
	n, m := float64(a.Valid()), float64(b.Valid())
	z := math.Log(b.Numeric.Std() / a.Numeric.Std())
	z += (1/(m-1) - 1/(n-1)) / 2 // its mean without a change
	return 2 * stat.NormalTail(math.Abs(z)/math.Sqrt((1/(n-1)+1/(m-1))/2))
}

// proportions is the two-sided z-test of the share of one category.
func proportions(name string) func(a, b *sample) float64 {
	return func(a, b *sample) float64 {
		return twoProportions(a.Categories.Of(name), a.Valid(), b.Categories.Of(name), b.Valid())
	}
}

func proportionsOfZero(a, b *sample) float64 {
	count := func(s *sample) int64 { return s.Valid() - s.Numeric.Grid.CountBelow(0) - s.Numeric.Grid.CountAbove(0) }
	return twoProportions(count(a), a.Valid(), count(b), b.Valid())
}

func twoProportions(x, n, y, m int64) float64 {
	pooled := float64(x+y) / float64(n+m)
	d := float64(y)/float64(m) - float64(x)/float64(n)
	return 2 * stat.NormalTail(math.Abs(d)/math.Sqrt(pooled*(1-pooled)*(1/float64(n)+1/float64(m))))
}

// fisher is Fisher's exact test, two-sided as in R and SciPy: all splits that
// are no likelier than this one.
func fisher(count func(s *sample) (x, n int64)) func(a, b *sample) float64 {
	return func(a, b *sample) float64 {
		x, n := count(a)
		y, m := count(b)
		h := stat.Hypergeometric{All: n + m, Marked: x + y, Draw: m}
		this, p := h.P(y)*(1+1e-7), 0.0
		for k := h.Low(); k <= h.High(); k++ {
			if one := h.P(k); one <= this {
				p += one
			}
		}
		return min(p, 1)
	}
}

func is(name string) func(s *sample) (x, n int64) {
	return func(s *sample) (x, n int64) { return s.Categories.Of(name), s.Valid() }
}

func empty(s *sample) (x, n int64) { return s.Missing, s.Rows }
