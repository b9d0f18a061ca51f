package stat

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// plane is a column as one bit per row, packed: over or under the middle, in
// the inner or the outer half, in a category or not. Bits are how hundreds of
// thousands of pairs of columns are looked through: 64 rows at a time.
type plane struct {
	bits, valid [2][]uint64 // valid is nil where every row has a value
	ones        [2]int      // bits set
	share       [2]float64  // of the rows whose bit is set
	spread      [2]float64  // standard deviation of the bit
}

// planeRows bounds how many rows of a side are packed, planeWork how many words
// are looked at in all, planePairs how many pairs of planes.
const (
	planeRows  = 4096
	planeWork  = 16 << 20
	planePairs = 8 << 20
)

// planes packs a column into at most so many planes: over the middle comes
// first, and the largest category. at lists the rows of each side that are taken.
func (l *levels) planes(at [2][]int32, most int) []plane {
	most = min(l.distinct(), most)
	all := make([]plane, 0, most)
	for k := range most {
		switch {
		case !l.numbers:
			all = append(all, l.plane(at, func(i int) bool { return i == k }))
		case k == 0:
			all = append(all, l.plane(at, func(i int) bool { return l.middle[i] > 0.5 }))
		default:
			all = append(all, l.plane(at, func(i int) bool { return math.Abs(l.middle[i]-0.5) > 0.25 }))
		}
	}
	return all
}

// distinct is how many planes tell all about a column.
func (l *levels) distinct() int {
	if l.numbers {
		return min(len(l.scores), 2)
	}
	return len(l.scores)
}

func (l *levels) plane(at [2][]int32, is func(level int) bool) plane {
	var set [mostLevels + 1]uint64
	for i := range l.count {
		if is(i) {
			set[i] = 1
		}
	}
	var p plane
	for side, rows := range at {
		p.bits[side] = pack(l.at[side], rows, &set)
		p.ones[side] = count(p.bits[side])
		p.share[side] = float64(p.ones[side]) / float64(len(rows))
		p.spread[side] = math.Sqrt(p.share[side] * (1 - p.share[side]))
	}
	if !l.whole {
		for i := range mostLevels {
			set[i] = 1
		}
		for side, rows := range at {
			p.valid[side] = pack(l.at[side], rows, &set)
		}
	}
	return p
}

// pack puts a bit per row into words: the bit of the row's level.
func pack(levels []uint8, rows []int32, set *[mostLevels + 1]uint64) []uint64 {
	words := make([]uint64, (len(rows)+63)/64)
	for i := range words {
		var w uint64
		for at, row := range rows[64*i : min(64*i+64, len(rows))] {
			w |= set[levels[row]] << (at & 63)
		}
		words[i] = w
	}
	return words
}

func count(words []uint64) int {
	n := 0
	for _, w := range words {
		n += bits.OnesCount64(w)
	}
	return n
}

func countBoth(a, b []uint64) int {
	n := 0
	for i, w := range a[:min(len(a), len(b))] {
		n += bits.OnesCount64(w & b[i])
	}
	return n
}

// apart is by how many standard errors, about, the correlation of two planes
// differs between the sides.
func apart(p, q *plane, rows [2]int) float64 {
	var r [2]float64
	noise := 0.0
	for side := range r {
		var n int
		if p.valid[side] == nil && q.valid[side] == nil {
			r[side], n = p.related(q, side, rows[side]), rows[side]
		} else {
			r[side], n = p.relatedWhere(q, side)
		}
		if math.IsNaN(r[side]) { // a bit that does not vary
			return 0
		}
		noise += 1 / float64(n)
	}
	middle := (r[0] + r[1]) / 2
	return math.Abs(r[1]-r[0]) / (math.Sqrt(noise) * max(1-float64(middle*middle), 0.1))
}

// related is the correlation of two planes that have a value in each of n rows.
func (p *plane) related(q *plane, side, n int) float64 {
	spread := p.spread[side] * q.spread[side]
	if spread == 0 {
		return math.NaN()
	}
	both := float64(countBoth(p.bits[side], q.bits[side])) / float64(n)
	return (both - float64(p.share[side]*q.share[side])) / spread
}

