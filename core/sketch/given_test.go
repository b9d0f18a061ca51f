package sketch_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	"leeway/core/sketch"
)

// TestAddCount: a value that counts n times is the value n times, whether the cells
// are exact or have become coarse.
func TestAddCount(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, distinct := range []int{1, 50, 9000} {
		once, counted := sketch.NewGrid(512), sketch.NewGrid(512)
		for range distinct {
			x, n := r.NormFloat64()*math.Exp(3*r.NormFloat64()), int64(1+r.IntN(9))
			for range n {
				once.Add([]float64{x})
			}
			counted.AddCount(x, n)
		}
		counted.AddCount(math.NaN(), 3)
		counted.AddCount(math.Inf(1), 3)
		counted.AddCount(1, 0)
		if !bytes.Equal(once.Append(nil), counted.Append(nil)) {
			t.Errorf("%d values: %d in %d cells, instead of %d in %d", distinct, counted.Count(), counted.Len(), once.Count(), once.Len())
		}
	}
}
