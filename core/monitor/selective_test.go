package monitor

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"leeway/core/cases"
	"leeway/core/config"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/stat"
)

// applicant is a row of whom the model knows two numbers, and not where it errs: of
// branch c the truth is another than it thinks.
type applicant struct {
	x      [2]float64
	branch int
	group  string
	score  float64
	came   float64 // chance of a positive label
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
	a.came = stat.Expit(z)
	return a
}

// applicants is a table of them with labels; a label is there with a chance, and the
// concept may have turned.
func applicants(r *rand.Rand, n int, turned bool, label func(*applicant) float64) string {
	var b strings.Builder
	b.WriteString("x0,x1,branch,group,score,label\n")
	for range n {
		a := apply(r)
		came, text := a.came, ""
		if turned {
			came = 1 - came
		}
		is := r.Float64() < came
		if r.Float64() < label(&a) {
			text = map[bool]string{true: "1", false: "0"}[is]
		}
		fmt.Fprintf(&b, "%.6g,%.6g,branch-%d,%s,%.6g,%s\n", a.x[0], a.x[1], a.branch, a.group, a.score, text)
	}
	return b.String()
}

func every(*applicant) float64 { return 1 }

// selections are ways in which labels come.
var selections = map[string]func(*applicant) float64{
	"at random":        func(*applicant) float64 { return 0.6 },
	"the easy first":   func(a *applicant) float64 { return 0.2 + 0.75*math.Abs(2*a.score-1) },
	"of high scores":   func(a *applicant) float64 { return 0.1 + 0.85*a.score },
	"by a column":      func(a *applicant) float64 { return map[bool]float64{true: 0.9, false: 0.3}[a.x[1] > 0] },
	"by a blind spot":  func(a *applicant) float64 { return map[bool]float64{true: 0.1, false: 0.9}[a.branch == 2] },
	"a little by that": func(a *applicant) float64 { return map[bool]float64{true: 0.7, false: 0.8}[a.branch == 2] },
}

// compareSelected compares two such tables as check does.
func compareSelected(t *testing.T, before, now string) *report.Report {
	t.Helper()
	c := config.Default()
	c.Task = schema.Binary
	c.Columns = []config.Column{{Name: "label", Role: schema.Label}, {Name: "score", Role: schema.Score}, {Name: "group", Role: schema.Sensitive}}
	c.Segments = [][]string{{"branch"}}
	reference := &Collector{Config: c, Outcomes: &Outcomes{Joined: true, Cases: cases.Bound}}
	if err := reference.Survey(sourceOf(before)); err != nil {
		t.Fatal(err)
	}
	if err := reference.Divide(); err != nil {
		t.Fatal(err)
	}
	ref, err := collected(reference, before)
	if err != nil {
		t.Fatal(err)
	}
	current := &Collector{Config: c, Contract: reference.Contract, Divisions: reference.Divisions, Outcomes: &Outcomes{Joined: true, Shape: reference.Outcomes.Shape, Cases: cases.Bound, Said: true}}
	cur, err := collected(current, now)
	if err != nil {
		t.Fatal(err)
	}
	labelled := Own(reference.Outcomes, current.Outcomes)
	made, err := Compare(&Comparison{
		Config: c, Contract: reference.Contract, Reference: ref, Current: cur, Labelled: labelled,
		Said: Said(reference.Outcomes, current.Outcomes, labelled), Groups: Grouped(reference.Outcomes, current.Outcomes, nil),
	})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// TestSelective: labels that are missing by what the model said, or by a column, are no
// reason for an alarm, nor is anything else where nothing changed; and where the concept
// turned, that is one all the same.
func TestSelective(t *testing.T) {
	n := 3
	if s, err := strconv.Atoi(os.Getenv("LEEWAY_RUNS")); err == nil {
		n = s
	}
	if testing.Short() {
		n = 1
	}
	for name, label := range selections {
		wrong, told := 0, 0
		for seed := range n {
			r := rand.New(rand.NewPCG(uint64(seed), 11))
			before := applicants(r, 2500, false, every)
			still := compareSelected(t, before, applicants(r, 2500, false, label))
			if alarms(still) {
				wrong++
				t.Logf("%s, seed %d: %s", name, seed, still.Summary)
			}
			if strings.Contains(still.Summary, "not like those whose label did not") {
				told++
			}
			if seed == 0 {
				if turned := compareSelected(t, before, applicants(r, 2500, true, label)); !alarms(turned) || !strings.Contains(turned.Summary, "concept moved") {
					t.Errorf("%s, the concept turned: %s: %s", name, turned.Verdict, turned.Summary)
				}
			}
		}
		t.Logf("%s: %d of %d alarm, %d are told", name, wrong, n, told)
		if stat.BinomialTail(int64(wrong), int64(n), 0.01) < 1e-3 {
			t.Errorf("%s: %d of %d alarm", name, wrong, n)
		}
		if random := name == "at random"; random && told > 1+n/100 || !random && name[0] != 'a' && told < n {
			t.Errorf("%s: told in %d of %d", name, told, n)
		}
	}
}

// alarms tells whether anything but the labels' own column being empty alarms.
func alarms(r *report.Report) bool {
	for i := range r.Findings {
		f := &r.Findings[i]
		missing := f.Metric == "missing_ratio" && f.Labels.Column == "label"
		if !missing && (f.Severity == report.SeverityAlert || f.Severity == report.SeverityWarn) {
			return true
		}
	}
	return false
}
