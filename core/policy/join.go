package policy

import (
	"slices"

	"leeway/core/report"
)

// join tells one change once: where a column alarms by itself at least as
// gravely, what its windows say together only adds when it began.
func (j *judge) join() {
	for i := range j.found {
		slow := &j.found[i]
		if slow.since == nil {
			continue
		}
		if at := slices.IndexFunc(j.found, func(w weighed) bool { return w.covers(slow) }); at >= 0 {
			one := &j.found[at]
			one.finding.Since, one.aside = slow.finding.Since, "It began "+slow.since.Text+"."
			slow.joined = true
		}
	}
	j.found = slices.DeleteFunc(j.found, func(w weighed) bool { return w.joined })
}

// covers tells whether w is about the same change as slow, and as grave: what
// went missing is no change of the values, and the other way round.
func (w *weighed) covers(slow *weighed) bool {
	a, b := &w.finding, &slow.finding
	alike := a.Check == b.Check
	if slow.since.Missing {
		alike = a.Metric == "missing_ratio"
	}
	return alike && w.since == nil && a.Labels == b.Labels && rank[a.Severity] <= rank[b.Severity]
}

// tellAsides says in the findings themselves when what is joined to them began, and
// in which segment they are most. It comes last, when the summary has been made of them: that tells it in its own
// place.
func (j *judge) tellAsides(findings []report.Finding) {
	for i := range findings {
		if aside := j.found[i].aside; aside != "" {
			findings[i].Message += " " + aside
		}
	}
}
