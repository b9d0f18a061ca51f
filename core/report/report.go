// Package report is the one document that every output of Leeway is made from:
// the stable JSON report, version 1, and its renderings for the terminal
// ([Text]), a pull request ([Markdown]) and the browser ([HTML]).
//
// A report is made by core/compare and read by sinks, the dashboard, the API
// and people's scripts. Fields are only ever added within a version.
package report

import (
	"leeway/core/metric"
	"leeway/core/schema"
)

// Version is the version of the document.
const Version = 1

// Verdict is the outcome of a window or of one check in it.
type Verdict string

// The verdicts.
const (
	OK      Verdict = "ok"
	Warn    Verdict = "warn"
	Alert   Verdict = "alert"
	Unknown Verdict = "unknown" // what would matter might not show: too few rows or windows, nothing to compare, or a window that is not whole
	Invalid Verdict = "invalid" // the input cannot be read
)

// Severity ranks a finding.
type Severity string

// The severities, from the gravest to the mildest.
const (
	SeverityAlert   Severity = "alert"   // significant and material
	SeverityWarn    Severity = "warn"    // significant, smaller than material
	SeverityUnknown Severity = "unknown" // could not be told at this number of rows
	SeverityInfo    Severity = "info"    // worth knowing, never an alarm
)

// Report is the document. Times are RFC 3339 in UTC.
type Report struct {
	Version     int            `json:"version"`
	ID          string         `json:"id"`
	Model       string         `json:"model"`
	Created     string         `json:"created"`
	Supersedes  string         `json:"supersedes,omitempty"`
	Window      *Window        `json:"window"`
	Partial     *Partial       `json:"partial,omitempty"` // the window lacks rows
	Reference   Side           `json:"reference"`
	Current     Side           `json:"current"`
	Verdict     Verdict        `json:"verdict"`
	Summary     string         `json:"summary"`
	Checks      Checks         `json:"checks"`
	Findings    []Finding      `json:"findings"`
	Groups      []Group        `json:"groups,omitempty"`   // columns that moved together
	Segments    []Segment      `json:"segments,omitempty"` // rows that are looked at apart, by name; see core/segment
	Samples     metric.Samples `json:"samples"`
	Columns     []Column       `json:"columns"`
	Performance *Performance   `json:"performance,omitempty"` // how good predictions were, where labels are known
	Costs       *Costs         `json:"costs,omitempty"`       // how amounts of money are written; nil: nobody said what outcomes cost
	Estimates   *Estimates     `json:"estimates,omitempty"`   // how good they are estimated to be, where the reference has labels
	Fairness    []Treated      `json:"fairness,omitempty"`    // how groups of people are treated, by sensitive columns
	Slices      *Slices        `json:"slices,omitempty"`      // where the model became worse, where that was looked for
	Compat      *Compat        `json:"compat,omitempty"`      // what another tool would say, where that was asked for
	Retrain     *Retrain       `json:"retrain,omitempty"`     // what was decided about retraining, where that is configured
	Notes       []string       `json:"notes,omitempty"`       // what was assumed, one line each
	Sinks       []SinkOutcome  `json:"sinks"`
}

// Window is the time interval [start, end) that the statistics describe; nil
// in a report on data without time.
type Window struct {
	Start string `json:"start" doc:"The first instant, in RFC 3339."`
	End   string `json:"end" doc:"The end, which is no part of it."`
}

// Partial says of a window that it is not whole: rows are still to come, or the
// data begin within it. Until it is, it is judged by how pieces of the reference
// differ; where none are known, only what is broken for certain is an alarm.
type Partial struct {
	Lacks string `json:"lacks"`           // "end", "start" or "both"
	First string `json:"first"`           // its first row
	Last  string `json:"last"`            // its last row
	From  string `json:"from,omitempty"`  // lacks the start: rows of whole windows begin then or before
	Until string `json:"until,omitempty"` // lacks the end: rows of whole windows go on until then or later

	Pieces []Pieces `json:"pieces,omitempty"` // by which it is judged until then; nil: it is not judged yet
}

// Pieces are the pieces of the reference that a window is judged by which is not
// whole.
type Pieces struct {
	Seconds int64 `json:"seconds"` // length of each
	Count   int   `json:"count"`
	Rows    int64 `json:"rows"` // of the one in the middle
}

// Lacks of a Partial.
const (
	LacksEnd   = "end"
	LacksStart = "start"
	LacksBoth  = "both"
)

