package stat

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"leeway/core/internal/golden"
)

func TestCount(t *testing.T) {
	w := Count([]float64{3, 1, math.NaN(), 3, math.Copysign(0, -1), 0})
	if !slices.Equal(w.Values, []float64{0, 1, 3}) || !slices.Equal(w.Counts, []int64{2, 1, 2}) || math.Signbit(w.Values[0]) {
		t.Errorf("%+v", w)
	}
}

// TestUndefined: what has no value says why, and nothing is NaN.
func TestUndefined(t *testing.T) {
	none, one := Weighted{}, Count([]float64{1})
	for _, p := range []*Pair{NewPair(none, one), NewPair(one, none), NewPair(none, none)} {
		for name, f := range map[string]func() (float64, error){"ks": p.KS, "wasserstein": p.Wasserstein, "energy": p.Energy, "null": p.NullWasserstein} {
			if _, err := f(); !errors.Is(err, ErrEmpty) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := p.Change(); !errors.Is(err, ErrEmpty) {
			t.Error(err)
		}
	}
	if _, err := NewPair(one, one).Change(); !errors.Is(err, ErrOneCell) {
		t.Error(err)
	}
	far := NewPair(Count([]float64{-1.7e308}), Count([]float64{1.7e308}))
	if _, err := far.Wasserstein(); !errors.Is(err, ErrOverflow) {
		t.Error(err)
	}
	for _, d := range []*Distance{PSI, KL, JSDistance, JSDivergence, Hellinger, TotalVariation} {
		if _, err := d.Of(NewCells([]int64{1}, []int64{0})); !errors.Is(err, ErrEmpty) {
			t.Error(err)
		}
		if _, err := d.Judge(NewCells(nil, nil)); !errors.Is(err, ErrEmpty) {
			t.Error(err)
		}
	}
	if _, err := NewCells([]int64{5}, []int64{7}).ChiSquareP(); !errors.Is(err, ErrOneCell) {
		t.Error(err)
	}
	if _, err := MeanShift(1, 0, 5, 2, 0, 5); !errors.Is(err, ErrConstant) {
		t.Error(err)
	}
	if _, err := MeanShift(1, 0, 1, 2, 0, 5); !errors.Is(err, ErrFew) {
		t.Error(err)
	}
	if p, err := KSP(math.NaN(), 1, 1); !errors.Is(err, ErrUndefined) {
		t.Error(p, err)
	}
	if _, _, err := Next([]float64{1, 1}, 2, 0); !errors.Is(err, ErrFew) {
		t.Error(err)
	}
}

// TestEdges: a value that deciles share is a cell of its own.
func TestEdges(t *testing.T) {
	e := NewEdges([]float64{0, 0, 0, 0, 0, 1, 2, 3, 4})
	if !slices.Equal(e.At, []float64{0, 1, 2, 3, 4}) || !slices.Equal(e.Alone, []bool{true, false, false, false, false}) {
		t.Fatalf("%+v", e)
	}
	values := []float64{-1, 0, 0, 0.5, 1, 4, 5, 6}
	count := func(is func(v float64) bool) (n int64) {
		for _, v := range values {
			if is(v) {
				n++
			}
		}
		return n
	}
	got := e.Count(int64(len(values)),
		func(x float64) int64 { return count(func(v float64) bool { return v < x }) },
		func(x float64) int64 { return count(func(v float64) bool { return v > x }) })
	if want := []int64{1, 2, 2, 0, 0, 1, 2}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	for i, want := range [][2]float64{{math.Inf(-1), 0}, {0, 0}, {0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, math.Inf(1)}} {
		low, high, single := e.Cell(i)
		if low != want[0] || high != want[1] || single != (i == 1) {
			t.Errorf("cell %d: %g..%g %v", i, low, high, single)
		}
	}
}

// TestPooled follows Cochran's rule as the contract words it.
func TestPooled(t *testing.T) {
	c := NewCells([]int64{100, 4, 3, 50, 6, 0}, []int64{100, 4, 3, 50, 6, 0}).Pooled()
	if !slices.Equal(c.Reference, []int64{7, 6, 50, 100}) {
		t.Errorf("%v", c.Reference)
	}
	c = NewCells([]int64{100, 2, 50, 6}, []int64{100, 2, 50, 6}).Pooled() // 2 are too few, they take the 6
	if !slices.Equal(c.Reference, []int64{8, 50, 100}) {
		t.Errorf("%v", c.Reference)
	}
	if c = NewCells([]int64{2, 1}, []int64{2, 1}).Pooled(); c.K() != 1 {
		t.Errorf("%v", c.Reference)
	}
}

// TestChangeIsCalibrated: without a change P falls to x with a chance of about
// x at most, far out too, whatever the shape and however unequal the sides.
func TestChangeIsCalibrated(t *testing.T) {
	runs := 400
	if testing.Short() {
		runs = 100
	}
	for _, shape := range []string{"bell", "heavy", "rounded", "integers", "zero_inflated", "spike", "zipf_50"} {
		for _, size := range [][2]int{{200, 200}, {2000, 100}, {60, 700}} {
			var small [3]int
			for run := range runs {
				all := golden.Draw(shape, size[0]+size[1], uint64(run)*7919+uint64(size[0]), 1, 0)
				change, err := NewPair(Count(all[:size[0]]), Count(all[size[0]:])).Change()
				if err != nil {
					t.Fatal(err)
				}
				for i, x := range []float64{0.1, 0.01, 0.001} {
					if change.P <= x {
						small[i]++
					}
				}
			}
			for i, x := range []float64{0.1, 0.01, 0.001} {
				if limit := float64(runs)*x + 4*math.Sqrt(float64(runs)*x) + 2; float64(small[i]) > limit {
					t.Errorf("%s %v: P <= %g in %d of %d runs", shape, size, x, small[i], runs)
				}
			}
		}
	}
}

// TestChangeNames: the component that found most is the one to tell of.
func TestChangeNames(t *testing.T) {
	bell := func(seed uint64, factor, shift float64) Weighted {
		return Count(golden.Draw("bell", 1000, seed, factor, shift))
	}
	spiked := golden.Draw("bell", 1000, 3, 1, 0)
	for i := range 100 {
		spiked[i] = 0.25
	}
	for want, current := range map[string]Weighted{
		"level": bell(2, 1, 0.5), "spread": bell(2, 1.5, 0), "value": Count(spiked),
	} {
		change, err := NewPair(bell(1, 1, 0), current).Change()
		if err != nil || change.By != want || change.P > 1e-6 {
			t.Errorf("%s: %+v %v", want, change, err)
		}
	}
}

// TestExceeding compares with random draws.
func TestExceeding(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	const n, m, runs = 40, 20, 20000
	var at [8]int
	for range runs {
		order := r.Perm(n + m)
		low, high := 0, 0
		current := make([]bool, n+m)
		for i, x := range order {
			current[x] = i < m
		}
		for low < n+m && current[low] {
			low++
		}
		for high < n+m && current[n+m-1-high] {
			high++
		}
		for k := range min(low+high+1, len(at)) {
			at[k]++
		}
	}
	for k := range at {
		got, want := Exceeding(int64(k), n, m), float64(at[k])/runs
		if math.Abs(got-want) > 4*math.Sqrt(got*(1-got)/runs)+1e-4 {
			t.Errorf("k=%d: %g, by simulation %g", k, got, want)
		}
	}
}

// TestBounds: the bounds on unseen and repeated items hold in random draws and
// are not far off.
func TestBounds(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	groups := Groups{1: 30, 2: 20, 5: 6, 40: 2}
	var items []int
	id := 0
	for _, size := range groups.sizes() {
		for range groups[size] {
			for range size {
				items = append(items, id)
			}
			id++
		}
	}
	all, m := int64(len(items)), int64(len(items)/2)
	const runs = 10000
	unseen, repeats := make([]int64, runs), make([]int64, runs)
	for run := range runs {
		r.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
		var here, there = map[int]int64{}, map[int]int64{}
		for i, x := range items {
			if int64(i) < m {
				here[x]++
			} else {
				there[x]++
			}
		}
		for x, n := range here {
			if there[x] == 0 {
				unseen[run] += n
			}
			repeats[run] += n - 1
		}
	}
	for name, c := range map[string]struct {
		drawn []int64
		tail  func(groups Groups, m, all, s int64) (float64, float64)
	}{"unseen": {unseen, Unseen}, "repeats": {repeats, Repeats}} {
		slices.Sort(c.drawn)
		var sum int64
		for _, x := range c.drawn {
			sum += x
		}
		for _, q := range []float64{0.5, 0.9, 0.99, 0.999} {
			s := c.drawn[int(q*runs)]
			at, _ := slices.BinarySearch(c.drawn, s)
			share := float64(runs-at) / runs
			p, mean := c.tail(groups, m, all, s)
			if p < share-3*math.Sqrt(share/runs) || p > 100*share {
				t.Errorf("%s: P(>= %d) bounded by %g, by simulation %g", name, s, p, share)
			}
			if math.Abs(mean-float64(sum)/runs) > 0.2 {
				t.Errorf("%s: mean %g, by simulation %g", name, mean, float64(sum)/runs)
			}
		}
	}
}

func TestNext(t *testing.T) {
	history := []float64{10, 11, 9, 10, 10.5, 9.5, 10, 10}
	if p, mean, err := Next(history, 10, 0); err != nil || p < 0.99 || math.Abs(mean-10) > 1e-9 {
		t.Error(p, mean, err)
	}
	if p, _, err := Next(history, 14, 0); err != nil || p > 1e-3 {
		t.Error(p, err)
	}
}

func TestDetectable(t *testing.T) {
	// 80% power at 5%: 2.8 standard errors; chi-squared with 1 degree the square.
	if d := DetectableLevel(0.05); math.Abs(d-2.8016) > 1e-3 {
		t.Error(d)
	}
	if d := DetectableChi(0.05, 1); math.Abs(d-7.85) > 0.4 {
		t.Error(d)
	}
	if d := DetectableChi(0.05, 9); math.Abs(d-15.6) > 0.6 {
		t.Error(d)
	}
}

func FuzzCells(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4})
	f.Add([]byte{0, 0, 255, 1, 9, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		var a, b []int64
		for i := 0; i+1 < len(data); i += 2 {
			a, b = append(a, int64(data[i])*int64(data[i])), append(b, int64(data[i+1]))
		}
		c := NewCells(a, b)
		for _, d := range []*Distance{PSI, KL, JSDistance, JSDivergence, Hellinger, TotalVariation} {
			j, err := d.Judge(c)
			if err == nil && !(j.Low <= j.Value && j.Value <= j.High && j.Effect >= 0 && j.Null >= 0) {
				t.Errorf("%+v", j)
			}
		}
		if change, err := c.Change(); err == nil && !(change.P >= 0 && change.P <= 1) {
			t.Errorf("%+v", change)
		}
		if p, err := c.ChiSquareP(); err == nil && !(p >= 0 && p <= 1) {
			t.Error(p)
		}
	})
}

