package stat

import (
	"math"
	"testing"
)

// TestShifted: a shift is told however large it is, whatever the unit, and a few outliers
// do not lead it; of a reference that is half one value it is not known.
func TestShifted(t *testing.T) {
	normal := func(shift, unit float64) Weighted {
		values := make([]float64, 2000)
		for i := range values {
			values[i] = unit * (shift + normalQuantile((float64(i)+0.5)/2000))
		}
		return Count(values)
	}
	for _, shift := range []float64{0, 0.5, 3, -40} {
		for _, unit := range []float64{1, 1e-9, 1e200} {
			if got := NewPair(normal(0, unit), normal(shift, unit)).Shifted(); math.Abs(got-math.Abs(shift)) > 0.01*max(math.Abs(shift), 0.1) {
				t.Errorf("a shift of %g (in units of %g) is said to be %g", shift, unit, got)
			}
		}
	}
	outliers := normal(0.5, 1)
	outliers.Values[len(outliers.Values)-1] = 1e300
	if got := NewPair(normal(0, 1), outliers).Shifted(); math.Abs(got-0.5) > 0.01 {
		t.Errorf("with an outlier %g", got)
	}
	if got := NewPair(Count([]float64{0, 0, 0, 1}), normal(0, 1)).Shifted(); got != 0 {
		t.Errorf("of a reference without a spread %g", got)
	}
}
