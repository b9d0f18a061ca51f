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
	at     int       // its place among all terms
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

// maker makes terms over all rows and hands each over once it is made: its values
// are valid until the next.
type maker struct {
	weights []float64
	see     func(term)
	made    int // how many it made
	order   sketch.CodeOrder
	levels  []float64
	bends   []float64
	heights []float64
}

func newMaker(weights []float64, see func(term)) *maker {
	n := len(weights)
	return &maker{weights: weights, see: see, levels: make([]float64, n), bends: make([]float64, n), heights: make([]float64, n)}
}

func (m *maker) make(column string, k kind, values []float64) {
	m.made++
	m.see(term{column: column, kind: k, values: values})
}

// numbers makes the terms of numbers, NaN for none. Ranks go by their codes: 21
// binary digits.
func (m *maker) numbers(column string, values []float64) {
	codes := make([]uint32, len(values))
	for i, x := range values {
		if !math.IsNaN(x) {
			codes[i] = sketch.NumberCode(x)
		}
	}
	copy(m.levels, values)
	m.ordered(column, codes)
}

// ordered makes the terms of numbers that are in levels, by their codes.
func (m *maker) ordered(column string, codes []uint32) {
	order := m.order.Of(codes)
	if len(order) < fewestCells {
		return
	}
	m.rank(order)
	m.winsorize(codes, order)
	leveled := standard(m.levels, m.weights)
	if leveled {
		m.make(column, level, m.levels)
	}
	if standard(m.bends, m.weights) {
		m.make(column, bend, m.bends)
	}
	if standard(m.heights, m.weights) && (!leveled || math.Abs(correlation(m.levels, m.heights, m.weights)) < 0.97) {
		m.make(column, rank, m.heights)
	}
}

// rank fills in heights, from -1 to 1, and bends.
func (m *maker) rank(order []uint64) {
	if len(order) < len(m.heights) {
		clear(m.heights)
		clear(m.bends)
	}
	var all, up float64
	for _, key := range order {
		all += m.weights[uint32(key)]
	}
	for from := 0; from < len(order); {
		to, tied := from, 0.0
		for ; to < len(order) && order[to]>>32 == order[from]>>32; to++ {
			tied += m.weights[uint32(order[to])]
		}
		u := float64(2*(up+float64(tied/2))/all) - 1
		bent := float64(u*u) - 1.0/3
		for _, key := range order[from:to] {
			m.heights[uint32(key)], m.bends[uint32(key)] = u, bent
		}
		up, from = up+tied, to
	}
}

// winsorize cuts the outermost levels; a missing one is as the middle one.
func (m *maker) winsorize(codes []uint32, order []uint64) {
	n := len(order)
	out := min(int(winsor*float64(n)), n-1)
	at := func(i int) float64 { return m.levels[uint32(order[i])] }
	low, high, middle := at(out), at(n-1-out), at(n/2)
	for i, x := range m.levels {
		if codes[i] == 0 {
			x = middle
		}
		m.levels[i] = min(max(x, low), high)
	}
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

// flag makes the term of rows that are something, unless too few are, or too
// few are not.
func (m *maker) flag(column string, k kind, is func(int) bool) {
	var yes, all float64
	for i, w := range m.weights {
		all += w
		m.levels[i] = 0
		if is(i) {
			m.levels[i] = 1
			yes += w
		}
	}
	if enough(yes, all) && standard(m.levels, m.weights) {
		m.make(column, k, m.levels)
	}
}

func enough(yes, all float64) bool { return yes >= fewestCells && all-yes >= fewestCells }

// column makes the terms of a column of the cases of both sides.
func (m *maker) column(c cases.Column, codes []uint32) {
	m.flag(c.Name, absent, func(i int) bool { return codes[i] == 0 })
	if c.Numeric {
		for i, code := range codes {
			m.levels[i] = sketch.CodeNumber(code)
		}
		m.ordered(c.Name, codes)
		return
	}
	for _, code := range frequent(codes, m.weights) {
		m.flag(c.Name, member, func(i int) bool { return codes[i] == code })
	}
}

// frequent lists the most frequent categories; of two that are all, one tells.
func frequent(codes []uint32, weights []float64) []uint32 {
	all := byFrequency(codes, weights)
	if len(all) <= mostMembers { // the last follows from the others
		return all[:max(len(all)-1, 0)]
	}
	return all[:mostMembers]
}

// byFrequency lists categories, the most frequent first.
func byFrequency(codes []uint32, weights []float64) []uint32 {
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
	return all
}
