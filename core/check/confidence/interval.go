package confidence

import "math"

const (
	normal95 = 1.959963984540054
	// sure is the deviate beyond which a difference is said: 0.1% two-sided, shared
	// by the three metrics that are looked at.
	sure = 3.588
)

// share is the interval of a value in 0..1, z deviates wide on the logit scale.
func (e *estimate) share(z float64) (low, high float64) {
	half := 0.5 / (float64(e.rows) + 1)
	at := min(max(e.value, half), 1-half)
	logit := math.Log(at / (1 - at))
	width := float64(z * math.Sqrt(e.variance) / (at * (1 - at)))
	return min(1/(1+math.Exp(width-logit)), e.value), max(1/(1+math.Exp(-width-logit)), e.value)
}

// positive is that of a value above 0, on the log scale.
func (e *estimate) positive(z float64) (low, high float64) {
	if !(e.value > 0) {
		return 0, 0
	}
	width := math.Exp(float64(z * math.Sqrt(e.variance) / e.value))
	return e.value / width, e.value * width
}
