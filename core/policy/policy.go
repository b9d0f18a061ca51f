// Package policy turns evidence into findings and a verdict.
//
// The user sets one number, the false-alarm budget: the chance that a window
// in which nothing changed ends in an alarm, over all tests of all checks
// together. A step-down correction keeps it, whatever the tests have to do with
// each other: tests are in families by what they are about (how good the model was,
// how it treats groups of people, what it says, the features, whole rows, the cells, the table), each with a share of the
// budget, and Holm's within. A significant change is an alert if it is also material
// (large enough to act on), else a warning. What nobody could have seen at this
// number of rows, or of windows that the reference has, is said to be unknown
// instead of ok.
//
// Judge is a pure function of evidence and options.
package policy

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/stat"
)

// Options are the user's policy and what is known of earlier windows.
type Options struct {
	FalseAlarms float64                     // 0 < budget < 1; anything else means Default.FalseAlarms
	Material    map[string]float64          // smallest effect worth an alert, by metric; else the metric's own
	Persistence int                         // windows in a row before an alarm; below 1 means 1
	Streaks     map[string]int              // report.Lasting of a finding -> windows in a row before this one
	Variation   map[string][]metric.Deviate // finding id -> what the reference's own windows said
	Wider       float64                     // how much wider windows scatter about what they are held against than those did; 0 means 1
	Free        float64                     // which share of what they said is free; 0: of k windows that were held against what they have in common, k-1

	// Clipped says that what windows of the reference said ends where p-values underflow: then
	// the size of a change beyond that says nothing, see [Clipped].
	Clipped bool

	// Runs is how runs of the reference's windows differed; nil: not known, or windows are
	// many.
	Runs *Runs

	// Unread is what to do where most rows could not be read, "" where most could:
	// more of such data would tell no more.
	Unread string

	// Partial says that the window is not whole, nil if it is: what it holds so far
	// need not be like windows that are.
	Partial *Partial

	// Labels says that all labels are there that will be: where they are too few to tell, so is the
	// window. Else performance alone is unknown.
	Labels bool

	// Looked says that a window as this one is judged while it grows too, which has its
	// share of the budget.
	Looked bool

	// Hides is a sentence on why windows differ and what to do about it, said where
	// nothing alarms and that hides what matters; "" if there is none.
	Hides string

	// Moved says which of data, labels and concept moved; "" where nothing tells.
	Moved string

	// Restated says that it is the predictions that moved, of the same rows.
	Restated bool

	// Still is Moved where no column drifted, which is then said instead; "": Moved
	// holds all the same.
	Still string

	// Explain says why, in the findings themselves, before they are summed up;
	// nil: nobody knows. It changes neither their number nor how grave they are.
	Explain func([]report.Finding)
}

// Partial says of a window what it lacks, and when it is judged: a sentence each;
// and by what it is judged until then. Without pieces only what is broken for
// certain alarms.
type Partial struct {
	Message, Hint string
	Pieces        []Pieces
	Share         float64 // of the rows that are usual of whole ones, which it has; 0: not known
}

// Pieces are how pieces of the reference of one length differ.
type Pieces struct {
	Variation map[string][]metric.Deviate // finding id -> what they said
	Share     float64                     // of the rows that differ as such pieces do: 1, or those of a day that is not over
	Longer    float64                     // how many times as long as what the window has of rows they are; 1 or less: they are not
}

// MaxStreak is as far as windows in a row are counted: as far as the longest
// persistence that can be asked for. A change in one window then concerns so many
// later ones and no more.
const MaxStreak = 100

// Default is the policy without a configuration.
var Default = Options{FalseAlarms: 0.01, Persistence: 1, Wider: 1}

// Judgement is what the evidence amounts to.
type Judgement struct {
	Findings []report.Finding // gravest first
	Groups   []report.Group   // columns that moved together
	Segments []report.Segment // what the tests of each came to, by name, save for its numbers of rows
	Verdict  report.Verdict
	Checks   report.Checks
	Summary  string
	Still    bool // Still is said instead of Moved
}

