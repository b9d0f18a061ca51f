package performance

import (
	"math"

	"leeway/core/stat"
)

// rooted is the root of the mean squared error.
func (s *side) rooted() value {
	v := mean(s.Squared, 0)
	v.value, v.low, v.high = math.Sqrt(v.value), math.Sqrt(v.low), math.Sqrt(v.high)
	return v
}

// share is the mean absolute error as a fraction of the label.
func (s *side) share() value {
	if s.Share.Rows() == 0 {
		return missing("every label is 0")
	}
	return mean(s.Share, 0)
}

func (s *side) logarithmic() value {
	if s.Negative > 0 {
		return missing("some labels or predictions are negative")
	}
	return mean(s.Log, 0)
}

// median is that of absolute errors, with the interval between order statistics
// (exact without weights, whatever the errors are distributed like).
func (s *side) median() value {
	steps := s.Sizes.Steps()
	v := value{n: s.Sizes.Count(), coarse: !s.Sizes.Exact()}
	var total, squares float64
	weights := make([]float64, len(steps))
	for i := range steps {
		weights[i] = steps[i].Weights[0] + steps[i].Weights[1]
		total += weights[i]
		squares += steps[i].Squares[0] + steps[i].Squares[1]
	}
	at := func(share float64) float64 { // the smallest with at least that much up to it
		up := 0.0
		for i := range steps {
			if up += weights[i]; up >= share*total*(1-1e-15) {
				return steps[i].Value
			}
		}
		return steps[len(steps)-1].Value
	}
	above := func(share float64) float64 { // the largest with at least that much from it on
		down := 0.0
		for i := len(steps) - 1; i >= 0; i-- {
			if down += weights[i]; down >= (1-share)*total*(1-1e-15) {
				return steps[i].Value
			}
		}
		return steps[0].Value
	}
	v.value = (at(0.5) + above(0.5)) / 2
	if n := total * total / squares; n >= 6 {
		half := float64(normal95*math.Sqrt(n)/2) + 0.5
		v.low, v.high = at(math.Max(0.5-half/n, 0)), above(math.Min(0.5+half/n, 1))
	}
	return v
}

// tooFar is how many standard deviations from zero labels may lie for the
// interval of r² to keep its digits.
const tooFar = 1000

// determination is r², the share of the labels' variance that predictions
// explain.
func (s *side) determination() value {
	n := s.Absolute.Rows()
	switch {
	case n < 2:
		return missing("needs at least two labelled rows")
	}
	spread := s.Spread()
	if !(spread > 0) {
		return missing("all labels are equal")
	}
	weight := s.Weight()
	v := value{value: 1 - s.Squared.Mean()*weight/spread, n: n}
	if deviation := math.Sqrt(spread / weight); math.Abs(s.Label()) < tooFar*deviation {
		half := float64(normal95 * math.Sqrt(s.RSquaredVariance(v.value, spread)))
		v.low, v.high = v.value-half, math.Min(v.value+half, 1)
	}
	return v
}

// errors are the absolute errors as a sample; not ok with weights, of which no
// draw can be made.
func (s *side) errors() (sizes, signed stat.Weighted, ok bool) {
	if s.Shape.Weighted {
		return sizes, signed, false
	}
	steps := s.Sizes.Steps()
	for i := range steps {
		sizes.Values = append(sizes.Values, steps[i].Value)
		sizes.Counts = append(sizes.Counts, steps[i].Counts[0]+steps[i].Counts[1])
	}
	for i := len(steps) - 1; i >= 0; i-- { // too low: from the lowest up
		if n := steps[i].Counts[0]; n > 0 {
			signed.Values, signed.Counts = append(signed.Values, 0-steps[i].Value), append(signed.Counts, n)
		}
	}
	for i := range steps {
		n := steps[i].Counts[1]
		switch last := len(signed.Values) - 1; {
		case n == 0:
		case last >= 0 && signed.Values[last] == steps[i].Value: // a cell around zero
			signed.Counts[last] += n
		default:
			signed.Values, signed.Counts = append(signed.Values, steps[i].Value), append(signed.Counts, n)
		}
	}
	return sizes, signed, true
}