// Side is one side of the comparison.
type Side struct {
	Rows     int64    `json:"rows"`
	Baseline string   `json:"baseline,omitempty"` // version of the stored baseline
	Proposed bool     `json:"proposed,omitempty"` // that baseline is not approved yet
	Against  *Against `json:"against,omitempty"`  // what a window is held against, if that is not the baseline as a whole
	Slot     string   `json:"slot,omitempty"`     // seasonal: the part of the season, "monday-06"; see SlotWords
	Earlier  []string `json:"earlier,omitempty"`  // starts of the earlier windows that are part of it
	Objects  []Object `json:"objects"`
}

// Against is a kind of reference as the configuration asks for it. Which rows
// came of it, Side says: where there are too few, those of the whole baseline.
type Against struct {
	Kind    string `json:"kind"`              // rolling, seasonal
	Windows int    `json:"windows,omitempty"` // rolling: how many windows
	Season  string `json:"season,omitempty"`  // seasonal: day-of-week
}

// Object is a file that went in.
type Object struct {
	Key    string  `json:"key"`
	Rows   int64   `json:"rows"`
	Bytes  int64   `json:"bytes"`
	ETag   string  `json:"etag,omitempty"`
	Format string  `json:"format,omitempty"` // "csv", "csv.gz", "jsonl", "parquet"...
	Faults []Fault `json:"faults,omitempty"`
}

// Fault is something wrong with single rows or cells of an object.
type Fault struct {
	Column string `json:"column,omitempty"`
	What   string `json:"what"`
	Row    int64  `json:"row"` // the first one
	Text   string `json:"text,omitempty"`
	Count  int64  `json:"count"`
}

// Checks holds the outcome of each family that ran, by its name.
type Checks map[string]CheckOutcome

// CheckOutcome is the outcome of one family.
type CheckOutcome struct {
	Verdict Verdict `json:"verdict"`
	Tests   int     `json:"tests"` // how many hypotheses were tested
}

// Finding is something outside the policy, with its evidence.
type Finding struct {
	ID         string        `json:"id"`
	Check      string        `json:"check"`
	Metric     string        `json:"metric"` // or missing_column, unexpected_column...
	Labels     metric.Labels `json:"labels"`
	Columns    []string      `json:"columns,omitempty"` // a finding about several columns
	Severity   Severity      `json:"severity"`
	Value      *float64      `json:"value,omitempty"`       // absent for an event that has none
	Effect     *float64      `json:"effect,omitempty"`      // value beyond the noise floor
	NoiseFloor *float64      `json:"noise_floor,omitempty"` // what no change would give at these n
	P          *float64      `json:"p_value,omitempty"`
	Q          *float64      `json:"q_value,omitempty"` // P corrected for all tests of the window
	Threshold  *float64      `json:"threshold,omitempty"`
	Interval   *[2]float64   `json:"interval,omitempty"`   // 95% of Value
	Detectable *float64      `json:"detectable,omitempty"` // smallest effect seen with 80% power
	NReference int64         `json:"n_reference"`
	NCurrent   int64         `json:"n_current"`
	Streak     int           `json:"streak,omitempty"` // windows in a row, this one included; counted up to 100
	Since      *Since        `json:"since,omitempty"`  // when what built up slowly began
	Message    string        `json:"message"`
	Hint       string        `json:"hint,omitempty"`

	Segments []Part `json:"segments,omitempty"` // a finding about all rows, or a larger segment: those that show it too, most first

	Impact        *float64       `json:"impact,omitempty"`        // drift of a column, with labels: by how much it lowers accuracy, or raises the mean absolute error, by the reference's losses in its bins
	ImpactCost    *float64       `json:"impact_cost,omitempty"`   // the same in money, where costs are configured: by how much 1,000 predictions become dearer
	Cause         *Cause         `json:"cause,omitempty"`         // the fault upstream that explains it; nil: none is known
	Contributions []Contribution `json:"contributions,omitempty"` // the cells that carry most of the change, the largest first
}

// Cause is a fault upstream that explains a finding: undone, most of the
// difference is gone. Which of the last fields are there follows from the kind.
type Cause struct {
	Kind     string   `json:"kind"`              // "unit_change", "default_value"...
	Evidence string   `json:"evidence"`          // what speaks for it, with numbers
	Explains float64  `json:"explains"`          // the share of the difference that is gone once it is undone
	Likely   bool     `json:"likely,omitempty"`  // something else may look like it: probably
	Factor   *float64 `json:"factor,omitempty"`  // current = factor × reference + offset
	Offset   *float64 `json:"offset,omitempty"`  // absent: 0
	Hours    *float64 `json:"hours,omitempty"`   // by how much times moved
	Bound    *float64 `json:"bound,omitempty"`   // where values or texts are cut
	Step     *float64 `json:"step,omitempty"`    // what values are rounded to
	Value    string   `json:"value,omitempty"`   // the value or category that took over
	Columns  []string `json:"columns,omitempty"` // the other columns that take part
}

