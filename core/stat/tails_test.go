package stat

import (
	"fmt"
	"math"
	"testing"

	"leeway/core/internal/golden"
)

// TestGoldenTails compares distributions with SciPy and exact fractions
// (scripts/golden/tails.py).
func TestGoldenTails(t *testing.T) {
	var want struct {
		KS, Kstwo, Chi2, Hypergeometric, Binomial, Student, Wilson, Exceeding [][]float64
	}
	golden.Load(t, "testdata/tails.json", &want)
	var tally golden.Tally
	check := func(name string, rows [][]float64, tolerance float64, f func(row []float64) []float64) {
		t.Helper()
		for _, row := range rows {
			tally.Cases++
			got := f(row)
			at := golden.At(fmt.Sprint(name, row[:len(row)-len(got)]))
			for i, w := range row[len(row)-len(got):] {
				if w < 1e-9 && w > 0 { // probabilities far out: only the relative error means something
					tally.Relative(t, name, got[i], w, tolerance, at)
				} else if w > 0 || got[i] >= 1e-300 {
					tally.Value(t, name, got[i], w, tolerance, at)
				}
			}
		}
	}
	must := func(p float64, err error) []float64 {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
		return []float64{p}
	}
	check("ks", want.KS, 1e-9, func(r []float64) []float64 { return must(KSP(r[2], int64(r[0]), int64(r[1]))) })
	check("kstwo", want.Kstwo, 1e-6, func(r []float64) []float64 { return []float64{kolmogorovTail(int64(r[0]), r[1])} })
	check("chi2", want.Chi2, 1e-9, func(r []float64) []float64 { return []float64{ChiSquareTail(r[0], r[1])} })
	check("hypergeometric", want.Hypergeometric, 1e-10, func(r []float64) []float64 {
		h := Hypergeometric{int64(r[0]), int64(r[1]), int64(r[2])}
		return []float64{h.Above(int64(r[3])), h.Below(int64(r[3]))}
	})
	check("binomial", want.Binomial, 1e-10, func(r []float64) []float64 {
		return []float64{BinomialTail(int64(r[0]), int64(r[1]), r[2])}
	})
	check("student", want.Student, 1e-9, func(r []float64) []float64 { return []float64{StudentTwoSided(r[0], r[1])} })
	check("wilson", want.Wilson, 1e-9, func(r []float64) []float64 {
		low, high := Wilson(int64(r[0]), int64(r[1]))
		return []float64{low, high}
	})
	check("exceeding", want.Exceeding, 1e-9, func(r []float64) []float64 {
		return []float64{Exceeding(int64(r[0]), int64(r[1]), int64(r[2]))}
	})
	tally.Log(t, "distributions")
}

// TestStudentLimit: the limit is exceeded as often as it says.
func TestStudentLimit(t *testing.T) {
	for _, k := range []float64{1, 2, 6.5, 30, 1e4, math.Inf(1)} {
		for _, p := range []float64{0.5, 0.01, 1e-4, 1e-8} {
			limit := StudentLimit(p, k)
			got := 2 * NormalTail(limit)
			if !math.IsInf(k, 1) {
				got = StudentTwoSided(limit, k)
			}
			if math.Abs(got/p-1) > 1e-6 {
				t.Errorf("%g degrees: beyond %g lies %g, not %g", k, limit, got, p)
			}
		}
	}
}

// TestTogether: what several see adds up, and what sees nothing costs its share.
func TestTogether(t *testing.T) {
	for _, c := range []struct {
		ps   []float64
		want float64
	}{{[]float64{0.03}, 0.03}, {[]float64{1e-6, 1e-6, 1e-6}, 1e-6}, {[]float64{1e-6, 0.5, 0.5, 0.5}, 4e-6}} {
		if got := Together(c.ps); math.Abs(got/c.want-1) > 1e-4 {
			t.Errorf("%v: %g", c.ps, got)
		}
	}
}
