package stat

import (
	"math"
	"slices"
)

// Scatter is the mean square of deviates, 1 for standard normal ones, and the
// degrees of freedom that it has. A tenth of them, the largest, is left out, and
// the mean taken at the upper end of what it may well be, see [Caution]. free is
// the share of them that are free: of two that are measured from their middle one
// says what the other is.
func Scatter(deviates []float64, free float64) (mean, degrees float64) {
	squares := make([]float64, len(deviates))
	for i, z := range deviates {
		squares[i] = z * z
	}
	slices.Sort(squares)
	smaller := squares[:len(squares)-(len(squares)+9)/10]
	kept := float64(len(smaller))
	for _, square := range smaller {
		mean += square / kept
	}
	degrees = float64(kept * free)
	return float64(mean * (Caution(degrees) / keptMean(kept/float64(len(squares))))), degrees
}

// Patterned is what Scatter is of pieces that may follow a pattern, such as the
// hours of a day: none is left out, for what one hour of each day has recurs; and
// the piece that is furthest off counts for no more than far standard deviations,
// however rare such pieces are.
func Patterned(deviates []float64, free float64) (mean, degrees float64) {
	const far = 2.5
	furthest := 0.0
	for _, z := range deviates {
		mean += z * z / float64(len(deviates))
		furthest = max(furthest, math.Abs(z))
	}
	degrees = float64(float64(len(deviates)) * free)
	return max(float64(mean*Caution(degrees)), float64(furthest/far)*float64(furthest/far)), degrees
}

// Caution is how much larger than the mean of k squares their true mean may
// well be: its upper quartile, k over the lower quartile of chi-squared (Wilson
// and Hilferty, 1931). An estimate that is too small by chance costs false
// alarms, one that is too large costs little power.
func Caution(k float64) float64 {
	const quartile = -0.6744897501960817
	root := 1 - 2/(9*k) + float64(quartile*math.Sqrt(2/(9*k)))
	return 1 / (root * root * root)
}

// keptMean is the mean of the smallest share of squared standard normal values.
func keptMean(share float64) float64 {
	z := Deviate(1 - share)
	return 1 - float64(2*z*math.Exp(-z*z/2)/math.Sqrt(2*math.Pi)/share)
}
