package stat_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"leeway/core/stat"
)

func groupsOf(items []int) stat.Groups {
	times := map[int]int64{}
	for _, item := range items {
		times[item]++
	}
	groups := stat.Groups{}
	for _, n := range times {
		groups[n]++
	}
	return groups
}

func repeatsIn(items []int) (n int64) {
	for size, groups := range groupsOf(items) {
		n += (size - 1) * groups
	}
	return n
}

// TestRepeatingFewer: fewer items repeat as often as in draws of so many, all of
// them as often as they do.
func TestRepeatingFewer(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	items := make([]int, 600)
	for i := range items {
		items[i] = int(300 * r.Float64() * r.Float64())
	}
	groups := groupsOf(items)
	const runs = 4000
	for _, m := range []int64{1, 2, 50, 300, 599} {
		var sum, squares float64
		for range runs {
			r.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
			n := float64(repeatsIn(items[:m]))
			sum, squares = sum+n, squares+n*n
		}
		mean := sum / runs
		if got, se := groups.Repeating(m), math.Sqrt(max(squares/runs-mean*mean, 0)/runs); math.Abs(got-mean) > 4*se+1e-9 {
			t.Errorf("%d: %g, drawn %g ± %g", m, got, mean, se)
		}
	}
	if got, want := groups.Repeating(600), float64(repeatsIn(items)); math.Abs(got-want) > 1e-9 {
		t.Errorf("all: %g, not %g", got, want)
	}
}

// TestRepeatingMore: of more items than were seen the estimate is near what comes
// where kinds are alike, and too large rather than too small where they are not.
func TestRepeatingMore(t *testing.T) {
	for name, c := range map[string]struct {
		draw        func(r *rand.Rand) int
		least, most float64 // of the estimate, as a share of what comes
	}{
		"alike":   {func(r *rand.Rand) int { return r.IntN(3000) }, 0.97, 1.03},
		"unlike":  {func(r *rand.Rand) int { return int(6000 * r.Float64() * r.Float64()) }, 0.97, 1.15},
		"skewed":  {func(r *rand.Rand) int { return int(math.Exp(9 * r.Float64())) }, 0.97, 1.15},
		"all few": {func(r *rand.Rand) int { return r.IntN(10) }, 1 - 1e-9, 1 + 1e-9},
	} {
		r := rand.New(rand.NewPCG(2, 2))
		var estimate, came float64
		for range 60 {
			items := make([]int, 6000)
			for i := range items {
				items[i] = c.draw(r)
			}
			estimate += groupsOf(items[:1000]).Repeating(6000)
			came += float64(repeatsIn(items))
		}
		if ratio := estimate / came; !(ratio >= c.least && ratio <= c.most) {
			t.Errorf("%s: %.3f of the repeats that come", name, ratio)
		}
	}
	for name, g := range map[string]stat.Groups{"nothing repeats": {1: 2000}, "nothing": {}} {
		if n := g.Repeating(50000); n != 0 {
			t.Errorf("%s: %g", name, n)
		}
	}
}
