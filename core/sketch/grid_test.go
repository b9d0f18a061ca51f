package sketch

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// columns are shapes of data that stress different paths.
var columns = map[string]func(r *rand.Rand) float64{
	"normal":    func(r *rand.Rand) float64 { return r.NormFloat64() },
	"shifted":   func(r *rand.Rand) float64 { return math.Round(5000+1000*r.NormFloat64()) / 100 },
	"lognormal": func(r *rand.Rand) float64 { return math.Exp(3 * r.NormFloat64()) },
	"cauchy":    func(r *rand.Rand) float64 { return math.Tan(math.Pi * (r.Float64() - 0.5)) },
	"small":     func(r *rand.Rand) float64 { return float64(r.IntN(10)) },
	"large":     func(r *rand.Rand) float64 { return float64(r.IntN(1e9)) },
	"zeros":     func(r *rand.Rand) float64 { return max(0, r.NormFloat64()) * math.Copysign(1, r.Float64()-0.5) },
	"any":       func(r *rand.Rand) float64 { return math.Float64frombits(r.Uint64()) },
}

func draw(name string, n int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	values := make([]float64, n)
	for i := range values {
		values[i] = columns[name](r)
	}
	return values
}

// oracle is a Grid made the slow way: from all values at once.
func oracle(values []float64, budget int) (shift uint8, cells []cell) {
	counts := func(shift uint8) map[uint64]int64 {
		m := map[uint64]int64{}
		for _, x := range values {
			if !math.IsNaN(x) && !math.IsInf(x, 0) {
				m[ordered(math.Float64bits(x+0))>>shift]++
			}
		}
		return m
	}
	m := counts(0)
	for len(m) > budget {
		shift++
		m = counts(shift)
	}
	for key, n := range m {
		cells = append(cells, cell{key, n})
	}
	slices.SortFunc(cells, func(a, b cell) int {
		if a.key < b.key {
			return -1
		}
		return 1
	})
	return shift, cells
}

var cellEqual = cmp.AllowUnexported(cell{})

func TestGridIsAFunctionOfTheMultiset(t *testing.T) {
	for name := range columns {
		for _, budget := range []int{16, 500} {
			for _, n := range []int{0, 1, 17, 3000} {
				t.Run(fmt.Sprint(name, budget, "/", n), func(t *testing.T) {
					values := draw(name, n, 7)
					shift, cells := oracle(values, budget)
					r := rand.New(rand.NewPCG(uint64(n), 2))
					for range 4 {
						g := assemble(r, values, budget)
						if g.settle(); g.shift != shift {
							t.Fatalf("shift %d, want %d", g.shift, shift)
						}
						if d := cmp.Diff(cells, g.cells, cellEqual); d != "" && len(cells) > 0 {
							t.Fatal(d)
						}
					}
				})
			}
		}
	}
}

// assemble makes a grid from shuffled values, split and merged at random.
func assemble(r *rand.Rand, values []float64, budget int) *Grid {
	values = slices.Clone(values)
	r.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
	parts := []*Grid{NewGrid(budget + r.IntN(2)*100), NewGrid(budget), NewGrid(budget), NewGrid(budget)}
	for len(values) > 0 {
		n := 1 + r.IntN(len(values))
		parts[r.IntN(len(parts))].Add(values[:n])
		values = values[n:]
	}
	for len(parts) > 1 {
		i := r.IntN(len(parts) - 1)
		parts[i].Merge(parts[i+1])
		parts = slices.Delete(parts, i+1, i+2)
	}
	return parts[0]
}

