package report

import (
	"cmp"
	"math"
	"slices"

	"leeway/core/outcome"
	"leeway/core/schema"
	"leeway/core/stat"
)

// How finely curves are described: what a chart can show, and short.
const (
	curveOff    = 0.002 // corners stay within this of the curve
	curvePoints = 100   // more are not kept: the curve is coarser then
	curveClass  = 4     // multiclass: how many classes have curves
	curveDigits = 1e5   // rates are rounded to five digits

)

// MostClasses is how many classes a confusion matrix in a report has; where there
// are more, the last one stands for all but the largest.
const MostClasses = 10

// CurvesOf draws the curves of both sides' labelled rows; nil where neither has
// any. A side is nil where nothing is known of it.
func CurvesOf(ref, cur *outcome.Summary) *Curves {
	if ref != nil && ref.Labelled == 0 {
		ref = nil
	}
	if cur != nil && cur.Labelled == 0 {
		cur = nil
	}
	if ref == nil && cur == nil {
		return nil
	}
	c := &Curves{Reference: curvesOf(ref), Current: curvesOf(cur)}
	if one := cmp.Or(cur, ref); one.Shape.Task == schema.Regression {
		c.residuals(ref, cur)
	} else {
		c.scores(ref, cur)
		c.confusion(ref, cur)
	}
	return c
}

func curvesOf(s *outcome.Summary) *CurveSide {
	switch {
	case s == nil:
		return nil
	case s.Shape.Task == schema.Regression:
		return &CurveSide{Reliability: tenths(s)}
	}
	return &CurveSide{Reliability: bins(s)}
}

// scores adds the curves of the order of scores: the same classes on both sides.
func (c *Curves) scores(ref, cur *outcome.Summary) {
	shape := cmp.Or(cur, ref).Shape
	largest := make([]int, len(shape.Scored))
	marked := make([]float64, len(shape.Scored))
	for i := range shape.Scored {
		largest[i] = i
		for _, s := range []*outcome.Summary{ref, cur} {
			marked[i] += actualShare(s, shape.Scored[i])
		}
	}
	slices.SortStableFunc(largest, func(a, b int) int { return cmp.Compare(marked[b], marked[a]) })
	for _, i := range largest[:min(len(largest), curveClass)] {
		class := shape.Classes.Name(shape.Scored[i])
		c.Reference.curve(ref, i, class)
		c.Current.curve(cur, i, class)
	}
}

// actualShare is the share of labelled rows that are of a class.
func actualShare(s *outcome.Summary, class int32) float64 {
	if s == nil {
		return 0
	}
	var of, all float64
	for _, pair := range s.Pairs() {
		w, _ := s.Shape.Weight(s.Confusion[pair])
		all += w
		if pair.Actual == class {
			of += w
		}
	}
	return of / max(all, math.SmallestNonzeroFloat64)
}

func (c *CurveSide) curve(s *outcome.Summary, i int, class string) {
	if s == nil {
		return
	}
	steps := s.Against(i).Steps()
	ranked := make([]stat.Ranked, len(steps))
	for k := range steps {
		ranked[k] = stat.Ranked{Weights: steps[k].Weights, Squares: steps[k].Squares}
	}
	if curve := stat.ROC(ranked); curve != nil {
		x, y := corners(curve)
		c.ROC = append(c.ROC, ROC{class, x, y})
	}
	if curve := stat.PrecisionRecall(ranked); curve != nil {
		x, y := corners(curve)
		c.PrecisionRecall = append(c.PrecisionRecall, PrecisionRecall{class, x, y})
	}
}

// corners are those of a curve that are kept.
func corners(curve []stat.Point) (x, y []float64) {
	for _, p := range stat.Thin(curve, curveOff, curvePoints) {
		x, y = append(x, fixed(p.X)), append(y, fixed(p.Y))
	}
	return x, y
}

// fixed is a rate in few digits.
func fixed(x float64) float64 { return math.Round(x*curveDigits) / curveDigits }

// short is a number of any size in six digits.
func short(x float64) float64 {
	if x == 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		return x
	}
	unit := math.Pow(10, 5-math.Floor(math.Log10(math.Abs(x))))
	if y := math.Round(x*unit) / unit; unit > 0 && !math.IsInf(unit, 0) && !math.IsNaN(y) {
		return y
	}
	return x
}

// bins are the tenths of scores.
func bins(s *outcome.Summary) []Reliability {
	var all []Reliability
	for i := range s.Bins {
		b := &s.Bins[i]
		weight, squares := s.Shape.Weight(&b.Count)
		if !(weight > 0) {
			continue
		}
		hits, _ := s.Shape.Weight(&b.Hits)
		rate := min(hits/weight, 1)
		low, high := stat.WilsonEffective(rate, weight*weight/squares)
		all = append(all, Reliability{
			Rows: b.Count.Rows, Expected: fixed(b.Scores.Float() / weight), Observed: fixed(rate),
			Interval: &[2]float64{fixed(low), fixed(high)},
		})
	}
	return all
}

