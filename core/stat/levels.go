package stat

import (
	"cmp"
	"math"
	"slices"
)

// Column is one column in a sample of rows of both sides, reference first. Each
// cell is a code: of numbers in their order, of categories whatever tells them
// apart; 0 stands for no value.
type Column struct {
	Codes   [2][]uint32
	Numbers bool
}

// mostLevels is how many levels a column is divided into: enough for the
// correlation of normal scores to lose 2%.
const mostLevels = 16

// none is the level of a cell without a value.
const none = mostLevels

// levels is a column divided into a few levels, in the same way on both sides:
// numbers into groups of about equal size in both sides' joint order, equal
// numbers together; categories into the largest and the rest.
type levels struct {
	at      [2][]uint8
	count   int
	weight  [mostLevels]float64   // rows of both sides
	middle  [mostLevels]float64   // numbers: the middle rank of the level in 0..1
	code    [mostLevels]uint32    // categories: which it is; 0 for the rest
	scores  [][mostLevels]float64 // mean 0, variance 1, uncorrelated with each other
	numbers bool
	whole   bool    // every row has a value
	of      *Column // what was divided
}

// sample is the rows that columns are of: how much each counts, nil for 1 each.
type sample struct {
	rows    [2]int
	weights [2][]float64
}

func (s *sample) weight(side, row int) float64 {
	if s.weights[side] == nil {
		return 1
	}
	return s.weights[side][row]
}

// size is how many rows a side counts for.
func (s *sample) size(side int) float64 {
	if s.weights[side] == nil {
		return float64(s.rows[side])
	}
	return total(s.weights[side])
}

// newLevels divides a column into at most so many levels. It is nil for one
// that does not vary.
func newLevels(c *Column, s *sample, most int) *levels {
	l := &levels{numbers: c.Numbers, whole: true, of: c}
	var borders []uint32
	if c.Numbers {
		borders = l.order(s.some(c), most)
	} else {
		borders = l.rank(s.some(c), most)
	}
	for side, codes := range c.Codes {
		l.at[side] = make([]uint8, s.rows[side])
		l.place(codes[:s.rows[side]], l.at[side], borders)
		for row, level := range l.at[side] {
			if level == none {
				l.whole = false
				continue
			}
			l.weight[level] += s.weight(side, row)
		}
	}
	l.drop()
	if l.count < 2 {
		return nil
	}
	if l.numbers {
		l.scoreNumbers()
	} else {
		l.scoreCategories()
	}
	if len(l.scores) == 0 {
		return nil
	}
	return l
}

// someRows is about how many rows of both sides decide where levels begin.
const someRows = 512

// some lists the codes of some rows of both sides, ascending.
func (s *sample) some(c *Column) []uint32 {
	step := max((s.rows[0]+s.rows[1])/someRows, 1)
	codes := make([]uint32, 0, 2*someRows)
	for side := range c.Codes {
		for row := 0; row < s.rows[side]; row += step {
			if code := c.Codes[side][row]; code != 0 {
				codes = append(codes, code)
			}
		}
	}
	slices.Sort(codes)
	return codes
}

// order divides numbers into groups of about equal size. A group begins with
// the border before it.
func (l *levels) order(codes []uint32, most int) []uint32 {
	var borders []uint32
	last := -1
	for i := 0; i < len(codes); {
		same := i + 1
		for same < len(codes) && codes[same] == codes[i] {
			same++
		}
		if at := min(most*(i+same)/(2*len(codes)), most-1); at != last {
			borders, last = append(borders, codes[i]), at
		}
		i = same
	}
	l.count = len(borders)
	return borders
}

// rank gives each of the largest categories a level, and the others the last.
// The borders are these categories.
func (l *levels) rank(codes []uint32, most int) []uint32 {
	type category struct {
		code uint32
		n    int
	}
	var all []category
	for i, code := range codes {
		if i == 0 || code != codes[i-1] {
			all = append(all, category{code: code})
		}
		all[len(all)-1].n++
	}
	slices.SortFunc(all, func(a, b category) int { return cmp.Or(b.n-a.n, cmp.Compare(a.code, b.code)) })
	var borders []uint32
	for _, c := range all[:min(len(all), most-1)] {
		borders = append(borders, c.code)
	}
	copy(l.code[:], borders)
	l.count = len(borders) + 1
	return borders
}

