package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sample sorts values and counts them.
func sample(values ...float64) weighted {
	slices.Sort(values)
	var distinct []float64
	var counts []int64
	for i, x := range values {
		if i == 0 || x != values[i-1] {
			distinct, counts = append(distinct, x), append(counts, 0)
		}
		counts[len(counts)-1]++
	}
	return weighted{distinct, counts, int64(len(values))}
}

func draw(n int, next func(*rand.Rand) float64) weighted {
	random := rand.New(rand.NewPCG(1, 2))
	values := make([]float64, n)
	for i := range values {
		values[i] = next(random)
	}
	return sample(values...)
}

func TestCut(t *testing.T) {
	normal := draw(10000, func(r *rand.Rand) float64 { return 100 + 10*r.NormFloat64() })
	shifted := draw(10000, func(r *rand.Rand) float64 { return 125 + 10*r.NormFloat64() })
	cents := draw(10000, func(r *rand.Rand) float64 { return 100 * (100 + 10*r.NormFloat64()) })
	heavy := draw(10000, func(r *rand.Rand) float64 { return math.Exp(3 * r.NormFloat64()) })
	age := draw(1000, func(r *rand.Rand) float64 { return float64(r.IntN(80)) })
	for _, c := range []struct {
		name        string
		ref, cur    weighted
		first, last float64 // edges of the cells between the tails, at most this
		cells       int     // at least
	}{
		{"alike", normal, normal, 60, 140, 20},
		{"shifted", normal, shifted, 60, 165, 20},
		{"dollars to cents", normal, cents, 60, 220, 15},
		{"heavy tail", heavy, heavy, 0, 3000, 10},
		{"whole numbers", age, age, 0, 80, 15},
	} {
		edges := cut(c.ref, c.cur, false)
		check(t, c.name, edges, c.ref, c.cur)
		if n := len(edges) - 1; n < c.cells {
			t.Errorf("%s: %d cells, want %d or more: %v", c.name, n, c.cells, edges)
		}
		if inner := edges[1 : len(edges)-1]; inner[0] < c.first-1e-9 || inner[len(inner)-1] > c.last {
			t.Errorf("%s: inner edges %g to %g, want within %g to %g", c.name, inner[0], inner[len(inner)-1], c.first, c.last)
		}
	}
}

// check proves what holds for every choice of cells.
func check(t *testing.T, name string, edges []float64, sides ...weighted) {
	t.Helper()
	if len(edges) < 2 || len(edges) > mostCells+1 || !finite(edges...) || !slices.IsSortedFunc(edges, strictly) {
		t.Fatalf("%s: %d edges %v", name, len(edges), edges)
	}
	for _, side := range sides {
		if side.total == 0 {
			continue
		}
		if side.values[0] < edges[0] || side.values[len(side.values)-1] > edges[len(edges)-1] {
			t.Errorf("%s: values %g to %g outside the edges %g to %g", name, side.values[0], side.values[len(side.values)-1], edges[0], edges[len(edges)-1])
		}
		sum := 0.0
		for _, share := range side.spread(edges) {
			sum += share
		}
		if math.Abs(sum-1) > 1e-4 {
			t.Errorf("%s: shares sum to %g", name, sum)
		}
	}
}

func TestCutOddities(t *testing.T) {
	odd := []float64{0, 1, -1, 0.1, 1e15, 1e16, 1e300, -1e308, 1e308, math.MaxFloat64, math.SmallestNonzeroFloat64, -5e-324}
	for _, a := range odd {
		for _, b := range odd {
			name := fmt.Sprintf("%g and %g", a, b)
			check(t, name, cut(sample(a), sample(b), false), sample(a), sample(b))
			check(t, name+" together", cut(sample(a, b, b), weighted{}, false), sample(a, b, b))
			check(t, name+" against many", cut(sample(a, b), sample(odd...), false), sample(a, b), sample(odd...))
		}
	}
	if edges := cut(weighted{}, weighted{}, false); edges != nil {
		t.Errorf("no values: %v", edges)
	}
}

func TestCutIsRound(t *testing.T) {
	unit := draw(20000, func(r *rand.Rand) float64 { return r.Float64() })
	edges := cut(unit, unit, false)
	for i, edge := range edges[:4] {
		if want := float64(i) / 20; edge != want {
			t.Errorf("edge %d is %v, want %v", i, edge, want)
		}
	}
	few := sample(1, 2, 2, 3, 4, 4, 4)
	if diff := cmp.Diff([]float64{.5, 1.5, 2.5, 3.5, 4.5}, cut(few, few, false)); diff != "" {
		t.Errorf("whole numbers (-want +got):\n%s", diff)
	}
}

func TestPick(t *testing.T) {
	ref := &tallied{map[string]int64{"a": 50, "b": 30, "gone": 20}, 100}
	cur := &tallied{map[string]int64{"a": 10, "b": 10, "new": 20}, 40}
	want := &Distribution{Names: []string{"a", "b", "gone", "new"}, Reference: []float64{.5, .3, .2, 0}, Current: []float64{.25, .25, 0, .5}}
	if diff := cmp.Diff(want, pick(ref, cur)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	many := &tallied{map[string]int64{}, 0}
	for i := range 30 {
		many.counts[fmt.Sprintf("c%02d", i)] = int64(100 - i)
		many.total += int64(100 - i)
	}
	got := pick(many, nil)
	if len(got.Names) != mostNames+1 || !got.Other || got.Current != nil || got.Names[0] != "c00" {
		t.Errorf("of 30 categories: %+v", got)
	}
	if pick(nil, &tallied{}) != nil {
		t.Error("no categories: want no distribution")
	}
}
