package cause

import (
	"math"

	"leeway/core/sketch"
)

// outline is what tells quickly that a column does not hold what another one
// held: of thousands of columns that drifted, nearly any two.
type outline struct {
	swaps   bool // it changed enough, and there is enough of it, to be exchanged
	numbers bool
	bulk    bulk

	// Numbers: where the reference's values divide into equal shares, and how
	// many of the current ones lie below some of them.
	shares [divisions + 1]float64
	points [len(outlinePoints)]point
	// Of what holds half of its change at most, these shares end at the first
	// point or before, and after it.
	before, after int

	// Of numbers on a grid, of which each is there several times, the share of the
	// current ones that the reference never had.
	gridded bool
	foreign float64

	// Categories: shares by a part of their hash, of both sides.
	parts [2][divisions]float64
}

// divisions is how fine an outline is.
const divisions = 32

var outlinePoints = [...]float64{0.5, 0.1, 0.9, 0.25, 0.75}

type point struct{ at, share float64 }

// outlined gives the outline of a column; it is made once.
func (c *column) outlined() *outline {
	if c.outline != nil {
		return c.outline
	}
	o := &outline{}
	c.outline = o
	switch {
	case c.a.n >= enough && c.b.n >= enough:
		o.numbers = true
		o.bulk = c.bulk()
		if o.swaps = o.bulk.own >= leastGap && len(c.a.values) > 2; o.swaps {
			for i, step := range c.stepped() {
				if step > 0 {
					o.bulk.steps[i] = step
				}
			}
			o.draw()
			o.grid(c)
		}
	case c.table != nil && c.table.m >= enough:
		o.swaps = c.table.gap() >= leastGap
		o.parts = [2][divisions]float64{parts(c.ref.Categories), parts(c.cur.Categories)}
	}
	return o
}

// draw fills in where the numbers lie.
func (o *outline) draw() {
	a, b := o.bulk.a, o.bulk.b
	for i := range o.shares {
		o.shares[i] = a.quantile(float64(i) / divisions)
	}
	for i, q := range outlinePoints {
		x := b.quantile(q)
		o.points[i] = point{x, b.share(x)}
	}
	here, limit := o.points[0].share, float64(o.bulk.own/2)
	o.before = max(int(math.Floor((here-limit)*divisions)), 0)
	o.after = min(int(math.Floor((here+limit)*divisions))+1, divisions)
}

// grid fills in whether all values are known and repeat, and how many are new.
func (o *outline) grid(c *column) {
	repeats := func(s sample) bool { return s.width == 0 && len(s.values) >= 10 && 4*int64(len(s.values)) <= s.n }
	if o.gridded = !c.thin && repeats(c.a) && repeats(c.b); o.gridded {
		o.foreign = foreign(c.a, c.b)
	}
}

// parts are the shares of categories whose hashes have a part in common.
func parts(c *sketch.Counts) (shares [divisions]float64) {
	for i, n := range c.Buckets() {
		shares[i%divisions] += float64(n) / float64(c.Count())
	}
	return shares
}

// elsewhere tells at a glance that the reference of o is [outline.unlike] the
// current side of c, at half of c's change.
func (o *outline) elsewhere(c *outline, relative float64) bool {
	x := c.points[0].at
	off := float64(2 * relative * math.Abs(x))
	return o.shares[c.before] > x+off || o.shares[c.after] <= x-off && c.after < divisions
}

// unlike tells that the gap between the reference of o, in numbers that are
// off by relative, and the current side of c is beyond a limit, as [apart] does
// and never where that does not.
func (o *outline) unlike(c *outline, relative, limit float64) bool {
	for _, p := range c.points {
		off := float64(2 * relative * math.Abs(p.at))
		if p.share-o.atMost(p.at+off) > limit || o.atLeast(p.at-off)-p.share > limit {
			return true
		}
	}
	return false
}

// atMost and atLeast bound the share of the reference's values up to x.
func (o *outline) atMost(x float64) float64 {
	return float64(float64(min(o.below(x), divisions)) / divisions)
}

func (o *outline) atLeast(x float64) float64 {
	return float64(float64(max(o.below(x)-1, 0)) / divisions)
}

// below counts the shares that end at x or below.
func (o *outline) below(x float64) int {
	low, high := 0, len(o.shares)
	for low < high {
		if middle := (low + high) / 2; o.shares[middle] <= x {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

// others tells that the categories of the reference of o and those of the
// current side of c differ by more than a limit in their shares: parts never
// differ by more than categories do.
func (o *outline) others(c *outline, limit float64) bool {
	d := 0.0
	for i, share := range o.parts[0] {
		d += math.Abs(share - c.parts[1][i])
	}
	return d/2 > limit+1e-9
}
