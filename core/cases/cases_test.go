package cases_test

import (
	"math"
	"testing"

	"leeway/core/cases"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// What a regression predicts is a number, and no class.
func TestTableOfNumbers(t *testing.T) {
	shape := outcome.NewShape(&schema.Schema{Task: schema.Regression, Columns: []schema.Column{
		{Name: "predicted", Kind: schema.Numeric, Role: schema.Prediction},
		{Name: "actual", Kind: schema.Numeric, Role: schema.Label},
	}}, 0)
	s := cases.New(shape, nil, 10)
	want := []float64{0.25, -1.75, 5e12}
	for i, x := range want {
		s.Put(&cases.Row{Hash: uint64(i + 1), Count: 1, Numbers: []float64{x, 1}})
	}
	table := s.Table(cases.Own, math.MaxUint64)
	for i, x := range want {
		if table.Predicted[i] != x {
			t.Errorf("row %d is predicted %v, want %v", i, table.Predicted[i], x)
		}
	}
}
