// Package check defines what a family of checks is: a table of metrics and a
// function from two profiles to samples and evidence.
//
// The families live beside it (check/quality, check/drift); check/all lists
// them. A check is pure: it reads profiles, never files, and decides nothing:
// what the evidence amounts to is for core/policy to say.
package check

import (
	"leeway/core/cases"
	"leeway/core/check/concept"
	"leeway/core/check/selection"
	"leeway/core/check/slicing"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/stat"
)

// Check is a family of methods.
type Check interface {
	// Name is the family's name in reports and metrics: "quality", "drift".
	Name() string

	// Metrics declares every metric that Evaluate can give.
	Metrics() []metric.Desc

	// Evaluate compares the two sides. A method whose preconditions fail gives
	// a sample without a value and with a reason. The only errors are defects.
	Evaluate(in *Input) (Outcome, error)
}

// Input is what a check looks at.
type Input struct {
	Schema    *schema.Schema
	Reference *profile.Dataset
	Current   *profile.Dataset
	Anchor    *profile.Dataset // what slow changes are measured against; nil: Reference
	Known     *profile.Dataset // what ranges and categories are known from; nil: Reference
	Methods   Methods
	Wanted    Wanted             // what is not wanted need not be computed
	Labelled  *Labelled          // rows with labels; nil where no label is known
	Said      *Said              // what current rows were said to be; nil where it was not collected
	Groups    *Groups            // rows by groups of people and segments; nil where there are none, or it was not collected
	Material  map[string]float64 // configured, by metric: see Rule

	Start int64 // Unix nanoseconds, the window's start; 0 without time
	End   int64 // Unix nanoseconds, the window's end; 0 without time

	Missing    []string          // contract columns that the current files lack
	Unexpected []string          // columns of the current files that the contract does not know
	Renamed    map[string]string // contract name -> name in the current files
	Unread     Unread            // rows of the files that neither profile has
	History    []HistoryPoint    // the Recent windows before, oldest first; nil for none
	OwnRows    []int64           // of the reference's own windows that are as long, the last Recent, oldest first; nil: not known
	Series     bool              // this is a window of a series: its paces are wanted
	Segment    string            // both sides are the rows of this segment, see core/segment; "": all

	// Variation is what tests (by finding id) and paces (by PaceKey, with their
	// signs) said of the reference's own windows (the anchor's, where there is
	// one), in order of time, and what extremes these had, by their keys.
	Variation map[string][]metric.Deviate
}

// Labelled is what is known of how predictions came out.
type Labelled struct {
	Reference *outcome.Summary // nil: the reference has no labels
	Current   *outcome.Summary
	Delivery  *Delivery    // what the label files hold; nil where that is not known
	Odd       *outcome.Odd // which of the current labels are of classes that are not known; nil for numbers

	// Unlabelled is what was said of current rows without a label; nil where it was
	// not collected.
	Unlabelled *outcome.Said
	Cases      *Cases // a sample of rows; nil where none was taken

	Joined *Joined // what the files' labels were to current rows, where Delivery does not tell; nil: not known either
	Before *Joined // what they were to rows of the reference; nil: not known

	Contrary *Contrary // ids of current rows that come again with another prediction; nil: not known

	selection *selection.Finding
	looked    bool
	selected  Selected
	asked     bool
}

// Cases is a sample of the labelled rows of either side. The tables share their
// shape and their columns.
type Cases struct {
	Reference *cases.Table // nil: no sample of it was taken
	Current   *cases.Table
	Rest      *cases.Table // current rows of the sample without a label; nil: not collected
	Before    *cases.Table // those of the reference; nil: not collected

	moved *concept.Finding
}

// sides are the labelled rows of now and those without a label; nil where unknown.
func (c *Cases) sides() (labelled, rest *cases.Table) {
	if c == nil {
		return nil, nil
	}
	return c.Current, c.Rest
}

// Said is what performance is estimated from without labels.
type Said struct {
	Reference *outcome.Summary // its labelled rows; nil: it has none
	Current   *outcome.Said    // all rows
}

// Groups are the rows of both sides by the partitions of their shape: the same
// parts, in the same order.
type Groups struct {
	Reference *outcome.Parts // of no rows where the reference was not collected
	Current   *outcome.Parts
}

