package cause

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"leeway/core/internal/words"
	"leeway/core/report"
)

// clipped tells that values beyond a bound have become that bound.
func clipped(c *column) *found {
	return c.bounded(func(a, b sample, mirror float64) *found {
		bound := b.most()
		beyond := 1 - float64(a.below(bound)+a.of(bound))/float64(a.n)
		if beyond*float64(b.n) < 20 || beyond < 0.005 || 2*float64(a.of(bound))/float64(a.n) > beyond {
			return nil
		}
		// The bound has to hold about as much as lay beyond it.
		share := float64(b.of(bound)) / float64(b.n)
		expected, heap := beyond+float64(a.of(bound))/float64(a.n), b.heap()
		if share < expected/2 && (!heap || share < expected/4) {
			return nil
		}
		before := gap(a, b, 0)
		left := gap(a.apply(func(x float64) float64 { return min(x, bound) }), b, 0)
		explains := max(explained(before, left), explainsOf(share-a.part(bound), left))
		if !b.piled() || a.part(a.most()) > share/2 || !heap && (explains < 0.5 || left > 1./3 || moved(a, b) <= left) {
			return nil
		}
		at, side := words.Number(mirror*bound), beside(mirror)
		value := mirror * bound
		return &found{
			likely: left > noise(a.n, b.n) && (share < expected/2 || explains < 0.5 || left > 1./3),
			aside:  explains < 0.5,
			cause: report.Cause{Bound: &value, Explains: explains,
				Evidence: fmt.Sprintf("%s of the reference lay %s %s, none of the current values does, and %s of them are exactly %s; cut there, %s%s", words.Share(beyond), side, at, words.Share(share), at, fell(before, left), remains(left, a, b))},
			message: fmt.Sprintf("%s is clipped at %s: %s of the values used to lie %s it, now %s lie exactly on it.", c.title(), at, words.Share(beyond), side, words.Share(share)),
			short:   "clipped at " + at,
			hint:    fmt.Sprintf("Find out what caps %s at %s: a limit, an overflow, a sensor at the end of its range. Do not retrain on it.", c.title(), at),
		}
	})
}

// cutOff tells that rows with values beyond a bound are gone.
func cutOff(c *column) *found {
	return c.bounded(func(a, b sample, mirror float64) *found {
		bound := b.most()
		beyond := 1 - float64(a.below(bound)+a.of(bound))/float64(a.n)
		if beyond*float64(b.n) < 50 || beyond < 0.03 || beyond > 0.8 {
			return nil
		}
		before := gap(a, b, 0)
		kept := a.only(func(x float64) bool { return x <= bound })
		if kept.n < enough || len(kept.values) < 10 || b.piled() && b.part(bound)-kept.part(bound) > noise(kept.n, b.n) {
			return nil
		}
		left := gap(kept, b, 0)
		explains := max(explained(before, left), explainsOf(beyond, left))
		if explains < 0.5 || left > max(before/4, min(noise(kept.n, b.n), 1./3)) || noise(kept.n, b.n) > max(before/3, min(before/2, 0.03)) || !abrupt(kept, b) {
			return nil
		}
		if beyond > 0.5 && left > noise(kept.n, b.n) { // the lesser part of the values, and that not as before
			return nil
		}
		// Values that have all become smaller look the same if they fill a range
		// evenly.
		shrunk := a.apply(func(x float64) float64 {
			return a.least() + float64((x-a.least())*((bound-a.least())/(a.most()-a.least())))
		})
		if gap(shrunk, b, 0) < max(left, noise(a.n, b.n))+noise(a.n, b.n) || slid(a, b) {
			return nil
		}
		value := mirror * bound
		at, side := words.Number(value), beside(mirror)
		rest, others := remains(left, kept, b), ""
		if rest == "" {
			others = ", the others are as before"
		}
		return &found{
			cause: report.Cause{Bound: &value, Explains: explains,
				Evidence: fmt.Sprintf("%s of the reference lay %s %s, none of the current values does; among the rest, %s%s", words.Share(beyond), side, at, fell(before, left), rest)},
			message: fmt.Sprintf("%s is cut off at %s: the %s of the values that lay %s it are gone%s.", c.title(), at, words.Share(beyond), side, others),
			short:   "cut off at " + at,
			hint:    fmt.Sprintf("Find out which filter drops the rows with %s %s %s.", c.title(), side, at),
		}
	})
}

// piled tells that the largest value is far more frequent than those next to
// it: what lay beyond it is there.
func (s sample) piled() bool {
	last := len(s.values) - 1
	if last < 10 {
		return false
	}
	return s.counts[last] >= 10 && s.counts[last] >= 3*slices.Max(s.counts[last-4:last])
}

// heap tells that the largest value is a tenth of all, and ten times as frequent as those
// next to it, or half of that and twice as far above these: other drift does not hide that.
func (s sample) heap() bool {
	last := len(s.values) - 1
	if last < 10 {
		return false
	}
	most := slices.Max(s.counts[last-4 : last])
	return 10*s.counts[last] >= s.n && s.counts[last] >= 10*most || 20*s.counts[last] >= s.n && s.counts[last] >= 20*most
}

// abrupt tells that the current values end at a bound as a filter ends them:
// next to it there are about as many as in what is kept of the reference.
// Values that became smaller by themselves thin out towards the largest.
func abrupt(kept, b sample) bool {
	near := kept.quantile(1 - max(float64(enough)/float64(b.n), 0.02))
	expected := 1 - kept.share(near)
	if rarest := float64(10) / float64(b.n); expected < rarest {
		near = kept.values[max(sort.SearchFloat64s(kept.values, near)-1, 0)]
		expected = 1 - kept.share(near)
	}
	return 1-b.share(near) >= expected/2
}

