package concept

import (
	"cmp"
	"math"
	"slices"

	"leeway/core/cases"
	"leeway/core/sketch"
)

// term is a function of what the model knew or said of a row: what a test looks
// for a change of, and what a regression is made of. Its mean over both sides is
// 0, its variance 1.
type term struct {
	column string // "" for scores and predictions
	kind   kind
	values []float64 // by row, those of the reference first
}

// kind says what a term tells of its column.
type kind uint8

const (
	level kind = iota // how high
	rank              // how high among all, where values are far from normal
	bend              // how far from the middle
	member
	absent
)

// The bounds of what is looked at.
const (
	mostMembers = 6    // categories of a column, the most frequent
	fewestCells = 20   // rows that a category or missing values must have, and all others too
	winsor      = 1e-3 // beyond these quantiles values count as they
)

// standard centres values and scales them; not ok where they hardly vary.
func standard(values, weights []float64) bool {
	var n, sum, squares float64
	for i, x := range values {
		n += weights[i]
		sum += float64(weights[i] * x)
	}
	mean := sum / n
	for i, x := range values {
		squares += float64(weights[i] * (x - mean) * (x - mean))
	}
	scale := math.Sqrt(squares / n)
	if !(scale > 1e-12) || math.IsInf(scale, 0) {
		return false
	}
	for i := range values {
		values[i] = (values[i] - mean) / scale
	}
	return true
}

// ordered gives the terms of numbers, NaN for none: of those that are there.
func ordered(column string, values, weights []float64) []term {
	order := make([]int32, 0, len(values))
	for i, x := range values {
		if !math.IsNaN(x) {
			order = append(order, int32(i))
		}
	}
	if len(order) < fewestCells {
		return nil
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(values[a], values[b]), cmp.Compare(a, b)) })
	heights, bends := make([]float64, len(values)), make([]float64, len(values))
	var all, up float64
	for _, i := range order {
		all += weights[i]
	}
	for from := 0; from < len(order); {
		to, tied := from, 0.0
		for ; to < len(order) && values[order[to]] == values[order[from]]; to++ {
			tied += weights[order[to]]
		}
		u := float64(2*(up+float64(tied/2))/all) - 1
		for _, i := range order[from:to] {
			heights[i], bends[i] = u, float64(u*u)-1.0/3
		}
		up, from = up+tied, to
	}
	levels := winsorized(values, order)
	var terms []term
	add := func(k kind, values []float64) {
		if standard(values, weights) {
			terms = append(terms, term{column, k, values})
		}
	}
	add(level, levels)
	add(bend, bends)
	if standard(heights, weights) && (len(terms) == 0 || terms[0].kind != level || math.Abs(correlation(levels, heights, weights)) < 0.97) {
		terms = append(terms, term{column, rank, heights})
	}
	return terms
}

// winsorized are the values without their outermost ones; a missing one is as
// the middle one.
func winsorized(values []float64, order []int32) []float64 {
	n := len(order)
	out := min(int(winsor*float64(n)), n-1)
	low, high, middle := values[order[out]], values[order[n-1-out]], values[order[n/2]]
	cut := make([]float64, len(values))
	for i, x := range values {
		switch {
		case math.IsNaN(x):
			cut[i] = middle
		default:
			cut[i] = min(max(x, low), high)
		}
	}
	return cut
}

// correlation of values that are standard.
func correlation(a, b, weights []float64) float64 {
	var n, sum float64
	for i := range a {
		n += weights[i]
		sum += float64(weights[i] * a[i] * b[i])
	}
	return sum / n
}

// flag is the term of rows that are something; not ok where too few are, or too
// few are not.
func flag(column string, k kind, is func(int) bool, weights []float64) (term, bool) {
	values := make([]float64, len(weights))
	var yes, all float64
	for i, w := range weights {
		all += w
		if is(i) {
			values[i] = 1
			yes += w
		}
	}
	ok := yes >= fewestCells && all-yes >= fewestCells && standard(values, weights)
	return term{column, k, values}, ok
}

// terms are those of a column of the cases of both sides.
func terms(c cases.Column, codes []uint32, weights []float64) []term {
	var all []term
	if none, ok := flag(c.Name, absent, func(i int) bool { return codes[i] == 0 }, weights); ok {
		all = append(all, none)
	}
	if c.Numeric {
		values := make([]float64, len(codes))
		for i, code := range codes {
			values[i] = math.NaN()
			if code != 0 {
				values[i] = sketch.CodeNumber(code)
			}
		}
		return append(all, ordered(c.Name, values, weights)...)
	}
	for _, code := range frequent(codes, weights) {
		if one, ok := flag(c.Name, member, func(i int) bool { return codes[i] == code }, weights); ok {
			all = append(all, one)
		}
	}
	return all
}

// frequent lists the most frequent categories; of two that are all, one tells.
func frequent(codes []uint32, weights []float64) []uint32 {
	rows := map[uint32]float64{}
	for i, code := range codes {
		if code != 0 {
			rows[code] += weights[i]
		}
	}
	all := make([]uint32, 0, len(rows))
	for code := range rows {
		all = append(all, code)
	}
	slices.SortFunc(all, func(a, b uint32) int { return cmp.Or(cmp.Compare(rows[b], rows[a]), cmp.Compare(a, b)) })
	if len(all) <= mostMembers { // the last follows from the others
		return all[:max(len(all)-1, 0)]
	}
	return all[:mostMembers]
}
