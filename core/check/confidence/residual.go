package confidence

import (
	"math"
	"sort"

	"leeway/core/outcome"
	"leeway/core/sketch"
)

// residuals is how far off the reference's predictions were, by what they were:
// in bins of equal numbers of rows, since errors grow with the prediction in most
// models. It knows nothing of features, so what changes in them and not in the
// prediction it cannot see.
type residuals struct {
	upper  []float64 // by bin: the predictions up to which it goes, but for the last
	bins   []spread
	low    float64 // smallest and largest prediction of the reference
	high   float64
	sample bool
}

// spread is what errors of a bin are like: of |e| and of e² the mean, how far
// single rows are from it, and how well the mean is known.
type spread struct {
	mean, noise, error [2]float64
}

// newResiduals makes a model of residuals; reason says why that cannot be.
func newResiduals(from *outcome.Residuals) (m *residuals, reason string) {
	list, whole := from.Sorted()
	var rows int64
	for i := range list {
		rows += list[i].Rows
	}
	if rows < fewest {
		return nil, "the reference has fewer than 100 labelled rows with a prediction"
	}
	m = &residuals{low: list[0].Predicted, high: list[len(list)-1].Predicted, sample: !whole}
	cut, first, full := newCutter(rows, mostBins), 0, false
	for i := range list {
		last := i == len(list)-1
		full = cut.take(list[i].Rows) || full
		if !last && (!full || list[i].Predicted == list[i+1].Predicted) {
			continue
		}
		m.bins = append(m.bins, newSpread(list[first:i+1]))
		if first, full = i+1, false; !last {
			m.upper = append(m.upper, (list[i].Predicted+list[i+1].Predicted)/2)
		}
	}
	return m, ""
}

func newSpread(rows []outcome.Residual) (s spread) {
	var weight, squares float64
	for i := range rows {
		w := float64(float64(rows[i].Rows) * rows[i].Weight)
		weight += w
		squares += float64(w * rows[i].Weight)
		s.mean[0] += float64(w * rows[i].Size)
		s.mean[1] += float64(w * rows[i].Size * rows[i].Size)
	}
	n := weight * weight / squares
	for k := range s.mean {
		s.mean[k] /= weight
	}
	for i := range rows {
		w, x := float64(float64(rows[i].Rows)*rows[i].Weight), rows[i].Size
		for k := range s.mean {
			d := x - s.mean[k]
			s.noise[k] += float64(w * d * d)
			x *= rows[i].Size
		}
	}
	for k := range s.mean {
		s.noise[k] = s.noise[k] / weight * n / math.Max(n-1, 1)
		s.error[k] = s.noise[k] / n
	}
	return s
}

// errors estimates the mean of |e| and that of e² for predictions.
func (m *residuals) errors(said *sketch.Marked) (absolute, squared estimate) {
	weights, squares := make([]float64, len(m.bins)), make([]float64, len(m.bins))
	var all float64
	for s := range said.All() {
		at := sort.Search(len(m.upper), func(i int) bool { return s.Value <= m.upper[i] })
		weights[at] += s.Weights[0]
		squares[at] += s.Squares[0]
		all += s.Weights[0]
	}
	both := [2]estimate{}
	for k := range both {
		e := estimate{rows: said.Count(), fuzzy: m.sample || !said.Exact()}
		for b := range m.bins {
			share := weights[b] / all
			e.value += float64(share * m.bins[b].mean[k])
			e.variance += float64(squares[b]/(all*all)*m.bins[b].noise[k]) + float64(share*share*m.bins[b].error[k])
		}
		both[k] = e
	}
	return both[0], both[1]
}

// rooted is the root of a mean square.
func rooted(e estimate) estimate {
	e.value = math.Sqrt(e.value)
	if e.value > 0 {
		e.variance /= 4 * e.value * e.value
	}
	return e
}

// unsupported is the share of predictions beyond those of the reference.
func (m *residuals) unsupported(said *sketch.Marked) float64 {
	var strange, all float64
	for s := range said.All() {
		all += s.Weights[0]
		if s.Value < m.low || s.Value > m.high {
			strange += s.Weights[0]
		}
	}
	return strange / all
}
