package stat

import "gonum.org/v1/gonum/mathext"

// ClopperPearson is the exact 95% interval of a share of x in n > 0 (Clopper
// and Pearson, 1934): it holds the true share at least that often, however
// small n or the share is.
func ClopperPearson(x, n int64) (low, high float64) {
	if n <= 0 || x < 0 || x > n {
		return 0, 1
	}
	const tail = 0.025
	low, high = 0, 1
	if x > 0 {
		low = mathext.InvRegIncBeta(float64(x), float64(n-x+1), tail)
	}
	if x < n {
		high = mathext.InvRegIncBeta(float64(x+1), float64(n-x), 1-tail)
	}
	return low, high
}
