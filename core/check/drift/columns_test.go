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

// TestColumns compares every method with SciPy on whole columns of hard shapes
// (scripts/golden/columns.py), through the profile that real data go through.
func TestColumns(t *testing.T) {
	var file struct{ Cases []column }
	golden.Load(t, "testdata/columns.json", &file)
	worst, compared := map[string]float64{}, 0
	for _, c := range file.Cases {
		kind := kindOf(c.Kind)
		ref := profiled(kind, schema.Feature, golden.Draw(c.Shape, c.N, c.Seed, 1, 0), &profile.Exact)
		cur := profiled(kind, schema.Feature, golden.Draw(c.Shape, c.M, c.Seed+1, c.Factor, c.Shift), &profile.Exact)
		compared += c.compare(t, kind, ref, cur, worst)
	}
	t.Logf("%d values of %d columns; off by at most %v", compared, len(file.Cases), worst)
}

func (c column) compare(t *testing.T, kind schema.Kind, ref, cur *profile.Dataset, worst map[string]float64) int {
	t.Helper()
	samples := byName(compared(t, kind, schema.Feature, ref, cur, check.Methods{All: true}).Samples)
	n := 0
	for name, raw := range c.Want {
		var want float64
		if json.Unmarshal(raw, &want) != nil {
			continue // quantiles, see quality
		}
		var got float64
		tolerance := 1e-9
		switch name {
		case "ks_p":
			got, tolerance = samples["ks_statistic"].P, 1e-6
		case "chi2_p":
			got, tolerance = samples["chi2_statistic"].P, 1e-6
		case "mean", "std":
			continue
		default:
			got = samples[name].Value
		}
		n++
		off := golden.Off(got, want)
		if tolerance == 1e-6 && want < 1e-250 && got < 1e-240 {
			off = 0
		}
		worst[name] = max(worst[name], off)
		if !(off <= tolerance) {
			t.Errorf("%v %s: got %.17g, want %.17g (%s)", c, name, got, want, samples[name].Reason)
		}
	}
	for name, s := range samples {
		if math.IsNaN(s.Value) && s.Reason == "" || !s.Exact || s.NReference != int64(c.N) || s.NCurrent != int64(c.M) {
			t.Errorf("%v %s: sample %+v", c, name, s)
		}
	}
	return n
}
