package stat

import "math"

// AndersonDarlingP is the p-value of "both samples come from one distribution"
// by the Anderson-Darling statistic. It conditions on the pooled values, so it
// knows their ties: by counting every split of them into two sides where those
// are few, else by the limit distribution that these very ties have. SciPy's
// own is interpolated within 0.001..0.25 and ignores ties.
func (p *Pair) AndersonDarlingP() (float64, error) {
	if _, err := p.AndersonDarling(); err != nil {
		return 0, err
	}
	if p.splits()*float64(len(p.values)) <= exactSteps {
		return p.darlingExact(), nil
	}
	// The statistic's standard deviation at these sizes is not yet that of the
	// limit.
	limit := math.Sqrt(2 * (math.Pi*math.Pi - 9) / 3)
	x := 1 + float64((p.darling()-1)*(limit/darlingStd(p.n, p.m)))
	return newBridge(p).tail(x), nil
}

// exactSteps is how many values of splits are looked at one by one.
const exactSteps = 300_000

// splits bounds the number of splits that differ, or is more than exactSteps:
// there are as many ways to choose n of n+m, and no more than to choose from
// each value by itself.
func (p *Pair) splits() float64 {
	ways, each := 1.0, 1.0
	for i := int64(1); i <= min(p.n, p.m) && ways <= exactSteps; i++ {
		ways *= float64(max(p.n, p.m)+i) / float64(i)
	}
	most := 1.0 // of one value the others leave no choice
	for i := 0; i < len(p.a) && each <= exactSteps*most; i++ {
		choices := float64(min(p.a[i]+p.b[i], p.n, p.m) + 1)
		most = max(most, choices)
		each *= choices
	}
	each /= most
	return min(ways, each)
}

// darlingExact is the share of all splits with a statistic that is not below
// the observed one.
func (p *Pair) darlingExact() float64 {
	e := enumeration{pair: p, weights: newWeights(p.n, p.m), least: p.darling() * (1 - 1e-12)}
	e.from(0, 0, 0, 0, 1)
	return min(e.beyond/e.all, 1)
}

// enumeration walks through the splits of the pooled values.
type enumeration struct {
	weights
	pair        *Pair
	least       float64
	beyond, all float64
}

// from goes on at value i, with ca and cb smaller values on the two sides, the
// statistic so far and the chance that it came to this.
func (e *enumeration) from(i int, ca, cb int64, statistic, chance float64) {
	if i == len(e.pair.values) {
		e.all += chance
		if statistic >= e.least {
			e.beyond += chance
		}
		return
	}
	size := e.pair.a[i] + e.pair.b[i]
	h := Hypergeometric{All: e.pair.n + e.pair.m - ca - cb, Marked: size, Draw: e.pair.n - ca}
	for a := h.Low(); a <= h.High(); a++ {
		e.from(i+1, ca+a, cb+size-a, statistic+e.of(ca, cb, a, size-a), chance*h.P(a))
	}
}

// bridge is the limit of the statistic under no change: a weighted sum of
// squares of a Brownian bridge at the borders between the pooled values. The
// inverse of its covariance and the weights are both tridiagonal, and so is
// what the cumulant generating function is the determinant of.
type bridge struct {
	steps   []float64 // pooled counts of the groups of values
	weights []float64
}

// bridgeGroups is about how many groups values are merged into.
const bridgeGroups = 1024

func newBridge(p *Pair) *bridge {
	b := &bridge{}
	all := float64(p.n + p.m)
	spread := weights{all: all}
	var before, size float64
	flush := func() {
		if size > 0 {
			b.steps = append(b.steps, size)
			b.weights = append(b.weights, size/spread.spread(before+float64(size/2), size))
			before, size = before+size, 0
		}
	}
	for i, a := range p.a {
		count := float64(a + p.b[i])
		if size+count > all/bridgeGroups { // a heavy value stays by itself
			flush()
		}
		size += count
	}
	flush()
	return b
}

// cumulants gives the cumulant generating function at t with its first two
// derivatives; ok is false where it is infinite.
func (b *bridge) cumulants(t float64) (value, first, second float64, ok bool) {
	var pivot, slope, bend, still float64 // the pivot, its derivatives, and the pivot at t = 0
	for j := range len(b.steps) - 1 {
		here, next := 1/b.steps[j], 1/b.steps[j+1]
		both := float64((b.weights[j] + b.weights[j+1]) / 2)
		p, d, dd, s := here+next-float64(t*both), -both, 0.0, here+next
		if j > 0 {
			half := float64(b.weights[j] / 2)
			off := here + float64(t*half)
			ratio := off / pivot
			p -= float64(off * ratio)
			// (off²/pivot)' and (off²/pivot)'', with off' = half and off'' = 0.
			turn := (half - float64(ratio*slope)) / pivot
			d -= float64(ratio*half) + float64(off*turn)
			dd -= float64(2*pivot*turn*turn) - float64(ratio*ratio*bend)
			s -= here * here / still
		}
		if !(p > 0) {
			return 0, 0, 0, false
		}
		pivot, slope, bend, still = p, d, dd, s
		value -= float64(math.Log(pivot/still) / 2)
		first -= float64(slope / pivot / 2)
		second -= float64((bend/pivot - float64(slope/pivot*(slope/pivot))) / 2)
	}
	return value, first, second, true
}

// tail is the chance of x or more by the saddlepoint approximation of Lugannani
// and Rice (Saddle point approximation, Adv. Appl. Prob. 12, 1980).
func (b *bridge) tail(x float64) float64 {
	// At the mean, 1, the approximation divides nought by nought.
	const near = 0.02
	_, low, _, _ := b.cumulants(-near)
	_, high, _, _ := b.cumulants(near)
	if x > low && x < high {
		at := (x - low) / (high - low)
		return b.tailAt(-near) + float64(at*(b.tailAt(near)-b.tailAt(-near)))
	}
	if x <= 0 {
		return 1
	}
	return b.tailAt(b.solve(x))
}

// tailAt is the tail beyond the mean of the distribution tilted by t.
func (b *bridge) tailAt(t float64) float64 {
	value, x, variance, ok := b.cumulants(t)
	if !ok {
		return 0
	}
	w := math.Copysign(math.Sqrt(max(2*(float64(t*x)-value), 0)), t)
	u := float64(t * math.Sqrt(variance))
	p := NormalTail(w) + float64(math.Exp(-w*w/2)/math.Sqrt(2*math.Pi)*(1/u-1/w))
	return min(max(p, 0), 1)
}

// solve finds the tilt whose mean is x.
func (b *bridge) solve(x float64) float64 {
	low, high := -1.0, 1.0
	below := func(t float64) bool {
		_, mean, _, ok := b.cumulants(t)
		return ok && mean < x
	}
	for !below(low) && low > -1e12 {
		low *= 2
	}
	for below(high) {
		high *= 2
	}
	for range 60 {
		middle := low + float64((high-low)/2)
		if below(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}
