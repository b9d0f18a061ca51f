package stat

import (
	"math"
	"testing"
)

// TestTrialsTail holds the tail against the sum over all outcomes.
func TestTrialsTail(t *testing.T) {
	for _, one := range []Trials{
		{[]float64{300}, []float64{0.15}},
		{[]float64{100, 100, 100}, []float64{0.01, 0.1, 0.45}},
		{[]float64{40, 20, 5}, []float64{0.02, 0.3, 0.6}},
		{[]float64{2000, 50}, []float64{0.001, 0.5}},
	} {
		law := []float64{1}
		for i, c := range one.Counts {
			for range int(c) {
				law = append(law, 0)
				for k := len(law) - 1; k > 0; k-- {
					law[k] = law[k]*(1-one.Chances[i]) + law[k-1]*one.Chances[i]
				}
				law[0] *= 1 - one.Chances[i]
			}
		}
		tail := 0.0
		for k := len(law) - 1; k >= 0; k-- {
			tail += law[k]
			if tail < 1e-280 {
				continue
			}
			if got := one.LogTail(float64(k)); math.Abs(got-math.Log(tail)) > 0.06 {
				t.Errorf("%v: P(X >= %d) is %g, the sum gives %g", one, k, math.Exp(got), tail)
			}
		}
	}
	far := Trials{[]float64{1e6}, []float64{0.1}}
	if got, want := far.LogTail(5e5), -1e6*(0.5*math.Log(0.5/0.1)+0.5*math.Log(0.5/0.9)); math.Abs(got-want) > 20 || math.IsNaN(got) {
		t.Errorf("far out: %v, want about %v", got, want)
	}
	if got := far.LogTail(2e6); !math.IsInf(got, -1) {
		t.Errorf("more than there are: %v", got)
	}
}
