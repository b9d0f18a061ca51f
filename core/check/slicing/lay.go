package slicing

import (
	"cmp"
	"math"
	"slices"

	"leeway/core/cases"
	"leeway/core/schema"
	"leeway/core/sketch"
)

// searcher is the rows of both sides, current ones first.
type searcher struct {
	name      Namer
	noise     map[string]Noise
	reference *cases.Table
	before    float64 // how surely the model was weak anywhere in it; NaN: nobody asked
	columns   []column
	rows      []tally   // what a row adds
	current   int       // how many of them are current ones
	now       []count   // of these
	then      []known   // of those of the reference
	toldThen  []float64 // of these, how many of their rows would be wrong by their predictions
	stratum   []uint8   // by current row: rows of one have about the same chance to be wrong
	strata    int
	room      room
	sums      map[[2]int]*[4]float64 // by columns: of the sizes of slices on them
	sizes     [sizes]float64
	all       tally
	least     float64 // rows that a slice has
	most      float64
	threshold float64
}

// column is a column in bins.
type column struct {
	name    string
	numeric bool
	missing bool     // enough values are
	bins    int      // ranges, or categories that can be named; bin 0 is missing, the one after the last is of all others
	of      []uint8  // by row
	upper   []uint32 // numbers: the largest code of each bin
	texts   []string // categories
	spans   []span   // its conditions
	highest float64  // height of its best slice of one condition
}

// The bounds of bins.
const (
	ranges     = 20 // of a number, with as many rows each
	deciles    = 10 // of scores
	categories = 20
)

// lay gets ready; not ok where there is nothing to search.
func (s *searcher) lay(reference, current *cases.Table) bool {
	s.threshold = math.NaN()
	if current.Shape.Task == schema.Regression {
		from := current
		if reference != nil && reference.Rows > 0 {
			from = reference
		}
		s.threshold = upperQuartile(from)
	}
	s.tallyRows(reference, current)
	s.room, s.sums, s.sizes = newRoom(), map[[2]int]*[4]float64{}, weights()
	s.countRows()
	s.least, s.most = max(fewest, float64(smallest*s.all.n)), float64(largest*s.all.n)
	if s.all.n < 4*fewest || s.all.wrong == 0 || s.all.wrong == s.all.n {
		return false
	}
	s.binColumns(reference, current)
	return true
}

// tallyRows makes of each row what it adds: a row without a prediction adds nothing.
func (s *searcher) tallyRows(reference, current *cases.Table) {
	bad := [2][]float64{s.wrong(current), nil}
	if reference != nil {
		bad[1] = s.wrong(reference)
	}
	chance := expect(reference, current, bad)
	told := make([]float64, current.Rows)
	for i := range told {
		told[i] = chance(current, i)
	}
	s.stratify(told)
	for i, wrong := range bad[0] {
		n := current.Counts[i]
		if math.IsNaN(wrong) {
			n, wrong = 0, 0
		}
		s.rows = append(s.rows, tally{n: n, wrong: float64(n * wrong), expected: float64(n * told[i])})
	}
	s.current = len(s.rows)
	for i, wrong := range bad[1] {
		n := reference.Counts[i]
		if math.IsNaN(wrong) {
			n, wrong = 0, 0
		}
		s.rows = append(s.rows, tally{before: n, wrongBefore: float64(n * wrong)})
		s.toldThen = append(s.toldThen, float64(n*chance(reference, i)))
	}
}

// countRows lays the counts of rows side by side, and sums them.
func (s *searcher) countRows() {
	s.now, s.then = make([]count, 0, s.current), make([]known, 0, len(s.rows)-s.current)
	for i := range s.rows {
		row := &s.rows[i]
		if i < s.current {
			s.now = append(s.now, count{row.n, row.wrong, row.expected})
		} else {
			s.then = append(s.then, known{row.before, row.wrongBefore})
		}
		s.all.add(row)
	}
}

