package stat

import "math"

// A sample that grows is tested as often as somebody looks. The deviate of each look
// is a Brownian motion at that time over its standard deviation; its likelihood
// ratio under a drift that is normal about none is a martingale, which is as large as
// 1/p at any time with a chance of p at the most (Ville 1939; Robbins 1970; Howard,
// Ramdas, McAuliffe and Sekhon 2021). So the corrected p-value depends on what the
// sample is now and not on when there were looks at it.

// early is the share of the sample at which that drift is as large as chance: at a
// half or a seventh of the sample it takes 4.5 standard deviations for what are 3.6 in
// one test, at a thirtieth 5.2.
const early = 0.02

// LookedEarly and LookedWhole are the shares of a level that a test has of a sample
// as it grows, by [Anytime], and of all of it, if one or the other is to be as small
// with a chance of that level at the most. They add up to more than one since most of
// what is small early is so in the end: looks without end at a tenth add 0.024 to
// 0.026, at the whole of the level 0.30 to 0.39 (TestAnytimeAndWhole).
const (
	LookedEarly = 0.1
	LookedWhole = 0.97
)

// Anytime is the p-value of a share (0 < share, of what it will be) of a sample that
// is tested again and again as it grows, given the two-sided p-value of one test: the
// chance that a sample in which nothing changed ever has one as small.
func Anytime(p, share float64) float64 {
	if !(p < 1) {
		return p
	}
	z := Deviate(p)
	return max(p, math.Exp(min(logGrowth(share)-float64(z*z*share/(2*(share+early))), 0)))
}

// AnytimeLevel is the level of one test at which Anytime is a level.
func AnytimeLevel(level, share float64) float64 {
	square := float64((logGrowth(share) - math.Log(level)) * 2 * (share + early) / share)
	return min(level, max(2*NormalTail(math.Sqrt(max(square, 0))), 1e-300))
}

// logGrowth is by how much the likelihood ratio of no deviation is below 1.
func logGrowth(share float64) float64 { return float64(math.Log((share+early)/early) / 2) }
