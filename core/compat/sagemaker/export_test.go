package sagemaker_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/compat/sagemaker"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
)

func known(t *testing.T) *profile.Dataset {
	t.Helper()
	d, err := profile.OfGiven(12, []profile.Given{
		{Name: "x", Kind: schema.Numeric, Missing: 2, Values: []float64{-1, 2, 7.5}, Counts: []int64{5, 3, 2}, Min: -1, Max: 7.5, Sum: 16, Squares: 129.5},
		{Name: "k", Kind: schema.Categorical, Missing: 3, Texts: []string{"a", "b"}, Counts: []int64{5, 4}},
		{Name: "t", Kind: schema.Text},
		{Name: "i", Kind: schema.Text, Role: schema.ID},
		{Name: "none", Kind: schema.Numeric, Missing: 12},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range d.Columns {
		if c.Role == "" {
			c.Role = schema.Feature
		}
	}
	return d
}

// TestExportIsImported: statistics that were written are read as the same values, with
// the same counts, moments and missing cells.
func TestExportIsImported(t *testing.T) {
	d := known(t)
	files, err := sagemaker.Exports(d, d, &report.Report{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := sagemaker.ParseStatistics(files["statistics.json"])
	if err != nil {
		t.Fatal(err)
	}
	rows, columns, notes, err := s.Columns()
	if err != nil || rows != 12 || len(notes) != 1 || len(columns) != 4 { // the text has no distribution, the id is left out
		t.Fatal(rows, notes, columns, err)
	}
	back, err := profile.OfGiven(rows, columns, nil)
	if err != nil {
		t.Fatal(err)
	}
	x, y := d.Column("x"), back.Column("x")
	values, counts := y.Numeric.Grid.Weighted(nil, nil)
	if !slices.Equal(counts, []int64{5, 3, 2}) || len(values) != 3 || y.Missing != 2 {
		t.Errorf("%v %v", values, counts)
	}
	if a, b := x.Numeric.Mean(), y.Numeric.Mean(); a != b {
		t.Errorf("mean %v, was %v", b, a)
	}
	if a, b := x.Numeric.Std(), y.Numeric.Std(); a-b > 1e-12 || b-a > 1e-12 {
		t.Errorf("std %v, was %v", b, a)
	}
	if k := back.Column("k"); k.Categories.Of("a") != 5 || k.Categories.Of("b") != 4 || k.Missing != 3 {
		t.Error("categories differ")
	}
	var sum float64
	for _, bucket := range s.Features[slices.IndexFunc(s.Features, func(f sagemaker.FeatureStatistics) bool { return f.Name == "x" })].Numerical.Distribution.KLL.Buckets {
		sum += bucket.Count
	}
	if sum != 10 {
		t.Errorf("the histogram counts %v", sum)
	}
	c, err := sagemaker.ParseConstraints(files["constraints.json"])
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range c.Features {
		if f.Name == "k" && (*f.Completeness != 0.75 || !slices.Equal(f.Texts.Domains, []string{"a", "b"})) || f.Name == "x" && f.Numbers.NonNegative {
			t.Errorf("%+v", f)
		}
	}
}

// TestExportHasTheStructureOfTheSample: every key of SageMaker's own files is written
// where it stands there.
func TestExportHasTheStructureOfTheSample(t *testing.T) {
	d := known(t)
	r := &report.Report{Findings: []report.Finding{{Check: "quality", Metric: "missing_ratio", Labels: metric.Labels{Column: "x"}, Severity: report.SeverityAlert, Message: "m"}}}
	files, err := sagemaker.Exports(d, d, r)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"statistics.json", "constraint_violations.json"} {
		var theirs, ours any
		if err := json.Unmarshal(sample(t, name), &theirs); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(files[name], &ours); err != nil {
			t.Fatal(err)
		}
		have := map[string]bool{}
		paths(ours, "", have)
		want := map[string]bool{}
		paths(theirs, "", want)
		for path := range want {
			if !have[path] {
				t.Errorf("%s lacks %s", name, path)
			}
		}
	}
}

// paths lists the keys of a document, those of a list's elements once.
func paths(v any, at string, to map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			to[at+"."+key] = true
			paths(inner, at+"."+key, to)
		}
	case []any:
		for _, inner := range v {
			paths(inner, at+"[]", to)
		}
	}
}

func TestViolations(t *testing.T) {
	value, limit := 0.25, 0.1
	finding := func(check, name, column string, s report.Severity) report.Finding {
		return report.Finding{Check: check, Metric: name, Labels: metric.Labels{Column: column}, Severity: s, Message: name + "."}
	}
	drift := finding("drift", "js_distance", "a", report.SeverityAlert)
	drift.Value, drift.Threshold = &value, &limit
	segment := finding("drift", "js_distance", "a", report.SeverityAlert)
	segment.Labels.Segment = "country=DE"
	v := sagemaker.ViolationsOf(&report.Report{Findings: []report.Finding{
		drift, segment,
		finding("quality", "type_mismatch_ratio", "b", report.SeverityAlert),
		finding("quality", "missing_ratio", "c", report.SeverityWarn),
		finding("quality", "unseen_category_ratio", "d", report.SeverityAlert),
		finding("quality", "unexpected_column", "e", report.SeverityInfo),
		finding("quality", "missing_column", "f", report.SeverityAlert),
		finding("performance", "accuracy", "", report.SeverityAlert),
	}})
	want := []sagemaker.Violation{
		{Feature: "a", Check: "baseline_drift_check", Description: "js_distance. Value: 0.25, threshold: 0.1."},
		{Feature: "b", Check: "data_type_check", Description: "type_mismatch_ratio."},
		{Feature: "d", Check: "categorical_values_check", Description: "unseen_category_ratio."},
		{Feature: "e", Check: "extra_column_check", Description: "unexpected_column."},
		{Feature: "f", Check: "missing_column_check", Description: "missing_column."},
	}
	if diff := cmp.Diff(want, v.Violations); diff != "" {
		t.Error(diff)
	}
}
