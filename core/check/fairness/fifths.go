package fairness

import (
	"fmt"
	"math"
	"slices"

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
	rows := v.wavering(list, declared)
	told := v.broken(rows, limit, func(ratio float64) bool { return declared || !(ratio < limit) })
	e.P = told.p
	if !declared {
		old := v.broken(v.wavering(list, true), limit, func(ratio float64) bool { return ratio < limit })
		if e.Notable = old.p < sure; e.Notable && told.p >= sure {
			told, e.P = old, math.NaN()
		}
	}
	if told.low == nil { // there is no pair to test
		e.P = math.NaN()
		return e
	}
	if ratio := told.low.p() / told.high.p(); ratio != e.Value { // others, that are further apart, are no news
		e.Value = ratio
		e.Low, e.High = stat.RatioOf(shares(list), told.at[0], told.at[1])
	}
	e.Effect = max(limit-e.Value, 0)
	v.sayBroken(&e, &told)
	return e
}

// wavers is a rate with how well it is known of more than this window.
type wavers struct {
	*rate
	known   stat.Share
	degrees float64 // of freedom that this is known with
}

// wavering are rates for the rule: by their rows alone where what counts is this window,
// as where the rule is declared; else what is news must be more than windows differ by.
func (v *view) wavering(list []rate, alone bool) []wavers {
	all := make([]wavers, len(list))
	for i := range list {
		all[i] = wavers{&list[i], list[i].share(), math.Inf(1)}
	}
	if alone {
		return all
	}
	for _, p := range v.tested(selection) {
		at := slices.IndexFunc(all, func(w wavers) bool { return w.at == p.sides[1].at })
		if at < 0 {
			continue
		}
		one := &all[at]
		excess := float64(p.scale*p.scale) - 1
		one.known.N /= 1 + float64(excess*(1+p.sides[1].share().N/p.sides[0].share().N))
		one.degrees = p.degrees
	}
	return all
}

// below is the p-value of that the share of a is not below so much of that of b.
func below(a, b *wavers, limit float64) float64 {
	p, degrees := stat.BelowRatio(a.known, b.known, limit), min(a.degrees, b.degrees)
	if math.IsInf(degrees, 1) || p >= 0.5 {
		return p
	}
	return stat.StudentTwoSided(stat.Deviate(2*p), degrees) / 2
}

// breach is two groups that break the rule.
type breach struct {
	p         float64 // of that no two of those that are looked at do
	low, high *rate
	at        [2]int  // places of low and high among those that are compared
	before    float64 // what their ratio was in the reference; NaN: unknown
}

// broken looks whether two groups break the rule whose ratio in the reference is one
// to look at (NaN where it is not known). It names, of those that do for sure, the
// two that are furthest apart, else those that do most surely.
func (v *view) broken(list []wavers, limit float64, look func(ratio float64) bool) breach {
	found := breach{p: 1}
	pairs := float64(len(list) * (len(list) - 1))
	deepest, told := math.Inf(1), false
	for i := range list {
		for j := range list {
			before := v.before(list[i].at, list[j].at)
			if i == j || list[j].p() == 0 || !look(before) {
				continue
			}
			p, ratio := min(below(&list[i], &list[j], limit)*pairs, 1), list[i].p()/list[j].p()
			certain := p < sure
			switch {
			case certain && (!told || ratio < deepest), !told && (p < found.p || p == found.p && ratio < deepest):
				found.low, found.high, found.at, found.before = list[i].rate, list[j].rate, [2]int{i, j}, before
				deepest, told = ratio, told || certain
			}
			found.p = min(found.p, p)
		}
	}
	return found
}

// sayBroken adds the sentences.
func (v *view) sayBroken(e *check.Evidence, b *breach) {
	rule := "The rule of four fifths"
	e.Hint = "If there is no good reason for it, look at what these groups' rows differ in."
	if e.Rule.Declared {
		rule = fmt.Sprintf("The configured limit of %s", words.Share(e.Rule.Limit))
	} else {
		e.Hint += " To be alerted whenever it is so, declare the rule: policy: {material: {demographic_parity_ratio: 0.8}}."
	}
	e.Message = fmt.Sprintf("%s is broken in `%s`: %s is predicted positive %s of the time, %s %s, which is %s of that%s.",
		rule, v.cut.Name(), v.called(b.low.at), words.Share(b.low.p()), v.called(b.high.at), words.Share(b.high.p()), words.Share(b.low.p()/b.high.p()), as(b.before))
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

// as says what the ratio was, or that the groups have changed places.
func as(before float64) string {
	switch {
	case math.IsNaN(before):
		return ""
	case before > 1:
		return " (in the reference it was the other way round: " + words.Share(1/before) + ")"
	}
	return " (" + words.Share(before) + " in the reference)"
}
