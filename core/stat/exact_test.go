package stat

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestChangeEnumerated goes through every way to split given totals between the
// sides, with its exact probability: P(P <= x) is held against x down to 1e-10.
func TestChangeEnumerated(t *testing.T) {
	cases := []struct {
		totals []int64
		draw   int64
	}{
		{[]int64{20, 20, 20}, 30},
		{[]int64{80, 10, 5, 5}, 50},
		{[]int64{90, 20, 10}, 60},
		{[]int64{30, 30, 30, 30}, 60},
		{[]int64{60, 120, 20, 40}, 40},
		{[]int64{150, 40, 40, 30}, 50},
		{[]int64{300, 30, 40}, 70},
		{[]int64{7, 9, 8, 6, 10}, 20},
	}
	for _, c := range cases {
		for _, kind := range []string{"numbers", "categories"} {
			t.Run(fmt.Sprint(kind, c.totals, c.draw), func(t *testing.T) {
				var all []weighedP
				splits(c.totals, c.draw, func(b []int64, log float64) {
					all = append(all, weighedP{changeOf(t, kind, c.totals, b).P, math.Exp(log)})
				})
				for _, band := range []struct{ low, high, most float64 }{{1e-5, 0.1, 1.25}, {1e-10, 1e-5, 1.6}} {
					worst, at := worstSize(all, band.low, band.high)
					t.Logf("%d splits: P(P <= x) is at most %.3f x, at x = %.2g", len(all), worst, at)
					if worst > band.most {
						t.Errorf("P(P <= %g) is %.3f times that", at, worst)
					}
				}
			})
		}
	}
}

// weighedP is a p-value and the probability of what gives it.
type weighedP struct{ p, chance float64 }

// worstSize is the largest of P(P <= x)/x over x from low to high.
func worstSize(all []weighedP, low, high float64) (worst, at float64) {
	slices.SortFunc(all, func(a, b weighedP) int { return cmp.Compare(a.p, b.p) })
	var below float64
	for i, w := range all {
		below += w.chance
		if w.p > high {
			break
		}
		if i+1 < len(all) && all[i+1].p == w.p {
			continue
		}
		if x := max(w.p, low); below/x > worst {
			worst, at = below/x, x
		}
	}
	return worst, at
}

// splits calls visit with every way to draw so many of items with these totals,
// and the log of its probability.
func splits(totals []int64, draw int64, visit func(b []int64, log float64)) {
	var all int64
	for _, t := range totals {
		all += t
	}
	b := make([]int64, len(totals))
	var walk func(i int, all, left int64, log float64)
	walk = func(i int, all, left int64, log float64) {
		if i == len(totals)-1 {
			b[i] = left
			visit(b, log)
			return
		}
		h := Hypergeometric{All: all, Marked: totals[i], Draw: left}
		for x := h.Low(); x <= h.High(); x++ {
			b[i] = x
			walk(i+1, all-totals[i], left-x, log+h.log(x))
		}
	}
	walk(0, all, draw, 0)
}

func changeOf(t *testing.T, kind string, totals, b []int64) Change {
	t.Helper()
	var c Change
	var err error
	a := make([]int64, len(b))
	for i := range b {
		a[i] = totals[i] - b[i]
	}
	if kind == "numbers" {
		p := &Pair{a: a, b: b}
		for i := range a {
			p.values = append(p.values, float64(i))
			p.n, p.m = p.n+a[i], p.m+b[i]
		}
		c, err = p.Change()
	} else {
		c, err = NewCells(a, b).Change()
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestChangeTails holds P(P <= x) against x far out for values without ties, by
// importance sampling: the current side is drawn shifted, widened or narrowed,
// and weighed by how much less likely that is without the change.
func TestChangeTails(t *testing.T) {
	for _, size := range [][2]int{{100, 100}, {400, 40}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			r := rand.New(rand.NewPCG(7, 8))
			n, m := size[0], size[1]
			const runs = 6000
			levels := []float64{1e-3, 1e-5, 1e-7, 1e-10}
			sums, squares := make([]float64, len(levels)), make([]float64, len(levels))
			for range runs {
				p, weight := tilted(t, r, n, m)
				for i, x := range levels {
					if p <= x {
						sums[i] += weight / runs
						squares[i] += weight * weight / runs
					}
				}
			}
			for i, x := range levels {
				deviation := math.Sqrt((squares[i] - sums[i]*sums[i]) / runs)
				t.Logf("P(P <= %g) is %.3f ± %.3f times that", x, sums[i]/x, deviation/x)
				if ratio := sums[i] / x; ratio-4*deviation/x > 1.15 || ratio+4*deviation/x < 0.7 {
					t.Errorf("P(P <= %g) is %.3f times that", x, ratio)
				}
			}
		})
	}
}

// tilted draws a pair of samples from one of several alternatives, and gives its
// P and the likelihood ratio of no change against their mixture. In each both
// sides move, the smaller one more: the likeliest way to get there by chance.
func tilted(t *testing.T, r *rand.Rand, n, m int) (p, weight float64) {
	t.Helper()
	step := math.Sqrt(1/float64(n) + 1/float64(m))
	part := float64(m) / float64(n+m)
	var sides [][2]bell
	for _, z := range []float64{0, 3, 4, 5, 6, 7} {
		for _, sign := range []float64{-1, 1} {
			d := sign * z * step
			w := d / math.Sqrt2
			sides = append(sides, [2]bell{{-d * part, 1}, {d * (1 - part), 1}}, [2]bell{{0, math.Exp(-w * part)}, {0, math.Exp(w * (1 - part))}})
		}
	}
	logs := make([]float64, len(sides))
	which := r.IntN(len(sides))
	draw := func(size, side int) []float64 {
		xs := make([]float64, size)
		for i := range xs {
			xs[i] = sides[which][side].mean + sides[which][side].std*r.NormFloat64()
			for k := range sides {
				logs[k] += sides[k][side].over(xs[i])
			}
		}
		return xs
	}
	a, b := draw(n, 0), draw(m, 1)
	var mixture float64
	for _, log := range logs {
		mixture += math.Exp(log) / float64(len(logs))
	}
	change, err := NewPair(Count(a), Count(b)).Change()
	if err != nil {
		t.Fatal(err)
	}
	return change.P, 1 / mixture
}

// TestEqualOutside: to leave out terms changes no bit of the reflection series.
func TestEqualOutside(t *testing.T) {
	all := func(n, h int64) float64 {
		p := 0.0
		for k := n / h; k >= 0; k-- {
			term := 1.0
			for j := range h {
				term = float64(n-k*h-j) * term / float64(n+k*h+j+1)
			}
			p = term * (1 - p)
		}
		return 2 * p
	}
	for _, n := range []int64{1, 2, 3, 7, 50, 77, 500, 2000, 10_000} {
		for h := int64(1); h <= n; h += max(n/100, 1) {
			if got, want := equalOutside(n, h), all(n, h); got != want {
				t.Errorf("n %d, h %d: %v, with all terms %v", n, h, got, want)
			}
		}
	}
}

type bell struct{ mean, std float64 }

// over is the log of its density over that of the standard one.
func (b bell) over(x float64) float64 {
	z := (x - b.mean) / b.std
	return x*x/2 - z*z/2 - math.Log(b.std)
}