// place finds the level of each code.
func (l *levels) place(codes []uint32, to []uint8, borders []uint32) {
	var sorted [mostLevels]uint32 // with the largest code at the end, as often as there is room
	var level [mostLevels + 1]uint8
	for i := range sorted {
		sorted[i] = math.MaxUint32
	}
	copy(sorted[:], borders)
	slices.Sort(sorted[:])
	for i, code := range borders {
		at, _ := slices.BinarySearch(sorted[:], code)
		level[at+1] = uint8(i)
	}
	rest := uint8(l.count - 1)
	for row, code := range codes[:len(to)] {
		n := below(&sorted, code)
		switch at := level[n]; {
		case code == 0:
			to[row] = none
		case l.numbers || n > 0 && sorted[n-1] == code:
			to[row] = at
		default:
			to[row] = rest
		}
	}
}

// below counts the borders up to a code, by bisection without a branch: which
// way it goes is not to be foreseen.
func below(sorted *[mostLevels]uint32, code uint32) int {
	x := int64(code)
	n := 8 &^ int((x-int64(sorted[7]))>>63)
	n += 4 &^ int((x-int64(sorted[n+3]))>>63)
	n += 2 &^ int((x-int64(sorted[n+1]))>>63)
	n += 1 &^ int((x-int64(sorted[n]))>>63)
	return n + 1&^int((x-int64(sorted[n&15]))>>63)
}

// drop leaves the last level out where no row has it: there are no categories
// but the largest.
func (l *levels) drop() {
	if l.count > 0 && l.weight[l.count-1] == 0 {
		l.count--
	}
}

// scoreNumbers gives two scores: the normal score of the level's middle rank,
// which tells high from low, and its square, which tells far from near.
func (l *levels) scoreNumbers() {
	all, before := l.total(), 0.0
	var level, spread [mostLevels]float64
	for i, w := range l.weight[:l.count] {
		l.middle[i] = (before + float64(w/2)) / all
		z := normalQuantile(l.middle[i])
		level[i], spread[i] = z, z*z
		before += w
	}
	l.add(level)
	l.add(spread)
}

// mostScores bounds the scores of a category column.
const mostScores = 4

// scoreCategories tells each of the largest categories from the others.
func (l *levels) scoreCategories() {
	for i := range min(l.count-1, mostScores) {
		if i > 0 && l.weight[i] < 0.01*l.total() {
			return
		}
		var is [mostLevels]float64
		is[i] = 1
		l.add(is)
	}
}

func (l *levels) total() float64 {
	all := 0.0
	for _, w := range l.weight[:l.count] {
		all += w
	}
	return all
}

// add makes a score of mean 0, variance 1 and uncorrelated with those before,
// and leaves out one of which hardly anything is left then.
func (l *levels) add(score [mostLevels]float64) {
	all := l.total()
	mean := func(f func(i int) float64) float64 {
		m := 0.0
		for i, w := range l.weight[:l.count] {
			m += float64(w * f(i))
		}
		return m / all
	}
	centre := mean(func(i int) float64 { return score[i] })
	for i := range l.count {
		score[i] -= centre
	}
	before := mean(func(i int) float64 { return score[i] * score[i] })
	for k := range l.scores {
		slope := mean(func(i int) float64 { return score[i] * l.scores[k][i] })
		for i := range l.count {
			score[i] -= float64(slope * l.scores[k][i])
		}
	}
	left := mean(func(i int) float64 { return score[i] * score[i] })
	if !(left > 0.02*before) {
		return
	}
	for i := range l.count {
		score[i] /= math.Sqrt(left)
	}
	l.scores = append(l.scores, score)
}
