package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestWithin holds counting the paths that stay inside against walking the
// recursion for those that leave.
func TestWithin(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	compared := 0
	for range 2000 {
		n, m := r.Int64N(600)+1, r.Int64N(600)+1
		if r.IntN(100) == 0 {
			n, m = r.Int64N(10000)+1, r.Int64N(10000)+1
		}
		if r.IntN(20) == 0 { // as far as counts grow before they are scaled
			half := 256*(1+r.Int64N(8)) - 1 - r.Int64N(4)
			n = half - 1 - r.Int64N(16)
			m = 2*half - n + r.Int64N(2)
		}
		g := gcd(n, m)
		h := 1 + int64(float64(n/g*m)*1.6*math.Sqrt(float64(n+m)/float64(n*m))*r.Float64())
		p := outside(n, m, g, h)
		if p < worthCounting {
			continue
		}
		compared++
		if counted := 1 - within(n, m, g, h); !(math.Abs(counted-p) <= 1e-10*p) { // NaN too
			t.Errorf("%d and %d, h %d: counting the paths inside gives p = %v, those outside %v", n, m, h, counted, p)
		}
	}
	if compared < 1000 {
		t.Errorf("only %d cases have p over %v", compared, worthCounting)
	}
}
