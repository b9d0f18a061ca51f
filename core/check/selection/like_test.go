package selection

import (
	"math"
	"math/rand/v2"
	"testing"

	"leeway/core/cases"
	"leeway/core/outcome"
	"leeway/core/schema"
	"leeway/core/sketch"
)

// table is rows with a score, a number and a category of four.
func table(draw *rand.Rand, n int) *cases.Table {
	contract := &schema.Schema{Task: schema.Binary, Positive: "1", Columns: []schema.Column{{Name: "score", Kind: schema.Numeric, Role: schema.Score}, {Name: "label", Kind: schema.Categorical, Role: schema.Label}}}
	t := &cases.Table{
		Shape: outcome.NewShape(contract, outcome.Exact), Rows: n,
		Columns: []cases.Column{{Name: "number", Numeric: true}, {Name: "category"}},
		Codes:   make([][]uint32, 2), Said: make([][]float64, 1), Counts: make([]float64, n), Predicted: make([]float64, n), Actual: make([]float64, n),
	}
	for range n {
		t.Said[0] = append(t.Said[0], draw.Float64())
		t.Codes[0] = append(t.Codes[0], sketch.NumberCode(draw.NormFloat64()))
		t.Codes[1] = append(t.Codes[1], uint32(1+draw.IntN(4)))
	}
	return t
}

// TestLike: rows of the reference are taken as often as current ones with such scores and
// features have a label, also where one hangs on two things at once; all are where labels
// are missing at random.
func TestLike(t *testing.T) {
	draw := rand.New(rand.NewPCG(5, 5))
	reference, current := table(draw, 4000), table(draw, 4000)
	either := func(t *cases.Table, row int) bool { return (t.Codes[1][row] == 3) == (t.Said[0][row] > 0.5) }
	for name, chance := range map[string]func(t *cases.Table, row int) float64{
		"at random": func(*cases.Table, int) float64 { return 0.3 },
		"score":     func(t *cases.Table, row int) float64 { return 0.1 + 0.8*t.Said[0][row] },
		"number": func(t *cases.Table, row int) float64 {
			return map[bool]float64{true: 0.9, false: 0.3}[t.Codes[0][row] > 1<<31]
		},
		"two": func(t *cases.Table, row int) float64 { return map[bool]float64{true: 0.9, false: 0.1}[either(t, row)] },
	} {
		came := make([]bool, current.Rows)
		for row := range came {
			came[row] = draw.Float64() < chance(current, row)
		}
		labelled := current.Where(func(row int) bool { return came[row] })
		like := Like(reference, labelled, current.Where(func(row int) bool { return !came[row] }))
		if name == "at random" && like.Rows != reference.Rows {
			t.Errorf("at random: %d of %d rows are taken", like.Rows, reference.Rows)
		}
		for look, is := range map[string]func(t *cases.Table, row int) bool{
			"score":    func(t *cases.Table, row int) bool { return t.Said[0][row] > 0.6 },
			"number":   func(t *cases.Table, row int) bool { return t.Codes[0][row] > 1<<31 },
			"category": func(t *cases.Table, row int) bool { return t.Codes[1][row] == 3 },
			"either":   either,
		} {
			share := func(t *cases.Table) float64 {
				rows := t.Where(func(row int) bool { return is(t, row) }).Rows
				return float64(rows) / float64(t.Rows)
			}
			if a, b := share(like), share(labelled); math.Abs(a-b) > 0.04 {
				t.Errorf("labels by %s: %.3f of labelled rows are such of %s, %.3f of those of the reference that are like them, %.3f of all of it", name, b, look, a, share(reference))
			}
		}
	}
}
