package stat

import "math"

// FewerKinds bounds the p-value of "m current items are of as many kinds as the n of
// the reference let expect", where these are of before kinds, and those of now. It is
// one-sided: a small p is for fewer. keep, above 0 and up to 1, is the share of what
// is foretold that counts as no fewer.
//
// How often each kind occurs need not be known. The kinds of a random sample grow with
// its size, by less and less (Hurlbert 1971): of m items the reference foretells at
// least foretold = before·min(m/n, 1) kinds. And no single item makes a difference of
// more than one, so keep·foretold - now is g or more with a chance of at most
// exp(-2g²/((keep·min(m/n, 1))²·n + m)) (McDiarmid 1989), whatever the kinds are. p is 1
// where nothing can be told.
func FewerKinds(before float64, n int64, now float64, m int64, keep float64) (p, foretold float64) {
	if n <= 0 || m <= 0 {
		return 1, 0
	}
	part := min(float64(m)/float64(n), 1)
	foretold = before * part
	gap := float64(keep*foretold) - now
	if !(gap > 0) {
		return 1, foretold
	}
	each := keep * part
	return math.Exp(-2 * gap * gap / (float64(each*each*float64(n)) + float64(m))), foretold
}
