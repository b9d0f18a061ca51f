package cause

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"

	"leeway/core/internal/words"
	"leeway/core/profile"
	"leeway/core/sketch"
)

// sample is a side's numbers: ascending distinct values with their counts.
type sample struct {
	values []float64
	counts []int64
	n      int64
	width  float64 // how far a value may be off, relative; 0: exact
	upTo   []int64 // how many values there are up to each
}

// counted fills in what is asked for often.
func (s sample) counted() sample {
	s.upTo, s.n = make([]int64, len(s.counts)), 0
	for i, count := range s.counts {
		s.n += count
		s.upTo[i] = s.n
	}
	return s
}

// within reads a grid. The middle of an outermost cell may lie outside of what
// there is.
func within(g *sketch.Grid, n *profile.Numeric) sample {
	return new(reader).read(g, n).counted()
}

// reader reads grids in memory of its own, which the next one takes over.
type reader struct {
	values []float64
	counts []int64
}

func (r *reader) read(g *sketch.Grid, n *profile.Numeric) sample {
	r.values, r.counts = g.Weighted(r.values, r.counts)
	for i := range r.values {
		r.values[i] = min(max(r.values[i], n.Min), n.Max)
	}
	return sample{values: r.values, counts: r.counts, n: g.Count(), width: g.Width()}
}

// thinTo is about how many values a thinned sample has.
const thinTo = 1024

// thinned joins rare neighbours into groups of at most one in thinTo values,
// which stand at a value of theirs. Frequent values and both ends stay, so that
// shares are off by less than 1/thinTo anywhere.
func (s sample) thinned() sample {
	t, room := sample{width: s.width}, s.n/thinTo
	most := min(len(s.values), 2*thinTo+4) // two groups in a row hold more than room
	t.values, t.counts = make([]float64, 0, most), make([]int64, 0, most)
	var group int64
	last := len(s.values) - 1
	for i, x := range s.values {
		n := s.counts[i]
		if i == 0 || i == last || i == 1 || group+n > room {
			t.values, t.counts = append(t.values, x), append(t.counts, n)
			group = n
			continue
		}
		t.counts[len(t.counts)-1] += n
		group += n
	}
	return t.counted()
}

// apply maps every value.
func (s sample) apply(f func(float64) float64) sample {
	values := make([]float64, len(s.values))
	for i, x := range s.values {
		values[i] = f(x)
	}
	return collect(values, s.counts, s.width)
}

// collect puts values in order and joins equal ones. Most maps keep the order or
// turn it round.
func collect(values []float64, counts []int64, width float64) sample {
	if len(values) > 1 && values[0] > values[len(values)-1] {
		counts = slices.Clone(counts)
		slices.Reverse(values)
		slices.Reverse(counts)
	}
	if !slices.IsSorted(values) {
		order := make([]int, len(values))
		for i := range values {
			order[i] = i
		}
		slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(values[i], values[j]) })
		sorted, moved := make([]float64, len(order)), make([]int64, len(order))
		for to, from := range order {
			sorted[to], moved[to] = values[from], counts[from]
		}
		values, counts = sorted, moved
	}
	s := sample{width: width, values: values[:0], counts: make([]int64, 0, len(values))}
	for i, x := range values {
		if last := len(s.values) - 1; last >= 0 && s.values[last] == x {
			s.counts[last] += counts[i]
		} else {
			s.values, s.counts = append(s.values, x), append(s.counts, counts[i])
		}
	}
	return s.counted()
}

// mirrored is the sample with the sign of every value changed.
func (s sample) mirrored() sample {
	m := sample{values: make([]float64, 0, len(s.values)), counts: slices.Clone(s.counts), width: s.width}
	for _, x := range slices.Backward(s.values) {
		m.values = append(m.values, 0-x)
	}
	slices.Reverse(m.counts)
	return m.counted()
}

// only keeps some of the values.
func (s sample) only(keep func(float64) bool) sample {
	k := sample{width: s.width}
	for i, x := range s.values {
		if keep(x) {
			k.values, k.counts = append(k.values, x), append(k.counts, s.counts[i])
		}
	}
	return k.counted()
}

// of is how often a value occurs.
func (s sample) of(x float64) int64 {
	if i, found := slices.BinarySearch(s.values, x); found {
		return s.counts[i]
	}
	return 0
}

// part is the share of the values that are x.
func (s sample) part(x float64) float64 { return float64(s.of(x)) / float64(s.n) }

// mode is the most frequent value.
func (s sample) mode() float64 {
	at := 0
	for i, n := range s.counts {
		if n > s.counts[at] {
			at = i
		}
	}
	return s.values[at]
}

// below counts the values < x.
func (s sample) below(x float64) int64 { return s.first(sort.SearchFloat64s(s.values, x)) }

// first is how many values the first k distinct ones are.
func (s sample) first(k int) int64 {
	if k == 0 {
		return 0
	}
	return s.upTo[k-1]
}

func (s sample) least() float64 { return s.values[0] }
func (s sample) most() float64  { return s.values[len(s.values)-1] }

