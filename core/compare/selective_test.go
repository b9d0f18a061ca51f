package compare

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"leeway/core/cases"
	"leeway/core/collect"
	"leeway/core/config"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/stat"
	"leeway/core/truth"
)

// applicant is a row of whom the model knows two numbers, and not where it errs: of
// branch c the truth is another than it thinks.
type applicant struct {
	x      [2]float64
	branch int
	group  string
	score  float64
	z      float64 // log odds of a positive label
}

func apply(r *rand.Rand) applicant {
	a := applicant{x: [2]float64{r.NormFloat64(), r.NormFloat64()}, branch: r.IntN(4), group: "a"}
	if r.Float64() < stat.Expit(a.x[0]) {
		a.group = "b"
	}
	z := 1.5*a.x[0] + a.x[1]
	a.score = stat.Expit(z)
	if a.branch == 2 {
		z = 0.3 * z
	}
	a.z = z
	return a
}

// changed is what changed of what comes true: nothing, that all is the other way round,
// that the first number tells less than it did, or that every fifth case is the other way round, which
// is ten points of accuracy.
type changed int

const (
	still changed = iota
	turned
	weaker
	fallen
)

// applicants is a table of them with labels; a label is there with a chance, and the
// concept may have turned.
func applicants(r *rand.Rand, n int, how changed, label func(a *applicant, is bool) float64) string {
	var b strings.Builder
	b.WriteString("x0,x1,branch,group,score,label\n")
	for range n {
		a := apply(r)
		came, text := stat.Expit(a.z), ""
		switch how {
		case turned:
			came = 1 - came
		case weaker:
			came = stat.Expit(a.z - 0.8*a.x[0])
		case fallen:
			came = 0.8*came + 0.2*(1-came)
		}
		is := r.Float64() < came
		if r.Float64() < label(&a, is) {
			text = map[bool]string{true: "1", false: "0"}[is]
		}
		fmt.Fprintf(&b, "%.6g,%.6g,branch-%d,%s,%.6g,%s\n", a.x[0], a.x[1], a.branch, a.group, a.score, text)
	}
	return b.String()
}

func every(*applicant, bool) float64 { return 1 }

// selections are ways in which labels come; told: that labelled rows are unlike others is
// to be said each time, or hardly ever.
var selections = []struct {
	name  string
	told  bool
	never bool
	label func(a *applicant, is bool) float64
}{
	{"of all rows", false, true, every},
	{"at random", false, true, func(*applicant, bool) float64 { return 0.6 }},
	{"the easy first", true, false, func(a *applicant, _ bool) float64 { return 0.2 + 0.75*math.Abs(2*a.score-1) }},
	{"of high scores", true, false, func(a *applicant, _ bool) float64 { return 0.1 + 0.85*a.score }},
	{"by a column", true, false, func(a *applicant, _ bool) float64 { return map[bool]float64{true: 0.9, false: 0.3}[a.x[1] > 0] }},
	{"by a blind spot", true, false, func(a *applicant, _ bool) float64 { return map[bool]float64{true: 0.1, false: 0.9}[a.branch == 2] }},
	{"by it and the score", true, false, func(a *applicant, _ bool) float64 {
		return map[bool]float64{true: 0.95, false: 0.15}[(a.branch == 2) == (a.score > 0.5)]
	}},
	{"a little by it", false, false, func(a *applicant, _ bool) float64 { return map[bool]float64{true: 0.7, false: 0.8}[a.branch == 2] }},
	{"positive cases first", true, false, func(_ *applicant, is bool) float64 { return map[bool]float64{true: 0.9, false: 0.4}[is] }},
}

// ofBefore is a reference of applicants.
type ofBefore struct {
	config    *config.Config
	collector *collect.Collector
	data      *collect.Collection
}

func beforehand(t *testing.T, before string, grouped bool) *ofBefore {
	t.Helper()
	c := config.Default()
	c.Task = schema.Binary
	c.Columns = []config.Column{{Name: "label", Role: schema.Label}, {Name: "score", Role: schema.Score}}
	if grouped {
		c.Columns = append(c.Columns, config.Column{Name: "group", Role: schema.Sensitive})
		c.Segments = [][]string{{"branch"}}
	}
	l := &ofBefore{config: c, collector: &collect.Collector{Config: c, Outcomes: &truth.Outcomes{Joined: grouped, Cases: cases.Bound}}}
	if err := l.collector.Survey(sourceOf(before)); err != nil {
		t.Fatal(err)
	}
	if err := l.collector.Divide(); err != nil {
		t.Fatal(err)
	}
	var err error
	if l.data, err = collected(l.collector, before); err != nil {
		t.Fatal(err)
	}
	return l
}

