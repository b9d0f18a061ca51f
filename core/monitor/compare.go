package monitor

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"leeway/core/check"
	"leeway/core/check/all"
	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/metric"
	"leeway/core/policy"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/state"
)

// Comparison is all that goes into a report: two collections, the contract and
// the policy. The report is a pure function of it.
type Comparison struct {
	Config    *config.Config
	Contract  *schema.Schema
	Reference *Collection
	Current   *Collection
	Methods   check.Methods
	Baseline  string                   // version of the stored baseline, "" for none
	Proposed  bool                     // nobody has approved that baseline yet
	Window    *state.Window            // nil: the span of the current rows
	History   []state.Summary          // earlier windows, oldest first
	Past      map[string][]metric.Past // what tests said of the reference's own windows
	Created   time.Time
}

// Compare makes the report.
func Compare(c *Comparison) (*report.Report, error) {
	if c.Reference.Profile.Rows == 0 {
		return nil, fault.New(fault.Invalid, "the reference has no rows", "give data that the model saw when it was good")
	}
	c = c.fitted()
	window := c.window()
	outcome, err := evaluate(c, window)
	if err != nil {
		return nil, err
	}
	judgement := policy.Judge(outcome.Evidence, &policy.Options{
		FalseAlarms: c.Config.Policy.FalseAlarms,
		Material:    c.Config.Policy.Material,
		Persistence: c.Config.Policy.Persistence,
		Streaks:     streaks(c.History),
		Past:        c.Past,
	})
	r := &report.Report{
		Version:   report.Version,
		Model:     c.Config.Model,
		Created:   c.Created.UTC().Format(time.RFC3339),
		Window:    document(window),
		Reference: side(c.Reference),
		Current:   side(c.Current),
		Verdict:   judgement.Verdict,
		Summary:   judgement.Summary,
		Checks:    judgement.Checks,
		Findings:  judgement.Findings,
		Samples:   outcome.Samples,
		Columns:   report.Describe(c.Contract, c.Reference.Profile, c.Current.Profile),
		Notes:     notes(c),
		Sinks:     []report.SinkOutcome{},
	}
	for i := range r.Columns {
		r.Columns[i].Paces = outcome.Paces[r.Columns[i].Name]
	}
	r.Reference.Baseline, r.Reference.Proposed = c.Baseline, c.Proposed
	r.ID, err = identify(r)
	return r, err
}

// fitted leaves out what the reference knows as another kind, because the
// configuration changed since it was built.
func (c *Comparison) fitted() *Comparison {
	known, lost := fit(c.Reference.Profile, c.Contract)
	if len(lost) == 0 {
		return c
	}
	reference, other := *c.Reference, *c
	reference.Profile = known
	reference.Notes = append(slices.Clone(reference.Notes), "not compared, since the baseline was built with another kind: "+strings.Join(lost, ", ")+" (leeway baseline build makes a new one)")
	other.Reference = &reference
	return &other
}

// fit gives a profile without the columns that the contract reads as another
// kind, and the names of those.
func fit(p *profile.Dataset, contract *schema.Schema) (*profile.Dataset, []string) {
	var fitting []*profile.Column
	var lost []string
	for _, column := range p.Columns {
		now := contract.Column(column.Name)
		if now == nil || alike(now, column) {
			fitting = append(fitting, column)
		} else if now.Role != schema.Ignore {
			lost = append(lost, column.Name)
		}
	}
	if len(fitting) == len(p.Columns) {
		return p, nil
	}
	rest := *p
	rest.Columns = fitting
	return &rest, lost
}

// alike tells whether a profile keeps of a column what the contract wants:
// of ids it keeps no values.
func alike(now *schema.Column, then *profile.Column) bool {
	kinds := now.Kind == then.Kind || now.Kind.Quantitative() && then.Kind.Quantitative()
	return kinds && (now.Role == schema.ID) == (then.Role == schema.ID) && now.Role != schema.Ignore
}

