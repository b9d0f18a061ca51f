package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"leeway/core/report"
)

// subject is a person of a public data set.
type subject struct {
	groups   []string // by the case's columns
	score    float64
	positive bool
}

// fairCase is a public data set with sensitive columns, and a simple score where
// it has none.
type fairCase struct {
	name, file string
	header     bool
	columns    []string // sensitive ones
	of         func(cell func(string) string) subject
}

func numberOf(text string) float64 {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0
	}
	return x
}

var fairCases = []fairCase{
	{"compas", "compas/compas_two_years_noids.csv.gz", true, []string{"race", "sex"}, func(cell func(string) string) subject {
		return subject{[]string{cell("race"), cell("sex")}, numberOf(cell("decile_score"))/10 - 0.01, cell("two_year_recid") == "1"}
	}},
	{"adult", "adult/adult_test.csv.gz", false, []string{"race", "sex"}, func(cell func(string) string) subject {
		score := 1 / (1 + math.Exp(6-numberOf(cell("4"))/3-numberOf(cell("12"))/40-numberOf(cell("10"))/5000))
		return subject{[]string{cell("8"), cell("9")}, math.Round(1e6*score) / 1e6, strings.HasPrefix(cell("14"), ">50K")}
	}},
	{"german_credit", "german_credit/german.csv.gz", false, []string{"status", "foreign"}, func(cell func(string) string) subject {
		score := 1 / (1 + math.Exp(numberOf(cell("1"))/12+numberOf(cell("4"))/4000-2.5))
		return subject{[]string{cell("8"), cell("19")}, math.Round(1e6*score) / 1e6, cell("20") == "1"}
	}},
	{"credit_default", "credit_default/uci_credit_card.csv.gz", true, []string{"SEX", "MARRIAGE"}, func(cell func(string) string) subject {
		score := 1 / (1 + math.Exp(1-numberOf(cell("PAY_0"))+numberOf(cell("LIMIT_BAL"))/200000))
		return subject{[]string{cell("SEX"), cell("MARRIAGE")}, math.Round(1e6*score) / 1e6, cell("default.payment.next.month") == "1"}
	}},
}

// subjects reads a data set with the standard library alone.
func (c *fairCase) subjects(t *testing.T) []subject {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(sharedData, c.file))
	if err != nil {
		t.Skipf("the public data sets are not here: %v", err)
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(z)
	r.TrimLeadingSpace = true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i := range rows[0] {
		at[strconv.Itoa(i)] = i
	}
	if c.header {
		for i, name := range slices.Backward(rows[0]) {
			at[name] = i
		}
		rows = rows[1:]
	}
	var all []subject
	for _, row := range rows {
		all = append(all, c.of(func(name string) string { return row[at[name]] }))
	}
	return all
}

// plainly computes the metrics of groups as a textbook has them.
func plainly(people []subject, group func(*subject) string) map[string]float64 {
	type count struct{ n, selected, positive, found, negative, wrong float64 }
	counts := map[string]*count{}
	for i := range people {
		p := &people[i]
		c := counts[group(p)]
		if c == nil {
			c = &count{}
			counts[group(p)] = c
		}
		predicted := 0.0
		if p.score >= 0.5 {
			predicted = 1
		}
		c.n, c.selected = c.n+1, c.selected+predicted
		if p.positive {
			c.positive, c.found = c.positive+1, c.found+predicted
		} else {
			c.negative, c.wrong = c.negative+1, c.wrong+predicted
		}
	}
	want := map[string]float64{}
	gap := func(of func(*count) (part, whole float64)) (low, high float64) {
		low, high = math.Inf(1), math.Inf(-1)
		for _, c := range counts {
			if part, whole := of(c); whole > 0 {
				low, high = min(low, part/whole), max(high, part/whole)
			}
		}
		return low, high
	}
	low, high := gap(func(c *count) (float64, float64) { return c.selected, c.n })
	want["demographic_parity_difference"], want["demographic_parity_ratio"] = high-low, low/high
	low, high = gap(func(c *count) (float64, float64) { return c.found, c.positive })
	want["equal_opportunity_difference"] = high - low
	less, more := gap(func(c *count) (float64, float64) { return c.wrong, c.negative })
	want["equalized_odds_difference"] = max(high-low, more-less)
	low, high = gap(func(c *count) (float64, float64) { return c.found, c.selected })
	want["predictive_parity_difference"] = high - low
	for name, c := range counts {
		want["group_rows "+name], want["selection_rate "+name] = c.n, c.selected/c.n
	}
	return want
}

