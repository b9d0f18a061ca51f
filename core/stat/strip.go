package stat

import "math"

// strip walks the recursion of outside, one diagonal x+y = t after the other.
//
// In a wide strip the cells far from both borders are so small that they do
// not count. They are kept at 0 and skipped: the cells from to through.
type strip struct {
	borders
	t             int64
	a             []float64 // by x: a of outside at x+y = t; 1 beyond the strip
	x             []float64 // 0, 1, 2...: saves converting
	from, through int64     // cells that are 0
	zero          float64   // what counts as 0
}

// borders are those of the points (x,y) with |x/m - y/n| < h/lcm(m,n).
type borders struct{ n, m, ng, mg, h int64 }

func newBorders(n, m, g, h int64) borders { return borders{n: n, m: m, ng: n / g, mg: m / g, h: h} }

func newStrip(n, m, g, h int64) *strip {
	w := &strip{borders: newBorders(n, m, g, h)}
	w.a, w.x = make([]float64, m+2), make([]float64, m+2)
	w.through = w.high(0)
	for x := range w.a {
		w.x[x] = float64(x)
		if int64(x) > w.through {
			w.a[x] = 1
		}
	}
	// A cell enters every later one by a weighted mean. So what is left out
	// costs the result, at most, the largest value left out in each step.
	w.zero = 1e-15 * w.atLeast()
	return w
}

// atLeast is a bound on the result from below: the chance of the likeliest of
// some points beyond the border.
func (w *strip) atLeast() float64 {
	best := math.Inf(-1)
	all := w.n + w.m
	for t := int64(1); t < all; t += max(all/128, 1) {
		h := Hypergeometric{All: all, Marked: w.m, Draw: t}
		best = max(best, h.log(w.high(t)+1), h.log(w.low(t)-1))
	}
	return math.Exp(best)
}

// low and high are the ends of the strip among the points with x+y = t.
func (b *borders) low(t int64) int64  { return floorDiv(b.mg*t-b.h, b.ng+b.mg) + 1 }
func (b *borders) high(t int64) int64 { return -floorDiv(-(b.mg*t+b.h), b.ng+b.mg) - 1 }

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// step goes from x+y = t to t+1.
func (w *strip) step() {
	w.t++
	border, high := w.low(w.t), min(w.high(w.t), w.m, w.t)
	if border > 0 {
		w.from = min(w.from+1, w.through+1)
	}
	low := max(border, w.t-w.n, 0)
	w.from = max(w.from, low)
	// A cell is made from itself and its lower neighbour, so going down works
	// in place, and a 0 among zeros stays 0.
	w.row(max(w.through+1, low), high)
	w.row(low, min(w.from-1, w.through))
	if border > 0 {
		w.a[border-1] = 1 // only now: the lowest cell was made from what it was
	}
	for w.through < high && w.a[w.through+1] < w.zero {
		w.through++
		w.a[w.through] = 0
	}
	for w.from > low && w.from <= w.through && w.a[w.from-1] < w.zero {
		w.from--
		w.a[w.from] = 0
	}
}

// row renews the cells from to to.
func (w *strip) row(from, to int64) {
	from = max(from, 1) // x = 0 has no lower neighbour: it stays what it is
	if from > to {
		return
	}
	a, x := w.a[from-1:to+1], w.x[from-1:to+1]
	all, scale := float64(w.t), 1/float64(w.t)
	last := a[len(a)-1]
	for i := min(len(a), len(x)) - 1; i > 0; i-- {
		before := a[i-1]
		// Not last + x/t·(before-last): where before is tiny that loses it.
		a[i] = (float64(x[i]*before) + float64((all-x[i])*last)) * scale
		last = before
	}
}
