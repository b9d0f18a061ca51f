package drift

import (
	"math"
	"strings"
	"testing"

	"leeway/core/check"
	"leeway/core/internal/golden"
	"leeway/core/profile"
	"leeway/core/schema"
)

func constant(n int, x float64) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = x
	}
	return values
}

// TestReasons: columns that cannot be compared, or not by every method, have a
// defined answer.
func TestReasons(t *testing.T) {
	some := golden.Draw("bell", 200, 1, 1, 0)
	none := constant(200, math.NaN())
	const (
		still = "the reference does not vary"
		few   = "needs at least two values on each side"
		four  = "needs at least four values on both sides together"
		same  = "all values are equal"
		large = "the values are too large for a finite result"
	)
	for _, c := range []struct {
		name     string
		kind     schema.Kind
		ref, cur []float64
		reason   string             // of every sample, "" for a value
		values   map[string]float64 // values that are known
		reasons  map[string]string  // methods without a value all the same
		tested   bool
	}{
		{"all missing now", schema.Numeric, some, none, "the current side has no values", nil, nil, false},
		{"all missing before", schema.Numeric, none, some, "the reference has no values", nil, nil, false},
		{"all missing, categories", schema.Categorical, constant(9, 1), constant(9, math.NaN()), "the current side has no values", nil, nil, false},
		{"constant reference", schema.Numeric, constant(200, 5), some, "",
			map[string]float64{"js_distance": 1, "ks_statistic": 1, "total_variation": 1}, map[string]string{"wasserstein_normed": still}, true},
		{"constant on both sides", schema.Numeric, constant(200, 5), constant(100, 5), "",
			map[string]float64{"js_distance": 0, "ks_statistic": 0, "psi": 0, "chi2_statistic": 0, "mean_shift": 0, "g_statistic": 0, "energy_distance": 0}, map[string]string{"wasserstein_normed": still, "anderson_darling": same}, false},
		{"two constants", schema.Numeric, constant(200, 5), constant(100, 6), "",
			map[string]float64{"js_distance": 1, "ks_statistic": 1, "wasserstein": 1},
			map[string]string{"wasserstein_normed": still, "mean_shift": still}, true},
		{"one category", schema.Categorical, constant(200, 1), constant(50, 1), "",
			map[string]float64{"js_distance": 0, "psi": 0, "chi2_statistic": 0, "cramers_v": 0}, nil, false},
		{"another category", schema.Categorical, constant(200, 1), constant(50, 2), "",
			map[string]float64{"js_distance": 1, "total_variation": 1}, nil, true},
		{"one row", schema.Numeric, constant(1, 5), constant(1, 6), "",
			map[string]float64{"ks_statistic": 1}, map[string]string{"wasserstein_normed": few, "mean_shift": few, "cramer_von_mises": few, "anderson_darling": four}, true},
		{"one row now", schema.Numeric, some, constant(1, 1e6), "",
			map[string]float64{"ks_statistic": 1, "js_distance": 0.88}, map[string]string{"mean_shift": few, "cramer_von_mises": few}, true},
		{"one row before", schema.Numeric, constant(1, 0), some, "",
			map[string]float64{"ks_statistic": 0.55}, map[string]string{"wasserstein_normed": few, "mean_shift": few, "cramer_von_mises": few}, true},
		{"one row with a category", schema.Categorical, constant(1, 0), constant(1, 1), "",
			map[string]float64{"js_distance": 1, "total_variation": 1, "cramers_v": 1}, nil, true},
		{"two rows", schema.Numeric, []float64{1, 2}, []float64{3, 4}, "",
			map[string]float64{"ks_statistic": 1, "cramer_von_mises": 0.375, "anderson_darling": 1.543, "mean_shift": 2.83, "wasserstein_normed": 2.83}, nil, true},
		{"two rows, one value", schema.Numeric, []float64{1, 1}, []float64{1, 2}, "",
			map[string]float64{"ks_statistic": 0.5, "mean_shift": 1}, map[string]string{"wasserstein_normed": still}, true},
		{"all values different, a thousand times as many", schema.Numeric, golden.Draw("bell", 20, 1, 1, 0), golden.Draw("bell", 20_000, 2, 1, 0), "", nil, nil, true},
		{"denormals", schema.Numeric, []float64{5e-324, 1e-323, 1e-310, 0}, []float64{-5e-324, 5e-324, 2e-310}, "", nil, nil, true},
		{"as large as numbers get", schema.Numeric, []float64{-1.7e308, 1.7e308, 0}, []float64{1.7e308, 1.6e308, -1.7e308, 1.7e308}, "",
			map[string]float64{"mean_shift": 0.488}, nil, true},
		{"too far apart", schema.Numeric, constant(3, -1.7e308), constant(3, 1.7e308), "",
			map[string]float64{"ks_statistic": 1, "cramer_von_mises": 0.75},
			map[string]string{"wasserstein": large, "energy_distance": large, "wasserstein_normed": still, "mean_shift": still}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := compared(t, c.kind, schema.Feature, of(c.kind, c.ref), of(c.kind, c.cur), check.Methods{All: true})
			applying := 0
			for i := range Table {
				if Table[i].fits(c.kind) {
					applying++
				}
			}
			if len(out.Samples) != applying {
				t.Errorf("%d samples of %d methods", len(out.Samples), applying)
			}
			for _, s := range out.Samples {
				want := c.reason
				if own, ok := c.reasons[s.Metric]; ok {
					want = own
				}
				if s.Reason != want || math.IsNaN(s.Value) != (want != "") {
					t.Errorf("%s: %g %q, want %q", s.Metric, s.Value, s.Reason, want)
				}
				if v, ok := c.values[s.Metric]; ok && !(math.Abs(s.Value-v) <= 0.03) {
					t.Errorf("%s = %g, want %g", s.Metric, s.Value, v)
				}
				if math.IsInf(s.Value, 0) || s.P < 0 || s.P > 1 {
					t.Errorf("%s = %g with p %g", s.Metric, s.Value, s.P)
				}
			}
			if len(out.Evidence) != 1 || math.IsNaN(out.Evidence[0].P) == c.tested {
				t.Errorf("%+v", out.Evidence)
			}
			if e := out.Evidence[0]; c.reason == "" && (e.Detectable == nil || !(e.Detectable(0.01) > 0)) {
				t.Error("what could have been seen is not known")
			}
		})
	}
}

