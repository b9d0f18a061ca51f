package slicing

import (
	"math/rand/v2"
	"testing"

	"leeway/core/cases"
	"leeway/core/sketch"
)

// weak is wrong more often in eight slices, of a category each and half of them with a
// bound on a number: in both sides alike.
func weak(draw *rand.Rand, n int) *cases.Table {
	t := rows(draw, n, 0.85, false)
	other, positive := float64(t.Shape.Classes.Code("0")), float64(t.Shape.Positive)
	for i := range t.Rows {
		for k := range 8 {
			if t.Codes[12+k][i] == uint32(1+k%5) && (k%2 == 0 || sketch.Brief(t.Codes[k][i]) > 0.5) && draw.Float64() < 0.3 {
				t.Actual[i] = other + positive - t.Predicted[i]
			}
		}
	}
	return t
}

// TestAlwaysWeak: slices that were as weak in the reference are no news, however many
// there are of them: neither by the search, nor after conditions were dropped.
func TestAlwaysWeak(t *testing.T) {
	n := runs(3)
	for _, size := range []int{4000, 12_000} {
		at1, atLevel, passed := 0, 0, 0
		for seed := range n {
			draw := rand.New(rand.NewPCG(uint64(seed), 11))
			s := Find(weak(draw, 12_000), weak(draw, size), named, nil)
			if s.P <= 0.01 {
				at1++
				t.Logf("%d rows, seed %d: %v %v, %v before", size, seed, words(&s.Found[0]), s.P, s.Found[0].Before)
			}
			if s.P <= level {
				atLevel++
			}
			passed += len(s.Found)
		}
		t.Logf("%d rows: of %d runs %d tell of a slice at 1%%, %d at %g; %d slices came to the test against the reference", size, n, at1, atLevel, level, passed)
		if at1 > 1+n/50 || atLevel > n/100 {
			t.Errorf("%d rows: of %d runs %d tell of a slice at 1%%, %d at %g", size, n, at1, atLevel, level)
		}
	}
}

// TestWeakByChance: a slice that had a few mistakes more than its predictions say in the
// reference, as some of so many have, is told when it becomes worse, unless the model really was weak
// somewhere: then it may be that.
func TestWeakByChance(t *testing.T) {
	for name, reference := range map[string]func(*rand.Rand, int) *cases.Table{
		"strong": func(draw *rand.Rand, n int) *cases.Table { return rows(draw, n, 0.85, false) },
		"weak":   weak,
	} {
		draw := rand.New(rand.NewPCG(9, 14))
		before, now := reference(draw, 16_000), rows(draw, 16_000, 0.68, false)
		other, positive := float64(before.Shape.Classes.Code("0")), float64(before.Shape.Positive)
		for i, more := 0, 30; i < before.Rows && more > 0; i++ {
			if before.Codes[12][i] == 2 && sketch.Brief(before.Codes[0][i]) > 1.05 && before.Actual[i] == before.Predicted[i] {
				before.Actual[i] = other + positive - before.Predicted[i]
				more--
			}
		}
		s := Find(before, now, named, nil)
		if told := len(s.Found) > 0 && s.Found[0].P <= level; told != (name == "strong") {
			t.Errorf("%s: %+v", name, s.Found)
		}
	}
}

// moody turns predictions round in a share of the rows of each category of c0 that is
// another one in each window.
func moody(draw *rand.Rand, n int, sd float64) *cases.Table {
	t := rows(draw, n, 0.85, false)
	other, positive := float64(t.Shape.Classes.Code("0")), float64(t.Shape.Positive)
	var more [6]float64
	for k := range more {
		more[k] = max(0.1+float64(sd*draw.NormFloat64()), 0)
	}
	for i := range t.Rows {
		if draw.Float64() < more[t.Codes[12][i]] {
			t.Actual[i] = other + positive - t.Predicted[i]
		}
	}
	return t
}

// joined puts the rows of tables together.
func joined(all []*cases.Table) *cases.Table {
	one := *all[0]
	one.Codes, one.Said = make([][]uint32, len(one.Columns)), make([][]float64, 1)
	one.Rows, one.Counts, one.Predicted, one.Actual = 0, nil, nil, nil
	for _, t := range all {
		one.Rows += t.Rows
		one.Counts, one.Predicted, one.Actual = append(one.Counts, t.Counts...), append(one.Predicted, t.Predicted...), append(one.Actual, t.Actual...)
		one.Said[0] = append(one.Said[0], t.Said[0]...)
		for j := range one.Codes {
			one.Codes[j] = append(one.Codes[j], t.Codes[j]...)
		}
	}
	return &one
}

// TestVary: where the model has another week in each category, and had in the reference, a
// slice is what no such week explains; columns that move by sampling alone count for
// nothing, and a slice that is worse by far is told.
func TestVary(t *testing.T) {
	const windows, size = 14, 1400
	for _, sd := range []float64{0, 0.08} {
		draw := rand.New(rand.NewPCG(2, 13))
		all := make([]*cases.Table, windows)
		for i := range all {
			all[i] = moody(draw, size, sd)
		}
		whole := joined(all)
		moves := map[string][]Move{}
		for _, one := range all {
			for _, m := range Vary(whole, one, 1./windows) {
				moves[m.Column] = append(moves[m.Column], m)
			}
		}
		noise := map[string]Noise{}
		for column, of := range moves {
			if one, ok := NewNoise(of, 8); ok {
				noise[column] = one
			}
		}
		if _, known := noise["c0"]; known != (sd > 0) || len(moves) != 20 || len(noise) > 4 {
			t.Errorf("sd %g: of %d columns %v move by more than sampling", sd, len(moves), noise)
		}
		if _, ok := NewNoise(moves["c0"][:7], 8); ok {
			t.Error("seven windows tell of noise")
		}
		told, blind := 0, 0
		n := runs(4)
		for range n {
			now := moody(draw, 4000, sd)
			if Find(whole, now, named, noise).P <= 0.01 {
				told++
			}
			if Find(whole, now, named, nil).P <= 0.01 {
				blind++
			}
		}
		t.Logf("sd %g: of %d windows %d tell of a slice, %d without knowing how windows differ", sd, n, told, blind)
		if told > 1+n/50 || sd > 0 && blind == 0 {
			t.Errorf("sd %g: of %d windows %d tell of a slice, %d without knowing how windows differ", sd, n, told, blind)
		}
		now := moody(draw, 8000, sd)
		for i := range now.Rows {
			if now.Codes[13][i] == 1 && draw.Float64() < 0.4 {
				now.Actual[i] = float64(now.Shape.Classes.Code("0")) + float64(now.Shape.Positive) - now.Predicted[i]
			}
		}
		s := Find(whole, now, named, noise)
		if s.P > level || len(s.Found) == 0 || s.Found[0].Conditions[0].Column != "c1" || len(s.Found[0].Conditions) != 1 {
			t.Errorf("sd %g: p %g, %+v", sd, s.P, s.Found)
		}
	}
}
