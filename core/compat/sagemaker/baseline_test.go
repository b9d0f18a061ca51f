package sagemaker_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"leeway/core/compat/sagemaker"
	"leeway/core/fault"
	"leeway/core/profile"
	"leeway/core/schema"
)

// sample is one of SageMaker's own files; the test is skipped where they are not there.
func sample(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../../../shared/data/sagemaker_monitor_io", name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("SageMaker's sample files are not there")
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func number(n float64) *float64 { return &n }

// numbers are statistics of eight values with a sketch of six, on two levels.
func numbers() *sagemaker.Statistics {
	return &sagemaker.Statistics{Dataset: &sagemaker.Dataset{ItemCount: 10}, Features: []sagemaker.FeatureStatistics{
		{Name: "x", Type: sagemaker.Fractional, Numerical: &sagemaker.NumericalStatistics{
			Common: sagemaker.Common{Present: 8, Missing: 2}, Mean: number(3.5), Sum: number(28), Std: number(2), Min: number(1), Max: number(7),
			Distribution: &sagemaker.Distribution{KLL: &sagemaker.KLL{Sketch: &sagemaker.Sketch{Data: [][]float64{{7, 1}, {3, 1}}}}},
		}},
	}}
}

// TestSketch: a value of level i stands for 2^i.
func TestSketch(t *testing.T) {
	s := numbers()
	s.Features[0].Numerical.Common.Present = 6
	rows, columns, notes, err := s.Columns()
	if err != nil || rows != 10 || len(notes) > 0 {
		t.Fatal(rows, notes, err)
	}
	want := profile.Given{Name: "x", Kind: schema.Numeric, Role: schema.Feature, Missing: 4, Values: []float64{1, 3, 7}, Counts: []int64{3, 2, 1},
		Estimated: true, Min: 1, Max: 7, Sum: 28, Squares: 6 * (4 + 3.5*3.5)}
	if diff := cmp.Diff([]profile.Given{want}, columns); diff != "" {
		t.Error(diff)
	}
	d, err := profile.OfGiven(rows, columns, nil)
	if err != nil {
		t.Fatal(err)
	}
	if x := d.Column("x").Numeric; x.Grid.Exact() || math.Abs(x.Quantile(0.5)-2) > 1e-9 || x.Min != 1 || x.Max != 7 {
		t.Errorf("median %v, exact %v", x.Quantile(0.5), x.Grid.Exact())
	}
}

// TestWithoutDistribution: what is not known is said, and only missing cells are
// watched then.
func TestWithoutDistribution(t *testing.T) {
	for _, test := range []struct {
		name, note string
		spoil      func(*sagemaker.FeatureStatistics)
	}{
		{"moments", "the statistics hold its moments but no sketch", func(f *sagemaker.FeatureStatistics) { f.Numerical.Distribution = nil }},
		{"no extremes", "a sketch without min, max, mean and std_dev", func(f *sagemaker.FeatureStatistics) { f.Numerical.Min = nil }},
		{"another number", "its sketch is of another number of values than 8", func(f *sagemaker.FeatureStatistics) {}},
		{"nothing", "it has no statistics", func(f *sagemaker.FeatureStatistics) { f.Numerical = nil }},
		{"more than rows", "its counts do not add up", func(f *sagemaker.FeatureStatistics) { f.Numerical.Common.Present = 11 }},
		{"no counts", "do not say how often each of its 5 values occurs", func(f *sagemaker.FeatureStatistics) {
			f.Numerical, f.Text = nil, &sagemaker.StringStatistics{Common: sagemaker.Common{Present: 8}, Distinct: 5}
		}},
		{"some counts", "the statistics count 3 of its 8 values", func(f *sagemaker.FeatureStatistics) {
			f.Numerical, f.Text = nil, &sagemaker.StringStatistics{Common: sagemaker.Common{Present: 8}, Distribution: &sagemaker.Distribution{Categorical: &sagemaker.Categorical{Buckets: []sagemaker.Category{{Value: "a", Count: 3}}}}}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := numbers()
			test.spoil(&s.Features[0])
			rows, columns, notes, err := s.Columns()
			if err != nil || len(notes) != 1 || !strings.Contains(notes[0], test.note) || columns[0].Kind != schema.Text {
				t.Fatalf("%v %q %+v", err, notes, columns)
			}
			if _, err := profile.OfGiven(rows, columns, nil); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestFlags: of two whole numbers next to each other the sum tells all, without a
// sketch; as labels they are classes.
func TestFlags(t *testing.T) {
	s := &sagemaker.Statistics{Dataset: &sagemaker.Dataset{ItemCount: 10}, Features: []sagemaker.FeatureStatistics{
		{Name: "y", Type: sagemaker.Integral, Numerical: &sagemaker.NumericalStatistics{Common: sagemaker.Common{Present: 10}, Sum: number(3), Min: number(0), Max: number(1)}},
		{Name: "c", Type: sagemaker.Integral, Numerical: &sagemaker.NumericalStatistics{Common: sagemaker.Common{Present: 10}, Sum: number(50), Min: number(5), Max: number(5)}},
	}}
	rows, columns, notes, err := s.Columns()
	if err != nil || len(notes) > 0 {
		t.Fatal(notes, err)
	}
	if diff := cmp.Diff([]int64{7, 3}, columns[0].Counts); diff != "" || columns[0].Estimated || columns[1].Counts[0] != 10 {
		t.Errorf("%+v", columns)
	}
	if !sagemaker.Classes(&columns[0]) {
		t.Error("no classes")
	}
	d, err := profile.OfGiven(rows, columns, nil)
	if err != nil || d.Column("y").Categories.Of("1") != 3 || !d.Column("c").Numeric.Grid.Exact() {
		t.Error(err)
	}
}

// TestSampleStatistics reads what SageMaker's SDK tests itself with.
func TestSampleStatistics(t *testing.T) {
	s, err := sagemaker.ParseStatistics(sample(t, "statistics.json"))
	if err != nil {
		t.Fatal(err)
	}
	rows, columns, notes, err := s.Columns()
	if err != nil || rows != 418 || len(notes) > 0 || columns[0].Counts[0] != 418 {
		t.Fatal(rows, columns, notes, err)
	}
}

// TestSamplesKeepTheirStructure: what is read of SageMaker's files and written again
// has all that was there, in the same places.
func TestSamplesKeepTheirStructure(t *testing.T) {
	for name, parse := range map[string]func([]byte) (any, error){
		"statistics.json":            func(d []byte) (any, error) { return sagemaker.ParseStatistics(d) },
		"constraints.json":           func(d []byte) (any, error) { return sagemaker.ParseConstraints(d) },
		"constraint_violations.json": func(d []byte) (any, error) { v := &sagemaker.Violations{}; return v, json.Unmarshal(d, v) },
	} {
		data := sample(t, name)
		document, err := parse(data)
		if err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		var before, after any
		if err := errors.Join(json.Unmarshal(data, &before), json.Unmarshal(again, &after)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestNoDocuments(t *testing.T) {
	for _, test := range []struct{ data, want string }{
		{"{", "it is not JSON"},
		{`{"dataset": []}`, "dataset is not what it should be (array)"},
		{`{"version": 0}`, `it has no "dataset" or no "features"`},
	} {
		_, err := sagemaker.ParseStatistics([]byte(test.data))
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.data, err)
		}
	}
	if _, err := sagemaker.ParseConstraints([]byte(`{}`)); err == nil || !bytes.Contains([]byte(err.Error()), []byte("no \"features\"")) {
		t.Error(err)
	}
}