// binColumns puts the columns in bins, of rows of both sides.
func (s *searcher) binColumns(reference, current *cases.Table) {
	var codes []uint32
	var order sketch.CodeOrder
	edges := 0
	if s.all.before > 0 { // as long as the reference stays, so do they
		edges = s.current
	}
	for j := range current.Columns {
		codes = append(codes[:0], current.Codes[j]...)
		if reference != nil {
			codes = append(codes, reference.Codes[j]...)
		}
		c := s.bin(current.Columns[j], codes, edges, &order)
		c.spans = c.conditions()
		s.columns = append(s.columns, c)
	}
}

// wrong tells of each row whether the model is wrong about it, 1 or 0; NaN where
// it predicts nothing.
func (s *searcher) wrong(t *cases.Table) []float64 {
	bad := make([]float64, t.Rows)
	for i := range bad {
		off := math.Abs(t.Predicted[i] - t.Actual[i])
		switch {
		case math.IsNaN(off):
			bad[i] = math.NaN()
		case math.IsNaN(s.threshold) && off > 0, off > s.threshold:
			bad[i] = 1
		}
	}
	return bad
}

// upperQuartile is that of errors.
func upperQuartile(t *cases.Table) float64 {
	var all []float64
	for i := range t.Actual {
		if off := math.Abs(t.Predicted[i] - t.Actual[i]); !math.IsNaN(off) {
			all = append(all, off)
		}
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)*3/4]
}

// expect gives how often rows like one are wrong: of the same predicted class and tenth
// of the score, in the reference where it has labels.
func expect(reference, current *cases.Table, bad [2][]float64) func(t *cases.Table, row int) float64 {
	from, wrong := current, bad[0]
	if reference != nil && reference.Rows > 0 {
		from, wrong = reference, bad[1]
	}
	groups := grouping(from)
	type count struct{ n, wrong float64 }
	counts, all := map[[2]int]*count{}, count{}
	for i, w := range wrong {
		if math.IsNaN(w) {
			continue
		}
		key := groups(from, i)
		if counts[key] == nil {
			counts[key] = &count{}
		}
		counts[key].n += from.Counts[i]
		counts[key].wrong += float64(from.Counts[i] * w)
		all.n += from.Counts[i]
		all.wrong += float64(from.Counts[i] * w)
	}
	rate := (all.wrong + 0.5) / (all.n + 1)
	return func(t *cases.Table, row int) float64 {
		c := counts[groups(t, row)]
		if c == nil {
			return rate
		}
		const weight = 20 // few rows say little: shrunk to all
		return (c.wrong + float64(weight*rate)) / (c.n + weight)
	}
}

// mostStrata bounds the strata of chances.
const mostStrata = 64

// stratify puts rows of like chances together: of the same, where there are few
// different ones.
func (s *searcher) stratify(told []float64) {
	different := slices.Clone(told)
	slices.Sort(different)
	different = slices.Compact(different)
	s.strata, s.stratum = min(len(different), mostStrata), make([]uint8, len(told))
	for i, chance := range told {
		at, _ := slices.BinarySearch(different, chance)
		s.stratum[i] = uint8(at * s.strata / len(different))
	}
}

// grouping tells which group of predictions a row belongs to: by its class and
// its score, or its number.
func grouping(from *cases.Table) func(t *cases.Table, row int) [2]int {
	numbers := from.Shape.Task == schema.Regression
	height := func(t *cases.Table, row int) float64 {
		if numbers {
			return t.Predicted[row]
		}
		top := math.Inf(-1)
		for k := range t.Said {
			top = max(top, t.Said[k][row])
		}
		return top
	}
	var heights []float64
	for i := range from.Rows {
		heights = append(heights, height(from, i))
	}
	slices.Sort(heights)
	var edges []float64
	for k := 1; k < deciles && len(heights) > 0; k++ {
		edges = append(edges, heights[k*len(heights)/deciles])
	}
	edges = slices.Compact(edges)
	return func(t *cases.Table, row int) [2]int {
		at, _ := slices.BinarySearch(edges, height(t, row))
		class := 0
		if !numbers && !math.IsNaN(t.Predicted[row]) {
			class = int(t.Predicted[row])
		}
		return [2]int{class, at}
	}
}

