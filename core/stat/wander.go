package stat

import "math"

// Wander is by how much the windows of a series wander, as a variance in units
// of sampling: 1 where they are independent, and b times the mean square of the
// means of blocks of b windows where those say more, b being 1, 2, 4... as long
// as there are six blocks. A season, or a good month after a bad one, is then no
// drift: the reference knows the like.
//
// z are the windows' deviates with their signs, in order of time.
func Wander(z []float64) float64 {
	widest := 1.0
	for size := 1; len(z)/size >= 6; size *= 2 {
		var total sum
		blocks := len(z) / size
		for i := range blocks {
			var block sum
			for _, x := range z[i*size : (i+1)*size] {
				block.add(x)
			}
			total.add(block.value() * block.value() / float64(size))
		}
		widest = max(widest, total.value()/float64(blocks))
	}
	return widest
}

// persistent is by how much the windows of a series wander, as [Wander] has it, or
// as they would if what they have of the window before goes on as it does in an
// autoregression of the first order, where that says more: the long-run variance
// that it gives is (1+r)/(1-r) times that of a window, r being the correlation of
// neighbours. What comes round every week makes neighbours alike, but not those two
// apart as well: r is at most the root of their correlation.
//
// A few windows underestimate r (Kendall, Note on bias in the estimation of
// autocorrelation, 1954), and the variance, by that of the level which they have in
// common; r is taken at its upper quartile, as in [Scatter]. Where neighbours are
// not alike beyond chance (5%), windows are independent.
//
// z are the deviates from the level of the series, in order of time.
func persistent(z []float64) noise {
	const beyondChance, quartile, most, least = 1.6448536269514722, 0.6744897501960817, 0.95, 0.3
	n, variance, wander := float64(len(z)), lagged(z, 0), Wander(z)
	known := func(long float64) noise { return noise{long, n * min(variance/long, 1)} }
	one, two := lagged(z, 1)/variance, lagged(z, 2)/variance
	if n < 4 || !(one > beyondChance/math.Sqrt(n)) || !(two > 0) {
		return known(wander)
	}
	r := min(one, math.Sqrt(two))
	r = min((r+1/n)/(1-3/n), most)
	r = min(r+float64(quartile*math.Sqrt((1-float64(r*r))/n)), most)
	ratio := (1 + r) / (1 - r)
	return known(max(wander, variance*ratio/max(1-ratio/n, least)))
}

// noise is the variance of windows, in units of sampling, that counts for sums of
// them, and how many independent windows what is known of it is worth.
type noise struct{ variance, worth float64 }

// uncertain is what evidence by this noise, the log of an e-value, comes to when
// the noise is an estimate: of a deviate t the normal density says exp(-t²/2), and
// Student's (1+t²/k)^(-(k+1)/2). The degrees of freedom k are many where most of
// the variance was known before (Satterthwaite, 1946).
func (n noise) uncertain(log, known float64) float64 {
	beyond := 1 - known/n.variance
	if !(beyond > 0) || !(log > 0) {
		return log
	}
	k := n.worth / (beyond * beyond)
	return min(log, (k+1)/2*math.Log1p(2*log/k))
}

// lagged is the mean product of deviates so far apart, as of a full number.
func lagged(z []float64, by int) float64 {
	var products sum
	for i := by; i < len(z); i++ {
		products.add(z[i] * z[i-by])
	}
	return products.value() / float64(len(z))
}
