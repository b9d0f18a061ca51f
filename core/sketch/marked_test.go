package sketch_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/sketch"
)

// TestMarkedIsExact counts against a map.
func TestMarkedIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	m, other := sketch.NewMarked(4096, true), sketch.NewMarked(4096, true)
	type tally struct {
		n [2]int64
		w [2]float64
	}
	want := map[float64]*tally{}
	for i := range 100_000 {
		x, mark, w := math.Floor(r.NormFloat64()*500)/8, r.IntN(3) == 0, float64(1+r.IntN(7))/4
		to := m
		if i%2 == 0 {
			to = other
		}
		to.Add(x, mark, w)
		if want[x+0] == nil {
			want[x+0] = &tally{}
		}
		at := 0
		if mark {
			at = 1
		}
		want[x+0].n[at]++
		want[x+0].w[at] += w
	}
	m.Merge(other)
	steps := m.Steps()
	if len(steps) != len(want) || !m.Exact() || m.Count() != 100_000 || m.Width() != 0 {
		t.Fatalf("%d values instead of %d, %d in all", len(steps), len(want), m.Count())
	}
	for i, s := range steps {
		if i > 0 && !(steps[i-1].Value < s.Value) {
			t.Fatalf("%v after %v", s.Value, steps[i-1].Value)
		}
		if one := want[s.Value]; one == nil || one.n != s.Counts || one.w != s.Weights {
			t.Errorf("%v: %+v, want %+v", s.Value, s, one)
		}
	}
}

// TestMarkedIsCoarse: beyond the budget the cells are those that the values
// themselves determine, and no wider than it says.
func TestMarkedIsCoarse(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	values := make([]float64, 60_000)
	for i := range values {
		values[i] = r.Float64()
	}
	var first []sketch.Step
	for split := range 4 {
		whole := sketch.NewMarked(500, false)
		part := sketch.NewMarked(500, false)
		for i, at := range r.Perm(len(values)) {
			part.Add(values[at], values[at] > 0.7, 1)
			if i%(split*7001+5000) == 0 {
				whole.Merge(part)
				part = sketch.NewMarked(500, false)
			}
		}
		whole.Merge(part)
		steps := whole.Steps()
		if whole.Exact() || len(steps) > 500 || len(steps) < 100 {
			t.Fatalf("%d cells", len(steps))
		}
		if first == nil {
			first = steps
		}
		if diff := cmp.Diff(first, steps); diff != "" {
			t.Fatal(diff)
		}
		var n int64
		for i, s := range steps {
			n += s.Counts[0] + s.Counts[1]
			if i > 0 && s.Value > 0.1 && s.Value-steps[i-1].Value > 1.01*whole.Width()*s.Value { // below, cells may be empty
				t.Fatalf("cells %v and %v are further apart than %v", steps[i-1].Value, s.Value, whole.Width())
			}
		}
		if n != int64(len(values)) {
			t.Errorf("%d values", n)
		}
	}
}

// TestMass: sums of weights of all sizes are exact enough and the same in any
// order.
func TestMass(t *testing.T) {
	weights := []float64{1, 1e9, 1e-9, 0.1, math.Nextafter(1, 2), 3e5, 1e-3, 1e18}
	var want float64
	for _, w := range weights {
		want += w
	}
	var up, down, merged sketch.Mass
	for i := range weights {
		up.Add(weights[i])
		down.Add(weights[len(weights)-1-i])
		var one sketch.Mass
		one.Add(weights[i])
		if x := one.Float(); math.Abs(x-weights[i]) > 1e-15*weights[i] {
			t.Errorf("%v becomes %v", weights[i], x)
		}
		merged.Merge(&one)
	}
	if up != down || up != merged {
		t.Error("the order counts")
	}
	if math.Abs(up.Float()-want) > 1e-15*want {
		t.Errorf("%v, want %v", up.Float(), want)
	}
}
