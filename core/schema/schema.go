// Package schema is the contract of a model: which columns its logs have, what
// kind of values they hold and which role they play.
//
// A contract is inferred from data ([Infer]), overridden by the configuration
// and then laid over each file that arrives ([Schema.Match]).
package schema

import "slices"

// Kind is what sort of values a column holds; it decides how cells are parsed
// and which methods apply.
type Kind string

// The kinds.
const (
	Numeric     Kind = "numeric"     // float64
	Integer     Kind = "integer"     // whole numbers, held as float64
	Categorical Kind = "categorical" // few distinct values, compared as text
	Boolean     Kind = "boolean"     // true/false, yes/no, 0/1...: cells are "false" and "true"
	Time        Kind = "time"        // an instant, Unix nanoseconds UTC
	Text        Kind = "text"        // free or high-cardinality text
	Embedding   Kind = "embedding"   // a list of numbers
)

// Kinds lists every kind, in the order of the documentation.
var Kinds = []Kind{Numeric, Integer, Categorical, Boolean, Time, Text, Embedding}

// Quantitative tells whether values are numbers on a scale.
func (k Kind) Quantitative() bool { return k == Numeric || k == Integer }

// Discrete tells whether values are categories.
func (k Kind) Discrete() bool { return k == Categorical || k == Boolean }

// Groups tells whether rows can be grouped by the values. Free text has as many as
// rows, and what people wrote is not to be kept as the name of a group.
func (k Kind) Groups() bool { return k.Quantitative() || k.Discrete() }

// Role is what a column means to the model.
type Role string

// The roles.
const (
	Feature    Role = "feature"
	Prediction Role = "prediction"
	Score      Role = "score"
	Label      Role = "label"
	ID         Role = "id"
	Timestamp  Role = "time"
	Segment    Role = "segment"
	Sensitive  Role = "sensitive"
	Weight     Role = "weight"
	Ignore     Role = "ignore"
)

// Roles lists every role, in the order of the documentation.
var Roles = []Role{Feature, Prediction, Score, Label, ID, Timestamp, Segment, Sensitive, Weight, Ignore}

// Drifts tells whether columns of the role take part in drift checks: what
// goes into the model, what comes out and what comes back.
func (r Role) Drifts() bool {
	return slices.Contains([]Role{Feature, Prediction, Score, Label, Segment, Sensitive}, r)
}

// Task is what the model does.
type Task string

// The tasks.
const (
	Binary     Task = "binary"
	Multiclass Task = "multiclass"
	Regression Task = "regression"
	None       Task = "none"
)

// Tasks lists every task, in the order of the documentation.
var Tasks = []Task{Binary, Multiclass, Regression, None}

// Column is the contract of one column.
type Column struct {
	Name    string
	Kind    Kind
	Role    Role
	Layout  Layout   // Time only: how instants are written; "" tries all
	Class   string   // Score of a multiclass model: the class it belongs to
	Min     *float64 // smallest allowed value, nil for no bound
	Max     *float64 // largest allowed value, nil for no bound
	Missing *float64 // largest allowed share of missing values, nil for none
	Allowed []string // allowed categories, nil for any
	Methods []string // drift methods instead of the default, nil for default

	// Words are texts that are read as others: what the configuration says that they mean,
	// in predictions and labels of kind Categorical. They are not inferred.
	Words map[string]string `json:",omitempty"`

	// Reworded tells that what it is compared with was read in other words.
	Reworded bool `json:"-"`

	// Values are the distinct texts that Infer saw, in order, if they were at
	// most 20: where Settle finds classes. They restrict nothing.
	Values []string `json:",omitempty"`
}

// Schema is the contract of a model: its columns in the order of the reference.
type Schema struct {
	Task     Task
	Positive string // the positive class of a binary task

	// Threshold is the configured score from which on a row of a binary task without
	// a prediction is predicted positive; nil for 0.5. It is not inferred.
	Threshold *float64 `json:",omitempty"`

	// Costs is what outcomes cost, as it is configured; nil for nothing. No profile
	// hangs on it, so that it is not stored.
	Costs *Costs `json:"-"`

	// Words are other words for classes, in predictions and labels: what each means, in
	// the words that the other side has; see [Meaning]. Guessed tells that they were
	// inferred, and not configured.
	Words   map[string]string `json:",omitempty"`
	Guessed bool              `json:",omitempty"`

	Columns []Column
	Missing []string // configured spellings of a missing value, nil for the default

	// Segments are the configured ones: columns whose values, or combinations of
	// values, are looked at by themselves. They are not inferred.
	Segments [][]string `json:",omitempty"`
}

// Column finds a column by name, nil if there is none.
func (s *Schema) Column(name string) *Column {
	for i := range s.Columns {
		if s.Columns[i].Name == name {
			return &s.Columns[i]
		}
	}
	return nil
}

// ByRole lists the columns of a role in contract order.
func (s *Schema) ByRole(role Role) []*Column {
	var found []*Column
	for i := range s.Columns {
		if s.Columns[i].Role == role {
			found = append(found, &s.Columns[i])
		}
	}
	return found
}

// Native is the type that a file format itself gives a cell.
type Native uint8

// The native types. Delimited text knows only NativeText.
const (
	NativeNull   Native = iota
	NativeText          // a string, or a field of delimited text
	NativeNumber        // JSON number, Parquet integer, float or decimal
	NativeBool
	NativeTime // Parquet date or timestamp, written RFC 3339
	NativeList // JSON array, Parquet list
)

// Cell is one value as a file spells it.
type Cell struct {
	Native Native
	Text   string
}

// Head is the beginning of a column, as much of it as inference looks at.
type Head struct {
	Name  string
	Cells []Cell
}
