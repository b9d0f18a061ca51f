package stat

import "math"

// Repeating is how many of m items to expect that repeat an earlier one of them, by
// how often each kind of item was among those seen before.
//
// Of so many items or fewer it is the mean of draws of them without replacement
// (rarefaction: Hurlbert, 1971). Of more it is an estimate: how many kinds have not
// been seen yet is told by those that were seen once and twice (Chao, 1984), and
// they come at an even pace (Colwell et al., 2012). That is the least number of
// kinds there may be, and so the most repeats. Where no kind was seen twice, nothing
// tells that any ever is.
func (g Groups) Repeating(m int64) float64 {
	var seen, kinds int64
	for t, n := range g {
		seen, kinds = seen+t*n, kinds+n
	}
	if kinds == seen {
		return 0
	}
	if m > seen {
		return max(float64(m-kinds)-g.more(seen, m-seen), 0)
	}
	var drawn float64
	for _, t := range g.sizes() {
		drawn -= float64(float64(g[t]) * math.Expm1(allDrawn(t, seen-m, seen)))
	}
	return max(float64(m)-drawn, 0)
}

// more is how many kinds to expect among so many more items that were not among
// those seen.
func (g Groups) more(seen, items int64) float64 {
	n, once := float64(seen), float64(g[1])
	unseen := (n - 1) / n * once * (once - 1) / 2 // none was seen twice, but some more often
	if twice := float64(g[2]); twice > 0 {
		unseen = (n - 1) / n * once * once / (2 * twice)
	}
	if unseen == 0 {
		return 0
	}
	return -float64(unseen * math.Expm1(float64(items)*math.Log1p(-once/(float64(n*unseen)+once))))
}
