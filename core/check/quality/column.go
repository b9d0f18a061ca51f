package quality

import (
	"fmt"
	"math"
	"strconv"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/schema"
	"leeway/core/stat"
)

// missing tests the share of missing values: against the share that the
// configuration allows, else against the reference, in both directions.
func (c *column) missing() {
	rows, missing := c.cur.Rows, c.cur.Missing
	if rows == 0 {
		c.sample("missing_ratio", c.labels, 0, true, 0, 0, "no rows")
		return
	}
	ratio := float64(missing) / float64(rows)
	c.sample("missing_ratio", c.labels, ratio, true, c.before().rows, rows, "")
	e := evidence("missing_ratio", c.labels)
	e.Material = 0.05
	e.Hint = "Check the source that fills the column: a join that no longer matches, a renamed field, a service that is down."
	if allowed := c.contract.Missing; allowed != nil {
		e.Value, e.Base, e.NoiseFloor, e.Effect = ratio, *allowed, *allowed, max(ratio-*allowed, 0)
		e.Low, e.High = stat.Wilson(missing, rows)
		e.NReference, e.NCurrent = c.before().rows, rows
		e.P = stat.BinomialTail(missing, rows, *allowed)
		e.Material = 0
		if *allowed == 0 {
			e.Null = bounded(0) // one missing value breaks the promise, chance has no part in it
		}
		e.Message = fmt.Sprintf("`%s`: %s of the rows have no value, more than the %s that are allowed.", c.contract.Name, words.Share(ratio), words.Share(*allowed))
		c.add(e)
		return
	}
	if compareShares(&e, missing, rows, c.before().missing, c.before().rows, true) {
		e.Message = fmt.Sprintf("`%s`: rows without a value %s.", c.contract.Name, words.FromTo(c.before().missing, c.before().rows, missing, rows))
		c.add(e)
	}
}

// mistyped tests the share of values that are not of the column's kind.
func (c *column) mistyped() {
	present := c.cur.Rows - c.cur.Missing
	if present == 0 {
		c.sample("type_mismatch_ratio", c.labels, 0, true, 0, 0, "no values")
		return
	}
	c.sample("type_mismatch_ratio", c.labels, float64(c.cur.Mistyped)/float64(present), true, c.before().present, present, "")
	e := evidence("type_mismatch_ratio", c.labels)
	e.Material = 0.01
	e.Hint = "Look at the texts named under the batch's faults: another layout, a unit in the cell, a spelling of missing to add to missing_values."
	if compareShares(&e, c.cur.Mistyped, present, c.before().mistyped, c.before().present, false) {
		e.Message = fmt.Sprintf("`%s`: values that are no %s %s.", c.contract.Name, kinds[c.contract.Kind], words.FromTo(c.before().mistyped, c.before().present, c.cur.Mistyped, present))
		c.add(e)
	}
}

// kinds names values of a kind.
var kinds = map[schema.Kind]string{
	schema.Numeric: "numbers", schema.Integer: "numbers", schema.Boolean: "booleans", schema.Time: "times",
	schema.Categorical: "categories", schema.Text: "text", schema.Embedding: "lists of numbers",
}

// earlier are the reference's counts, 0 where it lacks the column.
type earlier struct{ rows, missing, present, mistyped, valid int64 }

func (c *column) before() earlier {
	if c.ref == nil {
		return earlier{}
	}
	r := c.ref
	return earlier{r.Rows, r.Missing, r.Rows - r.Missing, r.Mistyped, r.Valid()}
}

// compareShares tests a share x/m of the current side against a/n of the reference,
// given how many there are together. It is false where there is nothing to
// test.
func compareShares(e *check.Evidence, x, m, a, n int64, both bool) bool {
	if n == 0 || m == 0 || a+x == 0 || a+x == n+m {
		return false
	}
	h := stat.Hypergeometric{All: n + m, Marked: a + x, Draw: m}
	if both {
		e.P, e.Null = h.TwoSided(x), least(h.Smallest())
	} else {
		e.P, e.Null = h.Above(x), least(h.P(h.High()))
	}
	e.Value = float64(x) / float64(m)
	base, pooled := float64(a)/float64(n), float64(a+x)/float64(n+m)
	noise := math.Sqrt(2 / math.Pi * pooled * (1 - pooled) * (1/float64(n) + 1/float64(m)))
	e.Base, e.NoiseFloor = base, min(base+noise, 1)
	if e.Value < base {
		e.NoiseFloor = max(base-noise, 0)
	}
	e.Effect = max(math.Abs(e.Value-base)-noise, 0)
	e.Far = math.Abs(e.Value-base) / (noise * math.Sqrt(math.Pi/2))
	e.Low, e.High = stat.Wilson(x, m)
	e.NReference, e.NCurrent = n, m
	return true
}

func (c *column) distinct() {
	valid := c.cur.Valid()
	n, exact := c.cur.DistinctCount()
	switch {
	case math.IsNaN(n):
		c.sample("distinct", c.labels, 0, false, 0, valid, "not counted for this kind")
	default:
		c.sample("distinct", c.labels, n, exact, 0, valid, "")
	}
}

// quantiles are the shares of the quantile samples.
var quantiles = []float64{0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99}

func (c *column) numbers() {
	n, valid := c.cur.Numeric, c.cur.Valid()
	reason := ""
	if valid == 0 {
		reason = "no values"
	}
	c.number("mean", n.Mean(), true, reason)
	std := reason
	if valid == 1 {
		std = "needs at least two values"
	}
	c.number("std", n.Std(), true, std)
	c.number("min", n.Min, true, reason)
	c.number("max", n.Max, true, reason)
	if c.in.Segment != "" { // they would be most of a report
		return
	}
	for i, value := range n.Quantiles(quantiles...) {
		labels := c.labels
		labels.Q = shareName(quantiles[i])
		c.sample("quantile", labels, value, n.Grid.Exact(), 0, valid, reason)
	}
}

// shareName is how the share of a quantile is labelled.
func shareName(q float64) string { return strconv.FormatFloat(q, 'g', -1, 64) }

// number records a moment, or that it is beyond what a float64 holds.
func (c *column) number(name string, value float64, exact bool, reason string) {
	if reason == "" && (math.IsNaN(value) || math.IsInf(value, 0)) {
		reason = stat.ErrOverflow.Error()
	}
	c.sample(name, c.labels, value, exact, 0, c.cur.Valid(), reason)
}
