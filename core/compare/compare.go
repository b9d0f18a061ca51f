// Package compare makes a report of two collections of rows: it has the checks look at them, the
// policy judge what these found, and writes down both. A report is a pure function of a
// [Comparison], of which [Past] is what it depends on of earlier windows.
package compare

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"

	"leeway/core/check"
	"leeway/core/check/all"
	"leeway/core/check/cause"
	"leeway/core/check/confidence"
	"leeway/core/collect"
	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/partial"
	"leeway/core/policy"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/state"
)

// Comparison is all that goes into a report: two collections, the contract and
// the policy. The report is a pure function of it.
type Comparison struct {
	Config     *config.Config
	Contract   *schema.Schema
	Reference  *collect.Collection
	Current    *collect.Collection
	Methods    check.Methods
	Baseline   string                      // version of the stored baseline, "" for none
	Proposed   bool                        // nobody has approved that baseline yet
	Window     *state.Window               // nil: the span of the current rows
	Variation  map[string][]metric.Deviate // what tests said of the reference's own windows
	Anchor     *profile.Dataset            // what slow drift is measured against; nil: Reference
	Known      *profile.Dataset            // what ranges and categories are known from; nil: Reference
	Wider      float64                     // ratio of variances, see policy.Options
	Runs       *policy.Runs                // how runs of these windows differed; nil: not known, or windows are many
	Free       float64                     // share of Variation, see policy.Options
	Clipped    bool                        // see policy.Options
	Past       Past
	Labelled   *check.Labelled // how predictions came out; nil where no label is known
	LabelFiles []report.Object // where labels came from
	Said       *check.Said     // what current rows were said to be; nil where it was not collected
	Groups     *check.Groups   // rows by their groups; nil where they are not grouped
	Compat     *report.Compat  // what another tool would say, nil unless asked for
	Created    time.Time

	AnchorVariation map[string][]metric.Deviate // Variation about the anchor, where there is one

	Hides   string          // a sentence, see policy.Options
	Looked  bool            // such windows are judged while they grow too
	OwnRows []int64         // of the windows of the baseline, see check.Input
	Lacks   *partial.Window // nil: the window is whole
	Held    *Chosen         // what Reference was chosen by; nil: nothing was to be chosen
}

// Chosen is what a reference was chosen by.
type Chosen struct {
	Against *report.Against
	Slot    string   // the part of a season, "" for none
	Earlier []string // when the windows begin that it is of, beside the baseline's
}

// describe says in the report what the window was held against.
func (c *Chosen) describe(side *report.Side) {
	if c != nil {
		side.Against, side.Slot, side.Earlier = c.Against, c.Slot, c.Earlier
	}
}

// Evaluate is what the checks say of it.
func (c *Comparison) Evaluate(wanted check.Wanted) (check.Outcome, error) {
	in := c.input(c.Window)
	in.Wanted = wanted
	return evaluate(in)
}

// Compare makes the report.
func Compare(c *Comparison) (*report.Report, error) {
	m, err := Measure(c)
	if err != nil {
		return nil, err
	}
	r := m.Judge(&c.Past)
	r.ID, err = Identify(r)
	return r, err
}

// Measured is a comparison with all that can be said of it before it is known
// how the window before was judged.
type Measured struct {
	*Comparison
	window  *state.Window
	in      *check.Input
	outcome check.Outcome
	columns []report.Column
	curves  *report.Curves // nil without labels
}

// Measure has the checks look at both sides. An error of kind Invalid says that there is
// nothing to compare with.
func Measure(c *Comparison) (*Measured, error) {
	if c.Reference.Profile.Rows == 0 {
		return nil, fault.New(fault.Invalid, "the reference has no rows", "give data that the model saw when it was good")
	}
	c = c.fitted()
	window := c.window()
	in := c.input(window)
	outcome, err := evaluate(in)
	if err != nil {
		return nil, err
	}
	m := &Measured{c, window, in, outcome, report.Describe(c.Contract, c.Reference.Profile, c.Current.Profile), nil}
	if c.Labelled != nil {
		m.curves = report.CurvesOf(c.Labelled.Reference, c.Labelled.Current)
	}
	return m, nil
}

