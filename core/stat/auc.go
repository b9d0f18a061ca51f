package stat

import (
	"errors"
	"math"
)

// Ranked is one distinct score, of negative (0) and positive (1) cases: the sum
// of their weights and that of the weights' squares. Without weights both are
// the number of cases.
type Ranked struct {
	Weights [2]float64
	Squares [2]float64
}

// ErrOneClass is the reason why scores cannot be told apart.
var ErrOneClass = errors.New("all labelled rows are of one class")

// AUC is the area under the ROC curve with what is needed to test it.
type AUC struct {
	Area     float64
	Variance float64    // of Area, by DeLong
	estimate float64    // Area, but never 0 or 1
	taken    float64    // the variance that interval and test take: no less than few cases allow
	parts    [2]float64 // of it: what comes of the negatives and of the positives
	cases    [2]float64 // effective numbers of negatives and positives
}

// NewAUC is the area under the ROC curve of scores in ascending order: the
// chance that a positive case has a higher score than a negative one, ties
// counting half. Its variance is DeLong's (DeLong, DeLong and Clarke-Pearson,
// 1988), in one pass over sorted scores (Sun and Xu, 2014). Where every pair is
// in order that variance is 0 and says nothing: then it is Hanley and McNeil's
// (1982) with half a case out of order. Few cases of a class are less unlike each
// other than all are, one is not at all: interval and test then take the largest
// variance that an area can have, area·(1 - area) over the number of the rarer cases
// (Birnbaum and Klose, 1957).
func NewAUC(scores []Ranked) (AUC, error) {
	var total, squares [2]sum
	for i := range scores {
		for mark := range 2 {
			total[mark].add(scores[i].Weights[mark])
			squares[mark].add(scores[i].Squares[mark])
		}
	}
	n, p := total[0].value(), total[1].value()
	if !(n > 0 && p > 0) {
		return AUC{}, ErrOneClass
	}
	var area sum
	below := 0.0
	for i := range scores {
		w := scores[i].Weights
		area.add(w[1] * (below + float64(w[0]/2)))
		below += w[0]
	}
	a := AUC{Area: area.value() / n / p}
	a.cases = [2]float64{n * n / squares[0].value(), p * p / squares[1].value()}
	a.variance(scores, n, p)
	return a, nil
}

func (a *AUC) variance(scores []Ranked, n, p float64) {
	var of [2]sum
	var below, above float64 // negatives below, positives not above
	for i := range scores {
		w, s := scores[i].Weights, scores[i].Squares
		positive := (below+float64(w[0]/2))/n - a.Area
		negative := (p-above-float64(w[1]/2))/p - a.Area
		of[1].add(s[1] * positive * positive)
		of[0].add(s[0] * negative * negative)
		below += w[0]
		above += w[1]
	}
	totals := [2]float64{n, p}
	for mark := range of {
		k := a.cases[mark]
		a.parts[mark] = of[mark].value() / (totals[mark] * totals[mark]) * k / math.Max(k-1, 1)
	}
	a.Variance = a.parts[0] + a.parts[1]
	a.estimate = inside(a.Area, 0.5/(float64(a.cases[0]*a.cases[1])+1))
	rare := min(a.cases[0], a.cases[1])
	if !(a.Variance > 0) || a.Area <= 0 || a.Area >= 1 {
		a.estimate = inside(a.Area, 0.5/(rare+1))
		a.Variance = a.hanley()
		a.parts = [2]float64{a.Variance / 2, a.Variance / 2}
	}
	if a.taken = a.Variance; rare < fewCases {
		a.estimate = inside(a.Area, 0.5/(rare+1))
		if most := a.estimate * (1 - a.estimate) / rare; most > a.Variance {
			a.taken, a.parts = most, [2]float64{}
			a.parts[rarer(a.cases)] = most
		}
	}
}

// fewCases is how many cases of a class tell how much they differ: fewer have the
// largest variance that there can be.
const fewCases = 20

// rarer is the class with fewer cases.
func rarer(cases [2]float64) int {
	if cases[1] <= cases[0] {
		return 1
	}
	return 0
}

// inside is x at least so far from 0 and 1.
func inside(x, margin float64) float64 { return min(max(x, margin), 1-margin) }

// hanley is Hanley and McNeil's variance of the estimate.
func (a *AUC) hanley() float64 {
	n, p := a.cases[0], a.cases[1]
	area := a.estimate
	both := area / (2 - area)
	twice := float64(2*area*area) / (1 + area)
	square := float64(area * area)
	return (area - square + float64((p-1)*(both-square)) + float64((n-1)*(twice-square))) / float64(n*p)
}

// Interval is the 95% interval of the area, on the logit scale (Pepe, 2003),
// which keeps it within 0 and 1 and right near its ends.
func (a *AUC) Interval() (low, high float64) {
	return logitInterval(a.estimate, a.taken, a.Area)
}

// logitInterval is estimate ± 1.96 standard errors on the logit scale, which
// holds the value itself.
func logitInterval(estimate, variance, value float64) (low, high float64) {
	logit := math.Log(estimate / (1 - estimate))
	half := float64(normal95 * math.Sqrt(variance) / (estimate * (1 - estimate)))
	low, high = 1/(1+math.Exp(half-logit)), 1/(1+math.Exp(-half-logit))
	return min(low, value), max(high, value)
}

// normal95 is the normal quantile of two-sided 95%.
const normal95 = 1.959963984540054

// Fell is the p-value of that the area of current cases is not below that of
// the reference: DeLong's test of two independent samples on the logit scale,
// since an area that is high by chance has a small variance by chance too; with
// the degrees of freedom that the variance is known with (Satterthwaite), as in
// the test of Brunner and Munzel (2000).
func (a *AUC) Fell(current *AUC) float64 {
	variance, spent, by := 0.0, 0.0, 0.0
	for i, side := range []*AUC{a, current} {
		area := side.estimate
		slope := 1 / (area * (1 - area))
		by += float64(float64(1-2*i) * math.Log(area/(1-area)))
		variance += float64(side.taken * slope * slope)
		for mark, part := range side.parts {
			part *= slope * slope
			spent += float64(part * part / math.Max(side.cases[mark]-1, 1))
		}
	}
	return studentAbove(by/math.Sqrt(variance), float64(variance*variance)/spent)
}

// studentAbove is P(T >= t) for Student's t with k degrees of freedom.
func studentAbove(t, k float64) float64 {
	p := float64(StudentTwoSided(t, k) / 2)
	if t < 0 {
		return 1 - p
	}
	return p
}

// AveragePrecision is Σ (recall's rise)·precision over descending scores, as in
// scikit-learn: no interpolation, cases of one score together. Scores are in
// ascending order.
func AveragePrecision(scores []Ranked) (float64, error) {
	var positives sum
	for i := range scores {
		positives.add(scores[i].Weights[1])
	}
	p := positives.value()
	if !(p > 0) {
		return 0, errors.New("no labelled row is positive")
	}
	var area sum
	var all, found float64
	for i := len(scores) - 1; i >= 0; i-- {
		w := scores[i].Weights
		found += w[1]
		all += w[0] + w[1]
		if w[1] > 0 {
			area.add(w[1] / p * (found / all))
		}
	}
	return area.value(), nil
}

// AveragePrecisionInterval is the 95% interval on the logit scale, from the
// effective number of positive cases (Boyd, Eng and Page, 2013).
func AveragePrecisionInterval(value, positives float64) (low, high float64) {
	estimate := inside(value, 0.5/(positives+1))
	return logitInterval(estimate, estimate*(1-estimate)/positives, value)
}