// bin cuts a column: numbers at twentieths of the rows from edges on, the reference's
// where there are any, or by value where few are different; categories by their
// names, the most frequent.
func (s *searcher) bin(of cases.Column, codes []uint32, edges int, order *sketch.CodeOrder) column {
	c := column{name: of.Name, numeric: of.Numeric, of: make([]uint8, len(codes))}
	var missing float64
	for i, code := range codes {
		if code == 0 {
			missing += s.rows[i].n
		}
	}
	c.missing = missing >= s.least
	if c.numeric {
		c.cut(order.Of(codes), edges)
		return c
	}
	bins := map[uint32]uint8{}
	for _, code := range s.frequent(codes) {
		text, ok := s.name(c.name, code)
		if ok && c.bins < categories {
			c.bins++
			bins[code] = uint8(c.bins)
			c.texts = append(c.texts, text)
		}
	}
	for i, code := range codes {
		if code == 0 {
			continue
		}
		bin, known := bins[code]
		if !known {
			bin = uint8(c.bins + 1)
		}
		c.of[i] = bin
	}
	return c
}

// frequent lists categories with enough current rows, the most frequent first.
func (s *searcher) frequent(codes []uint32) []uint32 {
	rows := map[uint32]float64{}
	for i, code := range codes {
		if code != 0 {
			rows[code] += s.rows[i].n
		}
	}
	var all []uint32
	for code, n := range rows {
		if n >= s.least {
			all = append(all, code)
		}
	}
	slices.SortFunc(all, func(a, b uint32) int { return cmp.Or(cmp.Compare(rows[b], rows[a]), cmp.Compare(a, b)) })
	return all
}

// cut bins sorted numbers, by the values of the rows from edges on; of all, where
// these have none. What is beyond the last edge is in the last bin.
func (c *column) cut(sorted []uint64, edges int) {
	of := make([]uint64, 0, len(sorted))
	for _, key := range sorted {
		if uint32(key) >= uint32(edges) {
			of = append(of, key)
		}
	}
	if len(of) == 0 {
		of = sorted
	}
	c.upper = few(of)
	if c.upper == nil {
		for k := 1; k < ranges; k++ {
			c.upper = append(c.upper, uint32(of[k*len(of)/ranges]>>32))
		}
		c.upper = slices.Compact(append(c.upper, uint32(of[len(of)-1]>>32)))
	}
	c.bins = len(c.upper)
	bin := 1
	for _, key := range sorted {
		for bin < c.bins && uint32(key>>32) > c.upper[bin-1] {
			bin++
		}
		c.of[uint32(key)] = uint8(bin)
	}
}

// few lists the different codes, unless they are more than there are ranges.
func few(sorted []uint64) []uint32 {
	different := []uint32{}
	for i, key := range sorted {
		if code := uint32(key >> 32); i == 0 || code != different[len(different)-1] {
			if len(different) == ranges {
				return nil
			}
			different = append(different, code)
		}
	}
	return different
}

// slice puts a candidate into words.
func (s *searcher) slice(c *candidate) Slice {
	t := &c.tally
	one := Slice{
		Rows: int64(math.Round(t.n)), Share: t.n / s.all.n, Wrong: t.wrong / t.n, Elsewhere: (s.all.wrong - t.wrong) / (s.all.n - t.n),
		Expected: t.expected / t.n, Before: math.NaN(), RowsBefore: int64(math.Round(t.before)), Scale: 1,
	}
	if t.before > 0 {
		one.Before = t.wrongBefore / t.before
	}
	effective := t.n
	if t.before > 0 {
		effective = t.n * t.before / (t.n + t.before)
	}
	variance, _ := s.varied(c, effective)
	one.Scale = math.Sqrt(variance)
	for k := range c.depth {
		one.Conditions = append(one.Conditions, s.columns[c.on[k]].condition(c.from[k], c.to[k]))
	}
	return one
}

func (c *column) condition(from, to uint8) Condition {
	one := Condition{Column: c.name, Numeric: c.numeric}
	switch {
	case from == 0:
		one.Missing, one.Numeric = true, false
	case !c.numeric:
		one.Category = c.texts[from-1]
	default:
		if from > 1 {
			low := sketch.Brief(c.upper[from-2])
			one.Low = &low
		}
		if int(to) < c.bins {
			high := sketch.Brief(c.upper[to-1])
			one.High = &high
		}
	}
	return one
}
