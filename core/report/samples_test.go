package report

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"leeway/core/metric"
)

// TestSamplesAsJSON: a document is the very bytes that encoding/json writes.
func TestSamplesAsJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	texts := []string{"", "age", "a b", "ü", "\"", "\\", "<b>&", "line\nend", "\x7f", "\xff", "\u2028", "\n  \"samples\": [],\n"}
	numbers := []float64{0, math.Copysign(0, -1), 1, -1.5, 1e-6, 9.9e-7, 1e-9, 1.25e-10, 1e20, 1e21, -3e300, 5e-324, math.MaxFloat64, math.NaN(), math.Inf(1), math.Inf(-1), 1.0 / 3}
	text := func() string { return texts[r.IntN(len(texts))] }
	number := func() float64 {
		if r.IntN(2) == 0 {
			return math.Float64frombits(r.Uint64())
		}
		return numbers[r.IntN(len(numbers))]
	}
	for n := range 300 {
		report := &Report{Version: Version, Model: text(), Summary: text(), Notes: []string{text()}}
		for range n % 7 {
			report.Samples = append(report.Samples, metric.Sample{
				Check: text(), Metric: text(), Value: number(), P: number(), Exact: r.IntN(2) == 0, NReference: r.Int64() - r.Int64(), NCurrent: r.Int64N(9), Reason: text(),
				Labels: metric.Labels{Column: text(), Segment: text(), Class: text(), Group: text(), Role: text(), Q: text(), Actual: text(), Predicted: text()},
			})
		}
		want, err := json.MarshalIndent(report.sound(), "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		got, err := report.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want)+"\n" {
			t.Fatalf("got %s\nwant %s", got, want)
		}
	}
}