// Delivery counts what label files hold.
type Delivery struct {
	Files       string // names of the first of them
	Labels      int64  // rows with an id and a label
	Unmatched   int64  // distinct ids that no row has
	Duplicate   int64  // rows that say again what another says
	Conflicting int64  // distinct ids with labels that contradict each other
	Corrected   int64  // distinct ids whose label is another than that of a lower version
	Incomplete  int64  // rows without an id or a label
	Mistyped    int64  // of numbers: rows whose label is none
	Example     string // of those: where one stands, and what it is
}

// Contrary counts ids of current rows that come more than once with predictions that differ.
// A label of such an id is held against each of its rows: of one id at several times that is
// what is meant, and nothing tells it from a row that was delivered again.
type Contrary struct {
	IDs, Rows int64
	Exact     bool // else they are estimates, of more than 131,072 ids
}

// Joined counts rows by what label files have for them.
type Joined struct {
	Contradicted int64 // labels that contradict each other
	Corrected    int64 // a label that is another than it was before
	Repeated     int64 // labels of which one says again what another says
	Unread       int64 // none but one that cannot be read as a number
}

// Unread counts the rows of both sides' files that could not be read and were
// left out.
type Unread struct {
	Reference int64
	Current   int64
	What      string // what is wrong with most of the current ones: "rows with fewer fields than columns"
}

// Recent is how many of the windows before are worth looking at: what was usual
// long ago is not usual now, and a window that comes late changes what is said of
// so many later ones and no more.
const Recent = 30

// HistoryPoint is an earlier window, as far as checks look at it.
type HistoryPoint struct {
	Rows int64
}

// Trail is where earlier windows that were measured against the same anchor
// stood, oldest first: the last TrailLength of them.
type Trail []Stand

// TrailLength is how far back a slow change is looked for.
const TrailLength = stat.CreepWindows

// Stand is where one window stood.
type Stand struct {
	Start int64                    // Unix nanoseconds
	Paces map[string][]metric.Pace // by column
}

// PaceKey names a pace in Input.Variation.
func PaceKey(column, of string) string { return "pace " + column + " " + of }

// Since is when a change that built up over windows began: most likely, and the
// interval that holds it with 95% probability.
type Since struct {
	At, From *int64 // Unix nanoseconds; nil: before the first window that is remembered
	To       int64
	Text     string // "about 7 October 2026"
	Missing  bool   // it is the missing values that built up, not the others
}

// Wanted is how much of an outcome anybody will read.
type Wanted int

const (
	Everything  Wanted = iota
	Tests              // what tests say, and where columns stand: no samples of drift, no slices
	ColumnTests        // what tests of single columns say
)

// Methods selects drift methods: the default of each kind, all that apply, or
// the named ones.
type Methods struct {
	All   bool
	Names []string // nil with All unset: the default
}

// Slices are those that a search found, the surest first.
type Slices struct {
	Rows   int64   // labelled rows that were searched
	Looked float64 // slices that there could be
	Found  []SliceFound
}

// SliceFound is a slice in words.
type SliceFound struct {
	slicing.Slice
	Name string // its conditions: the label group of its finding
}

// Outcome is what a check saw.
type Outcome struct {
	Samples  []metric.Sample
	Evidence []Evidence
	Paces    map[string][]metric.Pace // by column
	Traits   map[string]float64       // of a window of a series: what is known of it beside tests (smallest and largest values, new categories, whether all values are one), by a key of column and what it is

	Measured []Measured // of performance, what is one number, on both sides
	Slices   *Slices    // slices in which the model became worse; nil where none was looked for
	Moved    string     // which of data, labels and concept moved, in words; "" where nothing tells
	Still    string     // the same where no column drifted after all; "": Moved
	Foretold []Foretold // of confidence, what performance is estimated to be

	Treated []Treated // how groups of people are treated, by sensitive columns

	// Deviates are how far parts of a window of the reference are from what its other
	// parts say, in standard errors: by keys of the check's own, under which
	// Input.Variation has those of all windows.
	Deviates []Deviate

	// Later can only be said once earlier windows are judged: what they and
	// this one say together. ok is false where that is nothing.
	Later []func(Trail) (sample metric.Sample, evidence Evidence, ok bool)
}

// Deviate is one of a key.
type Deviate struct {
	Key string
	metric.Deviate
}