// relatedWhere is the correlation of two planes in the n rows where both have a
// value.
func (p *plane) relatedWhere(q *plane, side int) (r float64, n int) {
	a, b := p.ones[side], q.ones[side]
	switch pv, qv := p.valid[side], q.valid[side]; {
	case pv != nil && qv != nil:
		n, a, b = countBoth(pv, qv), countBoth(p.bits[side], qv), countBoth(q.bits[side], pv)
	case pv != nil:
		n, b = count(pv), countBoth(q.bits[side], pv)
	case qv != nil:
		n, a = count(qv), countBoth(p.bits[side], qv)
	}
	if a == 0 || b == 0 || a == n || b == n {
		return math.NaN(), n
	}
	all, x, y := float64(n), float64(a)/float64(n), float64(b)/float64(n)
	both := float64(countBoth(p.bits[side], q.bits[side])) / all
	return (both - float64(x*y)) / math.Sqrt(x*(1-x)*y*(1-y)), n
}

// screened is a pair of columns and how far apart the sides look at first.
type screened struct {
	i, j  int
	score float64
}

// screen looks through all pairs of columns and gives at most so many of them:
// those where the sides look furthest apart.
func screen(columns []*levels, s *sample, most int) []screened {
	pairs := len(columns) * (len(columns) - 1) / 2
	kept := make([]screened, 0, min(pairs, 2*most))
	if pairs <= most {
		for i := range columns {
			for j := range i {
				kept = append(kept, screened{i: j, j: i})
			}
		}
		return kept
	}
	packed, rows := packAll(columns, s)
	border := -1.0
	for i := range columns {
		for j := range i {
			best := 0.0
			for p := range packed[i] {
				for q := range packed[j] {
					best = max(best, apart(&packed[i][p], &packed[j][q], rows))
				}
			}
			if best <= border {
				continue
			}
			if kept = append(kept, screened{j, i, best}); len(kept) == 2*most {
				kept = furthest(kept, most)
				border = kept[most-1].score
			}
		}
	}
	return furthest(kept, most)
}

func furthest(all []screened, most int) []screened {
	slices.SortFunc(all, func(a, b screened) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.i, b.i), cmp.Compare(a.j, b.j))
	})
	return all[:min(len(all), most)]
}

// packAll packs all columns: of as many rows, and in as many planes each, as the
// work allows. Where rows count differently they are taken as often as they
// count.
func packAll(columns []*levels, s *sample) (packed [][]plane, rows [2]int) {
	each := mostLevels
	for each > 1 && pairsOfPlanes(columns, each) > planePairs {
		each--
	}
	most := min(max(planeWork/(pairsOfPlanes(columns, each)+1)/2, 4)*64, planeRows)
	var at [2][]int32
	for side := range at {
		at[side] = s.spread(side, most)
		rows[side] = len(at[side])
	}
	for _, l := range columns {
		packed = append(packed, l.planes(at, each))
	}
	return packed, rows
}

// pairsOfPlanes counts the pairs of planes if no column has more than so many.
func pairsOfPlanes(columns []*levels, each int) int {
	total := 0
	for _, l := range columns {
		total += min(l.distinct(), each)
	}
	return total * total / 2
}

// spread lists at most so many rows of a side, each about as often as it
// counts.
func (s *sample) spread(side, most int) []int32 {
	rows := make([]int32, 0, most)
	if s.weights[side] == nil {
		for row := range min(s.rows[side], most) {
			rows = append(rows, int32(row))
		}
		return rows
	}
	all := s.size(side)
	n := min(float64(most), math.Floor(all))
	sum := 0.0
	for row, w := range s.weights[side] {
		sum += w
		for float64(len(rows)) < math.Floor(n*sum/all) && len(rows) < most {
			rows = append(rows, int32(row))
		}
	}
	return rows
}
