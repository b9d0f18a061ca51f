package stat

import (
	"math"
	"sync"
)

// standingSteps is how finely ranks are told apart for Standing.
const standingSteps = 4096

// standingScores are the normal quantiles at the middles of that many steps.
var standingScores = sync.OnceValue(func() *[standingSteps]float64 {
	var scores [standingSteps]float64
	for i := range scores {
		scores[i] = normalQuantile((float64(i) + 0.5) / standingSteps)
	}
	return &scores
})

// Standing says where the current values stand in the reference: the mean of
// their normal scores (level, about the shift in standard deviations) and of
// the squares of these (spread), each standardized to mean 0 and variance 1
// over the reference. The score of a value is the normal quantile of its
// mid-rank among the reference's values, so that it is the same for every
// window and no outlier leads it. It needs at least two different values in
// the reference.
func (p *Pair) Standing() (level, spread float64, err error) {
	if p.empty() {
		return 0, 0, ErrEmpty
	}
	level, err = p.standing(func(z float64) float64 { return z })
	if err != nil {
		return 0, 0, err
	}
	spread, err = p.standing(func(z float64) float64 { return z * z })
	if err != nil { // of two values, equally frequent: no spread to speak of
		return level, 0, nil
	}
	return level, spread, nil
}

func (p *Pair) standing(score func(z float64) float64) (float64, error) {
	scores := standingScores()
	var mean, square, current sum
	var before int64
	for i := range p.values {
		rank := (float64(before) + float64(float64(p.a[i])/2)) / float64(p.n)
		x := score(scores[min(int(rank*standingSteps), standingSteps-1)])
		mean.add(float64(p.a[i]) * x)
		square.add(float64(p.a[i]) * x * x)
		current.add(float64(p.b[i]) * x)
		before += p.a[i]
	}
	n, m := float64(p.n), float64(p.m)
	centre := mean.value() / n
	variance := square.value()/n - float64(centre*centre)
	if !(variance > 1e-12) {
		return 0, ErrConstant
	}
	return (current.value()/m - centre) / math.Sqrt(variance), nil
}
