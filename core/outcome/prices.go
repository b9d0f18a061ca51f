package outcome

import (
	"math"

	"leeway/core/schema"
)

// Prices is what outcomes cost, see [schema.Costs]: below 0 they gain.
type Prices struct {
	Unknown []string // configured classes that no row has, in the order of the configuration

	costs    *schema.Costs
	positive int32
	pairs    map[Pair]float64 // multiclass
}

// NewPrices are the costs of rows of a shape; nil where there are none.
func NewPrices(shape *Shape, costs *schema.Costs) *Prices {
	if costs == nil || shape == nil || costs.Task != shape.Task {
		return nil
	}
	p := &Prices{costs: costs, positive: shape.Positive, pairs: map[Pair]float64{}}
	if shape.Task != schema.Multiclass {
		return p
	}
	missed := map[string]bool{}
	find := func(text string) (int32, bool) {
		code, known := shape.Classes.Find(text)
		if !known && !missed[text] {
			missed[text] = true
			p.Unknown = append(p.Unknown, text)
		}
		return code, known
	}
	for _, one := range costs.Confusion {
		actual, known := find(one.Actual)
		predicted, also := find(one.Predicted)
		if known && also {
			p.pairs[Pair{Actual: actual, Predicted: predicted}] = one.Cost
		}
	}
	return p
}

// Class is the cost of a row of a task of classes.
func (p *Prices) Class(actual, predicted int32) float64 {
	if p.costs.Task == schema.Multiclass {
		return p.pairs[Pair{Actual: actual, Predicted: predicted}]
	}
	switch is, said := actual == p.positive, predicted == p.positive; {
	case is && said:
		return p.costs.TruePositive
	case is:
		return p.costs.FalseNegative
	case said:
		return p.costs.FalsePositive
	}
	return p.costs.TrueNegative
}

// Unit is the cost of each unit that a prediction of a number is off.
func (p *Prices) Unit() float64 { return p.costs.AbsoluteError }

// Of is the cost of a row as a [Row] holds it, classes by their codes; NaN where
// what was predicted, or what came true, is not known.
func (p *Prices) Of(actual, predicted float64) float64 {
	off := math.Abs(predicted - actual)
	switch {
	case math.IsNaN(off):
		return off
	case p.costs.Task == schema.Regression:
		return off * p.Unit()
	}
	return p.Class(int32(actual), int32(predicted))
}
