package policy

import "slices"

// join tells one change once: where a column alarms by itself at least as
// gravely, what its windows say together only adds when it began.
func (j *judge) join() {
	j.found = slices.DeleteFunc(j.found, func(slow weighed) bool {
		if slow.since == "" {
			return false
		}
		at := slices.IndexFunc(j.found, func(w weighed) bool { return w.covers(&slow) })
		if at < 0 {
			return false
		}
		f := &j.found[at].finding
		f.Since = slow.finding.Since
		f.Message += " It began " + slow.since + "."
		return true
	})
}

// covers tells whether w is about the same column as slow, and as grave.
func (w *weighed) covers(slow *weighed) bool {
	a, b := &w.finding, &slow.finding
	return w.since == "" && a.Check == b.Check && a.Labels == b.Labels && rank[a.Severity] <= rank[b.Severity]
}
