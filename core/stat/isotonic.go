package stat

// Isotonic is the isotonic regression of values with weights above 0: the closest
// in weighted squares that never falls. Neighbours that would fall are pooled
// (Ayer et al., 1955), as in scikit-learn. It gives the fit and, for each value,
// the number of the block it is pooled into.
func Isotonic(values, weights []float64) (fit []float64, block []int) {
	type pool struct {
		mean, weight float64
		size         int
	}
	var pools []pool
	for i, y := range values {
		next := pool{y, weights[i], 1}
		for last := len(pools) - 1; last >= 0 && pools[last].mean >= next.mean; last-- {
			both := pools[last].weight + next.weight
			next.mean += float64((pools[last].mean - next.mean) * (pools[last].weight / both))
			next.weight, next.size = both, next.size+pools[last].size
			pools = pools[:last]
		}
		pools = append(pools, next)
	}
	for b, p := range pools {
		for range p.size {
			fit, block = append(fit, p.mean), append(block, b)
		}
	}
	return fit, block
}
