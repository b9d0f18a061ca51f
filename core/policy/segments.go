package policy

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/segment"
	"leeway/core/stat"
)

// fold tells a change once that all rows show and their segments with them: what a
// segment says is part of the finding about all rows, or about a larger segment,
// if that is as grave, or the change is not larger here beyond chance: a small part
// of what all rows do is now graver, now less. What only a segment shows, or shows as
// something graver for sure, stays a finding of its own.
func (j *judge) fold() {
	var order []int
	for i := range j.found {
		if j.found[i].finding.Labels.Segment != "" {
			order = append(order, i)
		}
	}
	if len(order) == 0 {
		return
	}
	at := func(i int) *report.Finding { return &j.found[i].finding }
	slices.SortFunc(order, func(a, b int) int { // the larger ones first
		x, y := at(a), at(b)
		return cmp.Or(cmp.Compare(breadth(x), breadth(y)), cmp.Compare(rank[x.Severity], rank[y.Severity]), cmp.Compare(x.ID, y.ID))
	})
	known := map[string][]int{} // what findings may be part of, by what they are about
	for i := range j.found {
		if at(i).Labels.Segment == "" {
			known[about(at(i))] = append(known[about(at(i))], i)
		}
	}
	for _, i := range order {
		f := at(i)
		into := slices.IndexFunc(known[about(f)], func(k int) bool {
			w := at(k)
			return (w.Labels.Segment == "" || segment.Within(f.Labels.Segment, w.Labels.Segment)) &&
				(rank[w.Severity] <= rank[f.Severity] || alarm(w.Severity) && j.likewise(j.found[i].of, j.found[k].of))
		})
		if into < 0 {
			known[about(f)] = append(known[about(f)], i)
			continue
		}
		whole := &j.found[known[about(f)][into]]
		whole.parts = append(whole.parts, j.found[i].of)
		one := &whole.finding
		one.Segments = append(one.Segments, report.Part{Segment: f.Labels.Segment, Severity: f.Severity, Value: f.Value, Effect: f.Effect})
		j.found[i].joined = true
	}
	j.found = slices.DeleteFunc(j.found, func(w weighed) bool { return w.joined })
	for i := range j.found {
		j.mostly(&j.found[i])
	}
}

// breadth is by how many columns a finding's segment goes.
func breadth(f *report.Finding) int { return strings.Count(f.Labels.Segment, ",") }

// about is what a finding says of which column.
func about(f *report.Finding) string { return f.Check + " " + f.Metric + " " + f.Labels.Column }

// markedly is how much larger an effect must be in a segment than in all rows for
// it to be named.
const markedly = 1.25

// mostly sorts the segments that show a change too, and says where it is largest
// if that is not everywhere alike: markedly, and beyond chance.
func (j *judge) mostly(w *weighed) {
	parts := w.finding.Segments
	slices.SortFunc(parts, func(a, b report.Part) int {
		return cmp.Or(cmp.Compare(metric.Float(b.Effect), metric.Float(a.Effect)), cmp.Compare(a.Segment, b.Segment))
	})
	most := slices.IndexFunc(parts, func(p report.Part) bool {
		of := slices.IndexFunc(w.parts, func(i int) bool { return j.evidence[i].Labels.Segment == p.Segment })
		_, values, _ := segment.Parse(p.Segment)
		return values != nil && metric.Float(p.Effect) > markedly*metric.Float(w.finding.Effect) && !j.likewise(w.parts[of], w.of)
	})
	if most >= 0 {
		w.aside = strings.TrimSpace(w.aside + " It is most in " + segment.Words(parts[most].Segment) + ".")
	}
}

// likewise tells whether a segment changed by no more than all rows did that it is of,
// as far as can be told at the level of one of the segments' tests: its effect is not
// beyond that of the other rows. Where the precision of either is not known, it
// is not.
func (j *judge) likewise(part, whole int) bool {
	a, b := &j.evidence[part], &j.evidence[whole]
	share := float64(a.NCurrent) / float64(b.NCurrent)
	if !(share < 1) {
		return share == 1
	}
	own, all := variance(a), variance(b)
	// All rows hold those of the segment: x the effect in it, y that of the others,
	// share·x + (1-share)·y of all. That is x less y, times 1-share.
	off := own + all - float64(2*share*own)
	off = max(off, float64((1-share)*(1-share)*own))
	n := &j.noise[part]
	return a.Effect-b.Effect <= float64(math.Sqrt(off)*n.scale*stat.StudentLimit(j.level(a), n.degrees))
}

// variance is that of an effect, by the interval of its value: of a distance that
// is one of both sides, of a rate or a mean of the current rows.
func variance(e *check.Evidence) float64 {
	deviation := float64(e.High-e.Low) / (2 * stat.Deviate(0.05))
	if e.Check != "drift" {
		return float64(deviation*deviation) * (1 + float64(e.NCurrent)/float64(e.NReference))
	}
	return float64(deviation * deviation)
}

// bySegment sums up what the tests of each segment came to, in order of their
// names. It comes before fold.
func (j *judge) bySegment() []report.Segment {
	known := map[string]*report.Segment{}
	ratios, excess := map[string][]float64{}, map[string]float64{}
	for i := range j.evidence {
		e := &j.evidence[i]
		name := e.Labels.Segment
		if name == "" {
			continue
		}
		one := known[name]
		if one == nil {
			one = &report.Segment{Name: name, Verdict: report.OK}
			known[name] = one
		}
		if math.IsNaN(e.P) {
			continue
		}
		one.Tests++
		if e.Check != "drift" {
			continue
		}
		if over := float64(e.Effect / j.material(e)); one.Column == "" || over > excess[name] {
			excess[name] = over
			one.Column, one.Metric, one.Value, one.Effect = e.Labels.Column, e.Metric, metric.Number(e.Value), metric.Number(e.Effect)
		}
		ratios[name] = append(ratios[name], j.blindTo(e))
	}
	for i := range j.found {
		if one := known[j.found[i].finding.Labels.Segment]; one != nil {
			one.Verdict = graver(one.Verdict, j.found[i].finding.Severity)
		}
	}
	var all []report.Segment
	for _, one := range known {
		hidden := blindness{ratios: ratios[one.Name]}
		if one.Verdict == report.OK && (len(hidden.ratios) == 0 || j.options.Partial != nil || hidden.typical() > blind) {
			one.Verdict = report.Unknown
		}
		all = append(all, *one)
	}
	slices.SortFunc(all, func(a, b report.Segment) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// blindTo is the smallest effect that a test would have shown, over what matters.
func (j *judge) blindTo(e *check.Evidence) float64 {
	if e.Detectable == nil {
		return math.Inf(1)
	}
	return e.Detectable(j.level(e)) / j.material(e)
}

// apart says which segments changed by themselves: what is found in them is not
// found in all rows.
func apart(findings []report.Finding, all []report.Segment) string {
	var names []string
	for _, f := range findings {
		if name := f.Labels.Segment; name != "" && alarm(f.Severity) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	const named = 3
	if len(names) == 0 {
		return ""
	}
	list := make([]string, 0, named)
	for _, name := range names[:min(len(names), named)] {
		list = append(list, segment.Words(name))
	}
	text := strings.Join(list, "; ")
	if more := len(names) - named; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("%d of %s changed in ways that not all rows did: %s.", len(names), words.Plural(int64(len(all)), "segment"), text)
}
