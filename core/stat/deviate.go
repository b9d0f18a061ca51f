package stat

// least is the p-value below which none is told from another: it underflows soon.
const least = 1e-300

// MostDeviate is the largest [Deviate], about 37: beyond, p-values tell nothing.
var MostDeviate = Deviate(0)

// Deviate is how many standard deviations from the mean a standard normal value
// lies whose two-sided p-value is p: 0 for 1, 1.96 for 0.05, at most [MostDeviate].
func Deviate(p float64) float64 {
	if !(p < 1) {
		return 0
	}
	return max(-normalQuantile(max(p, least)/2), 0)
}
