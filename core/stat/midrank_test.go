package stat

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"leeway/core/internal/golden"
)

// TestRankReasons: what the statistics of ranks need, they say.
func TestRankReasons(t *testing.T) {
	pair := func(a, b []float64) *Pair { return NewPair(Count(a), Count(b)) }
	one, two, same := []float64{1}, []float64{1, 2}, []float64{3, 3, 3}
	for _, c := range []struct {
		p            *Pair
		cramer, ders error
	}{
		{pair(nil, two), ErrEmpty, ErrEmpty},
		{pair(one, two), ErrFew, ErrFour},
		{pair(one, []float64{1, 2, 3}), ErrFew, nil},
		{pair(two, two), nil, nil},
		{pair(same, same), nil, ErrAlike},
	} {
		if _, err := c.p.CramerVonMises(); !errors.Is(err, c.cramer) {
			t.Errorf("Cramér-von Mises: %v, want %v", err, c.cramer)
		}
		if _, err := c.p.AndersonDarling(); !errors.Is(err, c.ders) {
			t.Errorf("Anderson-Darling: %v, want %v", err, c.ders)
		}
		if _, err := c.p.AndersonDarlingP(); !errors.Is(err, c.ders) {
			t.Errorf("its p: %v, want %v", err, c.ders)
		}
	}
	if _, err := CramerVonMisesP(1, 1, 5); !errors.Is(err, ErrFew) {
		t.Error(err)
	}
}

// TestDarlingP: the p-value is the share of random splits of the pooled values
// that look at least as different, ties or not, few values or many.
func TestDarlingP(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, c := range []struct {
		shape string
		n, m  int
		shift float64
	}{{"bell", 8, 6, 1}, {"bell", 60, 40, 0.4}, {"bell", 500, 30, 0.3}, {"integers", 9, 5, 1}, {"integers", 80, 70, 0.6},
		{"zero_inflated", 100, 90, 1}, {"two", 700, 4, 0}, {"rounded", 200, 200, 0.2}} {
		ref, cur := golden.Draw(c.shape, c.n, 31, 1, 0), golden.Draw(c.shape, c.m, 32, 1, c.shift)
		p := NewPair(Count(ref), Count(cur))
		got, err := p.AndersonDarlingP()
		if err != nil {
			t.Fatal(err)
		}
		all := slices.Concat(ref, cur)
		observed, beyond := p.darling(), 0.0
		const runs = 4000
		for range runs {
			r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			if NewPair(Count(all[:c.n]), Count(all[c.n:])).darling() >= observed*(1-1e-9) {
				beyond += 1. / runs
			}
		}
		if off := math.Abs(got - beyond); off > 4*math.Sqrt(got*(1-got)/runs)+0.02*got+1e-3 {
			t.Errorf("%s %d and %d: p %.4f, by random splits %.4f", c.shape, c.n, c.m, got, beyond)
		}
	}
}

// TestDarlingTail compares the limit without ties with the known percentiles of
// the Anderson-Darling statistic (Marsaglia and Marsaglia 2004).
func TestDarlingTail(t *testing.T) {
	values := make([]float64, 200_000)
	for i := range values {
		values[i] = float64(i)
	}
	b := newBridge(NewPair(Count(values[:100_000]), Count(values[100_000:])))
	last := 1.0
	for _, c := range [][2]float64{{0.7739, 0.5}, {1.2479, 0.25}, {1.9330, 0.1}, {2.4924, 0.05}, {3.8781, 0.01}, {5.9694, 0.001}} {
		got := b.tail(c[0])
		if math.Abs(got-c[1]) > 0.06*c[1] || got >= last {
			t.Errorf("P(A² >= %g) = %g, want about %g", c[0], got, c[1])
		}
		last = got
	}
	if p := b.tail(600); !(p > 0 && p < 1e-250) {
		t.Errorf("far out: %g", p)
	}
}

func FuzzRanks(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4})
	f.Add([]byte{0, 0, 255, 1, 9, 0, 1, 1, 1, 1})
	f.Add([]byte{200, 0, 0, 200})
	f.Fuzz(func(t *testing.T, data []byte) {
		var a, b Weighted
		for i := 0; i+1 < len(data); i += 2 { // counts of the values 0, 1, 2... on both sides
			for side, w := range []*Weighted{&a, &b} {
				if n := int64(data[i+side]); n > 0 {
					w.Values, w.Counts = append(w.Values, float64(i)), append(w.Counts, n*n)
				}
			}
		}
		p := NewPair(a, b)
		if c, err := p.CramerVonMises(); err == nil {
			if q, err := CramerVonMisesP(c, p.n, p.m); err != nil || !(c >= 0 && q >= 0 && q <= 1) {
				t.Errorf("T %g, p %g, %v", c, q, err)
			}
		}
		if d, err := p.AndersonDarling(); err == nil {
			if q, err := p.AndersonDarlingP(); err != nil || !(q >= 0 && q <= 1) || math.IsNaN(d) || math.IsInf(d, 0) {
				t.Errorf("A² %g, p %g, %v", d, q, err)
			}
		}
	})
}
