package fairness

import (
	"fmt"
	"math"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/stat"
)

// fourFifths is the ratio of the rule where the configuration declares none.
const fourFifths = 0.8

// sure is the chance at which it is said that the rule is broken as it was.
const sure = 0.001

// fifths tests whether some group is predicted positive less than four fifths as
// often as another. Whom it concerns: nobody, where the reference broke the rule in
// the same way and nobody declared it; else those who watch the model.
func (v *view) fifths(in *check.Input) check.Evidence {
	const name = "demographic_parity_ratio"
	limit, declared := in.Material[name]
	if !declared {
		limit = fourFifths
	}
	limit = min(limit, 1)
	e := check.Evidence{
		Check: Name, Metric: name, Labels: v.labels(), Columns: v.columns(), Value: math.NaN(), NoiseFloor: math.NaN(), Effect: math.NaN(),
		P: math.NaN(), Low: math.NaN(), High: math.NaN(), Bounds: &check.Bounds{Low: 0, High: 1},
		Rule: &check.Rule{Limit: limit, Declared: declared},
	}
	var list []rate
	for _, r := range v.rates(1, selection) {
		if r.rows >= fewest {
			list = append(list, r)
		}
	}
	if len(list) < 2 {
		return e
	}
	low, high := extremes(list)
	if high.p() == 0 {
		return e
	}
	e.Value, e.NCurrent, e.NReference = low.p()/high.p(), rowsOf(list), v.entered(selection)[0]
	e.Low, e.High = stat.Ratio(shares(list))
	e.Effect = max(limit-e.Value, 0)
	p, a, b := broken(list, limit)
	e.P = p
	before := v.before(a.at, b.at)
	if !declared && before < limit {
		e.P, e.Notable = math.NaN(), p < sure
	}
	e.Message = fmt.Sprintf("The rule of four fifths is broken in `%s`: %s is predicted positive %s of the time, %s %s, which is %s of that%s.",
		v.cut.Name(), v.called(a.at), words.Share(a.p()), v.called(b.at), words.Share(b.p()), words.Share(a.p()/b.p()), as(before))
	e.Hint = "If there is no good reason for it, look at what these groups' rows differ in. To be alerted whenever it is so, declare the rule: policy: {material: {demographic_parity_ratio: 0.8}}."
	if declared {
		e.Message = fmt.Sprintf("The configured limit of %s is broken in `%s`: %s is predicted positive %s of the time, %s %s, which is %s of that%s.",
			words.Share(limit), v.cut.Name(), v.called(a.at), words.Share(a.p()), v.called(b.at), words.Share(b.p()), words.Share(a.p()/b.p()), as(before))
		e.Hint = "If there is no good reason for it, look at what these groups' rows differ in."
	}
	return e
}

// broken is the p-value of the rule, and two groups that break it: of those that do
// for sure the two that are furthest apart, else those that do most surely.
func broken(list []rate, limit float64) (p float64, low, high *rate) {
	p, low, high = 1, &list[0], &list[1]
	pairs := float64(len(list) * (len(list) - 1))
	deepest, told := math.Inf(1), false
	for i := range list {
		for j := range list {
			if i == j || list[j].p() == 0 {
				continue
			}
			one, ratio := min(stat.BelowRatio(list[i].share(), list[j].share(), limit)*pairs, 1), list[i].p()/list[j].p()
			certain := one < sure
			switch {
			case certain && (!told || ratio < deepest), !told && (one < p || one == p && ratio < deepest):
				low, high, deepest, told = &list[i], &list[j], ratio, told || certain
			}
			p = min(p, one)
		}
	}
	return p, low, high
}

// before is how the rates of two groups were to each other in the reference, NaN
// where that is not known.
func (v *view) before(low, high int) float64 {
	a, b := v.rate(0, low, selection), v.rate(0, high, selection)
	if a.rows < fewest || b.rows < fewest || !(b.p() > 0) {
		return math.NaN()
	}
	return a.p() / b.p()
}

func as(before float64) string {
	if math.IsNaN(before) {
		return ""
	}
	return " (" + words.Share(before) + " in the reference)"
}
