package cause

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"leeway/core/frame"
	"leeway/core/profile"
	"leeway/core/sketch"
)

// TestOutline: what is passed over at a glance is what the values themselves
// tell apart, and the categories.
func TestOutline(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	passed, elsewhere := 0, 0
	for range 3000 {
		one, other := numbersAround(r), numbersAround(r)
		if !one.outlined().swaps || !other.outlined().swaps {
			continue
		}
		limit := remainder(one.changedBy(), one.outline.bulk.part(&other.outline.bulk), other.a, one.b)
		truth := gap(other.a, one.b, 0) > limit
		if other.outlined().unlike(one.outlined(), 1e-9, limit) {
			if passed++; !apart(other.a, one.b, same, 0, limit) || !truth {
				t.Fatalf("unlike, but the gap is %g and the limit %g", gap(other.a, one.b, 0), limit)
			}
		}
		if other.outlined().elsewhere(one.outlined(), 1e-9) {
			if elsewhere++; !(gap(other.a, one.b, 0) > one.changedBy()/2) {
				t.Fatalf("elsewhere, but the gap is %g and the change %g", gap(other.a, one.b, 0), one.changedBy())
			}
		}
	}
	if passed < 500 || elsewhere < 500 || passed > 2900 {
		t.Errorf("%d and %d of 3000 passed over", passed, elsewhere)
	}
}

// numbersAround is a column of numbers that moved.
func numbersAround(r *rand.Rand) *column {
	c := &column{}
	at, step := math.Round(3*r.NormFloat64()), []float64{0.001, 0.5, 1}[r.IntN(3)]
	draw := func(at float64) sample {
		count := map[float64]int64{}
		for range 400 {
			count[math.Round((at+r.NormFloat64())/step)*step]++
		}
		var values []float64
		var counts []int64
		for x, n := range count {
			values, counts = append(values, x), append(counts, n)
		}
		return collect(values, counts, 0)
	}
	c.a, c.b = draw(at), draw(at+3*r.NormFloat64())
	return c
}

// TestOutlineOfCategories: parts never differ by more than the categories do.
func TestOutlineOfCategories(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	passed := 0
	for range 500 {
		one, other := categoriesOf(r), categoriesOf(r)
		limit := r.Float64()
		if other.outlined().others(one.outlined(), limit) {
			if passed++; newTable(other.ref.Categories, one.cur.Categories).gap() <= limit {
				t.Fatalf("passed over, but the gap is %g and the limit %g", newTable(other.ref.Categories, one.cur.Categories).gap(), limit)
			}
		}
	}
	if passed < 50 || passed > 450 {
		t.Errorf("%d of 500 passed over", passed)
	}
}

// categoriesOf is a column of categories that moved.
func categoriesOf(r *rand.Rand) *column {
	counts := func() *sketch.Counts {
		c := sketch.NewCounts(100)
		first := r.IntN(40)
		for i := range 1 + r.IntN(60) {
			text := strconv.Itoa(first + i)
			c.Add(text, frame.HashText([]byte(text)), int64(50/(i+1))+r.Int64N(9))
		}
		return c
	}
	c := &column{ref: &profile.Column{Categories: counts()}, cur: &profile.Column{Categories: counts()}}
	c.table = newTable(c.ref.Categories, c.cur.Categories)
	return c
}
