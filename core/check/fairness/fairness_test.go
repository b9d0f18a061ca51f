package fairness_test

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"leeway/core/check"
	"leeway/core/check/fairness"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/policy"
	"leeway/core/report"
	"leeway/core/schema"
)

// person is a row: NaN is no label, "" no group.
type person struct {
	group, site       string
	predicted, actual float64
	weight            float64
}

// world is what is compared.
type world struct {
	contract  *schema.Schema
	material  map[string]float64
	reference []person
	current   []person
}

func contract(more ...schema.Column) *schema.Schema {
	return &schema.Schema{Task: schema.Binary, Positive: "1", Columns: append([]schema.Column{
		{Name: "prediction", Kind: schema.Categorical, Role: schema.Prediction},
		{Name: "label", Kind: schema.Categorical, Role: schema.Label},
		{Name: "race", Kind: schema.Categorical, Role: schema.Sensitive},
	}, more...)}
}

func (w *world) input() *check.Input {
	shape := outcome.NewShape(w.contract, outcome.Exact)
	if shape.Classes != nil {
		shape.Classes.Code("1")
		shape.Classes.Code("0")
	}
	rows := func(people []person) outcome.Rows {
		list := make([]outcome.Row, len(people))
		for i, p := range people {
			row := outcome.Row{Predicted: 1 - p.predicted, Actual: 1 - p.actual, Weight: p.weight} // class 1 is code 0
			for _, c := range shape.Groups.Columns {
				value := p.group
				if c.Name == "site" {
					value = p.site
				}
				code := math.NaN()
				if value != "" {
					code = c.Code([]byte(value))
				}
				row.Groups = append(row.Groups, code)
			}
			list[i] = row
		}
		return func(yield func(*outcome.Row) bool) {
			for i := range list {
				if !yield(&list[i]) {
					return
				}
			}
		}
	}
	var before iter.Seq[*outcome.Row]
	if w.reference != nil {
		before = rows(w.reference)
	}
	g := &check.Groups{}
	g.Reference, g.Current = outcome.Split(shape, before, rows(w.current))
	return &check.Input{Schema: w.contract, Groups: g, Material: w.material}
}

