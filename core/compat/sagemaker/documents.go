package sagemaker

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"leeway/core/fault"
)

// Statistics is statistics.json.
type Statistics struct {
	Version  float64             `json:"version"`
	Dataset  *Dataset            `json:"dataset"`
	Features []FeatureStatistics `json:"features"`
}

// Dataset is how many rows there are.
type Dataset struct {
	ItemCount int64 `json:"item_count"`
}

// The types of a feature.
const (
	Integral   = "Integral"
	Fractional = "Fractional"
	String     = "String"
	Unknown    = "Unknown"
)

// FeatureStatistics is what was counted of a column.
type FeatureStatistics struct {
	Name      string               `json:"name"`
	Type      string               `json:"inferred_type"`
	Numerical *NumericalStatistics `json:"numerical_statistics,omitempty"`
	Text      *StringStatistics    `json:"string_statistics,omitempty"`
}

// Common is of every column.
type Common struct {
	Present int64 `json:"num_present"`
	Missing int64 `json:"num_missing"`
}

// NumericalStatistics is of numbers.
type NumericalStatistics struct {
	Common       Common        `json:"common"`
	Mean         *float64      `json:"mean,omitempty"`
	Sum          *float64      `json:"sum,omitempty"`
	Std          *float64      `json:"std_dev,omitempty"`
	Min          *float64      `json:"min,omitempty"`
	Max          *float64      `json:"max,omitempty"`
	Distribution *Distribution `json:"distribution,omitempty"`
}

// StringStatistics is of texts.
type StringStatistics struct {
	Common       Common        `json:"common"`
	Distinct     float64       `json:"distinct_count"`
	Distribution *Distribution `json:"distribution,omitempty"`
}

// Distribution is how values are distributed.
type Distribution struct {
	KLL         *KLL         `json:"kll,omitempty"`
	Categorical *Categorical `json:"categorical,omitempty"`
}

// KLL is a sketch of numbers (Karnin, Lang, Liberty 2016), with a histogram.
type KLL struct {
	Buckets []Bucket `json:"buckets"`
	Sketch  *Sketch  `json:"sketch,omitempty"`
}

// Bucket is a cell of the histogram.
type Bucket struct {
	Lower float64 `json:"lower_bound"`
	Upper float64 `json:"upper_bound"`
	Count float64 `json:"count"`
}

// Sketch holds values by level: each of level i stands for 2^i.
type Sketch struct {
	Parameters Parameters  `json:"parameters"`
	Data       [][]float64 `json:"data"`
}

// Parameters are those of a sketch.
type Parameters struct {
	C float64 `json:"c"`
	K float64 `json:"k"`
}

// Categorical is how often texts occur.
type Categorical struct {
	Buckets []Category `json:"buckets"`
}

// Category is a text with its count.
type Category struct {
	Value string  `json:"value"`
	Count float64 `json:"count"`
}

// Constraints is constraints.json.
type Constraints struct {
	Version  float64              `json:"version"`
	Features []FeatureConstraints `json:"features"`
	Config   *MonitoringConfig    `json:"monitoring_config,omitempty"`

	Binary     map[string]Threshold `json:"binary_classification_constraints,omitempty"`
	Multiclass map[string]Threshold `json:"multiclass_classification_constraints,omitempty"`
	Regression map[string]Threshold `json:"regression_constraints,omitempty"`
}

// FeatureConstraints is what is held against a column.
type FeatureConstraints struct {
	Name         string               `json:"name"`
	Type         string               `json:"inferred_type"`
	Completeness *float64             `json:"completeness,omitempty"`
	Numbers      *NumberConstraints   `json:"num_constraints,omitempty"`
	Texts        *StringConstraints   `json:"string_constraints,omitempty"`
	Overrides    *MonitoringOverrides `json:"monitoring_config_overrides,omitempty"`
}

// NumberConstraints is of numbers.
type NumberConstraints struct {
	NonNegative bool `json:"is_non_negative"`
}

