package quality

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/schema"
	"leeway/core/stat"
)

// outOfRange tests how many values lie outside the allowed range. Without a
// configured one it is the reference's, and the test knows how many of the
// outermost values fall to the current side by chance.
func (c *column) outOfRange() {
	valid := c.cur.Valid()
	low, high, configured := c.bounds()
	c.extremes()
	if reason := c.unranged(valid, configured); reason != "" {
		c.sample("out_of_range_ratio", c.labels, 0, true, c.before().valid, valid, reason)
		return
	}
	grid := c.cur.Numeric.Grid
	below, above := grid.CountBelow(low), grid.CountAbove(high)
	outside := below + above
	ratio := float64(outside) / float64(valid)
	c.sample("out_of_range_ratio", c.labels, ratio, grid.Exact() || outside == 0, c.before().valid, valid, "")
	e := evidence("out_of_range_ratio", c.labels)
	e.Material = 0.01
	e.Message = fmt.Sprintf("`%s`: %s of the values lie outside %s (%s to %s).", c.contract.Name, words.Share(ratio), rangeName(configured), words.Number(low), words.Number(high))
	e.Hint = "Check units, defaults such as -1 or 9999, and whether the range should be wider (min and max in the configuration)."
	if configured {
		if c.promised(&e, outside, valid, c.before().valid, func() int64 {
			ref := c.ref.Numeric.Grid
			return ref.CountBelow(low) + ref.CountAbove(high)
		}) {
			c.add(e)
		}
		return
	}
	c.exceeding(&e, low, high, outside, valid)
	c.add(e)
}

func rangeName(configured bool) string {
	if configured {
		return "the allowed range"
	}
	return "what the reference had"
}

// bounds is the range that holds: the configured ends, else the reference's.
func (c *column) bounds() (low, high float64, configured bool) {
	low, high = math.Inf(-1), math.Inf(1)
	if c.contract.Min != nil {
		low = *c.contract.Min
	}
	if c.contract.Max != nil {
		high = *c.contract.Max
	}
	if c.contract.Min != nil || c.contract.Max != nil {
		return low, high, true
	}
	if c.ref != nil && c.ref.Numeric != nil {
		low, high = c.ref.Numeric.Min, c.ref.Numeric.Max
	}
	return low, high, false
}

func (c *column) unranged(valid int64, configured bool) string {
	switch {
	case valid == 0:
		return "no values"
	case !configured && c.before().valid == 0:
		return "the reference has no values"
	}
	return ""
}

// spend is the share of a test's budget that the test against the reference's
// own range gets (weighted Bonferroni: its P is divided by it). Nobody has
// promised that range, every numeric column has one, and drift sees whatever
// goes far beyond it; so the other tests keep nearly all of their power.
const spend = 0.03

// exceeding fills in the test against the reference's own range.
func (c *column) exceeding(e *check.Evidence, low, high float64, outside, valid int64) {
	n := c.before().valid
	e.P = max(min(stat.Exceeding(outside, n, valid)/spend, 1), c.usualExtremes(low, high))
	e.Value = float64(outside) / float64(valid)
	e.NoiseFloor = 2 / float64(n+1)
	e.Effect = max(e.Value-e.NoiseFloor, 0)
	e.Low, e.High = stat.Wilson(outside, valid)
	e.NReference, e.NCurrent = n, valid
	// Something lies outside only if all values at one end are current ones.
	ends := c.outermost(low, high)
	some := stat.AllDrawn(ends[0], valid, n+valid) + stat.AllDrawn(ends[1], valid, n+valid)
	e.Null = func(x float64) float64 { return min(x*spend, some) }
}

// usualExtremes is the chance that extremes lie as far out as the current ones do
// beyond low or high, by how the extremes of the reference's own windows differ:
// a July is warmer than all that came before, for days on end. It is a
// t-prediction limit, two-sided for the two ends; 0 where too few windows are
// known.
func (c *column) usualExtremes(low, high float64) float64 {
	p := 1.0
	for _, end := range []struct {
		name    string
		x       float64
		outside bool
	}{{lowEnd, c.cur.Numeric.Min, c.cur.Numeric.Min < low}, {highEnd, c.cur.Numeric.Max, c.cur.Numeric.Max > high}} {
		var before []float64
		for _, window := range c.in.Variation[extremeKey(c.contract.Name, end.name)] {
			before = append(before, window.Z)
		}
		if len(before) < metric.LeastWindows {
			return 0
		}
		if end.outside {
			usual, _, err := stat.Next(before, end.x, 0)
			if err != nil { // they never differed
				return 0
			}
			p = min(p, usual)
		}
	}
	return p
}

// The ends that values have, in extremeKey.
const lowEnd, highEnd = "low", "high"

// extremeKey names the extremes of a column in check.Outcome and in
// check.Input.Variation. It begins as the ids of out_of_range_ratio do: both are of
// what is known (ByKnown).
func extremeKey(column, end string) string {
	return prefix("out_of_range_ratio") + column + " " + end
}

// IsExtreme tells whether a key of check.Outcome.Traits is of how far values reach.
func IsExtreme(key string) bool { return strings.HasPrefix(key, prefix("out_of_range_ratio")) }

// extremes notes how far the values of a window of a series reach.
func (c *column) extremes() {
	if !c.in.Series || c.cur.Valid() == 0 {
		return
	}
	c.note(extremeKey(c.contract.Name, lowEnd), c.cur.Numeric.Min)
	c.note(extremeKey(c.contract.Name, highEnd), c.cur.Numeric.Max)
}

