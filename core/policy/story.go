package policy

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/report"
)

// topic is what several alarms have in common: a fault, values that went missing
// at the same rate, or that their columns drifted in the same window.
type topic struct {
	kind    string
	lead    *report.Finding // the gravest
	columns []string        // those concerned, the lead's first
	aside   string          // sentences: since when the lead's column creeps, and where it is most; "" for nothing
	fault   bool            // a fault upstream is known
}

// topics sorts alarms by what they have in common: by where they are told (see
// [report.Turn]), the gravest first; then known faults before all that merely changed, then by the
// number of columns, then in the order of the findings; those of a segment after those of all rows. Each column is
// told once, and once for each segment in which it changed by itself. asides are
// what is to be told beside each finding.
func topics(findings []report.Finding, asides []string) []*topic {
	var all []*topic
	told := map[string]bool{}
	for i := range findings {
		f := &findings[i]
		within := f.Labels.Segment + " "
		if name := f.Labels.Column; !alarm(f.Severity) || name != "" && (told[" "+name] || told[within+name]) && f.Check != "fairness" {
			continue
		}
		at := slices.IndexFunc(all, func(t *topic) bool { return t.holds(f) })
		if at < 0 {
			at, all = len(all), append(all, start(f))
			all[at].aside = asides[i]
		}
		t := all[at]
		for _, name := range involved(f) {
			if !told[within+name] {
				t.columns = append(t.columns, name)
			}
			told[within+name] = true
		}
	}
	slices.SortStableFunc(all, func(a, b *topic) int {
		switch {
		case a.turn() != b.turn():
			return int(a.turn() - b.turn())
		case rank[a.lead.Severity] != rank[b.lead.Severity]:
			return rank[a.lead.Severity] - rank[b.lead.Severity]
		case a.apart() != b.apart():
			if b.apart() {
				return -1
			}
			return 1
		case a.fault != b.fault && a.fault:
			return -1
		case a.fault != b.fault:
			return 1
		}
		return len(b.columns) - len(a.columns)
	})
	return all
}

// apart tells whether it is about a segment.
func (t *topic) apart() bool { return t.lead.Labels.Segment != "" }

// turn is where it is told.
func (t *topic) turn() report.Turn { return t.lead.Turn() }

// conceptShift is told by what moved, beside how good the model is.
const conceptShift = "concept_shift"

func start(f *report.Finding) *topic {
	t := &topic{kind: f.Metric, lead: f}
	switch {
	case f.Cause != nil:
		t.kind, t.fault = f.Cause.Kind, true
	case drifts(f):
		t.kind = "drift"
	case f.Metric == check.SliceErrors, f.Metric == conceptShift:
		t.kind = f.Metric
	case f.Check == "performance", f.Check == "fairness":
		t.kind = f.Check
	}
	t.fault = t.fault || f.Metric == "missing_column"
	return t
}

// drifts tells whether a finding says that the values are other ones.
func drifts(f *report.Finding) bool {
	return f.Check == "drift" || f.Metric == "unseen_category_ratio" || f.Metric == "out_of_range_ratio"
}

// involved lists the columns that a finding is about.
func involved(f *report.Finding) []string {
	var names []string
	if f.Check == "fairness" || f.Metric == check.SliceErrors { // it is about rows of these columns, not about them
		return nil
	}
	if f.Labels.Column != "" {
		names = append(names, f.Labels.Column)
	}
	names = append(names, f.Columns...)
	if f.Cause != nil {
		names = append(names, f.Cause.Columns...)
	}
	return names
}

// holds tells whether a finding belongs to the topic.
func (t *topic) holds(f *report.Finding) bool {
	switch {
	case f.Labels.Segment != t.lead.Labels.Segment:
		return false
	case f.Metric == check.SliceErrors, t.kind == check.SliceErrors, f.Metric == conceptShift, t.kind == conceptShift:
		return t.kind == f.Metric
	case f.Check == "performance", f.Check == "fairness", t.kind == "fairness":
		return t.kind == f.Check
	case f.Labels.Column == "" || t.lead.Labels.Column == "":
		return false
	case f.Cause != nil || t.lead.Cause != nil:
		return f.Cause != nil && t.lead.Cause != nil && alike(f.Cause, t.lead.Cause)
	case f.Metric == "missing_ratio" && t.kind == "missing_ratio":
		return level(f, t.lead)
	case f.Metric == "missing_column":
		return t.kind == f.Metric
	}
	return drifts(f) && t.kind == "drift"
}

