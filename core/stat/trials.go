package stat

import "math"

// Trials are independent draws of several chances: Counts[i] of them, a whole number,
// succeed with probability Chances[i], 0 < p < 1. The number of successes is a Poisson binomial
// variable.
type Trials struct{ Counts, Chances []float64 }

// LogTail is log P(X >= k) for X the number of successes, by the saddlepoint
// approximation for lattice variables (Lugannani and Rice 1980, Daniels's second
// continuity correction 1987): within a few percent of P also far out, where P itself
// underflows.
func (t *Trials) LogTail(k float64) float64 {
	var n, mean, all float64
	for i, c := range t.Counts {
		n += c
		mean += float64(c * t.Chances[i])
		all += float64(c * math.Log(t.Chances[i]))
	}
	switch {
	case k <= 0:
		return 0
	case k > n:
		return math.Inf(-1)
	case k == n: // where the approximation is 7% too small
		return all
	}
	s := t.tilt(k-0.5, n, mean)
	log, _, variance := t.cumulants(s)
	w := math.Copysign(math.Sqrt(max(2*(float64(s*(k-0.5))-log), 0)), s)
	u := 2 * math.Sinh(s/2) * math.Sqrt(variance)
	if math.Abs(w) < 1e-3 { // both corrections have a pole at the mean, which they share
		return math.Log(NormalTail(w))
	}
	if w < 0 {
		return math.Log(min(NormalTail(w)+float64(normalDensity(w)*(1/u-1/w)), 1))
	}
	density := -float64(w*w/2) - float64(math.Log(2*math.Pi)/2)
	return min(density+math.Log(math.Exp(logNormalTail(w)-density)+1/u-1/w), 0)
}

// tilt is the s at which the tilted draws have the mean x.
func (t *Trials) tilt(x, n, mean float64) float64 {
	goal := math.Log(x / (n - x))
	s := goal - math.Log(mean/(n-mean))
	for range 100 {
		_, at, variance := t.cumulants(s)
		// On the scale of logits the tilted mean is nearly a line.
		step := (goal - math.Log(at/(n-at))) * (at * (n - at) / (n * variance))
		s += min(max(step, -4), 4)
		if math.Abs(step) < 1e-10 {
			break
		}
	}
	return s
}

// cumulants are the cumulant generating function at s and its first two derivatives.
func (t *Trials) cumulants(s float64) (log, mean, variance float64) {
	lift := math.Exp(s)
	for i, c := range t.Counts {
		p := t.Chances[i]
		all := 1 - p + float64(p*lift)
		q := p * lift / all
		log += float64(c * math.Log(all))
		mean += float64(c * q)
		variance += float64(c * q * (1 - q))
	}
	return log, mean, variance
}
