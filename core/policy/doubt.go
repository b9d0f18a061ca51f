package policy

import (
	"fmt"
	"math"
	"slices"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/report"
)

// blind is by how much the smallest detectable change may exceed what is
// material before a column counts as not looked at.
const blind = 2.5

// unfinished adds the finding that a window is not whole, whatever else is found
// in it. Without pieces of the reference to go by, all that depends on the mix of
// its rows is not judged yet.
func (j *judge) unfinished() {
	var rows check.Evidence
	for i := range j.evidence {
		rows.NReference, rows.NCurrent = max(rows.NReference, j.evidence[i].NReference), max(rows.NCurrent, j.evidence[i].NCurrent)
	}
	rows.Check, rows.Value = "drift", math.NaN()
	j.unknown(&rows, check.PartialWindow, j.options.Partial.Message, j.options.Partial.Hint)
	if len(j.options.Partial.Pieces) > 0 {
		j.found[len(j.found)-1].finding.Severity = report.SeverityInfo
	}
}

// patterned says that a window that is not over cannot be told yet, where most of
// its columns could hide a change that would matter, since pieces of the reference differ. Its rows are
// not too few then, and more of the same would tell no more: it waits for the rest,
// as where nothing is known of pieces.
func (j *judge) patterned(tested func(*check.Evidence) bool) {
	hidden := j.blindness(tested, func(*noise) bool { return true })
	if hidden.most == nil {
		return
	}
	typical := hidden.typical()
	if typical <= blind {
		return
	}
	for i := range j.found {
		if f := &j.found[i].finding; f.Metric == check.PartialWindow {
			f.Severity = report.SeverityUnknown
			f.Message += fmt.Sprintf(" Pieces of the reference differ by more than their rows explain: so far only changes about %.0f times as large as what matters would show.", typical)
		}
	}
}

// doubt adds one finding of severity unknown when no column drifted and most
// columns could hide a change that would matter: because there are few rows, or
// few windows of the reference, which differ.
func (j *judge) doubt() {
	if p := j.options.Partial; p != nil {
		if j.unfinished(); len(p.Pieces) == 0 {
			return
		}
	}
	if j.nothing() {
		return
	}
	for _, w := range j.found { // how good the model is says nothing of what its columns may hide
		if f := &w.finding; f.Check == "drift" && (f.Severity == report.SeverityAlert || f.Severity == report.SeverityWarn) {
			return
		}
	}
	tested := func(e *check.Evidence) bool { return !math.IsNaN(e.P) }
	rows := j.blindness(tested, never)
	if rows.most == nil { // every column has one value, the same on both sides
		rows = j.blindness(func(*check.Evidence) bool { return true }, never)
	}
	if rows.most == nil {
		return
	}
	if typical := rows.typical(); typical > blind {
		j.unknown(counted(rows.most), check.SampleSize, fmt.Sprintf("%s against %s are too few to tell: only changes about %.0f times as large as what matters would show.",
			words.Plural(rows.most.NCurrent, "current row"), words.Count(rows.most.NReference), typical), j.more(rows.most, typical))
		return
	}
	if j.options.Partial != nil {
		j.patterned(tested)
		return
	}
	windows := j.blindness(tested, (*noise).few)
	if windows.windows == 0 {
		return
	}
	if typical := windows.typical(); typical > blind {
		j.unknown(counted(windows.most), check.SampleSize, fmt.Sprintf("The reference's %s differ by more than their rows explain, and are too few to tell what is usual: only changes about %.0f times as large as what matters would show.",
			j.windowsWords(windows.windows), typical), fmt.Sprintf("Build a baseline of more windows (leeway baseline build): %d at the least, and as many as it takes to see what comes and goes by the week or the year.", metric.FewestWindows))
	}
}

// nothing adds the finding where no column could be compared, whatever else was
// found: that is no reason to call the values unchanged.
func (j *judge) nothing() bool {
	var rows, values check.Evidence
	columns := map[string]bool{}
	for i := range j.evidence {
		one := &j.evidence[i]
		rows.NReference, rows.NCurrent = max(rows.NReference, one.NReference), max(rows.NCurrent, one.NCurrent)
		if one.Check != "drift" || one.Labels.Column == "" || one.Labels.Segment != "" {
			continue
		}
		if one.Detectable != nil || !math.IsNaN(one.P) {
			return false
		}
		columns[one.Labels.Column] = true
		values.NReference, values.NCurrent = max(values.NReference, one.NReference), max(values.NCurrent, one.NCurrent)
	}
	rows.Check, rows.Value = "drift", float64(rows.NCurrent)
	if len(columns) == 0 {
		j.unknown(&rows, check.SampleSize, "Nothing could be compared for drift: no column that both sides have is of a kind that can be.",
			"Free text, identifiers, times and ignored columns have no drift test. Say what a column is (columns: {comment: {kind: categorical}}), or log numbers and categories made of it: its length, its language, a score.")
		return true
	}
	side := "no column has values on both sides"
	if values.NReference == 0 {
		side = "the reference has no values"
	} else if values.NCurrent == 0 {
		side = "the current side has no values"
	}
	j.unknown(&rows, check.SampleSize, fmt.Sprintf("Nothing could be compared for drift: %s (%s looked at).", side, words.Plural(int64(len(columns)), "column")),
		"See what the quality checks say of them, and check what writes the data.")
	return true
}