// alike tells whether two columns suffer from the same fault.
func alike(a, b *report.Cause) bool {
	equal := func(x, y *float64) bool { return x == y || x != nil && y != nil && *x == *y }
	return a.Kind == b.Kind && equal(a.Factor, b.Factor) && equal(a.Offset, b.Offset) && equal(a.Hours, b.Hours) &&
		a.Value == b.Value && len(a.Columns) == 0 && len(b.Columns) == 0
}

// level tells whether two shares of missing values are equal but for chance:
// the same rows may lack both.
func level(a, b *report.Finding) bool {
	p, q := metric.Float(a.Value), metric.Float(b.Value)
	middle := float64((p + q) / 2)
	off := 3 * math.Sqrt(2*middle*(1-middle)/float64(max(min(a.NCurrent, b.NCurrent), 1)))
	was, is := metric.Float(a.NoiseFloor), metric.Float(b.NoiseFloor)
	return math.Abs(p-q) <= off && (p > was) == (q > is)
}

// groups are the topics that are about several columns which share more than
// the window.
func groups(topics []*topic) []report.Group {
	var all []report.Group
	for _, t := range topics {
		if t.kind != "drift" && len(t.columns) > 1 {
			all = append(all, report.Group{Columns: t.columns, Kind: t.kind, Message: t.sentence()})
		}
	}
	return all
}

// tell tells the first topics of a turn, a sentence each.
func tell(topics []*topic, turn report.Turn, most int) []string {
	var sentences []string
	for _, t := range topics {
		if t.turn() == turn && len(sentences) < most {
			sentences = append(sentences, t.sentence())
		}
	}
	return sentences
}

// sentence is what the lead found and who went along; others say when the
// lead began, and where it is most.
func (t *topic) sentence() string {
	text := t.together()
	if t.aside != "" {
		text += " " + t.aside
	}
	return text
}

func (t *topic) together() string {
	text := strings.TrimSuffix(t.lead.Message, ".")
	if t.kind == "drift" {
		text = moved(t.lead)
	}
	own := len(involved(t.lead))
	if own >= len(t.columns) {
		return text + "."
	}
	with, other := " with it", t.columns[own:]
	if t.kind != "drift" {
		with = " likewise"
	}
	switch {
	case len(other) > 2:
		return fmt.Sprintf("%s, and %s%s.", text, words.Plural(int64(len(other)), "more column"), with)
	case len(other) == 2:
		return fmt.Sprintf("%s, and `%s` and `%s`%s.", text, other[0], other[1], with)
	}
	return fmt.Sprintf("%s, and `%s`%s.", text, other[0], with)
}

// moved tells what carries a change: the category that moved most, else what
// the finding says.
func moved(f *report.Finding) string {
	c := most(f.Contributions)
	if c == nil {
		return strings.TrimSuffix(f.Message, ".")
	}
	column, name := "`"+f.Labels.Column+"`", words.Quoted(*c.Category)
	verb := "rose"
	switch {
	case c.Reference == 0:
		return fmt.Sprintf("%s = %s is new and makes up %s", column, name, words.Share(c.Current))
	case c.Current == 0:
		return fmt.Sprintf("%s = %s is gone, it made up %s", column, name, words.Share(c.Reference))
	case c.Current < c.Reference:
		verb = "fell"
	}
	return fmt.Sprintf("%s = %s %s from %s to %s", column, name, verb, words.Share(c.Reference), words.Share(c.Current))
}

// most is the category that people want to hear of: between the largest
// difference and the most surprising one. nil for numbers.
func most(all []report.Contribution) (most *report.Contribution) {
	best := 0.0
	for i := range all {
		c := &all[i]
		if c.Category == nil {
			return nil
		}
		if d := math.Abs(c.Current-c.Reference) / math.Sqrt(math.Sqrt(c.Current+c.Reference)); d > best {
			best, most = d, c
		}
	}
	return most
}
