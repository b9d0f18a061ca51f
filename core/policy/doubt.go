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

// doubt adds one finding of severity unknown when nothing alarms and most
// columns could hide a change that would matter.
func (j *judge) doubt() {
	for _, w := range j.found {
		if w.finding.Severity == report.SeverityAlert || w.finding.Severity == report.SeverityWarn {
			return
		}
	}
	ratios, worst := j.blindness(func(e *check.Evidence) bool { return !math.IsNaN(e.P) })
	if len(ratios) == 0 { // every column has one value, the same on both sides
		ratios, worst = j.blindness(func(*check.Evidence) bool { return true })
	}
	if len(ratios) == 0 {
		return
	}
	slices.Sort(ratios)
	typical := ratios[(len(ratios)-1)/2]
	if typical <= blind {
		return
	}
	e := worst
	hint := needed(e, typical) + " Merge several batches into one window, or choose a longer window.every."
	if j.options.Unread != "" {
		hint = j.options.Unread
	}
	f := report.Finding{
		Check: e.Check, Metric: check.SampleSize, Severity: report.SeverityUnknown,
		ID:         Key(e.Check, check.SampleSize, metric.Labels{}),
		Value:      metric.Number(float64(e.NCurrent)),
		NReference: e.NReference, NCurrent: e.NCurrent,
		Message: fmt.Sprintf("%s against %s are too few to tell: only changes about %.0f times as large as what matters would show.",
			words.Plural(e.NCurrent, "current row"), words.Count(e.NReference), typical),
		Hint: hint,
	}
	j.found = append(j.found, weighed{finding: f})
}

// blindness gives the detectable over the material effect of the columns of the
// drift checks that are looked at, and the evidence with the most rows among them.
func (j *judge) blindness(look func(*check.Evidence) bool) (ratios []float64, most *check.Evidence) {
	for i := range j.evidence {
		e := &j.evidence[i]
		if e.Detectable == nil || !look(e) || e.Labels.Column == "" || e.Check != "drift" {
			continue
		}
		material := e.Material
		if own, ok := j.options.Material[e.Metric]; ok {
			material = own
		}
		if ratio := e.Detectable(j.level(e)) / material; material > 0 && !math.IsNaN(ratio) {
			ratios = append(ratios, ratio)
			if most == nil || e.NCurrent > most.NCurrent {
				most = e
			}
		}
	}
	return ratios, most
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
