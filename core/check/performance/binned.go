package performance

import (
	"math"
	"slices"

	"leeway/core/stat"
)

// scoreBins is how many bins of score are held against each other.
const scoreBins = 20

// binned are scores of both sides in bins: by side, rows and positive ones.
type binned struct {
	upper []float64 // the highest score of each bin
	rows  [2][]float64
	hits  [2][]float64
}

// scores bins the scores of both sides by quantiles of both together.
func (c *comparison) scores() *binned {
	type mass struct{ score, weight float64 }
	var all []mass
	var total float64
	sides := [2]*side{c.ref, c.cur}
	for _, s := range sides {
		for i := range s.area.steps {
			w := s.area.steps[i].Weights[0] + s.area.steps[i].Weights[1]
			all = append(all, mass{s.area.steps[i].Value, w})
			total += w
		}
	}
	slices.SortStableFunc(all, func(a, b mass) int {
		switch {
		case a.score < b.score:
			return -1
		case a.score > b.score:
			return 1
		}
		return 0
	})
	b := &binned{}
	var up float64
	for i, m := range all {
		up += m.weight
		last := i == len(all)-1
		if last || all[i+1].score > m.score && up >= total*float64(len(b.upper)+1)/scoreBins {
			b.upper = append(b.upper, m.score)
		}
	}
	for at, s := range sides {
		b.rows[at], b.hits[at] = make([]float64, len(b.upper)), make([]float64, len(b.upper))
		for i := range s.area.steps {
			step := &s.area.steps[i]
			bin, _ := slices.BinarySearch(b.upper, step.Value)
			b.rows[at][bin] += step.Weights[0] + step.Weights[1]
			b.hits[at][bin] += step.Weights[1]
		}
	}
	return b
}

// shift is by how much more often current rows come true than such scores did.
func (b *binned) shift() value {
	var all, sum, variance float64
	for i := range b.upper {
		n, m := b.rows[0][i], b.rows[1][i]
		if n == 0 || m == 0 {
			continue
		}
		p, q := b.hits[0][i]/n, b.hits[1][i]/m
		all += m
		sum += float64(m * (q - p))
		smooth := (b.hits[0][i] + b.hits[1][i] + 0.5) / (n + m + 1)
		variance += float64(m * m * smooth * (1 - smooth) * (1/n + 1/m))
	}
	if all == 0 {
		return missing("no scores that both sides have")
	}
	v := value{value: sum / all}
	half := float64(normal95 * math.Sqrt(variance) / all)
	v.low, v.high = max(v.value-half, -1), min(v.value+half, 1)
	return v
}

// p is that of the test of Cochran, Mantel and Haenszel; NaN with weights.
func (b *binned) p(weighted bool) float64 {
	var off, variance float64
	for i := range b.upper {
		n, m := b.rows[0][i], b.rows[1][i]
		all, hits := n+m, b.hits[0][i]+b.hits[1][i]
		if all < 2 {
			continue
		}
		off += b.hits[1][i] - float64(m*hits/all)
		variance += float64(n * m * hits * (all - hits) / (all * all * (all - 1)))
	}
	if weighted || !(variance > 0) {
		return math.NaN()
	}
	return min(2*stat.NormalTail(max(math.Abs(off)-0.5, 0)/math.Sqrt(variance)), 1)
}

// evened is the area of current scores that are weighted to the distribution of
// the reference's.
func (c *comparison) evened(b *binned) value {
	var n, m float64
	for i := range b.upper {
		if b.rows[0][i] > 0 && b.rows[1][i] > 0 {
			n, m = n+b.rows[0][i], m+b.rows[1][i]
		}
	}
	ranked := make([]stat.Ranked, len(c.cur.area.steps))
	for i := range c.cur.area.steps {
		step := &c.cur.area.steps[i]
		bin, _ := slices.BinarySearch(b.upper, step.Value)
		factor := float64(b.rows[0][bin] / n * (m / b.rows[1][bin]))
		for mark := range step.Weights {
			ranked[i].Weights[mark] = float64(step.Weights[mark] * factor)
			ranked[i].Squares[mark] = float64(step.Squares[mark] * factor * factor)
		}
	}
	area, err := stat.NewAUC(ranked)
	if err != nil {
		return missing(err.Error())
	}
	v := value{value: area.Area, coarse: !c.cur.area.exact}
	v.low, v.high = area.Interval()
	return v
}