func (w *world) evaluate(t *testing.T) check.Outcome {
	t.Helper()
	out, err := fairness.Check{}.Evaluate(w.input())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (w *world) findings(t *testing.T) []report.Finding {
	t.Helper()
	return policy.Judge(w.evaluate(t).Evidence, &policy.Options{FalseAlarms: 0.01, Material: w.material}).Findings
}

func sample(t *testing.T, out check.Outcome, name, group string) metric.Sample {
	t.Helper()
	for _, s := range out.Samples {
		if s.Metric == name && s.Labels.Group == group {
			return s
		}
	}
	t.Fatalf("no sample of %s of %q", name, group)
	return metric.Sample{}
}

// crowd draws n people of a group of whom so many are predicted positive.
func crowd(r *rand.Rand, group string, n int, selected, base float64) (list []person) {
	for range n {
		p := person{group: group, weight: 1}
		if r.Float64() < selected {
			p.predicted = 1
		}
		if r.Float64() < base {
			p.actual = 1
		}
		list = append(list, p)
	}
	return list
}

func unlabelled(list []person) []person {
	for i := range list {
		list[i].actual = math.NaN()
	}
	return list
}

// TestPlain: every metric is what a plain computation gives, weights included.
func TestPlain(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, weighted := range []bool{false, true} {
		w := &world{contract: contract()}
		if weighted {
			w.contract = contract(schema.Column{Name: "weight", Kind: schema.Numeric, Role: schema.Weight})
		}
		for i, name := range []string{"a", "b", "c", "d"} {
			w.current = append(w.current, crowd(r, name, 50+100*i, 0.2+0.15*float64(i), 0.4)...)
		}
		for i := range w.current {
			if weighted {
				w.current[i].weight = float64(1+r.IntN(8)) / 4
			}
			if i%7 == 0 || w.current[i].group == "d" {
				w.current[i].actual = math.NaN()
			}
		}
		w.current = append(w.current, person{group: "", predicted: 1, weight: 1})
		out := w.evaluate(t)
		rates := map[string][3]float64{} // selected, true positive, false positive; by group
		precision := map[string]float64{}
		for _, name := range []string{"a", "b", "c", "d"} {
			var n, hits, pos, tp, neg, fp float64
			for _, p := range w.current {
				if p.group != name {
					continue
				}
				n, hits = n+p.weight, hits+p.weight*p.predicted
				switch p.actual {
				case 1:
					pos, tp = pos+p.weight, tp+p.weight*p.predicted
				case 0:
					neg, fp = neg+p.weight, fp+p.weight*p.predicted
				}
			}
			rates[name], precision[name] = [3]float64{hits / n, tp / pos, fp / neg}, tp/(tp+fp)
			if got := sample(t, out, "selection_rate", name); math.Abs(got.Value-hits/n) > 1e-12 || got.Interval == nil {
				t.Errorf("selection_rate of %s is %v, want %v", name, got.Value, hits/n)
			}
			if got := sample(t, out, "group_rows", name); got.Value != float64(map[string]int{"a": 50, "b": 150, "c": 250, "d": 350}[name]) || got.Interval == nil {
				t.Errorf("group_rows of %s is %v", name, got.Value)
			}
		}
		gap := func(of func(string) float64, groups ...string) (difference, ratio float64) {
			low, high := math.Inf(1), math.Inf(-1)
			for _, g := range groups {
				low, high = min(low, of(g)), max(high, of(g))
			}
			return high - low, low / high
		}
		difference, ratio := gap(func(g string) float64 { return rates[g][0] }, "a", "b", "c", "d")
		opportunity, _ := gap(func(g string) float64 { return rates[g][1] }, "a", "b", "c") // d has no labels
		wrong, _ := gap(func(g string) float64 { return rates[g][2] }, "a", "b", "c")
		parity, _ := gap(func(g string) float64 { return precision[g] }, "a", "b", "c")
		for name, want := range map[string]float64{
			"demographic_parity_difference": difference, "demographic_parity_ratio": ratio, "equal_opportunity_difference": opportunity,
			"equalized_odds_difference": max(opportunity, wrong), "predictive_parity_difference": parity,
		} {
			got := sample(t, out, name, "")
			if math.Abs(got.Value-want) > 1e-12 || got.Labels.Column != "race" {
				t.Errorf("weighted %v: %s is %v, want %v", weighted, name, got.Value, want)
			}
			if i := got.Interval; i == nil || !(i[0] <= want && want <= i[1]) {
				t.Errorf("%s has the interval %v", name, i)
			}
		}
	}
}

// TestHostile: what cannot be compared has a reason, and nothing is 0 for want of
// rows.
func TestHostile(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	nobody := crowd(r, "", 50, 0.5, 0.5)
	many := []person{}
	for i := range 300 {
		many = append(many, crowd(r, fmt.Sprintf("g%d", i), 5, 0.5, 0.5)...)
	}
	for name, c := range map[string]struct {
		current  []person
		contract *schema.Schema
		reason   string // of demographic_parity_difference
		ratio    string
		labelled string
	}{
		"no group":      {current: nobody, reason: "no current row has a group"},
		"one group":     {current: crowd(r, "a", 50, 0.5, 0.5), reason: "all current rows are of one group", ratio: "all current rows are of one group", labelled: "all current rows are of one group"},
		"all positive":  {current: slices.Concat(crowd(r, "a", 50, 1, 0.5), crowd(r, "b", 50, 1, 0.5))},
		"none positive": {current: slices.Concat(crowd(r, "a", 50, 0, 0.5), crowd(r, "b", 50, 0, 0.5)), ratio: "no row of any group is predicted positive"},
		"one labelled":  {current: slices.Concat(crowd(r, "a", 50, 0.5, 0.5), unlabelled(crowd(r, "b", 50, 0.5, 0.5))), labelled: "fewer than two groups have labelled rows that came out positive"},
		"300 groups":    {current: many},
		"no class": {current: slices.Concat(crowd(r, "a", 50, 0.5, 0.5), crowd(r, "b", 50, 0.5, 0.5)), contract: &schema.Schema{Task: schema.Multiclass, Columns: contract().Columns},
			reason: "of several classes none is declared as the one to compare groups by: positive: CLASS in the configuration", ratio: "of several classes none is declared as the one to compare groups by: positive: CLASS in the configuration",
			labelled: "of several classes none is declared as the one to compare groups by: positive: CLASS in the configuration"},
	} {
		w := &world{contract: contract(), current: c.current}
		if c.contract != nil {
			w.contract = c.contract
		}
		out := w.evaluate(t)
		seen := map[metric.Labels]map[string]bool{}
		for _, s := range out.Samples {
			if math.IsNaN(s.Value) != (s.Reason != "") {
				t.Errorf("%s: %s is %v for %q", name, s.Metric, s.Value, s.Reason)
			}
			if seen[s.Labels] == nil {
				seen[s.Labels] = map[string]bool{}
			}
			if seen[s.Labels][s.Metric] {
				t.Errorf("%s: %s of %v twice", name, s.Metric, s.Labels)
			}
			seen[s.Labels][s.Metric] = true
			if s.Reason == "" && s.Interval == nil {
				t.Errorf("%s: %s has no interval", name, s.Metric)
			}
		}
		alone := slices.ContainsFunc(out.Evidence, func(e check.Evidence) bool { return e.Metric == check.NoGroups && e.Unsure })
		if want := name == "no group" || name == "one group"; alone != want {
			t.Errorf("%s: said to be alone: %v", name, alone)
		}
		if name == "no group" {
			if s := sample(t, out, "demographic_parity_difference", ""); s.Reason != c.reason {
				t.Errorf("%s: %q", name, s.Reason)
			}
			continue
		}
		if s := sample(t, out, "demographic_parity_difference", ""); s.Reason != c.reason {
			t.Errorf("%s: difference: %q", name, s.Reason)
		}
		if s := sample(t, out, "demographic_parity_ratio", ""); s.Reason != c.ratio {
			t.Errorf("%s: ratio: %q", name, s.Reason)
		}
		if s := sample(t, out, "equal_opportunity_difference", ""); s.Reason != c.labelled {
			t.Errorf("%s: opportunity: %q", name, s.Reason)
		}
	}
}

// TestTooSmall: a group of a few rows is unknown, with what it would take; of two
// groups it makes all unknown.
func TestTooSmall(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	of := func(sizes ...int) (list []person) {
		for i, n := range sizes {
			list = append(list, crowd(r, string(rune('a'+i)), n, 0.5, 0.5)...)
		}
		return list
	}
	for _, c := range []struct {
		sizes   []int
		verdict report.Verdict
	}{{[]int{500, 500}, report.OK}, {[]int{500, 500, 3}, report.OK}, {[]int{500, 3}, report.Unknown}} {
		w := &world{contract: contract(), reference: of(c.sizes...), current: of(c.sizes...)}
		drift := check.Evidence{Check: "drift", Metric: "js_distance", Labels: metric.Labels{Column: "x"}, P: 0.5, Material: 0.1, Value: 0.01, Effect: 0, Detectable: func(float64) float64 { return 0.01 }}
		j := policy.Judge(append(w.evaluate(t).Evidence, drift), nil)
		small := slices.IndexFunc(j.Findings, func(f report.Finding) bool { return f.Metric == check.SampleSize })
		if j.Verdict != c.verdict || (small >= 0) != (c.sizes[len(c.sizes)-1] == 3) {
			t.Errorf("%v: %s, %+v", c.sizes, j.Verdict, j.Findings)
		}
		if small >= 0 {
			f := j.Findings[small]
			if f.Severity != report.SeverityUnknown || j.Checks["fairness"].Verdict != report.Unknown || !strings.Contains(f.Message, "(3 rows)") || !strings.Contains(f.Hint, "about 97 rows") && !strings.Contains(f.Hint, "about 96 rows") {
				t.Errorf("%+v", f)
			}
		}
	}
}

// TestWhoIsPaged: a gap that grew is an alert, one that was there is none; the rule
// of four fifths warns where it is newly broken, and alerts where it is declared.
func TestWhoIsPaged(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	of := func(a, b float64) []person {
		return slices.Concat(crowd(r, "a", 3000, a, 0.5), crowd(r, "b", 3000, b, 0.5))
	}
	declared := map[string]float64{"demographic_parity_ratio": 0.8}
	for name, c := range map[string]struct {
		before, now [2]float64
		material    map[string]float64
		want        map[string]report.Severity
	}{
		"alike":                 {[2]float64{.5, .5}, [2]float64{.5, .5}, nil, map[string]report.Severity{}},
		"as it was":             {[2]float64{.6, .3}, [2]float64{.6, .3}, nil, map[string]report.Severity{"demographic_parity_ratio": report.SeverityInfo}},
		"both rose":             {[2]float64{.4, .4}, [2]float64{.6, .6}, nil, map[string]report.Severity{}},
		"closed":                {[2]float64{.6, .3}, [2]float64{.5, .5}, nil, map[string]report.Severity{}},
		"grew":                  {[2]float64{.6, .55}, [2]float64{.6, .4}, nil, map[string]report.Severity{"demographic_parity_difference": report.SeverityAlert, "demographic_parity_ratio": report.SeverityWarn}},
		"grew where it was bad": {[2]float64{.6, .4}, [2]float64{.7, .3}, nil, map[string]report.Severity{"demographic_parity_difference": report.SeverityAlert, "demographic_parity_ratio": report.SeverityInfo}},
		"declared, as it was":   {[2]float64{.6, .3}, [2]float64{.6, .3}, declared, map[string]report.Severity{"demographic_parity_ratio": report.SeverityAlert}},
		"declared, held":        {[2]float64{.5, .45}, [2]float64{.5, .45}, declared, map[string]report.Severity{}},
	} {
		w := &world{contract: contract(), reference: of(c.before[0], c.before[1]), current: of(c.now[0], c.now[1]), material: c.material}
		got := map[string]report.Severity{}
		for _, f := range w.findings(t) {
			if f.Check == "fairness" && !strings.HasPrefix(f.Metric, "equal") { // predictions change, so errors do
				got[f.Metric] = f.Severity
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	third := func(a, b, c float64) []person { return slices.Concat(of(a, b), crowd(r, "c", 3000, c, 0.5)) }
	masked := &world{contract: contract(), reference: third(.6, .3, .58), current: third(.6, .3, .4)}
	if f := masked.findings(t); !slices.ContainsFunc(f, func(f report.Finding) bool {
		return f.Metric == "demographic_parity_ratio" && f.Severity == report.SeverityWarn && strings.Contains(f.Message, ": c is predicted positive 4")
	}) {
		t.Errorf("a pair that broke the rule anew behind one that did before: %+v", f)
	} else if !slices.ContainsFunc(f, func(f report.Finding) bool {
		return f.Metric == "demographic_parity_difference" && f.Severity == report.SeverityAlert && strings.Contains(f.Message, "of a and 4") && strings.Contains(f.Message, "of c, a difference of")
	}) {
		t.Errorf("groups that moved apart behind others that were: %+v", f)
	}
	for _, f := range masked.findings(t) { // c over a, not b over a
		if f.Metric == "demographic_parity_ratio" && (*f.Value < 0.6 || *f.Effect != 0.8-*f.Value || !(f.Interval[0] < *f.Value && *f.Value < f.Interval[1]) || f.Interval[0] < 0.55 || f.Interval[1] > 0.8) {
			t.Errorf("%v, by %v, in %v: another pair than %q", *f.Value, *f.Effect, *f.Interval, f.Message)
		}
	}
	turned := &world{contract: contract(), reference: of(.6, .5), current: of(.4, .6)}
	if f := turned.findings(t); !slices.ContainsFunc(f, func(f report.Finding) bool {
		return f.Metric == "demographic_parity_ratio" && strings.Contains(f.Message, "(in the reference it was the other way round: 8")
	}) {
		t.Errorf("groups that changed places: %+v", f)
	}
	w := &world{contract: contract(), current: of(.5, .5)}
	if f := w.findings(t); len(f) != 1+1 || !slices.ContainsFunc(f, func(f report.Finding) bool { return f.Metric == check.NoReference }) {
		t.Errorf("without a reference: %+v", f)
	}
}

// TestErrorsByGroup: mistakes that come to fall on one group alone are seen where
// predictions on the whole stay alike.
func TestErrorsByGroup(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	people := func(group string, n int, found, wrong float64) (list []person) {
		for range n {
			p := person{group: group, weight: 1, actual: float64(r.IntN(2))}
			if hit := r.Float64(); p.actual == 1 && hit < found || p.actual == 0 && hit < wrong {
				p.predicted = 1
			}
			list = append(list, p)
		}
		return list
	}
	before := slices.Concat(people("a", 4000, .8, .2), people("b", 4000, .8, .2))
	for name, c := range map[string][2]float64{"equal_opportunity_difference": {.65, .2}, "equalized_odds_difference": {.8, .35}} {
		w := &world{contract: contract(), reference: before, current: slices.Concat(people("a", 4000, .8, .2), people("b", 4000, c[0], c[1]))}
		f := w.findings(t)
		if !slices.ContainsFunc(f, func(f report.Finding) bool { return f.Metric == name && f.Severity == report.SeverityAlert }) {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// TestReversal: where two groups change places within segments, it is told; where
// they do not, it is not.
func TestReversal(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	at := func(site string, people []person) []person {
		for i := range people {
			people[i].site = site
		}
		return people
	}
	segment := schema.Column{Name: "site", Kind: schema.Categorical, Role: schema.Segment}
	simpson := &world{contract: contract(segment), current: slices.Concat(
		at("easy", crowd(r, "a", 3000, .75, .5)), at("easy", crowd(r, "b", 300, .9, .5)),
		at("hard", crowd(r, "a", 300, .1, .5)), at("hard", crowd(r, "b", 3000, .25, .5)))}
	plain := &world{contract: contract(segment), current: slices.Concat(
		at("easy", crowd(r, "a", 3000, .9, .5)), at("easy", crowd(r, "b", 300, .75, .5)),
		at("hard", crowd(r, "a", 300, .25, .5)), at("hard", crowd(r, "b", 3000, .1, .5)))}
	for want, w := range map[bool]*world{true: simpson, false: plain} {
		f := w.findings(t)
		found := slices.IndexFunc(f, func(f report.Finding) bool { return f.Metric == check.Reversal })
		if (found >= 0) != want {
			t.Errorf("%v: %+v", want, f)
		}
		if found >= 0 && (f[found].Severity != report.SeverityInfo || !strings.HasPrefix(f[found].Message, "a of `race` is predicted positive more often than b")) {
			t.Errorf("%+v", f[found])
		}
	}
}

// TestByChance: between windows of people who are treated as they were, alarms are
// within the budget.
func TestByChance(t *testing.T) {
	rounds := 800
	if testing.Short() {
		rounds = 200
	}
	r := rand.New(rand.NewPCG(7, 7))
	const budget = 0.05
	alarms := 0
	for range rounds {
		side := func(n int) []person {
			return slices.Concat(crowd(r, "a", n, .5, .5), crowd(r, "b", n/2, .45, .4), crowd(r, "c", n/10, .6, .3), crowd(r, "d", n/50, .3, .5))
		}
		w := &world{contract: contract(), reference: side(600), current: side(300)}
		for _, f := range policy.Judge(w.evaluate(t).Evidence, &policy.Options{FalseAlarms: budget}).Findings {
			if f.Severity == report.SeverityAlert || f.Severity == report.SeverityWarn {
				alarms++
				break
			}
		}
	}
	t.Logf("%d of %d windows alarm at a budget of %v", alarms, rounds, budget)
	if most := budget*float64(rounds) + 3*math.Sqrt(budget*float64(rounds)); float64(alarms) > most {
		t.Errorf("%d of %d windows alarm at a budget of %v", alarms, rounds, budget)
	}
}