// Judge makes the report, save for its ID, given what is known of the windows
// before: for how many of them in a row findings lasted, and their paces.
func (m *Measured) Judge(past *Past) *report.Report {
	evidence, samples := m.outcome.Evidence, m.outcome.Samples
	for _, later := range m.outcome.Later {
		if sample, one, ok := later(past.Trail); ok {
			samples, evidence = append(samples, sample), append(evidence, one)
		}
	}
	performance, estimates := m.performance(), m.estimates()
	if estimates != nil && past.Distrust != "" && (estimates.Labelled == 0 || !m.Labelled.Comparable()) {
		estimates.Distrust = past.Distrust
		evidence = append(slices.Clip(evidence), confidence.Distrusted(past.Distrust, estimates.Rows))
	}
	options := m.policy(past)
	if options.Moved = performance.Sentence(); options.Moved != "" {
		options.Still, options.Restated = m.outcome.Still, performance.Restated()
	}
	judgement := policy.Judge(evidence, options)
	if judgement.Still {
		performance.Moved.Settle(options.Still)
	}
	r := m.report(judgement, samples)
	r.Performance, r.Estimates = performance, estimates
	if estimates != nil {
		estimates.Record = past.record(estimates, performance, r.Shown())
	}
	for i := range r.Columns {
		r.Columns[i].Paces = m.outcome.Paces[r.Columns[i].Name]
	}
	r.Reference.Baseline, r.Reference.Proposed = m.Baseline, m.Proposed
	m.Held.describe(&r.Reference)
	m.weigh(r.Findings)
	m.sumUp(r)
	return r
}

// report is what a judgement comes to in the document, beside what depends on earlier windows.
func (m *Measured) report(judgement policy.Judgement, samples []metric.Sample) *report.Report {
	return &report.Report{
		Version:   report.Version,
		Model:     m.Config.Model,
		Created:   m.Created.UTC().Format(time.RFC3339),
		Window:    document(m.window),
		Partial:   m.Lacks.Document(),
		Reference: side(m.Reference),
		Current:   side(m.Current),
		Verdict:   judgement.Verdict,
		Summary:   judgement.Summary,
		Checks:    judgement.Checks,
		Findings:  judgement.Findings,
		Groups:    judgement.Groups,
		Segments:  m.segments(judgement.Segments),
		Samples:   samples,
		Columns:   m.columns,
		Costs:     m.costs(),
		Fairness:  m.fairness(),
		Compat:    m.Compat,
		Notes:     notes(m.Comparison),
		Sinks:     []report.SinkOutcome{},
	}
}

// Paces are where the window stands, column by column.
func (m *Measured) Paces() map[string][]metric.Pace { return m.outcome.Paces }

// policy is what evidence is judged by.
func (m *Measured) policy(past *Past) *policy.Options {
	return &policy.Options{
		FalseAlarms: m.Config.Policy.FalseAlarms,
		Material:    m.Config.Policy.Material,
		Persistence: m.Config.Policy.Persistence,
		Streaks:     past.Streaks,
		Variation:   m.Variation,
		Runs:        m.Runs,
		Wider:       m.Wider,
		Free:        m.Free,
		Clipped:     m.Clipped,
		Unread:      m.unreadable(),
		Hides:       m.Hides,
		Looked:      m.Looked,
		Labels:      len(m.LabelFiles) > 0,
		Partial:     m.Lacks.Policy(m.Current.Profile.Rows),
		Explain:     func(findings []report.Finding) { cause.Explain(m.in, findings) },
	}
}

// sumUp adds to the summary what does not come of single findings.
func (m *Measured) sumUp(r *report.Report) {
	r.Slices = m.slices(r.Findings)
	if at := slices.IndexFunc(r.Findings, func(f report.Finding) bool { return f.Metric == check.UnseenLabels }); at >= 0 && r.Findings[at].Severity == report.SeverityInfo {
		r.Summary += " " + r.Findings[at].Message
	}
	for _, f := range r.Findings { // times an hour off are no alarm: clocks are changed twice a year
		if f.Metric == "shifted_time" && f.Severity == report.SeverityInfo && f.Effect != nil {
			r.Summary += " " + f.Message
		}
	}
	if m.Proposed && (r.Verdict == report.Warn || r.Verdict == report.Alert) {
		r.Summary += " The baseline is only proposed: approve it or give a reference."
	}
}

