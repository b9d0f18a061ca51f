package slicing

// count is what a current row adds, or those of a cell.
type count struct{ n, wrong, expected float64 }

// rises tells whether the height of so many rows may be above a bar: no more are
// wrong elsewhere than their predictions say, or it is not. The set of chances
// that a share of wrong rows is so far above is one interval down to 0 (Wilson 1927),
// so a smaller chance loses none.
func (s *searcher) rises(n, wrong, expected, bar float64) bool {
	above := wrong - expected
	return n >= s.least && n <= s.most && above > 0 && float64(above*above*n) >= float64(nearly*bar*bar*expected*(n-expected))
}

// nearly leaves room for what rounding takes.
const nearly = 1 - 1e-9

// pair looks at every slice of a condition on either of two columns.
func (s *searcher) pair(a, b int, into *best) {
	x, y := &s.columns[a], &s.columns[b]
	width := y.bins + 2
	cube := s.cube(x, y)
	then := before{s: s, x: x, y: y}
	line := s.room.line[:width]
	for _, outer := range x.spans {
		if outer.from == outer.to { // a new range begins
			clear(line)
		}
		for j, cell := range cube[int(outer.to)*width:][:width] {
			line[j].n += cell.n
			line[j].wrong += cell.wrong
			line[j].expected += cell.expected
		}
		var run count
		for _, inner := range y.spans {
			if inner.from == inner.to {
				run = count{}
			}
			cell := &line[inner.to]
			run.n += cell.n
			run.wrong += cell.wrong
			run.expected += cell.expected
			if run.wrong <= run.expected || !s.rises(run.n, run.wrong, run.expected, into.bar) {
				continue
			}
			t := tally{n: run.n, wrong: run.wrong, expected: run.expected}
			t.before, t.wrongBefore = then.within(outer, inner)
			if z := s.height(&t); z > into.bar {
				into.add(candidate{on: [deepest]int{a, b, -1}, from: [deepest]uint8{outer.from, inner.from}, to: [deepest]uint8{outer.to, inner.to}, depth: 2, tally: t, z: z})
			}
		}
	}
}

// room is memory that one pair of columns leaves to the next.
type room struct {
	cube []count
	line []count
	sums []known
}

// bound is how many bins a column has at most, with those of missing values and of
// all others.
const bound = max(ranges, categories) + 2

func newRoom() room {
	return room{make([]count, bound*bound), make([]count, bound), make([]known, (bound+1)*(bound+1))}
}

// cube counts the current rows by the bins of two columns.
func (s *searcher) cube(x, y *column) []count {
	width := y.bins + 2
	cube := s.room.cube[:(x.bins+2)*width]
	clear(cube)
	of := y.of[:s.current]
	for i, bin := range x.of[:s.current] {
		cell, row := &cube[int(bin)*width+int(of[i])], &s.now[i]
		cell.n += row.n
		cell.wrong += row.wrong
		cell.expected += row.expected
	}
	return cube
}

// known is what a row of the reference adds, or those of a cell: whole numbers.
type known struct{ n, wrong float64 }

// before counts the reference's rows by the bins of two columns, once asked.
type before struct {
	s    *searcher
	x, y *column
	sums []known // of all cells above and to the left
}

func (b *before) within(x, y span) (n, wrong float64) {
	if len(b.s.then) == 0 {
		return 0, 0
	}
	if b.sums == nil {
		b.count()
	}
	width := b.y.bins + 3
	low, high := b.sums[int(x.from)*width:][:width], b.sums[int(x.to+1)*width:][:width]
	from, to := y.from, y.to+1
	return (high[to].n - high[from].n) - (low[to].n - low[from].n), (high[to].wrong - high[from].wrong) - (low[to].wrong - low[from].wrong)
}

func (b *before) count() {
	width, s := b.y.bins+3, b.s
	sums := s.room.sums[:(b.x.bins+3)*width]
	clear(sums)
	of := b.y.of[s.current:]
	for i, bin := range b.x.of[s.current:] {
		cell, row := &sums[int(bin+1)*width+int(of[i])+1], &s.then[i]
		cell.n += row.n
		cell.wrong += row.wrong
	}
	for i := width; i < len(sums); i++ {
		if i%width > 0 {
			cell, left, up, both := &sums[i], &sums[i-1], &sums[i-width], &sums[i-width-1]
			cell.n += left.n + up.n - both.n
			cell.wrong += left.wrong + up.wrong - both.wrong
		}
	}
	b.sums = sums
}
