package policy

import (
	"math"
	"slices"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/stat"
)

// NewPast turns a p-value into a [metric.Past].
func NewPast(p float64, reference, current int64) metric.Past {
	return metric.Past{Z: stat.Deviate(p), N: effective(reference, current)}
}

func effective(reference, current int64) float64 {
	n, m := float64(reference), float64(current)
	return n * m / (n + m)
}

// leastPast is how many windows of the reference it takes to say anything
// about how windows differ.
const leastPast = 8

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
// The second result is the scale: 1 where sampling is all.
func settled(e *check.Evidence, past []metric.Past) (check.Evidence, float64) {
	s := *e
	if len(past) < leastPast || math.IsNaN(e.P) || e.NReference == 0 || e.NCurrent == 0 {
		return s, 1
	}
	variance, degrees := spread(past, effective(e.NReference, e.NCurrent))
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
func spread(past []metric.Past, n float64) (variance, degrees float64) {
	squares := make([]float64, len(past))
	var typical float64
	for i, p := range past {
		squares[i] = p.Z * p.Z
		typical += p.N / float64(len(past))
	}
	slices.Sort(squares)
	kept := squares[:len(squares)-(len(squares)+9)/10]
	var mean float64
	for _, z := range kept {
		mean += z / float64(len(kept))
	}
	k := float64(len(kept))
	mean = float64(mean * (caution(k) / keptMean(k/float64(len(squares)))))
	excess := float64(max(mean-1, 0) * (n / typical))
	if excess == 0 {
		return 1, math.Inf(1)
	}
	variance = 1 + excess
	return variance, k * variance / excess
}

// caution is how much larger than the mean of k squares their true mean may
// well be: its upper quartile, k over the lower quartile of chi-squared (Wilson
// and Hilferty, 1931). An estimate that is too small by chance costs false
// alarms, one that is too large costs little power.
func caution(k float64) float64 {
	const quartile = -0.6744897501960817
	root := 1 - 2/(9*k) + float64(quartile*math.Sqrt(2/(9*k)))
	return 1 / (root * root * root)
}

// keptMean is the mean of the smallest share of squared standard normal values.
func keptMean(share float64) float64 {
	z := stat.Deviate(1 - share)
	return 1 - float64(2*z*math.Exp(-z*z/2)/math.Sqrt(2*math.Pi)/share)
}
