package concept

import (
	"math/rand/v2"
	"testing"

	"leeway/core/stat"
)

// TestLabelOrConcept: a concept that moved by as much everywhere, and labels that moved by
// as much: the wrong one of both is hardly ever named, and where the rows do not suffice it is
// said that either may be, and how many would; four times as many do.
func TestLabelOrConcept(t *testing.T) {
	n := runs(3)
	lifted := func(by float64) func(*world) { return func(w *world) { w.lifted = by } }
	prior := func(by float64) func(*world) { return func(w *world) { w.prior = by } }
	for _, c := range []struct {
		name   string
		world  world
		change func(*world)
		rows   int
		is     Verdict
		told   int // percent of runs at least that name it
	}{
		{"concept", world{numbers: 4, faint: 0.5}, lifted(0.4), 5000, Concept, 40},
		{"concept", world{numbers: 4, faint: 0.5}, lifted(0.4), 20_000, Concept, 95},
		{"concept", world{numbers: 4, groups: 4}, lifted(0.4), 5000, Concept, 80},
		{"concept down", world{numbers: 4}, lifted(-0.4), 5000, Concept, 80},
		{"concept, faint", world{numbers: 4, faint: 0.2}, lifted(0.4), 5000, Concept, 0},
		{"concept, numbers", world{numbers: 4, faint: 0.2, regress: true}, lifted(0.2), 5000, Concept, 50},
		{"label", world{numbers: 4, faint: 0.5}, prior(1.49), 5000, Label, 40},
		{"label", world{numbers: 4, faint: 0.5}, prior(1.49), 20_000, Label, 95},
		{"label down", world{numbers: 4, faint: 0.5}, prior(0.67), 20_000, Label, 95},
		{"label, faint", world{numbers: 4, faint: 0.2}, prior(1.49), 5000, Label, 0},
	} {
		wrong, named, most := 0, 0, int64(0)
		called := map[Verdict]int{}
		for seed := range n {
			draw := rand.New(rand.NewPCG(uint64(seed), 11))
			before, after := c.world, c.world
			before.draw, after.draw = draw, draw
			c.change(&after)
			f := Find(before.rows(max(c.rows, 5000)), after.rows(c.rows))
			called[f.Verdict]++
			switch f.Verdict {
			case c.is:
				named++
			case LabelOrConcept:
				if most = max(most, f.Needed, f.Each); f.Needed > 0 && f.Each > 0 {
					t.Errorf("%s: needs %d current rows, and %d of either side", c.name, f.Needed, f.Each)
				}
			default:
				wrong++
			}
		}
		t.Logf("%s, %d rows: %v, at most %d rows needed", c.name, c.rows, called, most)
		if stat.BinomialTail(int64(wrong), int64(n), 0.015) < 1e-3 {
			t.Errorf("%s, %d rows: called %v", c.name, c.rows, called)
		}
		if called[LabelOrConcept] > 0 && most <= int64(c.rows) {
			t.Errorf("%s, %d rows: not told apart, and %d would do", c.name, c.rows, most)
		}
		if stat.BinomialTail(int64(n-named), int64(n), 1-float64(c.told)/100) < 1e-3 {
			t.Errorf("%s, %d rows: called so %d times of %d", c.name, c.rows, named, n)
		}
	}
}
