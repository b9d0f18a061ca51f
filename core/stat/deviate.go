package stat

// Deviate is how many standard deviations from the mean a standard normal value
// lies whose two-sided p-value is p: 0 for 1, 1.96 for 0.05, at most 37.
func Deviate(p float64) float64 {
	if !(p < 1) {
		return 0
	}
	return max(-normalQuantile(max(p, 1e-300)/2), 0)
}
