package drift

import (
	"math"
	"strconv"
	"testing"

	"leeway/core/check"
	"leeway/core/frame"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/schema"
)

// profiled is the profile of one column; NaN stands for missing.
func profiled(kind schema.Kind, role schema.Role, values []float64, o *profile.Options) *profile.Dataset {
	columns := []schema.Column{{Name: "x", Kind: kind, Role: role}}
	builder := profile.New(columns, o)
	symbols := frame.NewSymbols()
	for done := 0; done < len(values); {
		rows := min(frame.BlockRows, len(values)-done)
		c := frame.Column{Type: frame.Float, States: make([]frame.State, rows), Floats: make([]float64, rows), Codes: make([]uint32, rows)}
		if kind == schema.Categorical {
			c.Type, c.Symbols = frame.Symbol, symbols
		}
		for i, x := range values[done : done+rows] {
			switch {
			case math.IsNaN(x):
				c.States[i] = frame.Missing
			case kind == schema.Categorical:
				c.Codes[i] = symbols.Intern([]byte("c" + strconv.Itoa(int(x))))
			default:
				c.Floats[i] = x + 0
			}
		}
		builder.Add(&frame.Block{Rows: rows, First: int64(done + 1), Columns: []frame.Column{c}})
		done += rows
	}
	return builder.Profile()
}

func kindOf(name string) schema.Kind {
	if name == "categorical" {
		return schema.Categorical
	}
	return schema.Numeric
}

// compared evaluates one column on two profiles.
func compared(t testing.TB, kind schema.Kind, role schema.Role, ref, cur *profile.Dataset, methods check.Methods) check.Outcome {
	t.Helper()
	out, err := Check{}.Evaluate(&check.Input{
		Schema:    &schema.Schema{Columns: []schema.Column{{Name: "x", Kind: kind, Role: role}}},
		Reference: ref, Current: cur, Methods: methods,
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func byName(samples []metric.Sample) map[string]metric.Sample {
	found := map[string]metric.Sample{}
	for _, s := range samples {
		found[s.Metric] = s
	}
	return found
}
