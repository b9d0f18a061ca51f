package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestScan compares the rarest value with that of testing every one.
func TestScan(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		k := 1 + r.IntN(60)
		a, b := make([]int64, k), make([]int64, k)
		size := math.Exp(8 * r.Float64())
		for i := range a {
			a[i], b[i] = int64(size*r.ExpFloat64()), int64(size*r.ExpFloat64()*r.Float64()*0.3)
		}
		n, m := int64(1), int64(1)
		for i := range a {
			n, m = n+a[i], m+b[i]
		}
		want, at := 1.0, 0
		for i := range a {
			if a[i]+b[i] < 2 {
				continue
			}
			h := Hypergeometric{All: n + m, Marked: a[i] + b[i], Draw: m}
			p := h.TwoSided(b[i])
			if p < want {
				want, at = p, i
			}
			if p > 1e-300 && h.surprise(b[i]) < -math.Log(p) {
				t.Errorf("%+v: %d surprises by %g, its P is e^%g", h, b[i], h.surprise(b[i]), math.Log(p))
			}
		}
		if p, where := rarest(equals(a, b), n, m); p != want || where != at && p < 1 && p > 0 {
			t.Errorf("%v %v: %g at %d, want %g at %d", a, b, p, where, want, at)
		}
		could := 0
		for i := range a {
			if a[i]+b[i] > 0 && (Hypergeometric{All: n + m, Marked: a[i] + b[i], Draw: m}).Smallest() <= want {
				could++
			}
		}
		if got := reachable(equals(a, b), n, m, want); got != could && want < 1 {
			t.Errorf("%v %v: %d values reach %g, want %d", a, b, got, want, could)
		}
	}
}

// TestSmirnovTail compares it with the sum of all its terms.
func TestSmirnovTail(t *testing.T) {
	for _, n := range []int64{3, 50, 1000, 4095} {
		for _, d := range []float64{0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.499, 0.5, 0.501, 0.7, 0.99} {
			var want sum
			for v := int64(1); v <= int64(float64(n)*(1-d)); v++ {
				want.add(smirnovTerm(float64(n), float64(v), d))
			}
			all := want.value() + math.Exp(float64(n)*math.Log1p(-d))
			if got := smirnovTail(n, d); math.Abs(got-all) > 1e-12*all+5e-324 {
				t.Errorf("n %d, d %g: %g, want %g", n, d, got, all)
			}
		}
	}
}

// TestSurprise: it bounds the P of every split of some totals, as far as that is
// no denormal.
func TestSurprise(t *testing.T) {
	for _, h := range []Hypergeometric{{10, 4, 5}, {50, 2, 3}, {1000, 300, 10}, {5000, 2500, 2500}, {100000, 20, 50000}, {1000, 999, 500}} {
		for x := h.Low(); x <= h.High(); x++ {
			if p := h.TwoSided(x); p > 1e-300 && h.surprise(x) < -math.Log(p) {
				t.Errorf("%+v: %d surprises by %g, its P is e^%g", h, x, h.surprise(x), math.Log(p))
			}
		}
	}
}

// TestTwoSided compares it with the sum over all splits whose smaller tail is no
// larger.
func TestTwoSided(t *testing.T) {
	for _, h := range []Hypergeometric{
		{10, 4, 5}, {50, 2, 3}, {1000, 300, 10}, {500, 250, 250}, {1100, 40, 100}, {1100, 130, 1000}, {5000, 60, 4000}, {1000, 999, 500}, {7, 7, 3},
		{1e6, 1e4, 1e5}, {20_000, 3_000, 700},
	} {
		low := h.Low()
		smaller, chance := make([]float64, h.High()-low+1), make([]float64, h.High()-low+1)
		for i := range smaller {
			x := low + int64(i)
			smaller[i], chance[i] = min(h.Above(x), h.Below(x)), h.P(x)
		}
		least := 1.0
		for at := 0; at < len(smaller); at += max(len(smaller)/400, 1) {
			want := 0.0
			for i := range smaller {
				if smaller[i] <= smaller[at]*(1+1e-7) {
					want += chance[i]
				}
			}
			got := h.TwoSided(low + int64(at))
			least = min(least, got)
			if smaller[at] > 0.25 && got >= want-1e-9 {
				continue
			}
			if math.Abs(got-want) > 1e-9*want {
				t.Errorf("%+v: P of %d is %g, want %g", h, low+int64(at), got, want)
			}
		}
		least = min(least, h.TwoSided(h.High()))
		if got := h.Smallest(); math.Abs(got-least) > 1e-9*least {
			t.Errorf("%+v: smallest P is %g, want %g", h, got, least)
		}
	}
}
