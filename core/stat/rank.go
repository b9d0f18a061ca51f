package stat

import (
	"math"
	"slices"
)

// draw is a sum of scores over a sample drawn without replacement: of groups
// of tied items with totals and scores, size items are taken. It is the null
// distribution of every linear rank statistic, ties included, whatever the
// values are distributed like.
type draw struct {
	totals []float64
	scores []float64 // centred: the mean over all items is 0, the variance 1
	all    float64
	size   float64
}

// newDraw centres and scales the scores in place. ok is false where they do
// not vary.
func newDraw(totals, scores []float64, size float64) (d *draw, ok bool) {
	d = &draw{totals: totals, scores: scores, size: size}
	var mean, square sum
	for i, t := range totals {
		d.all += t
		mean.add(t * scores[i])
	}
	centre := mean.value() / d.all
	for i, t := range totals {
		scores[i] -= centre
		square.add(t * scores[i] * scores[i])
	}
	scale := math.Sqrt(square.value() / d.all)
	if !(scale > 0) {
		return nil, false
	}
	for i := range scores {
		scores[i] /= scale
	}
	return d, true
}

// twoSided is the p-value of a sum s: twice the tail beyond it, by Skovgaard's
// double saddlepoint approximation (Saddlepoint expansions for conditional
// distributions, J. Appl. Prob. 24, 1987), whose relative error stays small
// far out in the tail, where the normal approximation is wrong by factors.
func (d *draw) twoSided(s float64) float64 {
	if s < 0 {
		for i := range d.scores {
			d.scores[i] = -d.scores[i]
		}
		s = -s
	}
	s = max(s-d.halfStep(), 0)
	share := d.size / d.all
	z := s / math.Sqrt(share*(1-share)*d.all*d.all/max(d.all-1, 1))
	if z < 0.05 {
		return min(2*NormalTail(z), 1)
	}
	alpha0 := math.Log(share / (1 - share))
	beta, height, det := d.solve(alpha0, s)
	w := math.Sqrt(max(2*height, 0))
	if w < 0.05 || beta <= 0 {
		return min(2*NormalTail(z), 1)
	}
	v := beta * math.Sqrt(det/(d.all*share*(1-share)))
	p := NormalTail(w) + float64(math.Exp(-w*w/2)/math.Sqrt(2*math.Pi)*(1/v-1/w))
	if !(p > 0) {
		p = NormalTail(w)
	}
	return min(2*p, 1)
}

// fewScores is up to how many different scores sums of them lie so far apart
// that the tail has to begin between two of them.
const fewScores = 3

// halfStep is the correction for continuity: half the smallest step between
// scores where there are few, else nothing to speak of.
func (d *draw) halfStep() float64 {
	if len(d.scores) > 2*fewScores { // no more than two of them are equal
		return 0
	}
	scores := slices.Clone(d.scores)
	slices.Sort(scores)
	different, step := 1, math.Inf(1)
	for i := 1; i < len(scores); i++ {
		if gap := scores[i] - scores[i-1]; gap > 1e-9 {
			different, step = different+1, min(step, gap)
		}
		if different > fewScores {
			return 0
		}
	}
	return step / 2
}

// solve finds the tilt under which a draw has on average the given size and
// sum: each item is taken with log odds alpha + beta·score. height is the
// log-likelihood ratio against beta = 0, det the determinant of the
// information there.
func (d *draw) solve(alpha0, s float64) (beta, height, det float64) {
	alpha := alpha0
	value := d.height(alpha, beta, s)
	for range 60 {
		size, total, a, b, c := d.moments(alpha, beta)
		gradA, gradB := d.size-size, s-total
		det = float64(a*c) - float64(b*b)
		if !(det > 1e-12*a*c) {
			break
		}
		stepA, stepB := (float64(c*gradA)-float64(b*gradB))/det, (float64(a*gradB)-float64(b*gradA))/det
		gain := float64(gradA*stepA) + float64(gradB*stepB)
		if gain < 1e-18*(1+math.Abs(value)) {
			break
		}
		for range 40 { // the height is concave: halve until it grows
			next := d.height(alpha+stepA, beta+stepB, s)
			if next >= value {
				alpha, beta, value = alpha+stepA, beta+stepB, next
				break
			}
			stepA, stepB = stepA/2, stepB/2
		}
		if math.Abs(beta) > 500 {
			break
		}
	}
	_, _, a, b, c := d.moments(alpha, beta)
	return beta, value - d.height(alpha0, 0, s), max(float64(a*c)-float64(b*b), 0)
}

// height is the log-likelihood of the tilt, up to a constant.
func (d *draw) height(alpha, beta, s float64) float64 {
	var k sum
	for i, t := range d.totals {
		k.add(t * softplus(alpha+float64(beta*d.scores[i])))
	}
	return float64(alpha*d.size) + float64(beta*s) - k.value()
}

func softplus(x float64) float64 {
	if x > 0 {
		return x + math.Log1p(math.Exp(-x))
	}
	return math.Log1p(math.Exp(x))
}

// moments are the mean size and sum under the tilt, and the information.
func (d *draw) moments(alpha, beta float64) (size, total, a, b, c float64) {
	for i, t := range d.totals {
		score := d.scores[i]
		p := 1 / (1 + math.Exp(-alpha-float64(beta*score)))
		size += float64(t * p)
		total += float64(t * p * score)
		w := float64(t * p * (1 - p))
		a += w
		b += float64(w * score)
		c += float64(w * score * score)
	}
	return size, total, a, b, c
}
