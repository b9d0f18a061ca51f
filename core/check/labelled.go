package check

import (
	"math"
	"slices"
	"strings"

	"leeway/core/check/concept"
	"leeway/core/check/selection"
	"leeway/core/outcome"
	"leeway/core/schema"
	"leeway/core/sketch"
	"leeway/core/stat"
)

// Selection says in what rows whose label came are unlike the others; nil where they
// are not, or nothing tells. It is found once; nobody else may ask meanwhile.
func (l *Labelled) Selection() *selection.Finding {
	if l == nil || l.Unlabelled == nil || l.Current == nil {
		return nil
	}
	if !l.looked {
		l.looked = true
		labelled, rest := l.Cases.sides()
		with, without := SaidOf(l.Current.Said), SaidOf(l.Unlabelled)
		if with != nil && without != nil {
			l.selection = selection.Find(SampleOf(with), SampleOf(without), labelled, rest)
		}
	}
	return l.selection
}

// Moved is which of data, labels and concept moved; nil where nothing tells. While labels
// come for some rows sooner than for others, as they did not in the reference, rows of it that would have had one
// speak too. It is found once; nobody else may ask meanwhile.
func (l *Labelled) Moved() *concept.Finding {
	if l == nil {
		return nil
	}
	c := l.Cases
	if c == nil || c.Reference == nil || c.Current == nil || c.Reference.Rows == 0 || c.Current.Rows == 0 {
		return nil
	}
	switch {
	case c.moved != nil:
	case l.Selection() != nil && l.Selected() != AsBefore && c.Rest != nil && c.Rest.Rows > 0:
		c.moved = concept.FindSelected(c.Reference, selection.Like(c.Reference, c.Current, c.Rest), c.Current)
	default:
		c.moved = concept.Find(c.Reference, c.Current)
	}
	return c.moved
}

// SaidOf is how what was said of rows is spread: predicted numbers, the highest score of
// several, or the score; nil where nothing was.
func SaidOf(s *outcome.Said) *sketch.Marked {
	switch {
	case s == nil:
		return nil
	case s.Numbers != nil:
		return s.Numbers
	case s.Top != nil:
		return s.Top
	case len(s.Scores) > 0:
		return s.Scores[0]
	}
	return nil
}

// SampleOf is the values of a multiset with their counts, marked or not.
func SampleOf(m *sketch.Marked) (w stat.Weighted) {
	w.Values, w.Counts = make([]float64, 0, m.Cells()), make([]int64, 0, m.Cells())
	for step := range m.All() {
		w.Values, w.Counts = append(w.Values, step.Value), append(w.Counts, step.Counts[0]+step.Counts[1])
	}
	return w
}

// ComparesLabels tells whether labels are a column of both sides, which is compared as
// any other.
func (in *Input) ComparesLabels() bool {
	return slices.ContainsFunc(in.Schema.ByRole(schema.Label), func(label *schema.Column) bool {
		return in.Reference.Column(label.Name) != nil && in.Current.Column(label.Name) != nil
	})
}

// doubtedFrom is the p-value below which what is in doubt is told all the same.
const doubtedFrom = 0.001

// Doubt makes evidence on labelled rows that are not comparable something that is told,
// with the reason, and no test.
func (e *Evidence) Doubt() {
	e.Notable, e.Doubted = true, true
	e.Message = strings.TrimSuffix(e.Message, ".") + ". It may be no more than which labels came: labelled rows are not like the others."
	e.Hint = "See labels_selective: look again when more labels are there, or label a random sample of the rows that have none."
}

// Doubt takes from evidence on labelled rows, where these are not like the others, that
// it is a test: it is told, with the reason, and alarms nobody, and it is told that
// it is not known how good the model is. What remains a test is
// what comes true of the same scores and features (concept_shift), which is held against
// rows that would have a label too; and all that is of all rows. Where labels of the reference came
// for such rows as well, all remain tests.
func (l *Labelled) Doubt(all []Evidence, contract *schema.Schema) []Evidence {
	if l.Comparable() {
		return all
	}
	var labels []string
	for _, c := range contract.ByRole(schema.Label) {
		labels = append(labels, c.Name)
	}
	doubted := false
	for i := range all {
		e := &all[i]
		doubted = doubted || e.Doubted
		if math.IsNaN(e.P) || !e.ofLabels(labels) {
			continue
		}
		if e.P < doubtedFrom {
			e.Doubt()
		} else if e.Faint != "" {
			e.Notable = false
		}
		e.P, doubted = math.NaN(), true
	}
	if doubted && unlike[l.Selected()] != "" {
		all = append(all, l.incomparable())
	}
	return all
}

// ofLabels tells whether the evidence is of labelled rows alone, and would move if
// others of the same rows had a label; labels are columns of the logs that hold any.
func (e *Evidence) ofLabels(labels []string) bool {
	switch e.Check {
	case "performance":
		return e.Metric != "concept_shift"
	case "fairness":
		return !strings.HasPrefix(e.Metric, "demographic_parity")
	case "drift":
		together := func(name string) bool { return slices.Contains(labels, name) }
		return e.Labels.Role == "label" || slices.ContainsFunc(e.Columns, together)
	}
	return false
}
