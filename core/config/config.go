// Package config is the typed configuration of a monitor, monitor.yaml.
//
// [Parse] reads a file and reports everything that is wrong with it at once,
// each problem with line, column and the nearest valid name. [Config.Apply]
// lays it over a contract that was inferred from data, and is where names of
// columns are checked. [Write] makes the commented file of `leeway init`.
//
// One table of fields (table.go) is all there is to know about the keys: Parse,
// [Names.JSONSchema] and [Docs] are made from it, so that they cannot differ. A key
// is added there and nowhere else.
//
// The package does not know which methods and metrics exist; callers pass
// their names as [Names].
package config

import (
	"time"

	"leeway/core/schema"
)

// Version is the version of the format that this package reads.
const Version = 1

// Config is a parsed configuration with all defaults filled in.
type Config struct {
	Model     string
	Task      schema.Task // "" is inferred
	Positive  string      // positive class of a binary task, "" is inferred
	Threshold *float64    // score from which on a case is predicted positive, nil: 0.5
	Columns   []Column    // in the order of the file

	Header        []string   // names of files without a header, nil: the first line is one
	MissingValues []string   // spellings of a missing value, nil: the default
	Segments      [][]string // columns whose values make segments; several make combinations

	Costs *schema.Costs // what outcomes cost, nil: nobody said

	Baseline Baseline
	Window   Window
	Labels   Labels
	Retain   Retain
	Policy   Policy
	Sinks    []Sink
	Retrain  Retrain

	name   string           // of the file, for Apply's errors
	places map[string]Place // of columns in segments, for Apply's errors
	mapped map[string]Place // where each word of labels.map stands
	costly Place            // of costs, for Apply's errors
}

// Column is what the file says about a column; zero values leave what is inferred.
type Column struct {
	Name    string
	Kind    schema.Kind
	Role    schema.Role
	Layout  schema.Layout
	Class   string
	Min     *float64
	Max     *float64
	Missing *float64
	Allowed []string
	Methods []string

	place Place
}

// Baseline is what a batch is compared with.
type Baseline struct {
	Kind    string // static, rolling or seasonal
	Windows int    // rolling: how many windows
	Season  string // seasonal: hour-of-week, day-of-week or month-of-year; else ""
}

// Window is how batches are cut by time.
type Window struct {
	Every    string        // hour, day, week, month, or a duration as time.ParseDuration reads it
	Lateness time.Duration // how long a window waits for late rows
}

// Labels is how labels that come in files of their own are taken.
type Labels struct {
	Version string        // column of label files that says which of several labels is the newest; "": the file's time does
	Horizon time.Duration // how long after the end of its window a label is taken; 0: always

	// Map is what other words for classes mean, in labels and predictions; nil for none.
	Map map[string]string
}

// Retain is how long the state keeps what labels are joined with, by the time of
// the data; 0 is for good.
type Retain struct {
	Ledger time.Duration
	Labels time.Duration
}

// Policy is what deserves an alert.
type Policy struct {
	FalseAlarms float64            // chance that a window without change ends in alert
	Material    map[string]float64 // smallest effect worth an alert, by metric
	Persistence int                // windows in a row before an alert
}

// Sink is a place that reports go to.
type Sink struct {
	Kind    string
	Name    string // its kind, if nobody named it
	On      string // which reports: "every", "warn" or "alert", the gravest of what it takes; filled in
	Detail  string // "top" or "all", "" is the sink's own default
	Options map[string]string
}

// Retrain is when and how retraining is started.
type Retrain struct {
	Trigger   string // what is started; "": never
	Confirm   int    // in how many windows a reason must show
	Of        int    // of how many
	Impact    float64
	CoolDown  time.Duration
	Budget    int // in 30 days
	MinLabels int64
	Every     time.Duration // 0: no schedule
	Approval  bool          // people approve each request
	Timeout   time.Duration
	Options   map[string]string
}

// Names are the names that a configuration may refer to. A nil list accepts
// any name.
type Names struct {
	Methods []string // drift methods, for columns.*.methods
	Metrics []string // metrics with an effect, for policy.material
}

// Default is the configuration of an empty file.
func Default() *Config {
	c := &Config{places: map[string]Place{}}
	for _, f := range root {
		f.defaults(&cursor{config: c})
	}
	return c
}

// Parse reads a configuration, see [Names.Parse]; names of methods and metrics
// are not checked.
func Parse(data []byte, name string) (*Config, error) { return Names{}.Parse(data, name) }

// Parse reads a configuration. The name is that of the file, for errors. The
// error joins one [leeway/core/fault.Error] of kind Invalid per problem, in order of lines,
// each with an Object "NAME:LINE:COLUMN". The Config is only meaningful without
// an error.
func (known Names) Parse(data []byte, name string) (*Config, error) {
	c := Default()
	c.name = name
	out := &problems{name: name}
	if tree := read(data, out); tree != nil {
		w := &walker{known: known, out: out}
		w.fields(&cursor{config: c}, root, tree, "")
		c.consider(tree, out)
	}
	return c, out.err()
}

// Declares tells whether the configuration fixes the kind of a column.
func (c *Config) Declares(name string) bool {
	col := c.Column(name)
	return col != nil && (col.Kind != "" || col.Layout != "")
}

// Column is what the file says about a column, nil for nothing.
func (c *Config) Column(name string) *Column {
	for i := range c.Columns {
		if c.Columns[i].Name == name {
			return &c.Columns[i]
		}
	}
	return nil
}
