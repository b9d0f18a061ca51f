package numeral

import "strconv"

// Digits keeps so many digits of a number: more would be noise, and bytes.
func Digits(x float64, n int) float64 {
	if x == 0 {
		return 0
	}
	kept, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', n, 64), 64)
	if err != nil { // rounded up beyond what there is
		return x
	}
	return kept
}
