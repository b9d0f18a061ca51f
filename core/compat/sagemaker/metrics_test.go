package sagemaker_test

import (
	"math"
	"testing"

	"leeway/core/compat/sagemaker"
	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/schema"
)

// byName are metrics by name, sets by their sum.
func byName(all []sagemaker.Metric) map[string]float64 {
	by := map[string]float64{}
	for _, m := range all {
		by[m.Name] = m.Value
		if m.Set != nil {
			by[m.Name] = m.Set.Sum
			by[m.Name+" n"] = m.Set.Count
			by[m.Name+" min"] = m.Set.Min
			by[m.Name+" max"] = m.Set.Max
		}
	}
	return by
}

func agree(t *testing.T, got, want map[string]float64) {
	t.Helper()
	for name, x := range want {
		if y, there := got[name]; !there || math.Abs(x-y) > 1e-12 {
			t.Errorf("%s is %v, want %v", name, y, x)
		}
	}
	for name, y := range got {
		if _, known := want[name]; !known {
			t.Errorf("%s is %v, and should not be there", name, y)
		}
	}
}

func compared() *report.Report {
	mean, low, high := 2.5, -1.0, 9.0
	return &report.Report{
		Samples: metric.Samples{
			{Check: "drift", Metric: "ks_statistic", Labels: metric.Labels{Column: "x"}, Value: 0.3},
			{Check: "drift", Metric: "ks_statistic", Labels: metric.Labels{Column: "x", Segment: "country=PRT"}, Value: 0.9},
			{Check: "drift", Metric: "ks_statistic", Labels: metric.Labels{Column: "none"}, Value: math.NaN(), Reason: "no values"},
		},
		Columns: []report.Column{
			{Name: "x", Kind: schema.Numeric, Role: schema.Feature, Reference: &report.Description{Rows: 900}, Current: &report.Description{Rows: 110, Missing: 9, Mistyped: 1, Mean: &mean, Min: &low, Max: &high}},
			{Name: "k", Kind: schema.Categorical, Role: schema.Feature, Reference: &report.Description{Rows: 900}, Current: &report.Description{Rows: 110}, Distribution: &report.Distribution{
				Names: []string{"a", "b", "other"}, Other: true, Reference: []float64{0.5, 0.4, 0.1}, Current: []float64{0.3, 0.3, 0.4},
			}},
			{Name: "text", Kind: schema.Text, Role: schema.Feature, Reference: &report.Description{Rows: 900}, Current: &report.Description{Rows: 110, Missing: 110}},
			{Name: "id", Kind: schema.Text, Role: schema.ID, Current: &report.Description{Rows: 110}},
			{Name: "gone", Kind: schema.Numeric, Role: schema.Feature, Reference: &report.Description{Rows: 900}},
		},
	}
}

func TestDataMetrics(t *testing.T) {
	r := compared()
	want := map[string]float64{
		"feature_data_x": 250, "feature_data_x n": 100, "feature_data_x min": -1, "feature_data_x max": 9,
		"feature_non_null_x": 1 - 9.0/110, "feature_baseline_drift_x": 0.3,
		"feature_non_null_k": 1, "feature_baseline_drift_k": 0.2,
		"feature_non_null_text": 0,
	}
	agree(t, byName(sagemaker.DataMetrics(r, false)), want)
	want["feature_baseline_drift_x"] = 0.3 - 1.8*math.Sqrt(1000.0/90000)
	want["feature_baseline_drift_k"] = 0.2 - 1.8*math.Sqrt(1010.0/99000)
	agree(t, byName(sagemaker.DataMetrics(r, true)), want)
	r.Partial = &report.Partial{Lacks: report.LacksEnd}
	delete(want, "feature_baseline_drift_x")
	delete(want, "feature_baseline_drift_k")
	agree(t, byName(sagemaker.DataMetrics(r, true)), want)
}

// TestDriftNeverBelowZero: alarms on small values would see it.
func TestDriftNeverBelowZero(t *testing.T) {
	r := compared()
	r.Samples[0].Value = 0.01
	if x := byName(sagemaker.DataMetrics(r, true))["feature_baseline_drift_x"]; x != 0 {
		t.Errorf("got %v", x)
	}
}

func TestQualityMetrics(t *testing.T) {
	level := func(x float64) *report.Level { return &report.Level{Value: &x} }
	r := &report.Report{Performance: &report.Performance{Labelled: 50, Metrics: []report.Measure{
		{Metric: "precision", Current: level(0.5)}, {Metric: "recall", Current: level(0.8)}, {Metric: "specificity", Current: level(0.9)},
		{Metric: "roc_auc", Current: level(0.85)}, {Metric: "f1_weighted", Current: level(0.7)}, {Metric: "mcc", Current: level(0.4)},
		{Metric: "accuracy", Current: &report.Level{Reason: "few"}}, {Metric: "f1", Reference: level(0.9)},
	}}}
	agree(t, byName(sagemaker.QualityMetrics(r)), map[string]float64{
		"precision": 0.5, "recall": 0.8, "true_positive_rate": 0.8, "true_negative_rate": 0.9, "false_positive_rate": 1 - 0.9, "false_negative_rate": 1 - 0.8,
		"auc": 0.85, "weighted_f1": 0.7,
		"f0_5": 0.5405405405405406, "f2": 0.7142857142857143, // sklearn.metrics.fbeta_score of 4 true, 4 false positives and 1 missed
	})
	if all := sagemaker.QualityMetrics(&report.Report{}); all != nil {
		t.Errorf("without labels: %v", all)
	}
}
