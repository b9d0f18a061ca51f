package sagemaker

import (
	"fmt"
	"math"
	"math/bits"

	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/sketch"
)

// heldValues is how many distinct values a written sketch has at most, about what
// one of k = 2048 has; histogramBuckets is how many cells SageMaker's histograms have.
const (
	heldValues       = 4096
	histogramBuckets = 10
)

// exported tells whether a column is one that Model Monitor would look at.
func exported(c *profile.Column) bool { return c.Role.Drifts() && c.Kind != schema.Embedding }

// typeOf is the inferred type of a column.
func typeOf(c *profile.Column) string {
	switch {
	case c.Kind == schema.Integer:
		return Integral
	case c.Numeric != nil:
		return Fractional
	}
	return String
}

// StatisticsOf writes what a profile knows. Cells that hold something else than the
// column's kind count as missing: SageMaker has no word for them here.
func StatisticsOf(d *profile.Dataset) *Statistics {
	s := &Statistics{Dataset: &Dataset{ItemCount: d.Rows}, Features: []FeatureStatistics{}}
	for _, c := range d.Columns {
		if !exported(c) {
			continue
		}
		f := FeatureStatistics{Name: c.Name, Type: typeOf(c)}
		common := Common{Present: c.Valid(), Missing: d.Rows - c.Valid()}
		if c.Numeric != nil {
			f.Numerical = numerical(c.Numeric, common)
		} else {
			f.Text = textual(c, common)
		}
		s.Features = append(s.Features, f)
	}
	return s
}

func numerical(n *profile.Numeric, common Common) *NumericalStatistics {
	s := &NumericalStatistics{Common: common}
	if common.Present == 0 {
		return s
	}
	mean, sum, low, high := n.Mean(), n.Sum.Float(), n.Min, n.Max
	s.Mean, s.Sum, s.Min, s.Max = &mean, &sum, &low, &high
	std := 0.0
	if v := n.Variance(); v > 0 { // of the values themselves, as Deequ has it
		std = math.Sqrt(v * float64(common.Present-1) / float64(common.Present))
	}
	s.Std = &std
	grid := sketch.NewGrid(heldValues)
	grid.Merge(n.Grid)
	values, counts := grid.Weighted(nil, nil)
	s.Distribution = &Distribution{KLL: &KLL{Buckets: histogram(values, counts, low, high), Sketch: sketchOf(values, counts)}}
	for _, x := range []float64{mean, sum, std} {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return &NumericalStatistics{Common: common} // beyond what JSON can say
		}
	}
	return s
}

// histogram is SageMaker's: buckets of equal width from the smallest value to the
// largest.
func histogram(values []float64, counts []int64, low, high float64) []Bucket {
	buckets := make([]Bucket, histogramBuckets)
	width := high/histogramBuckets - low/histogramBuckets
	for i := range buckets {
		buckets[i].Lower, buckets[i].Upper = low+float64(float64(i)*width), low+float64(float64(i+1)*width)
	}
	buckets[histogramBuckets-1].Upper = high
	for i, x := range values {
		at := 0
		if width > 0 {
			at = int(min(max((x-low)/width, 0), histogramBuckets-1))
		}
		buckets[at].Count += float64(counts[i])
	}
	return buckets
}

// sketchOf writes counts as the levels of a sketch: a value stands on those that are
// the bits of its count, so that nothing is lost.
func sketchOf(values []float64, counts []int64) *Sketch {
	s := &Sketch{Parameters: Parameters{C: 0.64, K: 2048}, Data: [][]float64{}}
	for i, x := range values {
		for left := uint64(counts[i]); left != 0; left &= left - 1 {
			level := bits.TrailingZeros64(left)
			for len(s.Data) <= level {
				s.Data = append(s.Data, []float64{})
			}
			s.Data[level] = append(s.Data[level], x)
		}
	}
	return s
}

func textual(c *profile.Column, common Common) *StringStatistics {
	s := &StringStatistics{Common: common}
	if n, _ := c.DistinctCount(); !math.IsNaN(n) {
		s.Distinct = math.Round(n)
	}
	if c.Categories != nil && c.Categories.Exact() {
		buckets := []Category{}
		for text, n := range c.Categories.All() {
			buckets = append(buckets, Category{text, float64(n)})
		}
		s.Distribution = &Distribution{Categorical: &Categorical{buckets}}
	}
	return s
}

// domainsUpTo is how many categories make a domain.
const domainsUpTo = 100

// ConstraintsOf writes what a reference is as what suggest_baseline would suggest.
func ConstraintsOf(reference *profile.Dataset) *Constraints {
	threshold := 0.1
	c := &Constraints{Features: []FeatureConstraints{}, Config: &MonitoringConfig{
		Evaluate: "Enabled", Emit: "Enabled", DataType: &threshold, DomainContent: &threshold,
		Distribution: &DistributionConstraints{Perform: "Enabled", Threshold: &threshold, Method: "Robust", CategoricalThreshold: &threshold, CategoricalMethod: "LInfinity"},
	}}
	for _, column := range reference.Columns {
		if !exported(column) {
			continue
		}
		completeness := 1.0
		if column.Rows > 0 {
			completeness = 1 - float64(column.Missing)/float64(column.Rows)
		}
		f := FeatureConstraints{Name: column.Name, Type: typeOf(column), Completeness: &completeness}
		switch {
		case column.Numeric != nil:
			f.Numbers = &NumberConstraints{NonNegative: column.Numeric.Min >= 0}
		case column.Categories != nil && column.Categories.Exact() && column.Categories.Len() <= domainsUpTo:
			f.Texts = &StringConstraints{}
			for text := range column.Categories.All() {
				f.Texts.Domains = append(f.Texts.Domains, text)
			}
		}
		c.Features = append(c.Features, f)
	}
	return c
}

// checks are the types of violations that findings are, by their metric.
var checks = map[string]string{
	"type_mismatch_ratio": DataTypeCheck, "missing_ratio": CompletenessCheck, "unseen_category_ratio": CategoricalCheck,
	"missing_column": MissingColumnCheck, "unexpected_column": ExtraColumnCheck,
}

// ViolationsOf writes the alerts of a report, and columns that came or went, as
// violations. Findings that SageMaker has no type for, as of performance or of
// whole rows, are not among them.
func ViolationsOf(r *report.Report) *Violations {
	v := &Violations{Violations: []Violation{}}
	for i := range r.Findings {
		f := &r.Findings[i]
		kind, column := checks[f.Metric], f.Labels.Column
		if kind == "" && f.Check == "drift" {
			kind = DriftCheck
		}
		whole := kind == MissingColumnCheck || kind == ExtraColumnCheck
		if kind == "" || column == "" || f.Labels.Segment != "" || f.Severity != report.SeverityAlert && !whole {
			continue
		}
		description := f.Message
		if f.Value != nil && f.Threshold != nil {
			description = fmt.Sprintf("%s Value: %v, threshold: %v.", f.Message, *f.Value, *f.Threshold)
		}
		v.Violations = append(v.Violations, Violation{column, kind, description})
	}
	return v
}

// Exports are the documents, by the names that SageMaker gives them.
func Exports(reference, current *profile.Dataset, r *report.Report) (map[string][]byte, error) {
	files := map[string][]byte{}
	for name, document := range map[string]any{
		"statistics.json": StatisticsOf(current), "constraints.json": ConstraintsOf(reference), "constraint_violations.json": ViolationsOf(r),
	} {
		data, err := write(document)
		if err != nil {
			return nil, err
		}
		files[name] = data
	}
	return files, nil
}
