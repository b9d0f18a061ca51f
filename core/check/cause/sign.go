package cause

import (
	"fmt"
	"math"

	"leeway/core/internal/words"
	"leeway/core/report"
)

func negated(c *column) *found {
	if w := c.opposite(); w != nil {
		return w
	}
	if c.table != nil {
		return c.exchanged()
	}
	if w := c.otherClass(); w != nil {
		return w
	}
	if c.a.n < enough || c.b.n < enough || len(c.a.values) < 3 || len(c.b.values) < 3 {
		return nil
	}
	before := c.changedBy()
	if before < 0.1 {
		return nil
	}
	left := gap(c.a.mirrored(), c.b, 0)
	// An ordinary shift can look the same, unless it does not come as near, stretched
	// or not, or nearly all values had one sign and nothing else changed.
	to := c.b.quantile(0.5) - c.a.quantile(0.5)
	shifted := gap(c.a.apply(func(x float64) float64 { return x + to }), c.b, 0)
	stretched, scale := c.stretched()
	shape := min(shifted, stretched) >= 2*left // tells it from a season
	turned, chance := c.a.sign()*c.b.sign() < 0, noise(c.a.n, c.b.n)
	switch {
	case turned && undone(before, left, c.a.n, c.b.n) && (shape || left <= chance && math.Abs(scale-1) <= 0.2):
	case turned && left <= float64(stillSigned*before) && left < shifted && c.meets():
	case (turned || before >= 0.5 || left <= chance) && left <= before/3 && shifted >= max(3*chance, 2*left):
	default:
		return nil
	}
	return &found{
		likely: !shape && !c.meets(),
		cause: report.Cause{
			Explains: explained(before, left),
			Evidence: fmt.Sprintf("values lay in %s to %s, now in %s to %s; with the sign changed back %s", words.Number(c.a.least()), words.Number(c.a.most()), words.Number(c.b.least()), words.Number(c.b.most()), fell(before, left)) + remains(left, c.a, c.b),
		},
		message: fmt.Sprintf("%s has changed its sign: the typical (median) value went from %s to %s.", c.title(), words.Number(c.a.quantile(0.5)), words.Number(c.b.quantile(0.5))),
		short:   "the sign has changed",
		hint:    fmt.Sprintf("Find out where %s is subtracted the other way round, or change the sign back where it is read. Do not retrain on it.", c.title()),
	}
}

// stretched is the gap that is left if the reference is moved and stretched, and not
// turned, so that the middle half of the values is where the current side's is; and by what
// it is stretched.
func (c *column) stretched() (left, scale float64) {
	from, to, scale := c.a.quantile(0.5), c.b.quantile(0.5), 1.0
	if width := c.a.middle(); width > 0 && c.b.middle() > 0 {
		scale = c.b.middle() / width
	}
	return gap(c.a.apply(func(x float64) float64 { return to + float64((x-from)*scale) }), c.b, 0), scale
}

// stillSigned is how much of a gap drift may leave where nearly all values changed sign.
const stillSigned = 0.6

// meets tells that both sides begin at zero and thin out from there, each its own way: a
// tenth of the values lies close to it. Those of a season that passed zero do not.
func (c *column) meets() bool {
	if one, other := c.a.lean(), c.b.lean(); one*other >= 0 || min(math.Abs(one), math.Abs(other)) < 0.25 {
		return false
	}
	reach := max(math.Abs(c.a.quantile(0.5)), math.Abs(c.b.quantile(0.5))) / 3
	return min(math.Abs(c.a.quantile(0.1)), math.Abs(c.a.quantile(0.9))) <= reach && min(math.Abs(c.b.quantile(0.1)), math.Abs(c.b.quantile(0.9))) <= reach
}

// lean is the quantile skewness at the deciles: above 0 if the upper half is wider.
func (s sample) lean() float64 {
	low, high := s.quantile(0.1), s.quantile(0.9)
	if low == high {
		return 0
	}
	return (low + high - float64(2*s.quantile(0.5))) / (high - low)
}

// sign is 1 or -1 if nearly all values that are not zero have that sign, else 0.
func (s sample) sign() int {
	zeros := s.of(0)
	positive := float64(s.n-s.below(0)-zeros) / float64(max(s.n-zeros, 1))
	switch {
	case s.n == zeros:
		return 0
	case positive >= 0.97:
		return 1
	case positive <= 0.03:
		return -1
	}
	return 0
}

// exchanged tells that the two values of a column have changed places. An
// ordinary change comes there as well when both are about as frequent; and of
// one that was never there, or never is, nothing can be told.
func (c *column) exchanged() *found {
	t := c.table
	if len(t.names) != 2 || min(t.a[0], t.a[1], t.b[0], t.b[1]) < few || t.n < enough || t.m < enough {
		return nil
	}
	before := t.gap()
	other := &table{names: t.names, a: []int64{t.a[1], t.a[0]}, b: t.b, n: t.n, m: t.m}
	if before < 0.7 || other.chance() < 0.01 && other.rarer() > 1.25 {
		return nil
	}
	first, second := words.Quoted(t.names[0]), words.Quoted(t.names[1])
	return &found{
		cause: report.Cause{
			Explains: explained(before, other.gap()),
			Evidence: fmt.Sprintf("%s went from %s to %s of the values and %s from %s to %s", first, words.Share(t.before(0)), words.Share(t.after(0)), second, words.Share(t.before(1)), words.Share(t.after(1))),
		},
		message: fmt.Sprintf("%s has its two values exchanged: %s is now as frequent as %s was (%s), and the other way round.", c.title(), first, second, words.Share(t.after(0))),
		short:   "its two values are exchanged",
		hint:    fmt.Sprintf("Find out where %s is turned into its opposite. Do not retrain on it.", c.title()),
	}
}
