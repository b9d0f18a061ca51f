package concept

import (
	"math/rand/v2"
	"testing"

	"leeway/core/check/selection"
	"leeway/core/stat"
)

// TestSelected: labels that come by a score and a group, of which the model does not know
// all, look like a concept that moved, and not once rows of the reference are taken
// alike; nor do labels that come for positive cases first. What moved is called.
func TestSelected(t *testing.T) {
	n := runs(3)
	for name, by := range map[string]func(score float64, group uint32, positive bool) float64{
		"group and score": func(score float64, group uint32, _ bool) float64 {
			return map[bool]float64{true: 0.95, false: 0.15}[(group == 3) == (score > 0.5)]
		},
		"positive": func(_ float64, _ uint32, positive bool) float64 {
			return map[bool]float64{true: 0.9, false: 0.4}[positive]
		},
	} {
		alone, alike, called := 0, 0, map[Verdict]int{}
		for seed := range n {
			w := world{numbers: 3, groups: 4, spot: true, draw: rand.New(rand.NewPCG(uint64(seed), 3))}
			reference := w.rows(4000)
			find := func() (alone, alike *Finding) {
				all := w.rows(4000)
				came := make([]bool, all.Rows)
				for row := range came {
					came[row] = w.draw.Float64() < by(all.Said[0][row], all.Codes[3][row], all.Actual[row] == float64(all.Shape.Positive))
				}
				current := all.Where(func(row int) bool { return came[row] })
				like := selection.Like(reference, current, all.Where(func(row int) bool { return !came[row] }))
				return Find(reference, current), FindSelected(reference, like, current)
			}
			a, b := find()
			if max(a.Concept.P, a.Shape.P) < 0.01 {
				alone++
			}
			if max(b.Concept.P, b.Shape.P) < 0.01 {
				alike++
			}
			w.turned = 0.9
			_, b = find()
			called[b.Verdict]++
		}
		t.Logf("%s: below 0.01 in %d of %d, of like rows in %d; turned: %v", name, alone, n, alike, called)
		if stat.BinomialTail(int64(alike), int64(n), 0.01) < 1e-3 {
			t.Errorf("%s: %d of %d", name, alike, n)
		}
		if name != "positive" && alone*3 < n {
			t.Errorf("%s: the whole reference sees nothing (%d of %d): the test tells nothing", name, alone, n)
		}
		if (called[Concept]+called[DataAndConcept])*4 < 3*n {
			t.Errorf("%s: a concept that moved is called %v", name, called)
		}
	}
}