// TestAbsent: a column that one side lacks has samples that say so, and is not
// judged: quality tells of it.
func TestAbsent(t *testing.T) {
	some := of(schema.Numeric, golden.Draw("bell", 20, 1, 1, 0))
	empty := profile.New(nil, &profile.Exact).Profile()
	for _, c := range []struct {
		ref, cur *profile.Dataset
		reason   string
	}{{some, empty, "the column is absent"}, {empty, some, "the column is absent from the reference"}} {
		out := compared(t, schema.Numeric, schema.Feature, c.ref, c.cur, check.Methods{})
		if len(out.Evidence) != 0 || len(out.Samples) == 0 {
			t.Errorf("%+v", out)
		}
		for _, s := range out.Samples {
			if s.Reason != c.reason {
				t.Errorf("%+v", s)
			}
		}
	}
}

// TestMessages: findings are told in words with numbers before and after.
func TestMessages(t *testing.T) {
	bell := func(seed uint64, factor, shift float64) []float64 {
		return golden.Draw("bell", 2000, seed, factor, shift)
	}
	spiked := bell(2, 1, 0)
	for i := range 100 {
		spiked[i] = 0.25
	}
	middle := bell(2, 1, 0)
	for i, x := range middle {
		if math.Abs(x) < 0.5 {
			middle[i] = math.Copysign(0.5, x) + x/8
		}
	}
	five := func(seed uint64, shift float64) []float64 { return golden.Draw("five", 2000, seed, 1, shift) }
	swapped := five(2, 0)
	for i := range 200 {
		swapped[i] = 3
	}
	lost := five(2, 0)
	for i, x := range lost {
		if x == 2 {
			lost[i] = 0
		}
	}
	for _, c := range []struct {
		role     schema.Role
		kind     schema.Kind
		ref, cur []float64
		want     string
	}{
		{schema.Feature, schema.Numeric, bell(1, 1, 50), bell(2, 1, 40), "`x` shifted down: the typical (median) value fell from 49.9 to 40."},
		{schema.Score, schema.Numeric, bell(1, 1, 0), bell(2, 1, 0.5), "The model's scores (`x`) shifted up: the typical (median) value rose from "},
		{schema.Feature, schema.Numeric, bell(1, 1, 10), bell(2, 2, 10), "`x` spread out: the middle half of the values lay in 9.23 to 10.7, now in "},
		{schema.Feature, schema.Numeric, bell(1, 1, 0), spiked, "`x` changed: 0.25 rose from 0% to 5% of rows."},
		{schema.Feature, schema.Numeric, bell(1, 1, 0), middle, "`x` changed shape: values between "},
		{schema.Prediction, schema.Categorical, five(1, 0), swapped, "The model's predictions (`x`) changed: c3 rose from "},
		{schema.Label, schema.Categorical, five(1, 0), lost, "The labels (`x`) changed: c2 is gone, it made up "},
		{schema.Feature, schema.Categorical, lost, five(1, 0), "`x` changed: c2 is new and makes up "},
	} {
		out := compared(t, c.kind, c.role, of(c.kind, c.ref), of(c.kind, c.cur), check.Methods{})
		e := out.Evidence[0]
		if !strings.HasPrefix(e.Message, c.want) || e.Hint == "" || !(e.P < 1e-6) {
			t.Errorf("%q (%s, P %g), want %q", e.Message, e.Hint, e.P, c.want)
		}
	}
}

