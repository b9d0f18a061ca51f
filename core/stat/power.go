package stat

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Power80 is the normal quantile of 80%: the power that the detectable effects
// below are for.
const Power80 = 0.8416212335729143

// DetectableLevel is the smallest shift, in standard errors, that a two-sided
// test at level alpha sees with 80% power.
func DetectableLevel(alpha float64) float64 {
	return critical(alpha) + Power80
}

func critical(alpha float64) float64 {
	return -normalQuantile(min(max(alpha, 1e-300), 1) / 2)
}

// DetectableChi is the noncentrality that chi-squared with k degrees sees at
// level alpha with 80% power: where the noncentral distribution's mean lies
// 0.84 of its standard deviations beyond the critical value.
func DetectableChi(alpha float64, k int) float64 {
	if k < 1 {
		return math.NaN()
	}
	degrees := float64(k)
	limit := 2 * mathext.GammaIncRegCompInv(degrees/2, min(max(alpha, 1e-300), 1))
	// degrees + x - 0.84·sqrt(2·degrees + 4x) = limit, a quadratic in the root.
	const z = Power80
	root := 2*z + math.Sqrt(max(4*z*z+float64(4*(limit-float64(degrees/2))), 0))
	// With r = sqrt(2·degrees+4x): r²/4 + degrees/2 - z·r = limit.
	return max((float64(root*root)-float64(2*degrees))/4, 0)
}

// DetectableKS is the Kolmogorov-Smirnov distance, times sqrt(nm/(n+m)), that
// is seen at level alpha with 80% power.
func DetectableKS(alpha float64) float64 {
	return math.Sqrt(-math.Log(min(max(alpha, 1e-300), 1)/2)/2) + Power80/2
}
