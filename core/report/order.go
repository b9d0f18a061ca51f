package report

import "slices"

// Turn is where in a text a finding is told: first what is broken, last what follows
// from all else.
type Turn int

// The turns, in order.
const (
	AtLabels   Turn = iota // labels are not what they should be, on which all else may hang
	AtBroken               // data are not: units, missing columns
	AtOutcomes             // which of data, labels and concept moved, and how good the model is
	AtColumns              // which columns changed, and all else that may be why
	AtSlices               // where the model became worse
	AtPeople               // how groups of people are treated
)

// Turn is where the finding is told.
func (f *Finding) Turn() Turn {
	switch {
	case f.Metric == unseenLabels, f.Labels.Role == "label" && (f.Metric == "unseen_category_ratio" || f.Metric == "type_mismatch_ratio"):
		return AtLabels
	case f.Severity == SeverityAlert && (f.Cause != nil || f.Check == "quality"):
		return AtBroken
	case f.Check == "performance" && f.Metric == sliceErrors:
		return AtSlices
	case f.Check == "performance", f.Check == "confidence":
		return AtOutcomes
	case f.Check == "fairness":
		return AtPeople
	}
	return AtColumns
}

// unseenLabels names the metric of labels of classes that nobody knows.
const unseenLabels = "unseen_label_ratio"

// told are the findings in the order in which a text has them: the gravest first, of
// one severity by their turns.
func (r *Report) told() []*Finding {
	all := make([]*Finding, len(r.Findings))
	for i := range r.Findings {
		all[i] = &r.Findings[i]
	}
	slices.SortStableFunc(all, func(a, b *Finding) int {
		if x, y := a.Severity.rank(), b.Severity.rank(); x != y {
			return x - y
		}
		return int(a.Turn() - b.Turn())
	})
	return all
}
