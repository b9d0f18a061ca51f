package sagemaker

import (
	"fmt"
	"math"
	"slices"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/format/capture"
	"leeway/core/profile"
	"leeway/core/schema"
)

// Options say what the documents do not.
type Options struct {
	Task  schema.Task // "": by the constraints of model quality, if there are any
	Label string      // column of the baseline with what came true; "": none
	Table bool        // logs are tables of their own, not data capture
}

// Configuration is what constraints say, as a configuration. known are the columns
// of the statistics; nil without: then those of the constraints count. The notes say
// what has no counterpart, and what to do about it.
func Configuration(c *Constraints, known []profile.Given, o *Options) (*config.Config, []string, error) {
	var names []string
	for i := range known {
		names = append(names, known[i].Name)
	}
	settings := config.Default()
	settings.Task = o.Task
	if settings.Task == "" {
		settings.Task = c.task()
	}
	var notes []string
	for i := range c.Features {
		f := &c.Features[i]
		if names != nil && !slices.Contains(names, f.Name) {
			notes = append(notes, fmt.Sprintf("%s: constraints but no statistics: left out", f.Name))
			continue
		}
		column, more := f.column()
		if at := slices.Index(names, f.Name); at >= 0 {
			column.Kind = known[at].Kind
			if column.Kind == schema.Text {
				column.Min, column.Allowed = nil, nil // nothing is known of its values
			}
		}
		if f.Name == o.Label {
			column = config.Column{Name: f.Name, Role: schema.Label}
		}
		settings.Columns, notes = append(settings.Columns, column), append(notes, more...)
	}
	if o.Label != "" && settings.Column(o.Label) == nil && slices.Contains(names, o.Label) { // it has no constraints
		settings.Columns = append(settings.Columns, config.Column{Name: o.Label, Role: schema.Label})
	}
	if o.Label != "" && settings.Column(o.Label) == nil {
		return nil, nil, fault.New(fault.NotFound, fmt.Sprintf("the baseline has no column %q", o.Label), "name the column of what came true as the baseline has it")
	}
	if names == nil {
		for i := range c.Features {
			names = append(names, c.Features[i].Name)
		}
	}
	notes = append(notes, settingsOf(settings, c.Config)...)
	notes = append(notes, c.quality()...)
	if o.Table {
		return settings, notes, nil
	}
	settings.Header = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == o.Label })
	notes = append(notes, captured(settings, names, o)...)
	return settings, notes, nil
}

// captured adds the columns that come of data capture beside the model's own.
func captured(settings *config.Config, names []string, o *Options) (notes []string) {
	declare := func(c config.Column) {
		if !slices.Contains(names, c.Name) {
			settings.Columns = append(settings.Columns, c)
		}
	}
	declare(config.Column{Name: capture.ID, Role: schema.ID})
	declare(config.Column{Name: capture.Time, Role: schema.Timestamp})
	switch settings.Task {
	case schema.Binary:
		declare(config.Column{Name: capture.Said, Role: schema.Score, Kind: schema.Numeric})
	case schema.Regression:
		declare(config.Column{Name: capture.Said, Role: schema.Prediction, Kind: schema.Numeric})
	case schema.Multiclass:
		declare(config.Column{Name: capture.Said, Role: schema.Prediction, Kind: schema.Categorical})
	default:
		notes = append(notes, "what the endpoint answers is not watched, since nothing says what it is: name the task (--task binary, multiclass or regression)")
	}
	if o.Label == "" && len(names) > 0 {
		notes = append(notes, fmt.Sprintf("data capture is read with the names of the baseline's columns for those of the request; if %s is what came true, as in SageMaker's order of columns, say so (--label)", names[0]))
	}
	return notes
}

// column is what is said of a column.
func (f *FeatureConstraints) column() (c config.Column, notes []string) {
	c.Name = f.Name
	switch f.Type {
	case Integral:
		c.Kind = schema.Integer
	case Fractional:
		c.Kind = schema.Numeric
	}
	if f.disabled() {
		return c, []string{f.Name + ": its constraints are switched off, so none is taken over"}
	}
	if f.Completeness != nil && *f.Completeness >= 0 && *f.Completeness <= 1 {
		missing := math.Ceil((1-*f.Completeness)*1e6) / 1e6
		c.Missing = &missing
	}
	if f.Numbers != nil && f.Numbers.NonNegative {
		c.Min = new(float64)
	}
	if f.Texts != nil && len(f.Texts.Domains) > 0 {
		c.Kind, c.Allowed = schema.Categorical, f.Texts.Domains
	}
	return c, nil
}

func (f *FeatureConstraints) disabled() bool {
	off := func(o *MonitoringOverrides) bool { return o != nil && o.Evaluate == "Disabled" }
	return off(f.Overrides) || f.Texts != nil && off(f.Texts.Overrides)
}

// settingsOf takes over what holds for all columns.
func settingsOf(settings *config.Config, m *MonitoringConfig) (notes []string) {
	if m == nil {
		return nil
	}
	if d := m.Distribution; d != nil {
		switch {
		case d.Perform == "Disabled" || d.Enable != nil && !*d.Enable:
			notes = append(notes, "distributions were not compared (perform_comparison); here they are: policy.material sets from which effect on")
		case d.Threshold != nil && *d.Threshold >= 0 && *d.Threshold <= 1:
			settings.Policy.Material = map[string]float64{"ks_statistic": *d.Threshold}
			notes = append(notes, fmt.Sprintf("comparison_threshold %v is policy.material of ks_statistic, which is the same distance; an alert is significant besides", *d.Threshold))
		}
		if d.CategoricalThreshold != nil {
			notes = append(notes, fmt.Sprintf("categorical_comparison_threshold %v (%s) has no counterpart: categories are compared by js_distance and psi, with policy.material of these", *d.CategoricalThreshold, method(d.CategoricalMethod)))
		}
	}
	if m.DataType != nil {
		notes = append(notes, fmt.Sprintf("datatype_check_threshold %v has no counterpart: mistyped cells alarm where there are more than in the baseline, beyond chance", *m.DataType))
	}
	if m.DomainContent != nil {
		notes = append(notes, fmt.Sprintf("domain_content_threshold %v has no counterpart: values that are not allowed alarm where there are more than in the baseline, beyond chance", *m.DomainContent))
	}
	return notes
}

func method(name string) string {
	if name == "" {
		return "LInfinity"
	}
	return name
}

// task is that of the constraints of model quality.
func (c *Constraints) task() schema.Task {
	switch {
	case len(c.Binary) > 0:
		return schema.Binary
	case len(c.Multiclass) > 0:
		return schema.Multiclass
	case len(c.Regression) > 0:
		return schema.Regression
	}
	return ""
}

// quality says what becomes of constraints on model quality.
func (c *Constraints) quality() []string {
	n := len(c.Binary) + len(c.Multiclass) + len(c.Regression)
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%d thresholds of model quality have no counterpart: with labels it is tested whether the model got worse than on the reference; thresholds of single metrics belong to where alarms are (docs/from-sagemaker.md)", n)}
}
