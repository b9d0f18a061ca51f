package quality

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"leeway/core/internal/golden"
	"leeway/core/metric"
	"leeway/core/schema"
)

// drawn is a case of scripts/golden/columns.py, as far as it is about quality.
type drawn struct {
	Kind, Shape, Move string
	N, M              int
	Seed              uint64
	Factor, Shift     float64
	Want              map[string]json.RawMessage
	Quality           map[string]float64
}

func (c drawn) String() string { return fmt.Sprintf("%s/%s/%dv%d", c.Shape, c.Move, c.N, c.M) }

// cells are the values of one side as cells of a table.
func (c drawn) cells(n int, seed uint64, factor, shift float64) []any {
	cells := make([]any, 0, n)
	for _, v := range golden.Draw(c.Shape, n, seed, factor, shift) {
		switch {
		case math.IsNaN(v):
			cells = append(cells, nil)
		case c.Kind == "categorical":
			cells = append(cells, fmt.Sprint("c", int64(v)))
		default:
			cells = append(cells, v)
		}
	}
	return cells
}

// TestGoldenColumns compares what is said of the current side with NumPy and
// pandas, on columns of up to 1,000 rows.
func TestGoldenColumns(t *testing.T) {
	var file struct{ Cases []drawn }
	golden.Load(t, "../drift/testdata/columns.json", &file)
	var tally golden.Tally
	for _, c := range file.Cases {
		if c.Quality == nil {
			continue
		}
		tally.Cases++
		x := schema.Column{Name: "x", Kind: schema.Kind(c.Kind), Role: schema.Feature}
		out := compare(t, new(table).add(x, c.cells(c.N, c.Seed, 1, 0)...), new(table).add(x, c.cells(c.M, c.Seed+1, c.Factor, c.Shift)...))
		given := map[metric.Labels]map[string]float64{}
		for _, s := range out.Samples {
			if given[s.Labels] == nil {
				given[s.Labels] = map[string]float64{}
			}
			given[s.Labels][s.Metric] = s.Value
		}
		here := given[metric.Labels{Column: "x"}]
		for name, want := range c.Quality {
			if got, ok := here[name]; ok {
				tally.Value(t, name, got, want, 1e-9, c)
			}
		}
		tally.Value(t, "duplicate_ratio", given[metric.Labels{}]["duplicate_ratio"], c.Quality["duplicate_ratio"], 1e-9, c)
		if c.Kind == "categorical" {
			continue
		}
		for _, name := range []string{"mean", "std"} {
			var want float64
			if json.Unmarshal(c.Want[name], &want) == nil {
				tally.Value(t, name, here[name], want, 1e-9, c)
			}
		}
		var want []float64
		if err := json.Unmarshal(c.Want["quantiles"], &want); err != nil {
			t.Fatal(err)
		}
		for i, q := range want {
			tally.Value(t, "quantile "+shareName(quantiles[i]), given[metric.Labels{Column: "x", Q: shareName(quantiles[i])}]["quantile"], q, 1e-9, c)
		}
	}
	tally.Log(t, "quality of columns")
}