// tenths are groups of rows by their predictions, about a tenth of the weight
// each; rows of one prediction are in one group.
func tenths(s *outcome.Summary) []Reliability {
	list, _ := s.Residuals.Sorted()
	var total, done float64
	for i := range list {
		total += mass(&list[i])
	}
	var all []Reliability
	for from := 0; from < len(list); {
		edge := total * (math.Floor(outcome.Bins*done/total+1e-9) + 1) / outcome.Bins
		to := from
		for to < len(list) && (done < edge*(1-1e-12) || list[to].Predicted == list[to-1].Predicted) {
			done += mass(&list[to])
			to++
		}
		all = append(all, alike(list[from:to]))
		from = to
	}
	return all
}

// mass is the weight of all rows of a residual.
func mass(r *outcome.Residual) float64 { return float64(r.Weight * float64(r.Rows)) }

// alike sums up rows of much the same prediction.
func alike(list []outcome.Residual) Reliability {
	var one Reliability
	var weight, squares, expected, observed, about float64
	for i := range list {
		w := mass(&list[i])
		one.Rows += list[i].Rows
		weight += w
		squares += float64(list[i].Weight * w)
		expected += float64(w * list[i].Predicted)
		observed += float64(w * list[i].Label())
	}
	expected, observed = expected/weight, observed/weight
	for i := range list {
		off := list[i].Label() - observed
		about += float64(mass(&list[i]) * off * off)
	}
	one.Expected, one.Observed = short(expected), short(observed)
	if n := weight * weight / squares; n >= 2 && about > 0 {
		low, high := stat.MeanInterval(observed, about/weight/(n-1), n)
		one.Interval = &[2]float64{short(low), short(high)}
	}
	return one
}

// confusion adds the matrices: the same classes on both sides.
func (c *Curves) confusion(ref, cur *outcome.Summary) {
	var codes []int32
	share := map[int32]float64{} // of the rows of a side that are of the class or taken for it
	for _, s := range []*outcome.Summary{ref, cur} {
		if s == nil {
			continue
		}
		var all float64
		for _, pair := range s.Pairs() {
			all += float64(s.Confusion[pair].Rows)
		}
		for _, pair := range s.Pairs() {
			codes = append(codes, pair.Actual, pair.Predicted)
			rows := float64(s.Confusion[pair].Rows) / all
			share[pair.Actual] += rows
			share[pair.Predicted] += rows
		}
	}
	if len(codes) == 0 {
		return
	}
	shape := cmp.Or(cur, ref).Shape
	slices.Sort(codes)
	codes = shape.Classes.Ordered(slices.Compact(codes))
	if len(codes) > MostClasses {
		largest := slices.Clone(codes)
		slices.SortStableFunc(largest, func(a, b int32) int { return cmp.Compare(share[b], share[a]) })
		codes = shape.Classes.Ordered(largest[:MostClasses-1])
		c.Other = true
	}
	place := map[int32]int{}
	for i, code := range codes {
		place[code] = i
		c.Classes = append(c.Classes, shape.Classes.Name(code))
	}
	if c.Other {
		c.Classes = append(c.Classes, "other")
	}
	c.Reference.matrix(ref, place, len(c.Classes))
	c.Current.matrix(cur, place, len(c.Classes))
}

func (c *CurveSide) matrix(s *outcome.Summary, place map[int32]int, size int) {
	if s == nil || len(s.Confusion) == 0 {
		return
	}
	c.Confusion = make([][]float64, size)
	for i := range c.Confusion {
		c.Confusion[i] = make([]float64, size)
	}
	at := func(code int32) int {
		if i, known := place[code]; known {
			return i
		}
		return size - 1
	}
	for _, pair := range s.Pairs() {
		w, _ := s.Shape.Weight(s.Confusion[pair])
		c.Confusion[at(pair.Actual)][at(pair.Predicted)] += w
	}
}

// residuals adds how far off numbers were: both sides in the same cells.
func (c *Curves) residuals(ref, cur *outcome.Summary) {
	r, k := signed(ref), signed(cur)
	edges := cut(r, k, false)
	if edges == nil {
		return
	}
	c.Residuals = &Distribution{Edges: edges}
	if r.total > 0 {
		c.Residuals.Reference, c.Reference.Residuals = r.spread(edges), r.quantiles()
	}
	if k.total > 0 {
		c.Residuals.Current, c.Current.Residuals = k.spread(edges), k.quantiles()
	}
}

func (w weighted) quantiles() *Quantiles {
	at := func(q float64) float64 { return short(w.quantile(q)) }
	return &Quantiles{at(.01), at(.05), at(.25), at(.5), at(.75), at(.95), at(.99)}
}

// signed are the residuals of a side, ascending.
func signed(s *outcome.Summary) (w weighted) {
	if s == nil {
		return w
	}
	steps := s.Sizes.Steps()
	add := func(x float64, n int64) {
		if n == 0 {
			return
		}
		w.total += n
		if last := len(w.values) - 1; last >= 0 && w.values[last] == x {
			w.counts[last] += n
			return
		}
		w.values, w.counts = append(w.values, x), append(w.counts, n)
	}
	for i := len(steps) - 1; i >= 0; i-- {
		add(0-steps[i].Value, steps[i].Counts[0])
	}
	for i := range steps {
		add(steps[i].Value, steps[i].Counts[1])
	}
	return w
}
