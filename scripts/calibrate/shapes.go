package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
)

// A shape is what a column's values are distributed like, without any change.
type shape struct {
	name string

	// number draws one value, or text does for categories.
	number func(r *rand.Rand) float64
	text   func(r *rand.Rand) string

	// window draws the source of one whole window of a series; nil for values
	// that are independent. day counts the windows.
	window func(r *rand.Rand, day int) func(row, rows int) float64

	identifies bool // an identifier: it makes rows differ and is not compared
}

// identifier makes every row different, as rows are in most tables.
var identifier = shape{name: "id", number: (*rand.Rand).Float64, identifies: true}

func numbers(name string, f func(r *rand.Rand) float64) shape { return shape{name: name, number: f} }

// weighted draws the categories c0, c1... with the given weights.
func weighted(name string, weights []float64) shape {
	var edges []float64
	var names []string
	total := 0.0
	for i, w := range weights {
		total += w
		edges, names = append(edges, total), append(names, "c"+strconv.Itoa(i))
	}
	return shape{name: name, text: func(r *rand.Rand) string {
		at, _ := slices.BinarySearch(edges, r.Float64()*total)
		return names[min(at, len(names)-1)]
	}}
}

func zipf(k int) []float64 {
	w := make([]float64, k)
	for i := range w {
		w[i] = 1 / float64(i+1)
	}
	return w
}

var shares = []float64{0.30, 0.25, 0.20, 0.15, 0.10}

func normal(mean, std float64) func(r *rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return mean + std*r.NormFloat64() }
}

// zeros are 0 with that chance, else exponential.
func zeros(share float64) func(r *rand.Rand) float64 {
	return func(r *rand.Rand) float64 {
		if r.Float64() < share {
			return 0
		}
		return 10 * r.ExpFloat64()
	}
}

// independent are the shapes whose rows have nothing to do with each other.
var independent = []shape{
	numbers("normal", normal(0, 1)),
	numbers("lognormal", func(r *rand.Rand) float64 { return math.Exp(r.NormFloat64()) }),
	numbers("zero-inflated", zeros(0.7)),
	numbers("rounded", func(r *rand.Rand) float64 { return math.Round(r.NormFloat64()*10) / 10 }),
	numbers("small integers", func(r *rand.Rand) float64 { return float64(r.IntN(6)) }),
	numbers("Cauchy", func(r *rand.Rand) float64 { return math.Tan(math.Pi * (r.Float64() - 0.5)) }),
	weighted("5 categories", shares),
	weighted("50 categories, Zipf", zipf(50)),
	weighted("2,000 categories, Zipf", zipf(2000)),
}

// series are the shapes whose windows differ by more than chance, though
// nothing changed: they are judged with what the reference's windows say.
var series = []shape{
	{name: "autocorrelated", window: autocorrelated},
	{name: "seasonal", window: seasonal},
	{name: "overdispersed", window: overdispersed},
}

// autocorrelated rows follow each other at a correlation of 0.5, so that means
// vary three times as much as those of independent rows.
func autocorrelated(r *rand.Rand, _ int) func(row, rows int) float64 {
	x := r.NormFloat64()
	return func(int, int) float64 {
		x = 0.5*x + math.Sqrt(0.75)*r.NormFloat64()
		return x
	}
}

// seasonal windows are days: a wave over the hours, and weekends that are lower.
func seasonal(r *rand.Rand, day int) func(row, rows int) float64 {
	level := 0.0
	if day%7 >= 5 {
		level = -0.5
	}
	return func(row, rows int) float64 {
		return level + math.Sin(2*math.Pi*float64(row)/float64(rows)) + 0.5*r.NormFloat64()
	}
}

// overdispersed windows have each a level of their own.
func overdispersed(r *rand.Rand, _ int) func(row, rows int) float64 {
	level := 0.3 * r.NormFloat64()
	return func(int, int) float64 { return level + r.NormFloat64() }
}
