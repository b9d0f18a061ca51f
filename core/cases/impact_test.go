package cases

import (
	"math"
	"testing"

	"leeway/core/outcome"
	"leeway/core/schema"
	"leeway/core/sketch"
)

// TestImpact: by hand. Of category a 1 of 4 is wrong, of b 3 of 4; a falls from a
// half to a quarter, so a quarter of the rows goes from 1/4 to 3/4.
func TestImpact(t *testing.T) {
	contract := &schema.Schema{Task: schema.Binary, Positive: "1", Columns: []schema.Column{{Name: "p", Kind: schema.Categorical, Role: schema.Prediction}}}
	shape := outcome.NewShape(contract, 0)
	other := float64(shape.Classes.Code("0"))
	made := func(codes []uint32, wrong []bool) *Table {
		t := &Table{Shape: shape, Columns: []Column{{Name: "c"}, {Name: "x", Numeric: true}}, Rows: len(codes), Codes: [][]uint32{codes, nil}}
		for i := range codes {
			t.Codes[1] = append(t.Codes[1], sketch.NumberCode(7))
			actual := other
			if wrong != nil && wrong[i] {
				actual = float64(shape.Positive)
			}
			t.Counts, t.Predicted, t.Actual = append(t.Counts, 1), append(t.Predicted, other), append(t.Actual, actual)
		}
		return t
	}
	reference := made([]uint32{1, 1, 1, 1, 2, 2, 2, 2}, []bool{true, false, false, false, true, true, true, false})
	current := made([]uint32{1, 2, 2, 2}, nil)
	if got := Impact(reference, current, "c"); math.Abs(got-0.125) > 1e-12 {
		t.Errorf("impact %v, want 0.125", got)
	}
	// A miss costs 8 and a right negative gains 2: a costs 0.5 a row, b 5.5, and a
	// quarter of the rows goes from one to the other.
	prices := outcome.NewPrices(shape, &schema.Costs{Task: schema.Binary, FalseNegative: 8, TrueNegative: -2, FalsePositive: 1000})
	if got := Price(reference, current, "c", prices); math.Abs(got-1.25) > 1e-12 {
		t.Errorf("in money %v, want 1.25", got)
	}
	if got := Impact(reference, current, "x"); got != 0 {
		t.Errorf("a column that did not move costs %v", got)
	}
	if got := Impact(reference, current, "none"); !math.IsNaN(got) {
		t.Errorf("a column that is not there costs %v", got)
	}
}