// Judge judges the evidence of one window. nil options mean Default.
func Judge(evidence []check.Evidence, o *Options) Judgement {
	j := &judge{options: complete(o), partly: map[string]bool{}, foremost: map[string]bool{}, doubted: map[string]bool{}}
	j.allow(j.sized(evidence))
	j.correct()
	for i := range evidence {
		j.weigh(i)
	}
	segments := j.bySegment()
	j.join()
	j.fold()
	j.doubt()
	j.doubtModel()
	slices.SortStableFunc(j.found, func(a, b weighed) int {
		return cmp.Or(
			cmp.Compare(rank[a.finding.Severity], rank[b.finding.Severity]),
			cmp.Compare(b.excess, a.excess),
			cmp.Compare(a.finding.Check, b.finding.Check),
			cmp.Compare(a.finding.Labels.Column, b.finding.Labels.Column),
			cmp.Compare(a.finding.ID, b.finding.ID))
	})
	findings, asides := make([]report.Finding, len(j.found)), make([]string, len(j.found))
	for i := range j.found {
		findings[i], asides[i] = j.found[i].finding, j.found[i].aside
	}
	checks, verdict := j.verdicts(findings)
	still := j.options.Still != "" && checks["drift"].Verdict == report.OK
	if still {
		j.settle(findings)
	}
	if j.options.Explain != nil {
		j.options.Explain(findings)
	}
	topics := topics(findings, asides)
	judgement := Judgement{Findings: findings, Groups: groups(topics), Segments: segments, Verdict: verdict, Checks: checks, Summary: j.summary(findings, topics, segments, verdict), Still: still}
	j.tellAsides(findings)
	return judgement
}

// settle says of the concept what is left where no column drifted: that rows are
// other ones than those of the whole reference is then no more than windows are.
func (j *judge) settle(findings []report.Finding) {
	for i := range findings {
		if findings[i].Message == j.options.Moved {
			findings[i].Message = j.options.Still
		}
	}
	j.options.Moved = j.options.Still
}

var rank = map[report.Severity]int{
	report.SeverityAlert: 0, report.SeverityWarn: 1, report.SeverityUnknown: 2, report.SeverityInfo: 3,
}

func complete(o *Options) Options {
	if o == nil {
		return Default
	}
	s := *o
	if !(s.FalseAlarms > 0 && s.FalseAlarms < 1) {
		s.FalseAlarms = Default.FalseAlarms
	}
	s.Persistence = max(s.Persistence, 1)
	if s.Wider == 0 {
		s.Wider = 1
	}
	return s
}

// budget is what this look at the window has of the budget, which is for all of them.
func (j *judge) budget() float64 {
	switch {
	case j.options.Partial != nil:
		return j.options.FalseAlarms * stat.LookedEarly
	case j.options.Looked:
		return j.options.FalseAlarms * stat.LookedWhole
	}
	return j.options.FalseAlarms
}

type judge struct {
	evidence []check.Evidence
	options  Options
	tests    int
	shares   [families]float64 // of the budget
	count    [families]float64 // how many tests each family counts for
	noise    []noise           // by evidence
	q        []float64         // by evidence: P corrected for all tests; NaN for no test
	held     []bool            // by evidence: what the window lacks may explain it; nil for nothing
	found    []weighed
	partly   map[string]bool // by finding id: unknown, of a part only
	foremost map[string]bool // by finding id: the summary begins with it
	doubted  map[string]bool // by finding id: of labelled rows that are not like the others
}

// weighed is a finding with what it is sorted by: effect over threshold.
type weighed struct {
	finding report.Finding
	of      int   // its evidence
	parts   []int // evidence of segments that show it too
	excess  float64
	since   *check.Since // of what built up over windows
	joined  bool         // it is told as part of another finding
	aside   string       // sentences: when that which is joined to it began, where it is most
}

// weigh makes a finding of one piece of evidence, if it is one.
func (j *judge) weigh(i int) {
	e, q := &j.evidence[i], j.q[i]
	material := j.material(e)
	f := j.finding(i, material)
	excess := e.Effect / material
	if !(excess >= 0) {
		excess = 0
	}
	significant := q <= j.budget()
	held := significant && j.held != nil && j.held[i]
	switch {
	case held:
		f.Severity, f.Hint = report.SeverityInfo, "What the window lacks may explain this. "+j.options.Partial.Hint
	case e.Broken:
		f.Severity, excess = report.SeverityAlert, math.Inf(1)
	case e.Unsure:
		f.Severity, j.partly[f.ID] = report.SeverityUnknown, e.Partly
	case significant && e.Rule != nil && e.Rule.Declared, significant && e.Rule == nil && e.Effect >= material:
		f.Severity = report.SeverityAlert
	case significant:
		f.Severity = report.SeverityWarn
	case e.Notable:
		f.Severity, j.doubted[f.ID] = report.SeverityInfo, e.Doubted
		if e.Faint != "" && !e.Doubted {
			f.Message += " " + e.Faint
		}
	default:
		return
	}
	if e.Broken || significant && !held {
		f.Streak = min(j.options.Streaks[f.Lasting()]+1, MaxStreak)
	}
	if significant && !held && !e.Broken && f.Streak < j.options.Persistence {
		f.Severity = report.SeverityInfo
		f.Hint = waiting(f.Streak, j.options.Persistence)
	}
	j.foremost[f.ID] = e.Foremost
	j.found = append(j.found, weighed{finding: f, of: i, excess: excess, since: e.Since})
}