// Contribution is a cell of a column that changed: a range of numbers or a
// category, with the share of each side's values that is in it.
type Contribution struct {
	Bin       *[2]*float64 `json:"bin,omitempty"`      // low < x <= high, null for no limit; equal limits: one value
	Category  *string      `json:"category,omitempty"` // a category
	Reference float64      `json:"reference"`
	Current   float64      `json:"current"`
}

// Group is several columns that moved together.
type Group struct {
	Columns []string `json:"columns"`
	Kind    string   `json:"kind"`    // the kind of the cause that they share, or the metric that moved alike
	Message string   `json:"message"` // what they have in common
}

// Segment is how the rows of one segment fared. Tests that were not made, for too
// few rows, are none.
type Segment struct {
	Name       string   `json:"segment"` // "country=PRT", "country=(other)" for all other values
	NReference int64    `json:"n_reference"`
	NCurrent   int64    `json:"n_current"`
	Verdict    Verdict  `json:"verdict"`
	Tests      int      `json:"tests"`
	Column     string   `json:"column,omitempty"` // where most changed, for its size and what matters
	Metric     string   `json:"metric,omitempty"` // what says so
	Value      *float64 `json:"value,omitempty"`
	Effect     *float64 `json:"effect,omitempty"`
}

// Part is a segment in which a finding about more rows shows as well.
type Part struct {
	Segment  string   `json:"segment"`
	Severity Severity `json:"severity"`
	Value    *float64 `json:"value,omitempty"`
	Effect   *float64 `json:"effect,omitempty"`
}

// Since is the start of the window in which a slow change most likely began,
// and of the first and last that it may have begun in (95%). At and From are left
// out where they lie before the first window that is remembered.
type Since struct {
	At   string `json:"at,omitempty"`
	From string `json:"from,omitempty"`
	To   string `json:"to"`
}

// Column describes one column on both sides.
type Column struct {
	Name         string        `json:"name"`
	Kind         schema.Kind   `json:"kind"`
	Role         schema.Role   `json:"role"`
	Reference    *Description  `json:"reference"` // null: the column is absent there
	Current      *Description  `json:"current"`
	Distribution *Distribution `json:"distribution,omitempty"`
	Paces        []metric.Pace `json:"paces,omitempty"` // where a window of a series stands
}

// Description sums up a column on one side. Number-only fields are absent for
// other kinds.
type Description struct {
	Rows         int64      `json:"rows"`
	Missing      int64      `json:"missing"`
	Mistyped     int64      `json:"mistyped"`
	MissingRatio float64    `json:"missing_ratio"`
	Distinct     float64    `json:"distinct"`
	Exact        bool       `json:"exact"` // false: quantiles or distinct are estimates
	Mean         *float64   `json:"mean,omitempty"`
	Std          *float64   `json:"std,omitempty"`
	Min          *float64   `json:"min,omitempty"`
	Max          *float64   `json:"max,omitempty"`
	Quantiles    *Quantiles `json:"quantiles,omitempty"`
	First        string     `json:"first,omitempty"` // Time: the earliest instant
	Last         string     `json:"last,omitempty"`  // Time: the latest instant
	Top          []Category `json:"top,omitempty"`   // Discrete: the largest categories
}

// Quantiles of a quantitative column.
type Quantiles struct {
	Q01 float64 `json:"0.01"`
	Q05 float64 `json:"0.05"`
	Q25 float64 `json:"0.25"`
	Q50 float64 `json:"0.5"`
	Q75 float64 `json:"0.75"`
	Q95 float64 `json:"0.95"`
	Q99 float64 `json:"0.99"`
}

// Category is a category with its count.
type Category struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

// Distribution is what charts are drawn from: the share of each side's valid
// values in the same cells. A quantitative column has Edges, one more than
// cells (edge <= x < next edge, the last cell closed; an end cell may hold a
// tail); a discrete one has Names, the last of which may stand for all others.
// A side is null where the column is absent.
type Distribution struct {
	Edges     []float64 `json:"edges,omitempty"`
	Names     []string  `json:"names,omitempty"`
	Other     bool      `json:"other,omitempty"` // the last name stands for all others
	Reference []float64 `json:"reference"`
	Current   []float64 `json:"current"`
}

// SinkOutcome says whether a sink took the report.
type SinkOutcome struct {
	Name  string `json:"name"`
	OK    bool   `json:"ok"`
	Error string `json:"error,omitempty"`
}