// StringConstraints is of texts.
type StringConstraints struct {
	Domains   []string             `json:"domains,omitempty"`
	Overrides *MonitoringOverrides `json:"monitoring_config_overrides,omitempty"`
}

// MonitoringOverrides are switches of a column.
type MonitoringOverrides struct {
	Evaluate string `json:"evaluate_constraints,omitempty"`
	Emit     string `json:"emit_metrics,omitempty"`
}

// MonitoringConfig is what holds for all columns.
type MonitoringConfig struct {
	Evaluate      string                   `json:"evaluate_constraints,omitempty"`
	Emit          string                   `json:"emit_metrics,omitempty"`
	DataType      *float64                 `json:"datatype_check_threshold,omitempty"`
	DomainContent *float64                 `json:"domain_content_threshold,omitempty"`
	Distribution  *DistributionConstraints `json:"distribution_constraints,omitempty"`
}

// DistributionConstraints are those of drift.
type DistributionConstraints struct {
	Perform              string   `json:"perform_comparison,omitempty"`
	Threshold            *float64 `json:"comparison_threshold,omitempty"`
	Method               string   `json:"comparison_method,omitempty"`
	CategoricalThreshold *float64 `json:"categorical_comparison_threshold,omitempty"`
	CategoricalMethod    string   `json:"categorical_drift_method,omitempty"`

	Enable        *bool    `json:"enable_comparisons,omitempty"` // as old versions write Perform
	MinDomainMass *float64 `json:"min_domain_mass,omitempty"`    // the same of the content of domains
}

// Threshold is the limit of a metric of model quality.
type Threshold struct {
	Threshold any    `json:"threshold"`
	Operator  string `json:"comparison_operator"`
}

// Violations is constraint_violations.json.
type Violations struct {
	Violations []Violation `json:"violations"`
}

// The types of violations.
const (
	DataTypeCheck      = "data_type_check"
	CompletenessCheck  = "completeness_check"
	DriftCheck         = "baseline_drift_check"
	MissingColumnCheck = "missing_column_check"
	ExtraColumnCheck   = "extra_column_check"
	CategoricalCheck   = "categorical_values_check"
)

// Violation is what did not hold.
type Violation struct {
	Feature     string `json:"feature_name"`
	Check       string `json:"constraint_check_type"`
	Description string `json:"description"`
}

// ParseStatistics reads statistics.json.
func ParseStatistics(data []byte) (*Statistics, error) {
	s := &Statistics{}
	if err := parse(data, s, "statistics.json"); err != nil {
		return nil, err
	}
	if s.Dataset == nil || len(s.Features) == 0 {
		return nil, fault.New(fault.Invalid, `it has no "dataset" or no "features", which statistics.json of a data quality baseline has`, "give the statistics.json that suggest_baseline wrote; those of model quality have no columns")
	}
	return s, nil
}

// ParseConstraints reads constraints.json.
func ParseConstraints(data []byte) (*Constraints, error) {
	c := &Constraints{}
	if err := parse(data, c, "constraints.json"); err != nil {
		return nil, err
	}
	if len(c.Features)+len(c.Binary)+len(c.Multiclass)+len(c.Regression) == 0 {
		return nil, fault.New(fault.Invalid, `it has no "features" and no constraints of model quality`, "give the constraints.json that suggest_baseline wrote")
	}
	return c, nil
}

func parse(data []byte, into any, what string) error {
	err := json.Unmarshal(data, into)
	if err == nil {
		return nil
	}
	problem := &fault.Error{Kind: fault.Invalid, Err: fmt.Errorf("it is no %s of SageMaker: it is not JSON", what), Hint: "give the file as the monitor wrote it"}
	var wrong *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &wrong):
		problem.Err = fmt.Errorf("it is no %s of SageMaker: %s is not what it should be (%s)", what, wrong.Field, wrong.Value)
	case errors.As(err, &syntax):
		problem.Row = int64(1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n")))
	}
	return problem
}

// write writes a document as SageMaker lays it out.
func write(document any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(document)
	return out.Bytes(), err
}