// TestPublicFairness: what the command says of groups in public data is what a
// plain computation gives, with labels that come in a file of their own.
func TestPublicFairness(t *testing.T) {
	whole(t)
	for _, c := range fairCases {
		t.Run(c.name, func(t *testing.T) {
			people := c.subjects(t)
			dir := t.TempDir()
			path := func(name string) string { return filepath.Join(dir, name) }
			var before, now, labels bytes.Buffer
			head := "id,score," + strings.Join(c.columns, ",")
			before.WriteString(head + ",outcome\n")
			now.WriteString(head + "\n")
			labels.WriteString("id,outcome\n")
			var current []subject
			for i := range people {
				p := &people[i]
				outcome := map[bool]int{true: 1}[p.positive]
				line := fmt.Sprintf("p%d,%v,%s", i, p.score, strings.Join(p.groups, ","))
				if i%3 == 0 {
					fmt.Fprintf(&before, "%s,%d\n", line, outcome)
					continue
				}
				current = append(current, *p)
				fmt.Fprintln(&now, line)
				fmt.Fprintf(&labels, "p%d,%d\n", i, outcome)
			}
			settings := "task: binary\npositive: \"1\"\ncolumns:\n  id: {role: id}\n  score: {role: score}\n  outcome: {role: label}\n"
			for _, name := range c.columns {
				settings += "  " + name + ": {kind: categorical, role: sensitive}\n"
			}
			for name, text := range map[string]string{"before.csv": before.String(), "now.csv": now.String(), "labels.csv": labels.String(), "monitor.yaml": settings} {
				if err := os.WriteFile(path(name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			_, out := said(t, "check", "--reference", path("before.csv"), "--current", path("now.csv"), "--labels", path("labels.csv"), "--config", path("monitor.yaml"), "--output", "json")
			var r report.Report
			if err := json.Unmarshal([]byte(out), &r); err != nil {
				t.Fatal(err)
			}
			names := slices.Sorted(slices.Values(c.columns))
			want := map[string]map[string]float64{
				c.columns[0]: plainly(current, func(p *subject) string { return p.groups[0] }),
				c.columns[1]: plainly(current, func(p *subject) string { return p.groups[1] }),
				strings.Join(names, ","): plainly(current, func(p *subject) string {
					if names[0] == c.columns[0] {
						return p.groups[0] + "," + p.groups[1]
					}
					return p.groups[1] + "," + p.groups[0]
				}),
			}
			held(t, &r, want)
			t.Logf("%s: %+v: %s", r.Verdict, r.Checks["fairness"], r.Summary)
			if r.Checks["fairness"].Verdict == report.Alert || len(r.Fairness) != 3 {
				t.Errorf("parts of the same people: %+v", r.Findings)
			}
		})
	}
}

// held compares all samples of fairness.
func held(t *testing.T, r *report.Report, want map[string]map[string]float64) {
	t.Helper()
	seen := 0
	for _, s := range r.Samples {
		if s.Check != "fairness" {
			continue
		}
		name := s.Metric
		if s.Labels.Group != "" {
			name += " " + s.Labels.Group
		}
		x, known := want[s.Labels.Column][name]
		switch {
		case !known && s.NCurrent > 0:
			t.Errorf("unexpected %s of %s", name, s.Labels.Column)
		case known && (math.Abs(s.Value-x) > 1e-12 || s.Interval == nil || s.Interval[0] > x || x > s.Interval[1] || !s.Exact):
			t.Errorf("%s of %s is %v in %v, want %v", name, s.Labels.Column, s.Value, s.Interval, x)
		case known:
			seen++
		}
	}
	all := 0
	for _, one := range want {
		all += len(one)
	}
	if seen != all {
		t.Errorf("%d of %d values are there", seen, all)
	}
}
