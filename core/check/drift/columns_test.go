package drift

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"leeway/core/check"
	"leeway/core/internal/golden"
	"leeway/core/profile"
	"leeway/core/schema"
)

type column struct {
	Kind, Shape, Move string
	N, M              int
	Seed              uint64
	Factor, Shift     float64
	Want              map[string]json.RawMessage
}

func (c column) String() string {
	return fmt.Sprintf("%s/%s/%dv%d", c.Shape, c.Move, c.N, c.M)
}

// TestGoldenColumns compares every method with SciPy on whole columns of hard
// shapes (scripts/golden/columns.py), through the profile that real data go
// through.
func TestGoldenColumns(t *testing.T) {
	var file struct{ Cases []column }
	golden.Load(t, "testdata/columns.json", &file)
	tally := golden.Tally{Cases: len(file.Cases)}
	for _, c := range file.Cases {
		kind := kindOf(c.Kind)
		ref := profiled(kind, schema.Feature, golden.Draw(c.Shape, c.N, c.Seed, 1, 0), &profile.Exact)
		cur := profiled(kind, schema.Feature, golden.Draw(c.Shape, c.M, c.Seed+1, c.Factor, c.Shift), &profile.Exact)
		c.compare(t, kind, ref, cur, &tally)
	}
	tally.Log(t, "drift of columns")
}

func (c column) compare(t *testing.T, kind schema.Kind, ref, cur *profile.Dataset, tally *golden.Tally) {
	t.Helper()
	samples := byName(compared(t, kind, schema.Feature, ref, cur, check.Methods{All: true}).Samples)
	for name, raw := range c.Want {
		var want float64
		if json.Unmarshal(raw, &want) != nil {
			continue // quantiles, see quality
		}
		switch name {
		case "ks_p":
			tally.P(t, name, samples["ks_statistic"].P, want, c)
		case "chi2_p":
			tally.P(t, name, samples["chi2_statistic"].P, want, c)
		case "cramer_von_mises_p": // the reference is 1 minus a sum
			tally.Near(t, name, samples["cramer_von_mises"].P, want, 1e-9, c)
		case "mean", "std":
		default:
			tally.Value(t, name, samples[name].Value, want, 1e-9, c)
		}
	}
	n, m := ref.Column("x").Valid(), cur.Column("x").Valid()
	for name, s := range samples {
		if math.IsNaN(s.Value) != (s.Reason != "") || s.P < 0 || s.P > 1 || !s.Exact || s.NReference != n || s.NCurrent != m {
			t.Errorf("%v %s: sample %+v", c, name, s)
		}
	}
}
