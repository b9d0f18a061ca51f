package fairness

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/stat"
)

// Real groups differ from window to window by more than their rows explain: who came
// this week, which campaign ran. How much more is told by the reference's own windows,
// group by group: by how far each was from what all groups of the window did together.
// What all do alike is no difference between them.

// mostKept bounds of how many groups of a column each window of the reference is
// remembered: those with the most rows. Of the others counts what these say together.
const mostKept = 20

const moving = "fairness moves "

// Between tells whether a key of Input.Variation is of how groups differ between windows.
func Between(key string) bool { return strings.HasPrefix(key, moving) }

func (v *view) key(m *measure, at int) string {
	return moving + m.key + " " + v.cut.Name() + " " + v.cut.Parts[at].Name()
}

var measures = []*measure{selection, truePositive, falsePositive, precision}

// deviates are how far the groups of a window that is part of the reference are from
// what all of its groups did.
func (v *view) deviates() (all []check.Deviate) {
	if v.shape.Favoured < 0 {
		return nil
	}
	for _, m := range measures {
		all = append(all, v.residuals(m)...)
	}
	return all
}

// residuals are those of a rate: how far a group's moved beyond their common move (the
// mean, weighted by how well each is known), in standard errors of that.
//
// A window of c rows is part of the whole of n, which makes the variance of what is
// between them smaller by the factor 1 - 2c/(n+c).
func (v *view) residuals(m *measure) (all []check.Deviate) {
	list := slices.DeleteFunc(slices.Clone(v.tested(m)), func(p pair) bool {
		return !(p.moved.Error > 0) || float64(p.sides[1].rows) > 0.6*float64(p.sides[0].rows)
	})
	if len(list) < 2 {
		return nil
	}
	weights, together, moved := make([]float64, len(list)), 0.0, 0.0
	for i := range list {
		n, c := float64(list[i].sides[0].rows), float64(list[i].sides[1].rows)
		variance := float64(list[i].moved.Error*list[i].moved.Error) * (1 - 2*c/(n+c))
		weights[i] = 1 / variance
		together += weights[i]
		moved += float64(weights[i] * list[i].by())
	}
	kept := v.kept(list)
	for i := range list {
		if at := list[i].sides[0].at; kept[at] {
			z := (list[i].by() - moved/together) / math.Sqrt(1/weights[i]-1/together)
			all = append(all, check.Deviate{Key: v.key(m, at), Deviate: metric.Deviate{Z: z, N: list[i].effective()}})
		}
	}
	return all
}

// kept are the groups that are remembered, by their places.
func (v *view) kept(list []pair) map[int]bool {
	order := slices.Clone(list)
	rows := func(p pair) int64 { return v.sides[0].Parts[p.sides[0].at].Rows }
	slices.SortStableFunc(order, func(a, b pair) int { return cmp.Compare(rows(b), rows(a)) })
	kept := map[int]bool{}
	for _, p := range order[:min(len(order), mostKept)] {
		kept[p.sides[0].at] = true
	}
	return kept
}

// by is how far the rate moved.
func (p *pair) by() float64 { return p.p(1) - p.p(0) }

// effective is how many rows it is known by.
func (p *pair) effective() float64 {
	n, m := p.sides[0].share().N, p.sides[1].share().N
	return n * m / (n + m)
}

// allow fills in how much more than by sampling groups move between windows: each by
// its own windows, of those that have too few by the windows of all.
func (v *view) allow(list []pair, m *measure) {
	var pooled []metric.Deviate
	for at := range v.cut.Parts {
		pooled = append(pooled, v.past[v.key(m, at)]...)
	}
	for i := range list {
		one := &list[i]
		one.scale, one.degrees = 1, math.Inf(1)
		windows := v.past[v.key(m, one.sides[0].at)]
		if len(windows) < metric.FewestWindows {
			windows = pooled
		}
		if len(windows) >= metric.FewestWindows {
			variance, degrees := check.Between(windows, one.effective(), 1-1/float64(len(windows)), false)
			one.scale, one.degrees = math.Sqrt(variance), degrees
		}
	}
}

// error is how far the rate moves between windows though nothing changed.
func (p *pair) error() float64 { return p.moved.Error * p.scale }

// apart is by how much two groups moved apart, as a deviate: by chance no larger than
// that of two normal values, see [stat.Apart].
func apart(a, b *pair) float64 {
	z := stat.Apart(a.moved, b.moved)
	if z <= 0 || math.IsInf(a.degrees, 1) && math.IsInf(b.degrees, 1) {
		return z
	}
	x, y := float64(a.error()*a.error()), float64(b.error()*b.error())
	degrees := float64((x+y)*(x+y)) / (x*x/a.degrees + y*y/b.degrees) // Satterthwaite
	z *= math.Hypot(a.moved.Error, b.moved.Error) / math.Sqrt(x+y)
	return stat.Deviate(stat.StudentTwoSided(z, degrees))
}
