package cause

import "math"

// cut tries a conversion to whole numbers, as weeks come of days where whole numbers are
// divided: the factor is one itself, it leaves no more than chance does of a wide gap, and neither a quarter more or
// less nor another known factor as near would. What was lost by rounding keeps
// factors from being told more sharply, and values became zero that were not.
func (c *column) cut(v conversion, on *sides) *fit {
	steps := c.stepped()
	chance := noise(on.a.n, on.b.n)
	if v.offset != 0 || v.size() < 5 || v.size() != math.Round(v.size()) || on.before < 0.5 || !(steps[0] > 0) || !(steps[1] > 0) || float64(v.factor*steps[0]) > float64(0.9*steps[1]) ||
		apart(on.a, on.b, v.inverse().apply, steps[1], chance) {
		return nil
	}
	f := &fit{conversion: v, sides: *on}
	for _, to := range []func(float64) float64{math.Floor, math.Round, math.Ceil} {
		f.whole = func(x float64) float64 { return float64(to(x/steps[1]+1e-9) * steps[1]) }
		if f.left = f.gapOf(v); f.left <= chance && f.alone(chance) {
			return f
		}
	}
	return nil
}

// alone tells that no other factor would leave as little.
func (f *fit) alone(chance float64) bool {
	for _, factor := range []float64{1.25, 0.8} {
		if f.gapOf(conversion{factor: f.factor * factor}) <= float64(2*chance) {
			return false
		}
	}
	for _, v := range conversions {
		for _, other := range []conversion{v, v.inverse()} {
			ratio := max(other.factor/f.factor, f.factor/other.factor)
			if other.offset == 0 && ratio > 1.01 && ratio < 1.25 && f.gapOf(other) <= max(chance, float64(1.5*f.left)) {
				return false
			}
		}
	}
	return true
}