func FuzzPair(f *testing.F) {
	f.Add(uint64(1), 10, 20, 1e300)
	f.Add(uint64(2), 1, 1, 0.0)
	f.Add(uint64(3), 300, 40, -5.0)
	f.Fuzz(func(t *testing.T, seed uint64, n, m int, shift float64) {
		if n < 0 || m < 0 || n > 500 || m > 500 || math.IsNaN(shift) || math.IsInf(shift, 0) {
			t.Skip()
		}
		p := NewPair(Count(golden.Draw("scales", n, seed, 1, 0)), Count(golden.Draw("rounded", m, seed+1, 1, shift)))
		if d, err := p.KS(); err == nil {
			if q, err := KSP(d, p.n, p.m); err != nil || !(q >= 0 && q <= 1.0000001) {
				t.Error(d, q, err)
			}
		}
		if change, err := p.Change(); err == nil && !(change.P >= 0 && change.P <= 1) {
			t.Errorf("%+v", change)
		}
		if w, err := p.Wasserstein(); err == nil && !(w >= 0 && !math.IsInf(w, 0)) {
			t.Error(w)
		}
	})
}

func BenchmarkKSP(b *testing.B) { // the slowest case: unequal sides just within the exact range
	for b.Loop() {
		if _, err := KSP(0.02, 10000, 9999); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkChange(b *testing.B) {
	p := NewPair(Count(golden.Draw("bell", 10000, 1, 1, 0)), Count(golden.Draw("bell", 10000, 2, 1, 0)))
	for b.Loop() {
		if _, err := p.Change(); err != nil {
			b.Fatal(err)
		}
	}
}

// TestClopperPearson against R's binom.test.
func TestClopperPearson(t *testing.T) {
	for _, c := range []struct {
		x, n      int64
		low, high float64
	}{{7, 20, 0.1539092, 0.5921885}, {0, 10, 0, 0.3084971}, {10, 10, 0.6915029, 1}, {0, 0, 0, 1}} {
		low, high := ClopperPearson(c.x, c.n)
		if math.Abs(low-c.low) > 1e-7 || math.Abs(high-c.high) > 1e-7 {
			t.Errorf("%d of %d: %.7f to %.7f, want %.7f to %.7f", c.x, c.n, low, high, c.low, c.high)
		}
	}
}