// TestMethods: what is chosen is shown; the first that can judge decides.
func TestMethods(t *testing.T) {
	data := of(schema.Numeric, golden.Draw("bell", 100, 1, 1, 0))
	column := schema.Column{Name: "x", Kind: schema.Numeric, Role: schema.Feature, Methods: []string{"wasserstein", "psi"}}
	run := func(methods check.Methods) (names []string, decides string) {
		out, err := Check{}.Evaluate(&check.Input{Schema: &schema.Schema{Columns: []schema.Column{column}}, Reference: data, Current: data, Methods: methods})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range out.Samples {
			names = append(names, s.Metric)
		}
		return names, out.Evidence[0].Metric
	}
	if names, decides := run(check.Methods{}); strings.Join(names, " ") != "wasserstein psi" || decides != "psi" {
		t.Error(names, decides)
	}
	if names, decides := run(check.Methods{Names: []string{"hellinger"}}); strings.Join(names, " ") != "hellinger" || decides != "hellinger" {
		t.Error(names, decides)
	}
	if names, decides := run(check.Methods{Names: []string{"kl_divergence"}}); strings.Join(names, " ") != "kl_divergence" || decides != "psi" {
		t.Error("a method without a threshold leaves the decision to the column's:", names, decides)
	}
	if names, _ := run(check.Methods{All: true}); len(names) != len(Table) {
		t.Error(names)
	}
	column.Role = schema.ID
	out, err := Check{}.Evaluate(&check.Input{Schema: &schema.Schema{Columns: []schema.Column{column}}, Reference: data, Current: data})
	if err != nil || len(out.Samples)+len(out.Evidence) != 0 {
		t.Errorf("identifiers do not drift: %+v", out)
	}
}

// BenchmarkEvaluate is the drift of one numeric column at 10,000 rows a side.
func BenchmarkEvaluate(b *testing.B) {
	ref, cur := of(schema.Numeric, golden.Draw("bell", 10000, 1, 1, 0)), of(schema.Numeric, golden.Draw("bell", 9900, 2, 1, 0))
	for b.Loop() {
		compared(b, schema.Numeric, schema.Feature, ref, cur, check.Methods{})
	}
}
