package drift

import (
	"encoding/json"
	"fmt"
	"testing"

	"leeway/core/check"
	"leeway/core/internal/golden"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/stat"
)

// TestGoldenPeers compares with NannyML, scikit-learn and statsmodels where
// they define a number as Leeway does (scripts/golden/peers.py).
func TestGoldenPeers(t *testing.T) {
	var file struct {
		Wilson [][4]float64
		Cases  []column
	}
	golden.Load(t, "testdata/peers.json", &file)
	tally := golden.Tally{Cases: len(file.Cases) + len(file.Wilson)}
	for _, c := range file.Cases {
		kind := kindOf(c.Kind)
		ref := profiled(kind, schema.Feature, golden.Draw(c.Shape, c.N, c.Seed, 1, 0), &profile.Exact)
		cur := profiled(kind, schema.Feature, golden.Draw(c.Shape, c.M, c.Seed+1, c.Factor, c.Shift), &profile.Exact)
		samples := byName(compared(t, kind, schema.Feature, ref, cur, check.Methods{All: true}).Samples)
		for name, raw := range c.Want {
			var want float64
			if err := json.Unmarshal(raw, &want); err != nil {
				t.Fatal(err)
			}
			tally.Value(t, name, samples[name].Value, want, 1e-9, c)
		}
	}
	for _, w := range file.Wilson {
		low, high := stat.Wilson(int64(w[0]), int64(w[1]))
		at := golden.At(fmt.Sprint("wilson", w[:2]))
		tally.Value(t, "wilson", low, w[2], 1e-9, at)
		tally.Value(t, "wilson", high, w[3], 1e-9, at)
	}
	tally.Log(t, "other libraries")
}
