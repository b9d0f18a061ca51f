package quality

import (
	"fmt"
	"math"

	"leeway/core/internal/words"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/stat"
)

// text tells whether a column holds texts or ids: of these only how many distinct ones
// there are is kept.
func text(c *profile.Column) bool { return c.Kind == schema.Text || c.Role == schema.ID }

const (
	// keepKinds is the share of the distinct texts that the reference foretells below
	// which there are too few: texts of a form, or of a campaign, come together, so that
	// rows are not quite independent.
	keepKinds = 0.9

	// keepIDs is that of ids: a row may come again with the same id, corrected.
	keepIDs = 0.5

	// spendKinds is the share of a test's budget that too few texts get, as spend: what
	// such a fault does is beyond any doubt, or nothing.
	spendKinds = 0.03

	// estimateOff is by which share an estimate of distinct values may be off: six of
	// its standard errors.
	estimateOff = 0.1
)

// distinctRatio tests whether there are far fewer distinct texts than in so many rows
// of the reference: a default that took over, a value that is repeated, texts that
// were cut.
func (c *column) distinctRatio() {
	if c.in.Segment != "" { // what became of all rows is told of these
		return
	}
	m, n := c.cur.Valid(), c.before().valid
	now, exact := c.cur.DistinctCount()
	switch {
	case m == 0:
		c.sample("distinct_ratio", c.labels, 0, true, n, m, "no values")
		return
	case math.IsNaN(now):
		c.sample("distinct_ratio", c.labels, 0, true, n, m, "distinct values are not known")
		return
	}
	ratio := min(now/float64(m), 1)
	c.sample("distinct_ratio", c.labels, ratio, exact, n, m, "")
	if n > 0 && !(now == 1 && exact) { // which constant tells
		c.fewer(ratio, most(now, exact))
	}
}

// fewer tests the ratio, of at most so many distinct values.
func (c *column) fewer(ratio, now float64) {
	m, n, keep := c.cur.Valid(), c.before().valid, keepKinds
	if c.cur.Role == schema.ID {
		keep = keepIDs
	}
	before, _ := c.ref.DistinctCount()
	least, _ := stat.FewerKinds(fewest(c.ref), n, 1, m, keep)
	if math.IsNaN(before) || least == 1 { // nothing would be too few
		return
	}
	repeats, _ := c.in.Current.Lines.Duplicates() // of whole rows, which duplicate_ratio tells
	p, _ := stat.FewerKinds(fewest(c.ref), n, now+float64(repeats*float64(m)), m, keep)
	if p == 1 && c.cur.Role == schema.ID { // most ids are unique: nothing has changed, at no cost
		return
	}
	e := evidence("distinct_ratio", c.labels)
	e.P = min(p/spendKinds, 1)
	e.Null = func(x float64) float64 {
		if x*spendKinds < least {
			return 0
		}
		return x * spendKinds
	}
	_, foretold := stat.FewerKinds(before, n, now, m, keep)
	e.Value, e.Base = ratio, min(foretold/float64(m), 1)
	noise := 0.4 / math.Sqrt(float64(m)) // on average; an item makes a difference of one at most
	e.NoiseFloor = max(e.Base-noise, 0)
	e.Effect = max(e.NoiseFloor-ratio-repeats, 0)
	e.Material, e.NReference, e.NCurrent = 0.1, n, m
	e.Message = fmt.Sprintf("`%s`: %s values have only %s different ones, where the reference lets expect %s or more.",
		c.contract.Name, words.Count(m), words.Count(int64(math.Round(ratio*float64(m)))), words.Count(int64(math.Round(foretold))))
	e.Hint = "Check what fills the column: a default that took over, a value that is repeated, texts that are cut."
	c.add(e)
}

// fewest is how many distinct values a column has at least: an estimate may be too
// high.
func fewest(c *profile.Column) float64 {
	n, exact := c.DistinctCount()
	if exact {
		return n
	}
	return n * (1 - estimateOff)
}

// most is how many distinct values there are at most.
func most(n float64, exact bool) float64 {
	if exact {
		return n
	}
	return n * (1 + estimateOff)
}