// compare compares such a table with it as check does.
func (l *ofBefore) compare(t *testing.T, now string) *report.Report {
	t.Helper()
	c, reference := l.config, l.collector
	current := &collect.Collector{Config: c, Contract: reference.Contract, Divisions: reference.Divisions, Outcomes: &truth.Outcomes{Joined: reference.Outcomes.Joined, Against: reference.Outcomes, Shape: reference.Outcomes.Shape, Cases: cases.Bound, Said: true}}
	cur, err := collected(current, now)
	if err != nil {
		t.Fatal(err)
	}
	labelled := truth.Own(reference.Outcomes, current.Outcomes)
	made, err := Compare(&Comparison{
		Config: c, Contract: reference.Contract, Reference: l.data, Current: cur, Labelled: labelled,
		Said: truth.Said(reference.Outcomes, current.Outcomes, labelled, nil), Groups: truth.Grouped(reference.Outcomes, current.Outcomes, nil),
	})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// TestSelective: labels that are missing by what the model said, by a column, or by what
// came true are no reason for an alarm, nor is anything else where nothing changed; and where
// the concept turned, that is one all the same. LEEWAY_RUNS makes the table in
// docs/bucket.md.
func TestSelective(t *testing.T) {
	n := 3
	if s, err := strconv.Atoi(os.Getenv("LEEWAY_RUNS")); err == nil {
		n = s
	}
	if testing.Short() {
		n = 1
	}
	const rows = 1000
	type count struct{ wrong, told, looks, less int }
	counts := make([]count, len(selections))
	moved := func(r *report.Report) bool { return alarms(r) && strings.Contains(r.Summary, "concept moved") }
	for seed := range n {
		draw := func(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(uint64(seed), stream)) }
		before := beforehand(t, applicants(draw(0), rows, still, every), true)
		for i := range selections {
			s, c := &selections[i], &counts[i]
			now := before.compare(t, applicants(draw(uint64(1+i)), rows, still, s.label))
			if alarms(now) {
				c.wrong++
				t.Logf("%s, seed %d: %s %s", s.name, seed, strings.Join(alarmIDs(now), ", "), now.Summary)
			}
			if strings.Contains(now.Summary, "not like those whose label did not") {
				c.told++
			}
			if seed%10 > 0 {
				continue
			}
			if c.looks++; moved(before.compare(t, applicants(draw(uint64(1+i)), rows, weaker, s.label))) {
				c.less++
			}
			if seed%50 == 0 && !moved(before.compare(t, applicants(draw(uint64(1+i)), rows, turned, s.label))) {
				t.Errorf("%s, seed %d: the concept turned, and nobody says so", s.name, seed)
			}
		}
		if (seed+1)%100 == 0 {
			t.Logf("after %d: %+v", seed+1, counts)
		}
	}
	for i := range selections {
		s, c := &selections[i], &counts[i]
		t.Logf("%s: %d of %d alarm, %d are told; of %d where the first number tells less %d are called so", s.name, c.wrong, n, c.told, c.looks, c.less)
		if stat.BinomialTail(int64(c.wrong), int64(n), 0.01) < 1e-3 {
			t.Errorf("%s: %d of %d alarm", s.name, c.wrong, n)
		}
		if s.never && c.told > 1+n/100 || s.told && c.told < n-n/50 {
			t.Errorf("%s: told in %d of %d", s.name, c.told, n)
		}
	}
}

// alarmIDs names what alarms.
func alarmIDs(r *report.Report) (ids []string) {
	for i := range r.Findings {
		f := &r.Findings[i]
		missing := f.Metric == "missing_ratio" && f.Labels.Column == "label"
		if !missing && (f.Severity == report.SeverityAlert || f.Severity == report.SeverityWarn) {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// alarms tells whether anything but the labels' own column being empty alarms.
func alarms(r *report.Report) bool { return len(alarmIDs(r)) > 0 }
