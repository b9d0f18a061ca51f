package stat

import "math"

// Shifted is how far the tenths of the two samples (the nine quantiles at [Tenths]) are apart
// on average, in standard deviations of a normal reference with the same quartiles: about the
// shift, however large it is, and no outlier leads it. It is 0 where half of the reference is
// one value. Both samples have values.
func (p *Pair) Shifted() float64 {
	low, high := quantile(p, p.a, p.n, 0.25), quantile(p, p.a, p.n, 0.75)
	const quartiles = 1.3489795003921634 // standard deviations between those of a normal distribution
	scale := (high - low) / quartiles
	if !(scale > 0) || math.IsInf(scale, 1) {
		return 0
	}
	var apart float64
	for _, q := range Tenths {
		apart += math.Abs(quantile(p, p.b, p.m, q)-quantile(p, p.a, p.n, q)) / float64(len(Tenths))
	}
	return apart / scale
}

// quantile is the smallest value up to which a share q of n values of a side lies.
func quantile(p *Pair, counts []int64, n int64, q float64) float64 {
	var before int64
	for i, count := range counts {
		if before += count; float64(before) >= q*float64(n) {
			return p.values[i]
		}
	}
	return p.values[len(p.values)-1]
}
