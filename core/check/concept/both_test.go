package concept

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestModelAndLabelsAtOnce: where the same rows get other scores and come to other labels, that
// is neither data nor a concept alone: another model is told of where scores hang on a column in
// another way, and else that rows may be others in what no column shows. So is it where they are.
func TestModelAndLabelsAtOnce(t *testing.T) {
	worlds := map[string]world{
		"mixed":      {numbers: 6, groups: 5},
		"blind":      {numbers: 5, blind: true},
		"bent":       {numbers: 5, groups: 4, bent: true},
		"regression": {numbers: 5, groups: 4, regress: true, blind: true},
	}
	models := map[string]Verdict{"lost": PredictionAndConcept, "scaled": PredictionAndConcept, "shuffled": PredictionAndConcept, "offset": PredictionOrData, "noisy": PredictionOrData}
	labels := map[string]func(*world){
		"turned": func(w *world) { w.turned = 0.8 },
		"lifted": func(w *world) { w.lifted = 0.5 },
	}
	n, wrong, all := runs(1), 0, 0
	for name, base := range worlds {
		for model, want := range models {
			for label, change := range labels {
				called := map[Verdict]int{}
				for seed := range n {
					draw := rand.New(rand.NewPCG(uint64(seed), 17))
					before, after := base, base
					before.draw, after.draw = draw, draw
					after.other = model
					change(&after)
					called[Find(before.rows(5000), after.rows(5000)).Verdict]++
				}
				all, wrong = all+n, wrong+n-called[want]
				if missed := n - called[want]; missed*20 > n && missed > 1 {
					t.Errorf("%s, %s, %s: called %v", name, model, label, called)
				}
			}
		}
	}
	if wrong*50 > all && wrong > 1 {
		t.Errorf("%d of %d have another name than they should", wrong, all)
	}
	for name, base := range map[string]world{"unlogged": {numbers: 5, unlogged: true}, "unlogged, numbers": {numbers: 5, unlogged: true, regress: true}} {
		for hidden, want := range map[float64][]Verdict{0.3: {None, Data, Label}, 3: {PredictionOrData}} {
			for seed := range n {
				draw := rand.New(rand.NewPCG(uint64(seed), 19))
				before, after := base, base
				before.draw, after.draw = draw, draw
				after.hidden = hidden
				if f := Find(before.rows(5000), after.rows(5000)); !slices.Contains(want, f.Verdict) {
					t.Errorf("%s by %v: called %s", name, hidden, f.Verdict)
				}
			}
		}
	}
}