func TestGridReads(t *testing.T) {
	values := draw("shifted", 5000, 3)
	exact, coarse := NewGrid(1<<20), NewGrid(256)
	exact.Add(values)
	coarse.Add(values)
	if !exact.Exact() || coarse.Exact() {
		t.Fatal("exactness")
	}
	slices.Sort(values)
	for _, q := range []float64{0, 0.001, 0.1, 0.5, 0.77, 0.999, 1} {
		position := q * float64(len(values)-1)
		low := int(position)
		high := min(low+1, len(values)-1)
		want := lerp(values[low], values[high], position-float64(low))
		if got := exact.Quantile(q); got != want {
			t.Errorf("quantile %v: %v, want %v", q, got, want)
		}
		if got := coarse.Quantile(q); math.Abs(got-want) > coarse.Width()*math.Abs(want)*1.01 {
			t.Errorf("coarse quantile %v: %v, want %v within %v", q, got, want, coarse.Width())
		}
		below, above := int64(0), int64(0)
		for _, x := range values {
			if x < want {
				below++
			}
			if x > want {
				above++
			}
		}
		if got := exact.CountBelow(want); got != below {
			t.Errorf("below %v: %d, want %d", want, got, below)
		}
		if got := exact.CountAbove(want); got != above {
			t.Errorf("above %v: %d, want %d", want, got, above)
		}
		if coarse.CountBelow(want) > below || coarse.CountAbove(want) > above {
			t.Errorf("coarse counts at %v are no lower bounds", want)
		}
	}
	if exact.Min() != values[0] || exact.Max() != values[len(values)-1] {
		t.Error("extremes")
	}
	distinct := len(slices.Compact(slices.Clone(values)))
	if n, ok := exact.Distinct(); !ok || int(n) != distinct {
		t.Errorf("distinct %v, want %d", n, distinct)
	}
	if n, ok := coarse.Distinct(); ok || math.Abs(n/float64(distinct)-1) > 0.08 {
		t.Errorf("distinct about %v, want %d", n, distinct)
	}
	var none *Grid
	if !math.IsNaN(none.Quantile(0.5)) || !none.Exact() || none.Count() != 0 || !math.IsNaN(NewGrid(0).Min()) {
		t.Error("empty grid")
	}
}

func TestGridSubtractInvertsMerge(t *testing.T) {
	for name := range columns {
		a, b := NewGrid(200), NewGrid(200)
		a.Add(draw(name, 900, 1))
		b.Add(draw(name, 1500, 2))
		both := a.Clone()
		both.Merge(b)
		if err := both.Subtract(b); err != nil {
			t.Fatal(name, err)
		}
		want, _ := Align(a, both)
		if d := cmp.Diff(want.cells, both.cells, cellEqual); d != "" || both.Count() != a.Count() {
			t.Error(name, d)
		}
		if err := both.Subtract(b); err == nil && b.Count() > 0 {
			t.Error(name, "subtracted what is not there")
		}
	}
}

func TestAlign(t *testing.T) {
	a, b := NewGrid(64), NewGrid(64)
	a.Add(draw("normal", 5000, 1))
	b.Add(draw("small", 5000, 1))
	x, y := Align(a, b)
	if x.shift != y.shift || x != a || y == b || b.shift != 0 {
		t.Error("the finer one is copied, the other is not")
	}
}

func TestOrder(t *testing.T) {
	values := []float64{-math.MaxFloat64, -1.5, -1, -5e-324, 0, 5e-324, 1e-310, 1, 1.5, math.MaxFloat64}
	last := uint64(0)
	for _, x := range values {
		key := ordered(math.Float64bits(x))
		if key <= last || unordered(key) != x {
			t.Errorf("%v", x)
		}
		last = key
	}
	if low, high := bounds(1, 63); low != 0 || high != math.MaxFloat64 {
		t.Error(low, high)
	}
	if low, high := bounds(0, 63); low != -math.MaxFloat64 || high != 0 {
		t.Error(low, high)
	}
}

func BenchmarkGridAdd(b *testing.B) {
	for _, budget := range []int{4096, 131072} {
		for _, name := range []string{"normal", "shifted", "lognormal", "cauchy", "small", "large", "zeros"} {
			b.Run(fmt.Sprint(name, budget), func(b *testing.B) {
				values := draw(name, 1<<20, 1)
				for b.Loop() {
					g := NewGrid(budget)
					for i := 0; i < len(values); i += 4096 {
						g.Add(values[i : i+4096])
					}
					g.Settle()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(values)), "ns/value")
			})
		}
	}
}
