package metric_test

import (
	"encoding/json"
	"math"
	"testing"

	"leeway/core/metric"
)

func TestSamplesAsJSON(t *testing.T) {
	nan := math.NaN()
	for _, test := range []struct {
		sample metric.Sample
		want   string
	}{
		{
			metric.Sample{Check: "drift", Metric: "psi", Labels: metric.Labels{Column: "age"}, Value: 0.25, P: nan, Exact: true, NReference: 10, NCurrent: 5},
			`[{"check":"drift","metric":"psi","labels":{"column":"age"},"value":0.25,"exact":true,"n_reference":10,"n_current":5}]`,
		},
		{
			metric.Sample{Check: "drift", Metric: "psi", Value: nan, P: nan, Reason: "no values"},
			`[{"check":"drift","metric":"psi","labels":{},"value":null,"exact":false,"n_reference":0,"n_current":0,"reason":"no values"}]`,
		},
	} {
		got, err := json.Marshal(metric.Samples{test.sample})
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
		var back metric.Samples
		if err := json.Unmarshal(got, &back); err != nil {
			t.Fatal(err)
		}
		if again, _ := json.Marshal(back); string(again) != test.want {
			t.Errorf("read back as %s", again)
		}
	}
}

func TestNumberRefusesWhatJSONLacks(t *testing.T) {
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if metric.Number(x) != nil {
			t.Errorf("Number(%v) is not nil", x)
		}
	}
	if x := metric.Number(0); x == nil || *x != 0 || !math.IsNaN(metric.Float(nil)) {
		t.Error("zero is a number, nil is none")
	}
}