// Treated is how the groups of a sensitive column, or of several together, are
// treated.
type Treated struct {
	Columns  []string
	Distinct int   // how many groups both sides have, Groups and others
	Others   int64 // current rows of groups that are not told apart
	Absent   int64 // current rows without a value in one of the columns
	Measured []Measured
	Groups   []TreatedGroup
}

// TreatedGroup is one of them, on the reference and on the current side; nil where
// that has no row of it.
type TreatedGroup struct {
	Name  string
	Sides [2]*Rated
}

// Rated are the rates of a group: of each only value, interval, the rows that
// entered and why there is none are set. nil: not known without labels, or without a
// class to compare by.
type Rated struct {
	Rows, Labelled                                    int64
	Selection, TruePositive, FalsePositive, Precision *metric.Sample
}

// Measured is a metric on both sides. Reference is nil where that side has no
// labels.
type Measured struct {
	Desc      *metric.Desc
	Reference *metric.Sample
	Current   metric.Sample
}

// Foretold is a metric of performance as it is estimated without labels.
type Foretold struct {
	Metric   string         // of performance: "roc_auc"
	All      metric.Sample  // for all rows
	Labelled *metric.Sample // for those whose label came, to be held against what came true; nil: none did
}

// Bounds is the range of what a metric can be.
type Bounds struct{ Low, High float64 }

// BoundsOf is the range of a metric.
func BoundsOf(d *metric.Desc) *Bounds { return &Bounds{d.Low, d.High} }

// Rule is a limit that a value must not fall below for certain, whatever the
// reference is. Breaking it is an alert where the configuration declares it, else a
// warning.
type Rule struct {
	Limit    float64
	Declared bool
}

// Evidence is one tested hypothesis, with all that policy needs to judge it
// and that a person needs to understand it. Unknown numbers are NaN.
type Evidence struct {
	Check      string
	Metric     string // the metric whose value is judged; or an event: "missing_column"
	Labels     metric.Labels
	Columns    []string // evidence about several columns
	Value      float64
	NoiseFloor float64 // what no change would give at these n, in expectation
	Base       float64 // of a share, what the reference has or what is allowed: the rest of NoiseFloor is noise
	Bounds     *Bounds // of Value, and so of NoiseFloor; nil: none that is known
	Effect     float64 // the part of Value beyond the noise floor, >= 0
	P          float64 // calibrated p-value of "nothing changed"; NaN: not a test

	// Either is the p-value of a change in either direction, where P looks at one: how
	// windows differ is told by it. 0: P is of both.
	Either float64

	// Error is the standard error of Value - Base, in units of Value, had nothing changed; 0: not
	// known. Far from no change it tells what P no longer can: P underflows, and falls
	// more slowly the more rows differ among themselves.
	Error float64

	// Far is the same for what is no difference of two numbers: how many standard errors it is from
	// no change by its size. Of P that does not underflow it need not be known: 0.
	Far float64

	// Floor is what no change would give, in expectation, where windows differ by more than
	// sampling explains: scale (above 1) times as much as one standard error. nil: the part of NoiseFloor beyond Base
	// is multiplied by it.
	Floor func(scale float64) float64

	// Unit is what Effect is counted in, in units of Value; 0: 1.
	Unit float64

	// Null is the chance under no change that P falls to x or below, where that
	// is less than x: discrete tests that cannot reach a small P then cost the
	// others nothing. nil: x.
	Null func(x float64) float64

	Low, High float64 // 95% interval of Value
	Material  float64 // default for the smallest effect worth an alert
	Broken    bool    // a promise of the contract is broken for certain: alert without a test
	Notable   bool    // worth saying though it is no test, or not sure enough for an alarm: info
	Faint     string  // a sentence that is added where that is all
	Since     *Since  // when it began, for what built up over windows
	Rule      *Rule   // Value is held against a limit for all times, not against a change; nil: it is not
	Doubted   bool    // of labelled rows that are not like the others: no test, whatever it says; see Labelled.Doubt
	Unsure    bool    // too few rows to tell: unknown
	Partly    bool    // ... of a part only: not so grave that the whole is unknown
	Foremost  bool    // the summary begins with it, whatever else there is to tell

	// Detectable gives the smallest effect that a test at level alpha would see
	// with 80% power at these n; nil where unknown.
	Detectable func(alpha float64) float64

	NReference int64
	NCurrent   int64
	Message    string // one sentence that a product manager understands
	Hint       string // what to do
}
