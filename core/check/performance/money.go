package performance

import (
	"fmt"
	"math"
	"strings"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/schema"
	"leeway/core/stat"
)

// per is how many predictions money is counted for.
const per = 1000

var ofMoney = []method{
	{Desc: metric.Desc{Name: "cost_per_1000", Low: math.Inf(-1), High: math.Inf(1), Better: "lower",
		Help:    "What 1,000 predictions cost, in the money of the configuration (costs).",
		Formula: "1000 · mean over labelled rows of the cost of the outcome: by actual and predicted class, or absolute error · costs.absolute_error; below 0 predictions gain. 95% interval: Student's t; of classes from counts with two rows spread over all cells, so that an outcome that did not occur yet has its part. Not tested: it follows from counts and errors that are",
		Use:     "What a change of accuracy comes to, where outcomes are not equally dear. With weights, per 1,000 weighted rows.",
		Needs:   "costs in the configuration; a labelled row with a prediction. Pairs of classes without a cost cost 0",
		Cite:    "Elkan (2001), The foundations of cost-sensitive learning: expected cost by a cost matrix"},
		tasks: []schema.Task{schema.Binary, schema.Multiclass, schema.Regression}, priced: true, of: one((*side).cost)},
}

// price learns what outcomes cost; nil for nothing.
func (s *side) price(costs *schema.Costs) {
	if s.Summary != nil {
		s.prices = outcome.NewPrices(s.Shape, costs)
	}
}

// cost is that of 1,000 predictions.
func (s *side) cost() value {
	var v value
	switch {
	case s.matrix != nil && s.matrix.rows > 0:
		v = s.matrix.cost(s.prices)
	case s.matrix == nil && s.Absolute.Rows() > 0:
		v = mean(s.Absolute, 0)
		unit := s.prices.Unit()
		v.value, v.low, v.high = v.value*unit, v.low*unit, v.high*unit
	default:
		return missing(noRows)
	}
	v.value, v.low, v.high = v.value*per, v.low*per, v.high*per
	return v
}

// cost is the mean cost of a row, which is exact. Its interval is that of the mean
// in the matrix of smooth, within the costs that there are: where none of the dear
// rows is in the sample, the sample's own variance would know nothing of them.
func (m *matrix) cost(prices *outcome.Prices) value {
	of := func(i, j int) float64 { return prices.Class(m.classes[i], m.classes[j]) }
	v := value{value: m.meanOf(of), n: m.rows}
	smooth := m.smooth()
	center := smooth.meanOf(of)
	variance := smooth.sum(func(i, j int) float64 { return of(i, j) - center }) / (smooth.total * smooth.total)
	if !(variance > 0) {
		return v
	}
	least, most := math.Inf(1), math.Inf(-1)
	for i := range m.classes {
		for j := range m.classes {
			least, most = min(least, of(i, j)), max(most, of(i, j))
		}
	}
	v.low, v.high = stat.MeanInterval(center, variance*smooth.total/(smooth.total-1), smooth.total)
	v.low, v.high = min(max(v.low, least), v.value), max(min(v.high, most), v.value)
	return v
}

// meanOf is the mean over rows of what a cell is worth.
func (m *matrix) meanOf(worth func(i, j int) float64) float64 {
	var all float64
	for i := range m.classes {
		for j := range m.classes {
			all += float64(m.cells[[2]int{i, j}].weight * worth(i, j))
		}
	}
	return all / m.total
}

// unpriced says which classes have a cost and no row, which a misspelt name has.
func (s *side) unpriced() []check.Evidence {
	if s.prices == nil || len(s.prices.Unknown) == 0 || s.Labelled == 0 {
		return nil
	}
	names := make([]string, 0, len(s.prices.Unknown))
	for _, name := range s.prices.Unknown[:min(len(s.prices.Unknown), 5)] {
		names = append(names, fmt.Sprintf("%q", name))
	}
	return []check.Evidence{{
		Check: Name, Metric: "cost_per_1000", Value: math.NaN(), NCurrent: s.Labelled,
		P: math.NaN(), Effect: math.NaN(), NoiseFloor: math.NaN(), Low: math.NaN(), High: math.NaN(), Notable: true,
		Message: fmt.Sprintf("The configuration names costs of classes that no row has: %s.", strings.Join(names, ", ")),
		Hint:    "Write classes under costs.confusion as the data do, or leave them if they only have not come yet.",
	}}
}
