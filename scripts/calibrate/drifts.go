package main

import (
	"math"
	"math/rand/v2"
)

// A drift is a change whose size can be turned: 1 is the size in its name, 0 is
// no change.
type drift struct {
	name string
	test string // the best classical test for it

	// after is how the columns look when changed so much, and how many of their
	// cells are empty; before is after(0).
	after func(size float64) ([]shape, float64)

	// best is the P of that test.
	best func(reference, current *sample) float64
}

const columnName = "changed"

func one(f func(r *rand.Rand) float64) []shape { return []shape{numbers(columnName, f)} }

func named(s shape) []shape {
	s.name = columnName
	return []shape{s}
}

// drifts are the changes whose power is measured.
var drifts = []drift{
	{name: "mean + 0.1 sd", test: "t", best: studentTest,
		after: func(size float64) ([]shape, float64) { return one(normal(0.1*size, 1)), 0 }},
	{name: "mean + 0.2 sd", test: "t", best: studentTest,
		after: func(size float64) ([]shape, float64) { return one(normal(0.2*size, 1)), 0 }},
	{name: "variance × 1.2", test: "F", best: varianceTest,
		after: func(size float64) ([]shape, float64) { return one(normal(0, math.Pow(1.2, size/2))), 0 }},
	{name: "a share + 3 points", test: "two proportions", best: proportions("c0"),
		after: func(size float64) ([]shape, float64) {
			up := 0.30 + 0.03*size
			weights := []float64{up}
			for _, w := range shares[1:] {
				weights = append(weights, w*(1-up)/0.70)
			}
			return named(weighted("", weights)), 0
		}},
	{name: "a new category, 1%", test: "Fisher", best: fisher(is("new")),
		after: func(size float64) ([]shape, float64) {
			old := weighted("", shares)
			return []shape{{name: columnName, text: func(r *rand.Rand) string {
				if r.Float64() < 0.01*size {
					return "new"
				}
				return old.text(r)
			}}}, 0
		}},
	{name: "missing 1% → 3%", test: "Fisher", best: fisher(empty),
		after: func(size float64) ([]shape, float64) { return one(normal(0, 1)), 0.01 + 0.02*size }},
	{name: "heavier tails, h = 0.05", test: "F", best: varianceTest, // Tukey's h
		after: func(size float64) ([]shape, float64) {
			return one(func(r *rand.Rand) float64 {
				z := r.NormFloat64()
				return z * math.Exp(0.05*size*z*z/2)
			}), 0
		}},
	{name: "zeros 70% → 75%", test: "two proportions", best: proportionsOfZero,
		after: func(size float64) ([]shape, float64) { return one(zeros(0.70 + 0.05*size)), 0 }},
}
