package concept

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// runs is how many times each world is made.
func runs(few int) int {
	if n, err := strconv.Atoi(os.Getenv("LEEWAY_RUNS")); err == nil && n > 0 {
		return n
	}
	return few
}

// TestNames: of three changes each alone, and of none, which it is.
func TestNames(t *testing.T) {
	worlds := map[string]world{
		"four":       {numbers: 4},
		"mixed":      {numbers: 6, groups: 5},
		"blind":      {numbers: 5, blind: true},
		"bent":       {numbers: 5, groups: 4, bent: true},
		"regression": {numbers: 5, groups: 4, regress: true, blind: true},
	}
	changes := map[string]struct {
		change func(*world)
		want   Verdict
	}{
		"none":      {func(*world) {}, None},
		"covariate": {func(w *world) { w.shift = 0.5 }, Data},
		"label": {func(w *world) {
			w.prior = 2
		}, Label},
		"rarer": {func(w *world) {
			w.prior = 0.5
			if w.regress {
				w.prior = 1
			}
		}, Label},
		"turned": {func(w *world) { w.turned = 0.8 }, Concept},
		"lifted": {func(w *world) { w.lifted = 0.5 }, Concept},
	}
	n := runs(1)
	mistakes := 0
	for name, base := range worlds {
		for change, c := range changes {
			called := map[Verdict]int{}
			for seed := range n {
				draw := rand.New(rand.NewPCG(uint64(seed), 7))
				before, after := base, base
				before.draw, after.draw = draw, draw
				c.change(&after)
				f := Find(before.rows(5000), after.rows(5000))
				called[f.Verdict]++
			}
			t.Logf("%s %s: %v", name, change, called)
			wrong := n - called[c.want]
			mistakes += wrong
			if wrong*20 > n && wrong > 1 {
				t.Errorf("%s %s: called %v", name, change, called)
			}
		}
	}
	if all := n * len(worlds) * len(changes); mistakes*50 > all && mistakes > 1 {
		t.Errorf("%d of %d have another name than they should", mistakes, all)
	}
}
