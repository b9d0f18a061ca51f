package concept

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"leeway/core/cases"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// runs is how many times each world is made.
func runs(few int) int {
	if n, err := strconv.Atoi(os.Getenv("LEEWAY_RUNS")); err == nil && n > 0 {
		return n
	}
	return few
}

// TestNames: of four changes each alone, and of none, which it is.
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
	for _, other := range []string{"lost", "noisy", "scaled", "offset", "shuffled"} {
		changes[other] = struct {
			change func(*world)
			want   Verdict
		}{func(w *world) { w.other = other }, Prediction}
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

// TestClassesInAnyOrder: what moved among several classes does not hang on which of
// them came first.
func TestClassesInAnyOrder(t *testing.T) {
	contract := &schema.Schema{Task: schema.Multiclass, Columns: []schema.Column{{Name: "prediction", Kind: schema.Categorical, Role: schema.Prediction}}}
	find := func(names ...string) Finding {
		draw, shape := rand.New(rand.NewPCG(3, 7)), outcome.NewShape(contract, outcome.Exact)
		for _, name := range names {
			shape.Classes.Code(name)
		}
		side := func(moved float64) *cases.Table {
			one := &cases.Table{Shape: shape, Rows: 600}
			for range one.Rows {
				predicted := "abcd"[draw.IntN(4)]
				actual := predicted
				if draw.Float64() < 0.2+moved {
					actual = "aabc"[draw.IntN(4)]
				}
				code := func(c byte) float64 { return float64(slices.Index(names, string(c))) }
				one.Counts, one.Predicted, one.Actual = append(one.Counts, 1), append(one.Predicted, code(predicted)), append(one.Actual, code(actual))
			}
			return one
		}
		return *Find(side(0), side(0.1))
	}
	want := find("a", "b", "c", "d")
	if got := find("d", "b", "a", "c"); got.Verdict != want.Verdict || got.Data != want.Data || got.Label != want.Label || got.Shape != want.Shape || got.Concept != want.Concept || got.Size != want.Size {
		t.Errorf("%+v, in another order %+v", want, got)
	}
}

// TestNeeded: how many labelled rows it would take is of the current side; where it
// is the reference that has too few, that is said, and no number of current ones.
func TestNeeded(t *testing.T) {
	w := world{draw: rand.New(rand.NewPCG(2, 2)), numbers: 4}
	few, many := w.rows(12), w.rows(2000)
	if f := Find(many, few); f.Verdict != Unknown || f.Reason != "too few labelled rows" || f.Needed <= f.Current || f.Needed > 1000 {
		t.Errorf("few current rows: %+v", f)
	}
	if f := Find(few, many); f.Verdict != Unknown || f.Reason != "the reference has too few labelled rows" || f.Needed != 0 {
		t.Errorf("few rows of the reference: %+v", f)
	}
}

// TestPredictionNeedsMore: where other rows explain that scores are others, the data
// moved, not the predictions: columns that go together in another way, by a product
// that the model knows, and each of which is what it was.
func TestPredictionNeedsMore(t *testing.T) {
	n := runs(3)
	for name, base := range map[string]world{"pair": {numbers: 4, pair: true}, "pair, regression": {numbers: 4, pair: true, regress: true}} {
		called := map[Verdict]int{}
		for seed := range n {
			draw := rand.New(rand.NewPCG(uint64(seed), 13))
			before, after := base, base
			before.draw, after.draw = draw, draw
			after.tied = 0.4
			called[Find(before.rows(5000), after.rows(5000)).Verdict]++
		}
		t.Logf("%s: %v", name, called)
		if called[Prediction]*20 > n {
			t.Errorf("%s: called %v", name, called)
		}
	}
	for _, w := range []world{{numbers: 8, pair: true}, {numbers: 8, bent: true, blind: true, regress: true}} {
		called := map[Verdict]int{}
		for seed := range n {
			w.draw, w.shift = rand.New(rand.NewPCG(uint64(seed), 14)), 0
			reference := w.rows(5000)
			w.shift = 0.06
			called[Find(reference, w.rows(5000)).Verdict]++
		}
		t.Logf("a slight shift: %v", called)
		if called[Prediction] > 0 {
			t.Errorf("a slight shift: called %v", called)
		}
	}
	w := world{numbers: 4, draw: rand.New(rand.NewPCG(1, 13))}
	bare := func() *cases.Table {
		one := w.rows(3000)
		one.Columns, one.Codes = nil, nil
		return one
	}
	reference := bare()
	w.other = "offset"
	if f := Find(reference, bare()); f.Verdict == Prediction {
		t.Errorf("without columns, which rows there are is not known: %+v", f)
	}
}
