package quality

import (
	"math"

	"leeway/core/metric"
	"leeway/core/stat"
)

// newsKey names the share of new categories in check.Outcome and in
// check.Input.Variation, as extremeKey does.
func newsKey(column string) string { return prefix("unseen_category_ratio") + column + " own" }

// news notes the share of the values of a window of the reference that are of
// categories which no other window has. As a root, for such shares are skewed.
func (c *column) news(own int64) {
	if c.in.Series {
		c.note(newsKey(c.contract.Name), math.Sqrt(float64(own)/float64(c.cur.Rows-c.cur.Missing)))
	}
}

// usualNews is the chance that so many values are of new categories as are now, by
// how many each of the reference's own windows brought: where every month brings a
// few new agents, so does the next. It is a t-prediction limit; 0 where too few
// windows are known, or none brought any.
func (c *column) usualNews(ratio float64) float64 {
	var before []float64
	for _, window := range c.in.Variation[newsKey(c.contract.Name)] {
		before = append(before, window.Z)
	}
	if len(before) < metric.LeastWindows {
		return 0
	}
	p, mean, err := stat.Next(before, math.Sqrt(ratio), 0)
	switch {
	case err != nil: // all alike: most likely none brought any
		return 0
	case math.Sqrt(ratio) <= mean:
		return 1
	}
	return p
}
