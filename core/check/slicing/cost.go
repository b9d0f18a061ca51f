package slicing

import "math"

// shares of the level for slices of one, two and three conditions: there are so few of one that
// they are corrected for least all the same, and of three only those that extend a pair are tried.
var shares = [deepest + 1]float64{0, 0.2, 0.65, 0.15}

// possible is how many slices of one, two and three conditions there are, over
// all columns that there are.
func (s *searcher) possible() (n [deepest + 1]float64) {
	n[0] = 1
	for i := range s.columns {
		k := float64(len(s.columns[i].spans))
		for depth := deepest; depth > 0; depth-- {
			n[depth] += float64(n[depth-1] * k)
		}
	}
	n[0] = 0
	return n
}

// cost is the logarithm of what a candidate's p-value is corrected by: the inverse of
// its share of the level. Every set of columns has the same share of what slices of
// as many conditions have, and within a column the simple conditions (a category,
// a missing value, all numbers up to a bound or beyond) have half, ranges between two
// bounds the other: what is said in fewer words is what mostly happens, and there
// are twenty times fewer of it. Of those of one kind small slices have more than large
// ones, see size.
func (s *searcher) cost(c *candidate) float64 {
	columns, sets, at := 0, 1.0, 0
	for i := range s.columns {
		if len(s.columns[i].spans) > 0 {
			columns++
		}
	}
	for k := range c.depth {
		sets *= float64(columns-k) / float64(k+1)
	}
	cost := math.Log(sets / shares[c.depth])
	for k := range c.depth {
		of := &s.columns[c.on[k]]
		simple := of.simple(span{c.from[k], c.to[k]})
		if int(of.like(true)) < len(of.spans) {
			cost += math.Ln2
		}
		at = 2*at + kind(simple)
		if c.depth == deepest {
			cost += math.Log(of.like(simple))
		}
	}
	switch c.depth {
	case 1:
		cost += math.Log(s.ofOne(c.on[0])[at] / s.size(c.tally.n))
	case 2:
		cost += math.Log(s.ofTwo(c.on[0], c.on[1])[at] / s.size(c.tally.n))
	}
	return cost
}

// kind is 0 for simple conditions, else 1.
func kind(simple bool) int {
	if simple {
		return 0
	}
	return 1
}

// like is how many conditions of a kind a column has.
func (c *column) like(simple bool) (n float64) {
	for _, one := range c.spans {
		if c.simple(one) == simple {
			n++
		}
	}
	return n
}

// simple tells whether a condition has one bound, or is one value that has a name.
func (c *column) simple(of span) bool {
	return !c.numeric || of.from <= 1 || int(of.to) == c.bins
}

// sizes is how many classes of size there are.
const sizes = 128

// size is the weight of a slice of n rows among those of one kind: by the inverse root of its size,
// whatever is wrong in it. What large slices lose of the level they hardly need, for as many points show
// in them by far more.
func (s *searcher) size(n float64) float64 {
	if n < s.least || n > s.most {
		return 0
	}
	return s.sizes[int(n*(sizes-1)/s.all.n)]
}

func weights() (of [sizes]float64) {
	for i := range of {
		of[i] = math.Sqrt(sizes / (float64(i) + 0.5))
	}
	return of
}

// ofOne sums the sizes of all conditions on a column, simple ones and others.
func (s *searcher) ofOne(at int) *[4]float64 {
	return s.summed([2]int{at, at}, func(sums *[4]float64) {
		c := &s.columns[at]
		cells, run := s.cells(at, nil), tally{}
		for _, of := range c.spans {
			if of.from == of.to {
				run = tally{}
			}
			run.add(&cells[of.to])
			sums[kind(c.simple(of))] += s.size(run.n)
		}
	})
}

// ofTwo sums those of all slices of a condition on either of two columns, by their kinds.
func (s *searcher) ofTwo(a, b int) *[4]float64 {
	return s.summed([2]int{a, b}, func(sums *[4]float64) {
		x, y := &s.columns[a], &s.columns[b]
		cube, width := s.cube(x, y), y.bins+2
		line := make([]float64, width)
		for _, outer := range x.spans {
			if outer.from == outer.to { // a new range begins
				clear(line)
			}
			for j, cell := range cube[int(outer.to)*width:][:width] {
				line[j] += cell.n
			}
			outside, run := kind(x.simple(outer)), 0.0
			for _, inner := range y.spans {
				if inner.from == inner.to {
					run = 0
				}
				run += line[inner.to]
				sums[2*outside+kind(y.simple(inner))] += s.size(run)
			}
		}
	})
}

// summed remembers sums.
func (s *searcher) summed(of [2]int, sum func(*[4]float64)) *[4]float64 {
	if s.sums[of] == nil {
		s.sums[of] = new([4]float64)
		sum(s.sums[of])
	}
	return s.sums[of]
}
