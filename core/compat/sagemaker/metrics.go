package sagemaker

import (
	"math"

	"leeway/core/metric"
	"leeway/core/report"
)

// Metric is a number under the name that Model Monitor gives it in CloudWatch.
type Metric struct {
	Name  string
	Value float64 // of one value
	Set   *Set    // or of many
}

// Set is what CloudWatch knows of many values at once.
type Set struct{ Count, Sum, Min, Max float64 }

// DataMetrics are those of a monitor of data quality, for each column that Model
// Monitor would look at:
//
//   - feature_data_NAME: the values of a number;
//   - feature_non_null_NAME: the share of rows with a value;
//   - feature_baseline_drift_NAME: the distance from the baseline, as DEEQU's Distance
//     has it. Of numbers it is the Kolmogorov-Smirnov statistic, of categories the
//     largest change of a share, among the 12 largest categories of either side. If
//     robust, what chance alone would give so many rows is taken off.
//
// The distance of a window that is not whole is left out: part of a day is not like
// whole days.
func DataMetrics(r *report.Report, robust bool) []Metric {
	kolmogorov := map[string]float64{}
	for i := range r.Samples {
		if s := &r.Samples[i]; s.Check == "drift" && s.Metric == "ks_statistic" && s.Labels.Segment == "" && s.Reason == "" && !math.IsNaN(s.Value) {
			kolmogorov[s.Labels.Column] = s.Value
		}
	}
	var all []Metric
	for i := range r.Columns {
		c := &r.Columns[i]
		if c.Current == nil || c.Current.Rows == 0 || !c.Role.Drifts() {
			continue
		}
		valid := float64(c.Current.Rows - c.Current.Missing - c.Current.Mistyped)
		if s := setOf(c.Current, valid); s != nil {
			all = append(all, Metric{Name: "feature_data_" + c.Name, Set: s})
		}
		all = append(all, Metric{Name: "feature_non_null_" + c.Name, Value: 1 - float64(c.Current.Missing)/float64(c.Current.Rows)})
		distance, known := kolmogorov[c.Name]
		if !known {
			distance, known = largestChange(c.Distribution)
		}
		if !known || r.Partial != nil || c.Reference == nil {
			continue
		}
		if robust {
			distance = lessChance(distance, float64(c.Reference.Rows-c.Reference.Missing-c.Reference.Mistyped), valid)
		}
		all = append(all, Metric{Name: "feature_baseline_drift_" + c.Name, Value: distance})
	}
	return all
}

// setOf is nil where a column has no numbers.
func setOf(d *report.Description, valid float64) *Set {
	if d.Mean == nil || d.Min == nil || d.Max == nil || valid <= 0 {
		return nil
	}
	s := &Set{Count: valid, Sum: *d.Mean * valid, Min: *d.Min, Max: *d.Max}
	if math.IsInf(s.Sum, 0) {
		return nil
	}
	return s
}

// largestChange is false where a column has no categories.
func largestChange(d *report.Distribution) (float64, bool) {
	if d == nil || d.Names == nil || len(d.Reference) != len(d.Names) || len(d.Current) != len(d.Names) {
		return 0, false
	}
	n := len(d.Names)
	if d.Other {
		n--
	}
	most := 0.0
	for i := range n {
		most = max(most, math.Abs(d.Reference[i]-d.Current[i]))
	}
	return most, true
}

// chance is Deequ's constant for alpha = 0.003.
const chance = 1.8

// lessChance takes off what n and m values of one distribution differ by.
func lessChance(distance, n, m float64) float64 {
	if n <= 0 || m <= 0 {
		return 0
	}
	return max(0, distance-float64(chance*math.Sqrt((n+m)/(n*m))))
}

// quality are the names of Model Monitor for metrics of performance. Of these
// precision and recall make more: see scored.
var quality = map[string][]string{
	"accuracy": {"accuracy"}, "precision": {"precision"}, "recall": {"recall", "true_positive_rate"}, "specificity": {"true_negative_rate"}, "f1": {"f1"}, "roc_auc": {"auc"},
	"precision_weighted": {"weighted_precision"}, "recall_weighted": {"weighted_recall"}, "f1_weighted": {"weighted_f1"},
	"mae": {"mae"}, "mse": {"mse"}, "rmse": {"rmse"}, "r2": {"r2"},
}

// QualityMetrics are those of a monitor of model quality, where labels are known.
func QualityMetrics(r *report.Report) []Metric {
	if r.Performance == nil || r.Performance.Labelled == 0 {
		return nil
	}
	var all []Metric
	levels := map[string]float64{}
	for _, m := range r.Performance.Metrics {
		if m.Current == nil {
			continue
		}
		value := metric.Float(m.Current.Value)
		if math.IsNaN(value) || math.IsInf(value, 0) {
			continue
		}
		levels[m.Metric] = value
		for _, name := range quality[m.Metric] {
			all = append(all, Metric{Name: name, Value: value})
		}
	}
	return append(all, scored(levels)...)
}

// scored are the numbers that follow from others.
func scored(levels map[string]float64) (all []Metric) {
	precision, p := levels["precision"]
	recall, r := levels["recall"]
	specificity, s := levels["specificity"]
	if r {
		all = append(all, Metric{Name: "false_negative_rate", Value: 1 - recall})
	}
	if s {
		all = append(all, Metric{Name: "false_positive_rate", Value: 1 - specificity})
	}
	for _, one := range []struct {
		name   string
		square float64
	}{{"f0_5", 0.25}, {"f2", 4}} {
		if below := float64(one.square*precision) + recall; p && r && below > 0 {
			all = append(all, Metric{Name: one.name, Value: (1 + one.square) * precision * recall / below})
		}
	}
	return all
}