// note notes what a window of the reference says of how windows differ.
func (c *column) note(key string, value float64) {
	if c.out.Traits == nil {
		c.out.Traits = map[string]float64{}
	}
	c.out.Traits[key] = value
}

// outermost counts how often the smallest and the largest value of both sides
// together occur.
func (c *column) outermost(low, high float64) [2]int64 {
	ref, cur := c.ref.Numeric, c.cur.Numeric
	smallest, largest := min(low, cur.Min), max(high, cur.Max)
	at := func(x float64) int64 {
		n := max(ref.Grid.Count()-ref.Grid.CountBelow(x)-ref.Grid.CountAbove(x), 0)
		return max(n+cur.Grid.Count()-cur.Grid.CountBelow(x)-cur.Grid.CountAbove(x), 1)
	}
	return [2]int64{at(smallest), at(largest)}
}

// promised tests a share x/m against the reference's own share of the same
// thing, before() of n, for rules that are configured. Without a reference a
// single case is enough.
func (c *column) promised(e *check.Evidence, x, m, n int64, before func() int64) bool {
	if c.before().valid > 0 {
		return compareShares(e, x, m, before(), n, false)
	}
	if x == 0 {
		return false
	}
	e.Value, e.NoiseFloor, e.Effect = float64(x)/float64(m), 0, float64(x)/float64(m)
	e.Low, e.High = stat.Wilson(x, m)
	e.NCurrent, e.Broken = m, true
	return true
}

// outliers is a sample without a test: drift looks at the tails as well.
func (c *column) outliers() {
	valid := c.cur.Valid()
	if reason := c.unranged(valid, false); reason != "" {
		c.sample("outlier_ratio", c.labels, 0, true, c.before().valid, valid, reason)
		return
	}
	ref, grid := c.ref.Numeric, c.cur.Numeric.Grid
	quartiles := ref.Quantiles(0.25, 0.75)
	q1, q3 := quartiles[0], quartiles[1]
	reach := float64(3 * (q3 - q1))
	outside := grid.CountBelow(q1-reach) + grid.CountAbove(q3+reach)
	exact := grid.Exact() && ref.Grid.Exact()
	c.sample("outlier_ratio", c.labels, float64(outside)/float64(valid), exact, c.before().valid, valid, "")
}

// unseen tests how many values belong to categories that the reference, or the
// configured list, does not have.
func (c *column) unseen() {
	allowed := c.contract.Allowed
	// A mistyped boolean is there, if of no category: it counts on both sides.
	present, n := c.cur.Rows-c.cur.Missing, c.before().present
	switch {
	case c.cur.Valid() == 0:
		c.sample("unseen_category_ratio", c.labels, 0, true, n, present, "no values")
		return
	case allowed == nil && c.before().valid == 0:
		c.sample("unseen_category_ratio", c.labels, 0, true, n, present, "the reference has no values")
		return
	}
	f := c.strangers(allowed)
	ratio := float64(f.unknown) / float64(present)
	c.sample("unseen_category_ratio", c.labels, ratio, f.exact, n, present, "")
	if c.contract.Role == schema.Prediction && respeltIn(c.in) != nil { // that says it
		return
	}
	e := evidence("unseen_category_ratio", c.labels)
	e.Material = 0.02
	e.Hint = "The model has learnt nothing about them: check for a new spelling, else extend the training data."
	e.Message = fmt.Sprintf("`%s`: %s of the values are categories that %s%s.", c.contract.Name, words.Share(ratio), stranger(allowed != nil), f.example)
	if allowed != nil {
		if c.promised(&e, f.unknown, present, n, func() int64 { return f.before }) {
			c.add(e)
		}
		return
	}
	var mean float64
	e.P, mean = stat.Unseen(f.groups, present, n+present, f.unknown)
	if f.exact {
		c.news(f.own)
	}
	e.P = max(e.P, c.usualNews(ratio))
	e.Value, e.NoiseFloor = ratio, mean/float64(present)
	e.Effect = max(ratio-e.NoiseFloor, 0)
	e.Low, e.High = stat.Wilson(f.unknown, present)
	e.NReference, e.NCurrent = n, present
	var some float64
	for t, groups := range f.groups {
		some += float64(float64(groups) * stat.AllDrawn(t, present, n+present))
	}
	e.Null = bounded(some)
	c.add(e)
}

func stranger(configured bool) string {
	if configured {
		return "are not allowed"
	}
	return "the reference did not have"
}

// found is what strangers counts.
type found struct {
	unknown int64 // current values of unknown categories
	before  int64 // the same on the reference side; 0 without a configured list
	own     int64 // current values of categories that occur as often on the reference side: of a window of the reference, those that no other has; 0 if not exact
	groups  stat.Groups
	exact   bool
	example string
}

func (c *column) strangers(allowed []string) found {
	f := found{groups: stat.Groups{}}
	names, a, b, exact := c.pairs()
	f.exact = exact
	var most int64
	for i, name := range names {
		f.groups[a[i]+b[i]]++
		if exact && a[i] == b[i] {
			f.own += b[i]
		}
		known := a[i] > 0
		if allowed != nil {
			known = slices.Contains(allowed, name)
		}
		if known {
			continue
		}
		f.before += a[i]
		f.unknown += b[i]
		if exact && b[i] > most {
			most, f.example = b[i], fmt.Sprintf(", most often %s", words.Quoted(name))
		}
	}
	return f
}
