package cause_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"leeway/core/check"
	"leeway/core/check/cause"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
)

// BenchmarkExplain is a window in which 100 columns drifted, none of them by a
// fault: what explaining costs at most.
func BenchmarkExplain(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	before, after := rows{}, rows{}
	var findings []report.Finding
	for i := range 100 {
		name := fmt.Sprint("c", i)
		x, y := &data{kind: schema.Numeric}, &data{kind: schema.Numeric}
		for range 20000 {
			x.numbers, y.numbers = append(x.numbers, 10+r.NormFloat64()), append(y.numbers, 10.5+1.2*r.NormFloat64())
		}
		before[name], after[name] = x, y
		findings = append(findings, report.Finding{Check: "drift", Metric: "js_distance", Labels: metric.Labels{Column: name}, Severity: report.SeverityAlert})
	}
	in := &check.Input{Schema: &schema.Schema{Columns: before.columns()}, Reference: before.profile(&profile.Baseline), Current: after.profile(&profile.Stored)}
	for b.Loop() {
		cause.Explain(in, findings)
	}
}
