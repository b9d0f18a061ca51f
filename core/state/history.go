package state

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"leeway/core/metric"
	"leeway/core/report"
)

// Summary is what lists, charts and later windows need to know of a window's
// newest report, so that they need not read the report.
type Summary struct {
	Window     Window                  `json:"window"`
	Report     string                  `json:"report"`           // its ID
	Inputs     string                  `json:"inputs"`           // names the profiles it was made from
	Labels     string                  `json:"labels,omitempty"` // names the labels of files that its rows had
	Past       string                  `json:"past"`             // names what was known of earlier windows when it was made
	Created    string                  `json:"created"`
	Supersedes string                  `json:"supersedes,omitempty"`
	Verdict    report.Verdict          `json:"verdict"`
	Text       string                  `json:"summary"`
	Checks     report.Checks           `json:"checks"`
	Baseline   string                  `json:"baseline,omitempty"`
	Proposed   bool                    `json:"proposed,omitempty"` // that baseline was not approved
	Against    *report.Against         `json:"against,omitempty"`  // nil: the baseline as a whole
	Closed     bool                    `json:"closed,omitempty"`   // no more rows were expected
	Partial    string                  `json:"partial,omitempty"`  // at which end the window lacks rows: end, start or both
	Rows       int64                   `json:"rows"`
	Objects    int                     `json:"objects"`
	Bytes      int64                   `json:"bytes"`
	Tested     int                     `json:"tested"`  // columns with a drift sample
	Drifted    int                     `json:"drifted"` // columns with a drift finding of alert or warn
	Severities map[report.Severity]int `json:"severities"`
	Columns    []ColumnSummary         `json:"columns"`
	Findings   []FindingSummary        `json:"findings"`

	Performance *PerformanceSummary `json:"performance,omitempty"` // nil: nothing is known or estimated
	Fairness    []FairnessSummary   `json:"fairness,omitempty"`    // of sensitive columns
}

// ColumnSummary is one cell of the heat map of columns by windows.
type ColumnSummary struct {
	Name     string          `json:"name"`
	Severity report.Severity `json:"severity,omitempty"` // the gravest finding of any check
	Metric   string          `json:"metric,omitempty"`   // which distance Score is
	Score    *float64        `json:"score,omitempty"`    // distance from the reference, 0 to 1
	Missing  float64         `json:"missing"`            // share of missing values
	Paces    []metric.Pace   `json:"paces,omitempty"`
	Shape
}

// FindingSummary is a finding without its evidence.
type FindingSummary struct {
	ID       string          `json:"id"`
	Check    string          `json:"check"`
	Metric   string          `json:"metric"`
	Labels   metric.Labels   `json:"labels"`
	Columns  []string        `json:"columns,omitempty"`
	Severity report.Severity `json:"severity"`
	Streak   int             `json:"streak,omitempty"`
	Message  string          `json:"message"`
	Hint     string          `json:"hint,omitempty"`
	Cause    string          `json:"cause,omitempty"`   // the kind of the fault that explains it
	Carried  string          `json:"carried,omitempty"` // the cells that carry most of it, in words
	Value    *float64        `json:"value,omitempty"`
	Limit    *float64        `json:"threshold,omitempty"` // from which Value is worth an alert
}

// Lasting is [report.Lasting] of the finding.
func (f *FindingSummary) Lasting() string { return report.Lasting(f.ID, f.Metric, f.Columns) }

// Summarize sums up a report on a window that was made from the given
// profiles.
func Summarize(r *report.Report, window Window, profiles []string) Summary {
	s := Summary{
		Window: window, Report: r.ID, Inputs: Inputs(profiles), Created: r.Created, Supersedes: r.Supersedes,
		Verdict: r.Verdict, Text: r.Summary, Checks: r.Checks,
		Baseline: r.Reference.Baseline, Proposed: r.Reference.Proposed, Against: r.Reference.Against,
		Rows: r.Current.Rows, Objects: len(r.Current.Objects),
		Severities: map[report.Severity]int{}, Columns: []ColumnSummary{}, Findings: []FindingSummary{},
	}
	if r.Partial != nil {
		s.Partial = r.Partial.Lacks
	}
	for _, object := range r.Current.Objects {
		s.Bytes += object.Bytes
	}
	for _, f := range r.Findings {
		s.Severities[f.Severity]++
		one := FindingSummary{
			ID: f.ID, Check: f.Check, Metric: f.Metric, Labels: f.Labels, Columns: f.Columns, Severity: f.Severity, Streak: f.Streak,
			Message: f.Message, Hint: f.Hint, Carried: f.Carried(carried), Value: f.Value, Limit: f.Threshold,
		}
		if f.Cause != nil {
			one.Cause = f.Cause.Kind
		}
		s.Findings = append(s.Findings, one)
	}
	s.columns(r)
	s.Performance, s.Fairness = Performed(r), fairness(r)
	return s
}