// unknown adds the finding.
func (j *judge) unknown(e *check.Evidence, what, message, hint string) {
	j.found = append(j.found, weighed{finding: report.Finding{
		Check: e.Check, Metric: what, Severity: report.SeverityUnknown,
		ID:         Key(e.Check, what, metric.Labels{}),
		Value:      metric.Number(e.Value),
		NReference: e.NReference, NCurrent: e.NCurrent,
		Message: message, Hint: hint,
	}})
}

// counted is evidence whose value is the number of current rows.
func counted(e *check.Evidence) *check.Evidence {
	c := *e
	c.Value = float64(e.NCurrent)
	return &c
}

// more says what to do about too few rows.
func (j *judge) more(e *check.Evidence, ratio float64) string {
	if j.options.Unread != "" {
		return j.options.Unread
	}
	if p := j.options.Partial; p != nil {
		return needed(e, ratio) + " " + p.Hint
	}
	return needed(e, ratio) + " Merge several batches into one window, or choose a longer window.every."
}

// blindness is what the columns of the drift checks could hide.
type blindness struct {
	ratios  []float64       // detectable over material effect
	most    *check.Evidence // with the most rows; nil if there is none
	windows int             // the most of those who have few, 0 if none has
}

// typical is the ratio of the column in the middle.
func (b *blindness) typical() float64 {
	slices.Sort(b.ratios)
	return b.ratios[(len(b.ratios)-1)/2]
}

// never is for no noise but sampling.
func never(*noise) bool { return false }

// blindness gives what the columns that are looked at could hide in these rows,
// or also because of how the reference's windows differ, where that counts.
func (j *judge) blindness(look func(*check.Evidence) bool, counts func(*noise) bool) (b blindness) {
	for i := range j.evidence {
		e := &j.evidence[i]
		ratio, ok := j.hides(e)
		if !ok || !look(e) {
			continue
		}
		if n := &j.noise[i]; counts(n) {
			b.windows, ratio = max(b.windows, n.windows), float64(ratio*n.hidden(j.level(e)))
		}
		b.ratios = append(b.ratios, ratio)
		if b.most == nil || e.NCurrent > b.most.NCurrent {
			b.most = e
		}
	}
	return b
}

// hiding says that windows differ so much that in some column what matters would
// not show; "" if it would in all. What to do about it the options say where a
// season is why.
func (j *judge) hiding() string {
	var columns []string
	windows, least := 0, math.Inf(1)
	for i := range j.evidence {
		level, n := j.level(&j.evidence[i]), &j.noise[i]
		ratio, ok := j.hides(&j.evidence[i])
		with := float64(ratio * n.hidden(level))
		if name := j.evidence[i].Labels.Column; ok && ratio <= blind && with > blind && !slices.Contains(columns, name) {
			columns = append(columns, name)
			windows, least = max(windows, n.windows), min(least, with)
		}
	}
	switch {
	case len(columns) == 0:
		return ""
	case j.options.Hides != "" && j.options.Partial == nil:
		return j.options.Hides
	}
	which := "`" + columns[0] + "`"
	if more := len(columns) - 1; more > 0 {
		which += fmt.Sprintf(" and %d more", more)
	}
	what := j.windowsWords(windows)
	if j.options.Partial != nil {
		what = "pieces"
	}
	return fmt.Sprintf("The reference's %s differ by more than their rows explain, which hides smaller changes: of %s only ones %.0f times as large as what matters, or larger, would show.",
		what, which, math.Ceil(least))
}

// hides is what one column of the drift checks could hide in these rows, as a
// multiple of what matters.
func (j *judge) hides(e *check.Evidence) (ratio float64, ok bool) {
	if e.Detectable == nil || e.Labels.Column == "" || e.Labels.Segment != "" || e.Check != "drift" {
		return 0, false
	}
	material := j.material(e)
	ratio = e.Detectable(j.level(e)) / material
	return ratio, material > 0 && !math.IsNaN(ratio)
}

// needed says how many rows would show what is material. Detectable effects
// shrink with the square root of 1/n + 1/m.
func needed(e *check.Evidence, ratio float64) string {
	n, m := float64(e.NReference), float64(e.NCurrent)
	target := (1/n + 1/m) / (ratio * ratio)
	if rest := target - 1/n; rest > 0.25*target {
		return fmt.Sprintf("About %s current rows would show all that matters.", words.Count(roundUp(1/rest)))
	}
	return fmt.Sprintf("About %s rows on each side would show all that matters.", words.Count(roundUp(2/target)))
}

// roundUp keeps two digits.
func roundUp(x float64) int64 {
	step := 1.0
	for x/step >= 100 {
		step *= 10
	}
	return int64(math.Ceil(x/step) * step)
}