// bounded looks at the upper end, then at the lower one as in a mirror.
func (c *column) bounded(look func(a, b sample, mirror float64) *found) *found {
	if c.a.n < enough || c.b.n < enough || len(c.a.values) < 3 || len(c.b.values) < 3 {
		return nil
	}
	if w := look(c.a, c.b, 1); w != nil {
		return w
	}
	if c.b.least() <= c.a.least() { // nothing lay beyond it
		return nil
	}
	return look(c.a.mirrored(), c.b.mirrored(), -1)
}

func beside(mirror float64) string {
	if mirror < 0 {
		return "below"
	}
	return "above"
}

// coarse tells that decimals were lost: all values are multiples of a step
// that most of the reference's were not.
func coarse(c *column) *found {
	if c.b.n < enough || c.a.n < enough || len(c.b.values) < 3 || c.cur.Numeric.Grid.Width() > 0 { // see step
		return nil
	}
	raw := c.current()
	step := raw.step(1)
	if !(step > 0) {
		return nil
	}
	finer := 1 - c.on(step)
	if finer < 0.3 {
		return nil
	}
	before := c.changedBy()
	best, how := c.nearest(step)
	chance := noise(c.a.n, c.b.n)
	halved := best <= before/2
	if !halved && (!raw.surely(finer) || best > max(chance, finer/2)) || c.coarser(raw, step) {
		return nil
	}
	if !halved && best > max(chance, finer/3) && c.another(best) {
		return nil
	}
	closes := fell(before, best)
	if !halved { // a gap of distributions hardly sees it: what changed is which values there are
		before, closes = max(before, finer), fmt.Sprintf("the two distributions are %s apart", words.Share(best))
	}
	to := wholes(step)
	return &found{
		aside: !halved && best > chance,
		cause: report.Cause{Step: &step, Explains: explained(before, best),
			Evidence: fmt.Sprintf("all %s current values are %s, of the reference's %s were; %s in the same way, %s%s", words.Count(raw.n), to, words.Share(c.on(step)), how, closes, remains(best, c.a, c.b))},
		message: fmt.Sprintf("%s has lost its decimals: all values are %s, which %s were before.", c.title(), to, words.Share(c.on(step))),
		short:   how + " to " + to,
		hint:    fmt.Sprintf("Find out where %s is %s: a column type, an export, a conversion to integers. Do not retrain on it.", c.title(), how),
	}
}

// another tells that the current values are nearer to what another column with steps
// like theirs was than left: they may be that one's.
func (c *column) another(left float64) bool {
	step := c.stepped()[1]
	for i := range c.in.Schema.Columns {
		o := c.column(c.in.Schema.Columns[i].Name)
		if o == nil || o.name == c.name || o.a.n < enough || gap(o.a, c.b, 0) > left {
			continue
		}
		if other := o.stepped()[0]; math.IsNaN(other) || math.IsNaN(step) || other == step {
			return true
		}
	}
	return false
}

// wholes says what multiples of a step are.
func wholes(step float64) string {
	if step == 1 {
		return "whole numbers"
	}
	return "multiples of " + words.Number(step)
}

// nearest is the way of rounding the reference to a step that leaves the least of a
// gap, the plain one if that leaves no more than chance does.
func (c *column) nearest(step float64) (left float64, how string) {
	left = math.Inf(1)
	for i, way := range []struct {
		name string
		to   func(float64) float64
	}{{"rounded", math.Round}, {"rounded down", math.Floor}, {"rounded up", math.Ceil}, {"cut", math.Trunc}} {
		now := gap(c.a.apply(func(x float64) float64 { return float64(way.to(x/step) * step) }), c.b, 0)
		if now < left {
			left, how = now, way.name
		}
		if i == 0 && now <= noise(c.a.n, c.b.n) {
			break
		}
	}
	return left, how
}

// surely tells that chance does not have it that all values are multiples of a step
// that such a share of others are not: in one case of 500 millions at most.
func (s sample) surely(finer float64) bool {
	return len(s.values) >= 10 && -float64(s.n)*math.Log1p(-min(finer, nearlyAll)) >= 20
}

// coarser tells that all values lie on a multiple of the step, which what was
// rounded to it would not: another column's, say, in steps of 0.02.
func (c *column) coarser(raw sample, step float64) bool {
	for _, times := range []float64{2, 3, 5, 7} {
		size := float64(times * step)
		if !raw.areMultiples(size, 0) {
			continue
		}
		if to := c.a.apply(func(x float64) float64 { return float64(math.Round(x/step) * step) }); float64(to.multiples(size, 1e-6)) < nearlyAll*float64(to.n) {
			return true
		}
	}
	return false
}

// current is the current side as it is known, not as coarse as the reference.
func (c *column) current() sample {
	if c.b.width == c.cur.Numeric.Grid.Width() {
		return c.b
	}
	return within(c.cur.Numeric.Grid, c.cur.Numeric)
}

// on is the share of the reference's values that are multiples of a step. Where
// they are known as cells only, there are too many for most of them to be.
func (c *column) on(step float64) float64 {
	ref := within(c.ref.Numeric.Grid, c.ref.Numeric)
	if ref.width == 0 {
		return float64(ref.multiples(step, 1e-9)) / float64(ref.n)
	}
	distinct, _ := c.ref.DistinctCount()
	if places := (ref.quantile(0.99) - ref.quantile(0.01)) / step; distinct > 3*places {
		return min(places/distinct, 1)
	}
	return 1
}