// quantile is the smallest value that a share q does not exceed.
func (s sample) quantile(q float64) float64 {
	at, _ := slices.BinarySearch(s.upTo, int64(math.Ceil(q*float64(s.n))))
	return s.values[min(at, len(s.values)-1)]
}

// middle is the width of the middle half.
func (s sample) middle() float64 { return s.quantile(0.75) - s.quantile(0.25) }

// gap is the Kolmogorov-Smirnov distance that is left if values may be off by
// slack: the largest difference between shares of values up to a point.
func gap(a, b sample, slack float64) float64 {
	return max(above(a, b, slack), above(b, a, slack))
}

// above is by how much the share of a's values up to a point exceeds that of
// b's up to a little beyond, at most. A billionth is for what arithmetic rounds.
func above(a, b sample, slack float64) (most float64) {
	relative := max(a.width, b.width) + 1e-9
	var below, other int64
	j := 0
	for i, x := range a.values {
		below += a.counts[i]
		for reach := x + float64(relative*math.Abs(x)) + slack; j < len(b.values) && b.values[j] <= reach; j++ {
			other += b.counts[j]
		}
		most = max(most, float64(below)/float64(a.n)-float64(other)/float64(b.n))
	}
	return most
}

// noise is what the gap between two samples of the same values reaches in one
// case of a hundred.
func noise(n, m int64) float64 {
	return float64(1.63 * math.Sqrt(1/float64(n)+1/float64(m)))
}

// undone tells whether left is so little of a gap that a fault explains it:
// within noise and no more than half, or a tenth at most.
func undone(before, left float64, n, m int64) bool {
	return left <= noise(n, m) && left <= before/2 || left <= before/10
}

// explained is the share of a gap that is gone.
func explained(before, left float64) float64 {
	if before <= 0 {
		return 0
	}
	return min(max(1-left/before, 0), 1)
}

// explainsOf is the share of a change that a fault of some of the rows makes,
// beside the others, of which a share left would have to move.
func explainsOf(rows, left float64) float64 {
	return rows / (rows + float64((1-rows)*left))
}

// fell tells how far a gap closed.
func fell(before, left float64) string {
	return fmt.Sprintf("the widest gap between the two distributions closes from %s to %s of the values", words.Share(before), words.Share(left))
}

// remains says that what is left of a gap is more than chance, if it is.
func remains(left float64, a, b sample) string {
	if left <= noise(a.n, b.n) {
		return ""
	}
	return "; that is more than chance leaves, so the column drifted besides"
}

// step is the largest power of ten that a share of the values are multiples of,
// NaN for none or where it is not known for certain.
func (s sample) step(share float64) float64 {
	if s.width > 0 || s.n == 0 {
		return math.NaN()
	}
	for exponent, least := 9, int64(math.Ceil(share*float64(s.n))); exponent >= -6; exponent-- {
		if size := math.Pow10(exponent); s.areMultiples(size, s.n-least) {
			return size
		}
	}
	return math.NaN()
}

// areMultiples tells that all but some values are multiples of a size.
func (s sample) areMultiples(size float64, but int64) bool {
	for i, x := range s.values {
		if !multiple(x, size, 1e-9) {
			if but -= s.counts[i]; but < 0 {
				return false
			}
		}
	}
	return true
}

// share is the part of the values that do not exceed x.
func (s sample) share(x float64) float64 {
	return float64(s.first(sort.Search(len(s.values), func(i int) bool { return s.values[i] > x }))) / float64(s.n)
}

// apart tells quickly, from a few points, that the gap between a, mapped by an
// ascending map, and b is beyond a limit. back is the inverse of the map.
func apart(a, b sample, back func(float64) float64, slack, limit float64) bool {
	relative := max(a.width, b.width) + 1e-9
	for _, q := range []float64{0.5, 0.1, 0.9, 0.25, 0.75} {
		x := b.quantile(q)
		off := float64(2*relative*math.Abs(x)) + slack
		here := b.share(x)
		if here-a.share(back(x+off)) > limit || a.share(back(x-off))-here > limit {
			return true
		}
	}
	return false
}

// multiples counts the values that are multiples of a size, up to a part of it
// that they may be off.
func (s sample) multiples(size, off float64) (n int64) {
	for i, x := range s.values {
		if multiple(x, size, off) {
			n += s.counts[i]
		}
	}
	return n
}

func multiple(x, size, off float64) bool {
	q := x / size
	near := math.Round(q)
	return math.Abs(q-near) <= off+float64(1e-12*math.Abs(q)) && (near != 0 || x == 0)
}

// slid tells whether the sides agree once all values are moved by the same
// amount: an ordinary change.
func slid(a, b sample) bool { return moved(a, b) <= noise(a.n, b.n) }

// moved is the gap that is left at least once all values are moved by the same
// amount, so that one end, the other or the middle meet.
func moved(a, b sample) float64 {
	least := math.Inf(1)
	for _, by := range []float64{b.most() - a.most(), b.least() - a.least(), b.quantile(0.5) - a.quantile(0.5)} {
		if by != 0 {
			least = min(least, gap(a.apply(func(x float64) float64 { return x + by }), b, 0))
		}
	}
	return least
}
