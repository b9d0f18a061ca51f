package confidence

import (
	"math"

	"leeway/core/metric"
	"leeway/core/schema"
)

// per is how many predictions money is counted for.
const per = 1000

var ofMoney = []method{
	{Desc: metric.Desc{Name: "estimated_cost_per_1000", Low: math.Inf(-1), High: math.Inf(1), Better: "lower",
		Help:    "What 1,000 predictions most likely cost, before labels come.",
		Formula: "binary: 1000 · mean over rows of p · cost of the outcome if the row is positive + (1 - p) · cost if it is not" + cbpe + ". Regression: 1000 · estimated_mae · costs.absolute_error, with its interval",
		Use:     "As estimated_accuracy, in the money of the configuration; see cost_per_1000 for what it means.",
		Needs:   "costs in the configuration; " + needs + ". Of regressions what estimated_mae needs. Of multiclass tasks there is none: scores do not say which classes are taken for which",
		Cite:    "expected cost: Elkan (2001); CBPE: NannyML"},
		tasks: []schema.Task{schema.Binary, schema.Regression}, priced: true, within: (*estimate).anywhere, of: (*side).cost},
}

// cost is what 1,000 rows are expected to cost.
func (s *side) cost() estimate {
	if s.task == schema.Regression {
		e, _ := s.errors()
		scale := per * s.costs.AbsoluteError
		e.value, e.variance = e.value*scale, e.variance*scale*scale
		return e
	}
	return s.of(func(f *forecast) estimate { return f.cost(s.costs) })
}

// cost is that of the expected confusion matrix.
func (f *forecast) cost(c *schema.Costs) estimate {
	s := f.sums()
	all := float64(s.hit*c.TruePositive) + float64((s.guessed-s.hit)*c.FalsePositive) +
		float64((s.actual-s.hit)*c.FalseNegative) + float64((f.weight-s.guessed-s.actual+s.hit)*c.TrueNegative)
	return f.by(per*all/f.weight, per*(c.TruePositive-c.FalsePositive)/f.weight, per*(c.FalseNegative-c.TrueNegative)/f.weight)
}

// anywhere is the interval of a value without bounds.
func (e *estimate) anywhere(z float64) (low, high float64) {
	half := float64(z * math.Sqrt(e.variance))
	return e.value - half, e.value + half
}