func evaluate(c *Comparison, window *state.Window) (check.Outcome, error) {
	in := &check.Input{
		Schema:     c.Contract,
		Reference:  c.Reference.Profile,
		Current:    c.Current.Profile,
		Methods:    c.Methods,
		Missing:    c.Current.Missing,
		Unexpected: c.Current.Unexpected,
		Renamed:    c.Current.Renamed,
	}
	if window != nil {
		in.Start, in.End = window.Start.UnixNano(), window.End.UnixNano()
	}
	in.Series, in.History, in.Past = c.Window != nil, c.earlier(), c.Past
	whole := check.Outcome{Paces: map[string][]metric.Pace{}}
	for _, family := range all.Checks {
		outcome, err := family.Evaluate(in)
		if err != nil {
			return check.Outcome{}, fmt.Errorf("%s checks: %w", family.Name(), err)
		}
		whole.Samples = append(whole.Samples, outcome.Samples...)
		whole.Evidence = append(whole.Evidence, outcome.Evidence...)
		maps.Copy(whole.Paces, outcome.Paces)
	}
	return whole, nil
}

// earlier is what the checks look at of earlier windows. Paces count from the
// reference: those against another one say nothing here.
func (c *Comparison) earlier() []check.HistoryPoint {
	var points []check.HistoryPoint
	for i := range c.History {
		one := &c.History[i]
		point := check.HistoryPoint{Start: one.Window.Start.UnixNano(), Rows: one.Rows}
		if one.Baseline == c.Baseline {
			point.Paces = map[string][]metric.Pace{}
			for _, column := range one.Columns {
				point.Paces[column.Name] = column.Paces
			}
		}
		points = append(points, point)
	}
	return points
}

// window is the span that the report describes: the given window, else the
// span of the current rows, widened to the configured calendar; nil without
// a time column.
func (c *Comparison) window() *state.Window {
	if c.Window != nil {
		return c.Window
	}
	current := c.Current.Profile
	if current.Start == 0 && current.End == 0 {
		return nil
	}
	first, err := state.WindowOf(time.Unix(0, current.Start), c.Config.Window.Every)
	last, err2 := state.WindowOf(time.Unix(0, current.End), c.Config.Window.Every)
	if err != nil || err2 != nil { // the configuration was linted: every is sound
		return nil
	}
	return &state.Window{Start: first.Start, End: last.End}
}

func document(w *state.Window) *report.Window {
	if w == nil {
		return nil
	}
	return &report.Window{Start: w.Start.UTC().Format(time.RFC3339), End: w.End.UTC().Format(time.RFC3339)}
}

func side(c *Collection) report.Side {
	objects := slices.Clone(c.Objects)
	slices.SortFunc(objects, func(a, b report.Object) int { return cmp.Compare(a.Key, b.Key) })
	if objects == nil {
		objects = []report.Object{}
	}
	return report.Side{Rows: c.Profile.Rows, Objects: objects}
}

func notes(c *Comparison) []string {
	lines := union(slices.Clone(c.Reference.Notes), c.Current.Notes)
	if c.Proposed {
		lines = append(lines, "the baseline is only proposed: approve it with leeway baseline approve")
	}
	return lines
}

// streaks counts for each alarm of the last window for how many windows in a
// row it has been there.
func streaks(history []state.Summary) map[string]int {
	if len(history) == 0 {
		return nil
	}
	counts := map[string]int{}
	for _, finding := range history[len(history)-1].Findings {
		counts[finding.ID] = finding.Streak
	}
	return counts
}

// identify names a report by its content, so that the same inputs give the
// same identifier everywhere. The clock stays out of it.
func identify(r *report.Report) (string, error) {
	bare := *r
	bare.ID, bare.Created, bare.Supersedes = "", "", ""
	data, err := bare.JSON()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8]), nil
}
