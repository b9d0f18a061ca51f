package outcome_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/frame"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// TestClasses: a class is what its text means.
func TestClasses(t *testing.T) {
	binary := outcome.NewClasses(schema.Binary, nil)
	for _, same := range [][]string{{"1", "1.0", " 1 ", "1e0", "true", "TRUE", "yes", "Y", "t", "on"}, {"0", "-0", "0.0", "false", "No", "n", "off"}, {"maybe"}, {"01"}, {"9007199254740993"}, {"0x1"}} {
		first := binary.Code(same[0])
		for _, text := range same {
			if binary.Code(text) != first {
				t.Errorf("%q is not %q", text, same[0])
			}
		}
	}
	if n := binary.Len(); n != 6 {
		t.Errorf("%d classes instead of 6", n)
	}
	many := outcome.NewClasses(schema.Multiclass, nil)
	if many.Code("yes") == many.Code("1") || many.Code("t") == many.Code("true") {
		t.Error("among many classes words are words")
	}
	if many.Code("2.0") != many.Code("2") {
		t.Error("2.0 is 2")
	}
	if many.Name(many.Code("2.0")) != "2" {
		t.Errorf("2 is written %q", many.Name(many.Code("2")))
	}
	ten, two := many.Code("10"), many.Code("2")
	if diff := cmp.Diff([]int32{two, ten}, many.Ordered([]int32{ten, two})); diff != "" {
		t.Error(diff)
	}
	for i := range 2 * outcome.MostClasses {
		many.Code(string(rune('a' + i)))
	}
	if many.Len() != outcome.MostClasses || many.Code("one too many") != -1 {
		t.Errorf("%d classes", many.Len())
	}
}

// TestTaker takes rows out of a block with every sort of hole.
func TestTaker(t *testing.T) {
	contract := &schema.Schema{Task: schema.Binary, Positive: "yes", Columns: []schema.Column{
		{Name: "out", Kind: schema.Categorical, Role: schema.Prediction}, {Name: "p", Kind: schema.Numeric, Role: schema.Score, Class: "no"},
		{Name: "w", Kind: schema.Numeric, Role: schema.Weight}, {Name: "y", Kind: schema.Boolean, Role: schema.Label},
	}}
	shape := outcome.NewShape(contract, 100)
	taker := outcome.NewTaker(shape, contract.Columns)
	symbols := frame.NewSymbols("yes", "no")
	block := &frame.Block{Rows: 3, Columns: []frame.Column{
		{Type: frame.Symbol, Symbols: symbols, Codes: []uint32{0, 1, 0}, States: []frame.State{frame.Valid, frame.Valid, frame.Missing}},
		{Type: frame.Float, Floats: []float64{0.25, 1, 0}, States: []frame.State{frame.Valid, frame.Valid, frame.Mistyped}},
		{Type: frame.Float, Floats: []float64{2, 3, 4}},
		{Type: frame.Symbol, Symbols: frame.Booleans, Codes: []uint32{1, 0, 0}, States: []frame.State{frame.Valid, frame.Missing, frame.Valid}},
	}}
	yes, no := float64(shape.Positive), float64(shape.Classes.Code("no"))
	nan := math.NaN()
	for i, want := range []outcome.Row{
		{Actual: yes, Predicted: yes, Scores: []float64{0.75}, Weight: 2},
		{Actual: nan, Predicted: no, Scores: []float64{0}, Weight: 3},
		{Actual: no, Predicted: nan, Scores: []float64{nan}, Weight: 4},
	} {
		got := taker.Row(block, i)
		for what, pair := range map[string][2]float64{
			"actual": {got.Actual, want.Actual}, "predicted": {got.Predicted, want.Predicted}, "score": {got.Scores[0], want.Scores[0]}, "weight": {got.Weight, want.Weight},
		} {
			if pair[0] != pair[1] && !(math.IsNaN(pair[0]) && math.IsNaN(pair[1])) {
				t.Errorf("row %d: %s is %v, want %v", i, what, pair[0], pair[1])
			}
		}
	}
	symbols.Reset() // codes have another meaning from here on
	symbols.Intern([]byte("no"))
	if got := taker.Row(block, 0); got.Predicted != no {
		t.Errorf("in a new dictionary the prediction is %v", got.Predicted)
	}
	if n := testing.AllocsPerRun(100, func() { taker.Row(block, 0) }); n > 0 {
		t.Errorf("%v allocations for a row", n)
	}
}

// TestSumsDoNotHangOnOrder: means of wild values with weights are the same to
// the bit, however rows are ordered and split.
func TestSumsDoNotHangOnOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	shape := &outcome.Shape{Task: schema.Regression, Positive: -1, Weighted: true, Budget: 64}
	rows := make([]outcome.Row, 3000)
	for i := range rows {
		y := math.Exp(20 * r.NormFloat64())
		rows[i] = outcome.Row{Actual: y, Predicted: y * r.Float64() * 2, Weight: math.Exp(3 * r.NormFloat64())}
	}
	var first []float64
	for range 4 {
		parts := []*outcome.Summary{outcome.New(shape), outcome.New(shape), outcome.New(shape)}
		for _, at := range r.Perm(len(rows)) {
			parts[r.IntN(3)].Add(&rows[at])
		}
		s := parts[0]
		s.Merge(parts[1])
		s.Merge(parts[2])
		got := []float64{s.Absolute.Mean(), s.Absolute.Variance(), s.Squared.Mean(), s.Signed.Mean(), s.Spread(), s.Weight(), s.Label(), float64(s.Sizes.Width())}
		for _, step := range s.Sizes.Steps() {
			got = append(got, step.Value, step.Weights[0], step.Weights[1], step.Squares[0])
		}
		if first == nil {
			first = got
		}
		if diff := cmp.Diff(first, got); diff != "" {
			t.Fatal(diff)
		}
	}
}