// Unjudged tells whether the window is not judged yet, since it is not whole and
// tells nothing so far. What was said of windows before stands.
func (s *Summary) Unjudged() bool { return s.Partial != "" && s.Verdict == report.Unknown }

// carried is how many cells of a change a summary names.
const carried = 3

// distances are bounded metrics that serve as a column's score, best first.
var distances = []string{"js_distance", "hellinger", "total_variation", "ks_statistic"}

func (s *Summary) columns(r *report.Report) {
	gravest, drifted := map[string]report.Severity{}, map[string]bool{}
	for _, f := range r.Findings {
		for _, name := range named(f.Labels.Column, f.Columns) {
			if rank(f.Severity) > rank(gravest[name]) {
				gravest[name] = f.Severity
			}
			if f.Check == "drift" && f.Labels.Segment == "" && (f.Severity == report.SeverityAlert || f.Severity == report.SeverityWarn) {
				drifted[name] = true
			}
		}
	}
	scores := map[string]metric.Sample{}
	tested := map[string]bool{}
	for _, sample := range r.Samples {
		if sample.Check != "drift" || sample.Labels.Column == "" {
			continue
		}
		tested[sample.Labels.Column] = true
		plain := sample.Labels == metric.Labels{Column: sample.Labels.Column, Role: sample.Labels.Role}
		at := slices.Index(distances, sample.Metric)
		if !plain || at < 0 || metric.Number(sample.Value) == nil {
			continue
		}
		if known, ok := scores[sample.Labels.Column]; !ok || at < slices.Index(distances, known.Metric) {
			scores[sample.Labels.Column] = sample
		}
	}
	s.Tested, s.Drifted = len(tested), len(drifted)
	for _, column := range r.Columns {
		cell := ColumnSummary{Name: column.Name, Severity: gravest[column.Name], Paces: column.Paces}
		if sample, ok := scores[column.Name]; ok {
			cell.Metric, cell.Score = sample.Metric, metric.Number(sample.Value)
		}
		if column.Current != nil {
			cell.Missing, cell.Shape = column.Current.MissingRatio, ShapeOf(column.Current)
		}
		s.Columns = append(s.Columns, cell)
	}
}

func named(column string, columns []string) []string {
	if column == "" {
		return columns
	}
	return append([]string{column}, columns...)
}

// rank orders severities, the gravest highest.
func rank(s report.Severity) int {
	return slices.Index([]report.Severity{"", report.SeverityInfo, report.SeverityUnknown, report.SeverityWarn, report.SeverityAlert}, s)
}

// PutSummary makes a summary its window's newest.
func (db *DB) PutSummary(ctx context.Context, model string, s Summary) error {
	data, err := encode(&s)
	if err != nil {
		return err
	}
	return db.replace(ctx, historyPrefix(model)+s.Window.Key()+".json", data)
}

// DropSummary takes a window out of the history: windows are cut otherwise now,
// and it is none of them. Its reports stay.
func (db *DB) DropSummary(ctx context.Context, model string, window Window) error {
	return db.state.Delete(ctx, historyPrefix(model)+window.Key()+".json")
}

// History lists the newest summary of each window that overlaps [from, to),
// ascending; a zero time leaves that end open. What the summaries point to is
// shared: it must not be changed. Damaged ones are missing, see [DB.Noticed].
func (db *DB) History(ctx context.Context, model string, from, to time.Time) ([]Summary, error) {
	prefix := historyPrefix(model)
	found, err := documents[Summary](ctx, db, prefix, func(key string) bool {
		window, err := ParseWindow(strings.TrimSuffix(strings.TrimPrefix(key, prefix), ".json"))
		return err == nil && (from.IsZero() || window.End.After(from)) && (to.IsZero() || window.Start.Before(to))
	})
	if err != nil {
		return nil, err
	}
	history := make([]Summary, 0, len(found))
	for _, one := range found {
		history = append(history, one.value)
	}
	slices.SortFunc(history, func(a, b Summary) int {
		return cmp.Or(a.Window.Compare(b.Window), cmp.Compare(a.Report, b.Report))
	})
	return history, nil
}

func historyPrefix(model string) string { return "state/" + model + "/history/" }
