package ledger_test

import (
	"math"
	"testing"

	"leeway/core/ledger"
	"leeway/core/outcome"
)

// TestContrary: ids that come again with another prediction are counted with their rows, in
// one ledger or several and in any order; equal repeats, rows without an id or a prediction
// are not. Of very many the count is an estimate, and is said to be.
func TestContrary(t *testing.T) {
	shape := grouped()
	fill := func(ids, first int, ledgers ...*ledger.Ledger) {
		at := 0
		add := func(id uint64, predicted float64) {
			ledgers[at%len(ledgers)].Add(id, &outcome.Row{Predicted: predicted, Actual: math.NaN(), Weight: math.NaN()})
			at++
		}
		for i := range ids {
			id := (uint64(i+first) + 1) * 0x9e3779b97f4a7c15
			switch add(id, float64(i%2)); {
			case i%100 == 0: // another prediction, and the first again
				add(id, float64(1-i%2))
				add(id, float64(i%2))
			case i%100 == 1:
				add(id, float64(i%2))
			case i%100 == 2:
				add(id, math.NaN())
			case i%100 == 3:
				add(ledger.None, 0)
			}
		}
	}
	one, other := ledger.New(shape), ledger.New(shape)
	fill(10_000, 0, one, other)
	for _, order := range [][]*ledger.Ledger{{one, other}, {other, one}} {
		var c ledger.Contrary
		for _, l := range order {
			c.Add(l)
		}
		if ids, rows, exact := c.Count(); ids != 100 || rows != 300 || !exact {
			t.Errorf("%d ids, %d rows, exact %v, want 100 and 300", ids, rows, exact)
		}
	}
	many := ledger.New(shape)
	fill(400_000, 0, many)
	var c ledger.Contrary
	c.Add(many)
	if ids, rows, exact := c.Count(); exact || math.Abs(float64(ids)-4000) > 500 || rows != 3*ids {
		t.Errorf("%d ids, %d rows, exact %v, want about 4,000 and 12,000", ids, rows, exact)
	}
	var none ledger.Contrary
	if ids, rows, exact := none.Count(); ids != 0 || rows != 0 || !exact {
		t.Errorf("of nothing: %d ids, %d rows, exact %v", ids, rows, exact)
	}
}
