package cause_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"leeway/core/check"
	"leeway/core/check/cause"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
)

// odd are columns at the ends of what there is; each meets each.
func odd() map[schema.Kind][]*data {
	repeat := func(n int, values ...float64) []float64 {
		var all []float64
		for range n {
			all = append(all, values...)
		}
		return all
	}
	ramp := func(scale float64) (all []float64) {
		for i := range 500 {
			all = append(all, scale*float64(i-100))
		}
		return all
	}
	numbers := [][]float64{
		{1}, {0, 1}, repeat(100, 0), repeat(100, 7), repeat(100, math.NaN()), repeat(60, -1e300, 0, 1e300), repeat(60, 5e-324, 1e-310, -5e-324),
		ramp(1), ramp(1e300), ramp(-1), ramp(1e-300), repeat(40, 1, 2, 3, math.NaN()), repeat(40, 1, 2, 3, -1), ramp(math.MaxFloat64 / 400),
	}
	texts := [][]string{
		{"a"}, {"", "a"}, {absent}, strings.Split(strings.Repeat("x,y,", 100)+"z", ","), strings.Split(strings.Repeat("X,Y,", 100)+"Z", ","),
		strings.Split(strings.Repeat("`\xff,\u0301,?,", 50)+"\u0301", ","), strings.Split(strings.Repeat("1,1.0,01,1e999,nan,", 50)+"1", ","), strings.Split(strings.Repeat("true,false,", 50)+"true", ","),
	}
	all := map[schema.Kind][]*data{}
	for _, values := range numbers {
		all[schema.Numeric] = append(all[schema.Numeric], &data{kind: schema.Numeric, numbers: values})
	}
	for _, values := range texts {
		all[schema.Categorical] = append(all[schema.Categorical], &data{kind: schema.Categorical, texts: values})
	}
	return all
}

// TestAnythingIsExplained: no column is too odd to be looked at, and what is
// said of it is sound.
func TestAnythingIsExplained(t *testing.T) {
	for kind, columns := range odd() {
		for _, o := range []*profile.Options{&profile.Exact, {Cells: 16, Categories: 2, Distinct: 16, Rows: 16}} {
			for i, a := range columns {
				for j, b := range columns {
					var findings []report.Finding
					for _, metricName := range []string{"js_distance", "missing_ratio", "constant", "unseen_category_ratio", "out_of_range_ratio"} {
						findings = append(findings, report.Finding{Check: "quality", Metric: metricName, Labels: metric.Labels{Column: "hour"}, Severity: report.SeverityAlert, Message: "x."})
					}
					findings[0].Check = "drift"
					in := &check.Input{
						Schema:    &schema.Schema{Columns: []schema.Column{{Name: "hour", Kind: kind, Role: schema.Feature}}},
						Reference: rows{"hour": a}.profile(o), Current: rows{"hour": b}.profile(o),
					}
					cause.Explain(in, findings)
					for _, f := range findings {
						if c := f.Cause; c != nil && (!(c.Explains >= 0 && c.Explains <= 1) || i == j) {
							t.Errorf("%s %d against %d: %+v", kind, j, i, c)
						}
						if len(f.Contributions) > 5 || strings.Contains(f.Message, "NaN") || strings.Contains(f.Message, "%!") {
							t.Errorf("%s %d against %d: %q, %d contributions", kind, j, i, f.Message, len(f.Contributions))
						}
						if _, err := json.Marshal(f); err != nil {
							t.Errorf("%s %d against %d: %v", kind, j, i, err)
						}
					}
				}
			}
		}
	}
}
