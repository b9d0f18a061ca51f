package report

import (
	"bytes"
	"math"
	"slices"
	"strings"

	"leeway/core/metric"
	"leeway/core/report/plain"
)

// estimated is a metric of performance as it was estimated without labels, and
// as it came out for the labelled rows, if any.
type estimated struct {
	name     string
	guess    *metric.Sample
	realized *metric.Sample // nil: no labels yet
}

type estimatedList []estimated

// realized tells whether any came true.
func (all estimatedList) realized() bool {
	return slices.ContainsFunc(all, func(e estimated) bool { return e.realized != nil })
}

// estimates pairs the estimates that have a value with what came true.
func (r *Report) estimates() estimatedList {
	came := map[string]*metric.Sample{}
	for i := range r.Samples {
		if s := &r.Samples[i]; s.Check == "performance" && s.Labels == (metric.Labels{}) && s.Reason == "" {
			came[s.Metric] = s
		}
	}
	var all estimatedList
	for i := range r.Samples {
		s := &r.Samples[i]
		if name, ok := strings.CutPrefix(s.Metric, "estimated_"); ok && s.Check == "confidence" && s.Reason == "" {
			all = append(all, estimated{name, s, came[name]})
		}
	}
	return all
}

// note says what the table is.
func (all estimatedList) note() string {
	for _, e := range all {
		if e.realized != nil {
			return "from the scores alone, beside what came true of " + plain.Plural(e.realized.NCurrent, "labelled row", "labelled rows")
		}
	}
	return "without labels, as long as scores or predictions mean what they did in the reference"
}

// cells are a row of the table: the estimate, what came true, by how much the
// estimate was too high or too low.
func (e *estimated) cells() (guess, realized, off string) {
	guess = ranged(e.guess)
	if e.realized == nil {
		return guess, "", ""
	}
	realized, off = ranged(e.realized), "exact"
	if d := e.guess.Value - e.realized.Value; d != 0 {
		off = plain.Number(rounded(math.Abs(d))) + " too low"
		if d > 0 {
			off = plain.Number(rounded(d)) + " too high"
		}
	}
	if e.outside() {
		off += ", more than foretold"
	}
	return guess, realized, off
}

// outside tells whether what came true is not in the interval of the estimate.
func (e *estimated) outside() bool {
	return e.realized != nil && e.guess.Interval != nil && (e.realized.Value < e.guess.Interval[0] || e.realized.Value > e.guess.Interval[1])
}

// ranged is a value with its interval.
func ranged(s *metric.Sample) string {
	text := plain.Number(rounded(s.Value))
	if s.Interval != nil {
		text += " (" + plain.Number(rounded(s.Interval[0])) + " to " + plain.Number(rounded(s.Interval[1])) + ")"
	}
	return text
}

// rounded keeps three digits: estimates have no more.
func rounded(x float64) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(x)))-2)
	return math.Round(x/unit) * unit
}

// estimates writes the table for a terminal.
func (t *terminal) estimates(r *Report) {
	all := r.estimates()
	if len(all) == 0 {
		return
	}
	t.heading("Estimated performance", all.note())
	name, guess := field{title: "metric"}, field{title: "estimated"}
	came, off := field{title: "realized", rank: 1}, field{title: "the estimate was", rank: 2}
	for i := range all {
		g, c, o := all[i].cells()
		name.cells, guess.cells = append(name.cells, plain.Name(r.Costs.title(all[i].name), 30)), append(guess.cells, g)
		came.cells, off.cells = append(came.cells, c), append(off.cells, o)
	}
	fields := []field{name, guess}
	if all.realized() {
		fields = append(fields, came, off)
	}
	t.table(t.fit(fields), len(all))
	if text := r.recorded(); text != "" {
		t.wrapped("", text)
	}
}

// markdownEstimates writes the table for Markdown.
func (r *Report) markdownEstimates(b *bytes.Buffer) {
	all := r.estimates()
	if len(all) == 0 {
		return
	}
	b.WriteString("\n### Estimated performance\n\n" + inert(all.note()) + "\n\n")
	heads, rules := []string{"Metric", "Estimated"}, []string{"---", "---"}
	if all.realized() {
		heads, rules = append(heads, "Realized", "The estimate was"), append(rules, "---", "---")
	}
	row(b, heads...)
	row(b, rules...)
	for i := range all {
		g, c, o := all[i].cells()
		row(b, []string{code(plain.Name(r.Costs.title(all[i].name), 30)), inert(g), inert(c), inert(o)}[:len(heads)]...)
	}
	if text := r.recorded(); text != "" {
		b.WriteString("\n" + inert(text) + "\n")
	}
}

// foretold is the table for the page.
type foretold struct {
	Note     string
	Realized bool
	Rows     [][4]string
	Record   string // how good earlier estimates were; "": not known
}

func (p *page) estimates(r *Report) {
	all := r.estimates()
	if len(all) == 0 {
		return
	}
	p.Estimates = &foretold{Note: all.note(), Realized: all.realized(), Record: r.recorded()}
	for i := range all {
		g, c, o := all[i].cells()
		p.Estimates.Rows = append(p.Estimates.Rows, [4]string{plain.Name(r.Costs.title(all[i].name), 30), g, c, o})
	}
}
