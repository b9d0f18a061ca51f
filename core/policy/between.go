package policy

import (
	"math"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/stat"
)

// NewDeviate turns a p-value into a [metric.Deviate].
func NewDeviate(p float64, reference, current int64) metric.Deviate {
	return metric.Deviate{Z: stat.Deviate(p), N: effective(reference, current)}
}

func effective(reference, current int64) float64 {
	n, m := float64(reference), float64(current)
	return n * m / (n + m)
}

// settled corrects evidence for how much windows differ though nothing changed.
//
// A p-value knows sampling alone. Real windows differ by more: weekdays,
// campaigns, who happened to shop. How much more, the windows of the reference
// tell: the mean square of their deviates is 1 where rows are independent, and
// 1 + excess·n where they are not. The current deviate is scaled by that, and
// held against Student's t with as many degrees of freedom as the estimate of
// the variance has (Satterthwaite, 1946): known where it is all sampling, few
// where it is all from few windows. A tenth of the windows, the worst ones, is
// left out, so that a bad week of the reference excuses nothing.
//
// A reference of few windows differs itself from what is usual: wider is by how
// much more the variance between it and a window is than it was for the windows
// that were measured.
//
// The second result is the scale: 1 where sampling is all.
func settled(e *check.Evidence, windows []metric.Deviate, wider float64) (check.Evidence, float64) {
	s := *e
	if len(windows) < metric.FewestWindows || math.IsNaN(e.P) || e.NReference == 0 || e.NCurrent == 0 {
		return s, 1
	}
	variance, degrees := spread(windows, float64(effective(e.NReference, e.NCurrent)*wider))
	if variance <= 1 {
		return s, 1
	}
	scale := math.Sqrt(variance)
	s.P = max(e.P, stat.StudentTwoSided(stat.Deviate(e.P)/scale, degrees))
	if e.NoiseFloor > 0 {
		s.NoiseFloor = float64(e.NoiseFloor * scale)
		s.Effect = max(math.Abs(e.Value)-s.NoiseFloor, 0)
	}
	return s, scale
}

// spread is the variance of a deviate between windows of n effective rows, at
// least 1, and the degrees of freedom that it is known with.
func spread(windows []metric.Deviate, n float64) (variance, degrees float64) {
	deviates := make([]float64, len(windows))
	var typical float64
	for i, w := range windows {
		deviates[i] = w.Z
		typical += w.N / float64(len(windows))
	}
	mean, kept := stat.Scatter(deviates)
	excess := float64(max(mean-1, 0) * (n / typical))
	if excess == 0 {
		return 1, math.Inf(1)
	}
	variance = 1 + excess
	return variance, kept * variance / excess
}