// input is what checks look at.
func (c *Comparison) input(window *state.Window) *check.Input {
	in := &check.Input{
		Schema:     c.Contract,
		Reference:  c.only(c.Reference.Profile),
		Current:    c.Current.Profile,
		Methods:    c.Methods,
		Missing:    c.Current.Missing,
		Unexpected: c.Current.Unexpected,
		Renamed:    c.Current.Renamed,
		Unread:     c.unread(),
		Labelled:   c.Labelled,
		Said:       c.Said,
		Groups:     c.Groups,
		Material:   c.Config.Policy.Material,
	}
	if window != nil {
		in.Start, in.End = window.Start.UnixNano(), window.End.UnixNano()
	}
	in.Series, in.Variation, in.OwnRows = c.Window != nil, c.Variation, c.OwnRows
	if c.Lacks.ByPieces() {
		in.Variation = c.Lacks.Usual(c.Variation)
	}
	if c.Anchor != nil {
		in.Anchor, _ = Fit(c.Anchor, c.Contract)
		in.Variation = c.AnchorVariation
	}
	if c.Known != nil {
		in.Known, _ = Fit(c.Known, c.Contract)
	}
	if c.Lacks != nil { // part of a window has fewer rows than is usual
		in.OwnRows = nil
		return in
	}
	for _, rows := range c.Past.Rows {
		in.History = append(in.History, check.HistoryPoint{Rows: rows})
	}
	return in
}

func evaluate(in *check.Input) (check.Outcome, error) {
	whole := check.Outcome{Paces: map[string][]metric.Pace{}, Traits: map[string]float64{}}
	var samples [][]metric.Sample
	for _, family := range all.Checks {
		outcome, err := family.Evaluate(in)
		if err != nil {
			return check.Outcome{}, fmt.Errorf("%s checks: %w", family.Name(), err)
		}
		samples = append(samples, outcome.Samples)
		whole.Evidence = append(whole.Evidence, outcome.Evidence...)
		whole.Later = append(whole.Later, outcome.Later...)
		whole.Measured = append(whole.Measured, outcome.Measured...)
		whole.Moved, whole.Still = whole.Moved+outcome.Moved, whole.Still+outcome.Still
		if outcome.Slices != nil {
			whole.Slices = outcome.Slices
		}
		whole.Foretold = append(whole.Foretold, outcome.Foretold...)
		whole.Treated = append(whole.Treated, outcome.Treated...)
		whole.Deviates = append(whole.Deviates, outcome.Deviates...)
		maps.Copy(whole.Paces, outcome.Paces)
		maps.Copy(whole.Traits, outcome.Traits)
	}
	segments, err := bySegment(in)
	if err != nil {
		return check.Outcome{}, err
	}
	whole.Samples = slices.Concat(append(samples, segments.Samples)...)
	whole.Evidence = append(whole.Evidence, segments.Evidence...)
	whole.Evidence = in.Labelled.Doubt(whole.Evidence, in.Schema)
	return whole, nil
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

func side(c *collect.Collection) report.Side {
	objects := slices.Clone(c.Objects)
	slices.SortFunc(objects, func(a, b report.Object) int { return cmp.Compare(a.Key, b.Key) })
	if objects == nil {
		objects = []report.Object{}
	}
	return report.Side{Rows: c.Profile.Rows, Objects: objects}
}

func notes(c *Comparison) []string {
	lines := words.Union(slices.Clone(c.Reference.Notes), c.Current.Notes)
	if c.Proposed {
		lines = append(lines, fmt.Sprintf("the baseline is only proposed: approve it (leeway baseline approve --bucket DIR --model %s %s) or put reference data into reference/%[1]s/", c.Config.Model, c.Baseline))
	}
	return lines
}

// Identify names a report by its content, so that the same inputs give the
// same identifier everywhere. The clock stays out of it.
func Identify(r *report.Report) (string, error) {
	bare := *r
	bare.ID, bare.Created, bare.Supersedes = "", "", ""
	sum := sha256.New()
	if err := bare.WriteCompact(sum); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)[:8]), nil
}