// material is the smallest effect worth an alert.
func (j *judge) material(e *check.Evidence) float64 {
	if e.Rule != nil {
		return e.Rule.Limit
	}
	if own, given := j.options.Material[e.Metric]; given {
		return own
	}
	return e.Material
}

func (j *judge) finding(i int, material float64) report.Finding {
	e, q := &j.evidence[i], j.q[i]
	f := report.Finding{
		ID: Key(e.Check, e.Metric, e.Labels), Check: e.Check, Metric: e.Metric, Labels: e.Labels, Columns: e.Columns,
		Value: metric.Number(e.Value), Effect: metric.Number(e.Effect), NoiseFloor: metric.Number(e.NoiseFloor),
		P: metric.Number(e.P), Q: metric.Number(q),
		NReference: e.NReference, NCurrent: e.NCurrent, Message: e.Message, Hint: e.Hint,
	}
	if !e.Broken && !math.IsNaN(e.P) || e.Rule != nil {
		f.Threshold = metric.Number(material)
	}
	if low, high := metric.Number(e.Low), metric.Number(e.High); low != nil && high != nil {
		f.Interval = &[2]float64{*low, *high}
	}
	if e.Since != nil {
		f.Since = &report.Since{At: instant(e.Since.At), From: instant(e.Since.From), To: instant(&e.Since.To)}
	}
	if e.Detectable != nil {
		f.Detectable = metric.Number(j.noise[i].scale * e.Detectable(j.level(e)))
	}
	return f
}

// instant is "" for an instant that is not known.
func instant(nanoseconds *int64) string {
	if nanoseconds == nil {
		return ""
	}
	return time.Unix(0, *nanoseconds).UTC().Format(time.RFC3339)
}

// Key names a finding the same way in every window and in words: what is found,
// not when or how much. It is check.metric.column, or what other label there
// is; what is no letter, digit, - or _ in a label is percent-encoded.
func Key(family, name string, labels metric.Labels) string {
	parts := []string{family, name}
	for _, label := range []string{labels.Column, labels.Segment, labels.Class, labels.Group, labels.Q} {
		if label != "" {
			parts = append(parts, encode(label))
		}
	}
	return strings.Join(parts, ".")
}

func encode(label string) string {
	var b strings.Builder
	for _, c := range []byte(label) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// level is what a test gets if the share of its family is split evenly: the
// level at which it is asked what could have been detected.
func (j *judge) level(e *check.Evidence) float64 {
	f := familyOf(e)
	level := j.budget() * j.shares[f] / max(j.count[f], 1)
	if j.shares[f] == 0 { // nothing of it could be tested: as if all could
		level = j.budget() / float64(len(j.evidence))
	}
	if p := j.options.Partial; p != nil {
		return stat.AnytimeLevel(level, p.share())
	}
	return level
}

// verdicts sums the findings up, by family and over all.
func (j *judge) verdicts(findings []report.Finding) (report.Checks, report.Verdict) {
	checks := report.Checks{}
	for i := range j.evidence {
		name := j.evidence[i].Check
		outcome, known := checks[name]
		if !known {
			outcome.Verdict = report.OK
		}
		if !math.IsNaN(j.evidence[i].P) {
			outcome.Tests++
		}
		checks[name] = outcome
	}
	whole := report.OK
	for name := range j.allHeld() {
		outcome := checks[name]
		outcome.Verdict = report.Unknown
		checks[name] = outcome
	}
	for _, f := range findings {
		outcome := checks[f.Check]
		outcome.Verdict = graver(outcome.Verdict, f.Severity)
		checks[f.Check] = outcome
		if !j.partly[f.ID] {
			whole = graver(whole, f.Severity)
		}
	}
	return checks, whole
}

func graver(v report.Verdict, s report.Severity) report.Verdict {
	switch {
	case v == report.Alert || s == report.SeverityAlert:
		return report.Alert
	case v == report.Warn || s == report.SeverityWarn:
		return report.Warn
	case v == report.Unknown || s == report.SeverityUnknown:
		return report.Unknown
	}
	return v
}
