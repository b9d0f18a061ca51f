package fairness

import (
	"fmt"
	"math"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/outcome"
	"leeway/core/stat"
)

// reversal says where two groups change places once rows are compared within
// segments (Simpson's paradox): one is predicted positive more often on the whole,
// and less often, on average, among rows of the same segment. Both must be sure for
// all pairs and segments together; the surest is told. It is no alarm: nothing need
// have changed.
func (v *view) reversal(g *check.Groups) (check.Evidence, bool) {
	k := len(v.cut.Parts)
	if len(v.cut.Columns) > 1 || k < 2 {
		return check.Evidence{}, false
	}
	best, ahead, behind, difference := sure/float64(k*(k-1)*max(len(g.Current.Crossed), 1)), -1, -1, 0.0
	var segments *outcome.Cut
	for i := range g.Current.Crossed {
		c := &g.Current.Crossed[i]
		if &g.Current.Cut[c.Groups] != v.cut {
			continue
		}
		for a := range k {
			for b := range k {
				if a == b {
					continue
				}
				if inside, p := v.within(c, a, b); p < best {
					best, ahead, behind, difference = p, a, b, inside
					segments = &g.Current.Cut[c.Segments]
				}
			}
		}
	}
	if segments == nil {
		return check.Evidence{}, false
	}
	x, y := v.rate(1, ahead, selection), v.rate(1, behind, selection)
	e := v.event(check.Reversal)
	e.Columns, e.Notable, e.Value, e.NCurrent = segments.Columns, true, difference, x.rows+y.rows
	e.Message = fmt.Sprintf("%s of `%s` is predicted positive more often than %s (%s against %s), but within the same `%s` less often, by %s on average.",
		v.called(ahead), v.cut.Name(), v.called(behind), words.Share(x.p()), words.Share(y.p()), segments.Name(), points(-difference))
	e.Hint = "Which of the two is fair hangs on whether the segment may make a difference (Simpson's paradox): compare within segments where it may."
	return e, true
}

// within is how much more often group a is predicted positive than b within
// segments (Mantel and Haenszel, 1959: weights n·m/(n+m)), and the p-value of that
// being negative while it is positive on the whole, the larger of both.
func (v *view) within(c *outcome.Crossed, a, b int) (inside, p float64) {
	var sum, weights, variance float64
	var all [2]stat.Share
	var hits [2]float64
	for s := range c.Said {
		var share [2]stat.Share
		for i, at := range [2]int{a, b} {
			part, squares := v.shape.Weight(&c.Said[s][at][1])
			rest, others := v.shape.Weight(&c.Said[s][at][0])
			if part+rest > 0 {
				share[i] = stat.Share{P: part / (part + rest), N: (part + rest) * (part + rest) / (squares + others)}
			}
		}
		n, m := share[0].N, share[1].N
		if n == 0 || m == 0 {
			continue
		}
		for i := range share {
			all[i].N += share[i].N
			hits[i] += float64(share[i].P * share[i].N)
		}
		w := n * m / (n + m)
		sum += float64(w * (share[0].P - share[1].P))
		weights += w
		p := (float64(share[0].P*n) + float64(share[1].P*m)) / (n + m)
		variance += float64(w * p * (1 - p))
	}
	if weights == 0 || variance == 0 {
		return 0, 1
	}
	all[0].P, all[1].P = hits[0]/all[0].N, hits[1]/all[1].N
	whole := all[0].P - all[1].P
	inside = sum / weights
	pooled := (hits[0] + hits[1]) / (all[0].N + all[1].N)
	error := math.Sqrt(pooled * (1 - pooled) * (1/all[0].N + 1/all[1].N))
	if !(whole > 0 && inside < 0 && error > 0) {
		return inside, 1
	}
	return inside, max(stat.NormalTail(whole/error), stat.NormalTail(-sum/math.Sqrt(variance)))
}
