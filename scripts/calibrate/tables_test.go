package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"leeway/core/check"
	"leeway/core/policy"
	"leeway/core/profile"
	"leeway/core/report"
)

// unchanged is a table of all shapes, those included that hardly vary.
var unchanged = append(slices.Clone(independent),
	numbers("constant", func(*rand.Rand) float64 { return 1 }),
	numbers("rare", func(r *rand.Rand) float64 {
		if r.Float64() < 0.99 {
			return 0
		}
		return r.NormFloat64()
	}))

var sizes = [][2]int{{1000, 1000}, {10000, 1000}, {100, 100}}

// pairs is how many pairs of tables are drawn: few unless LEEWAY_CALIBRATE is
// set (make calibrate).
func pairs(few, many int) int {
	if os.Getenv("LEEWAY_CALIBRATE") != "" {
		return many
	}
	if testing.Short() {
		return few / 4
	}
	return few
}

// judged draws a table before and after, and judges it by the default policy.
func judged(t *testing.T, r *rand.Rand, before, after []shape, size [2]int, missing float64) (policy.Judgement, []check.Evidence) {
	t.Helper()
	reference := draw(r, before, size[0], missing, 0, &profile.Exact)
	out, err := evaluate(before, reference, draw(r, after, size[1], missing, 0, &profile.Exact))
	if err != nil {
		t.Fatal(err)
	}
	return policy.Judge(out.Evidence, &policy.Default), out.Evidence
}

// alarms lists what the policy alarms about.
func alarms(j policy.Judgement) []*report.Finding {
	var found []*report.Finding
	for i := range j.Findings {
		if f := &j.Findings[i]; f.Severity == report.SeverityAlert || f.Severity == report.SeverityWarn {
			found = append(found, f)
		}
	}
	return found
}

// TestCalibrationStill proves the budget: a table in which nothing changed
// alarms, by any check of any column, at most as often as the policy says.
func TestCalibrationStill(t *testing.T) {
	for _, missing := range []float64{0, 0.03} {
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%dv%d/missing=%g", size[0], size[1], missing), func(t *testing.T) {
				stillTables(t, size, missing, pairs(24, 4000))
			})
		}
	}
}

func stillTables(t *testing.T, size [2]int, missing float64, runs int) {
	r := rand.New(rand.NewPCG(uint64(size[0]), uint64(size[1])))
	alarmed, by, small := 0, map[string]int{}, map[string]int{}
	for range runs {
		j, evidence := judged(t, r, unchanged, unchanged, size, missing)
		found := alarms(j)
		if len(found) > 0 {
			alarmed++
		}
		for _, f := range found {
			by[f.Labels.Column+"/"+f.Metric]++
		}
		for i := range evidence {
			if evidence[i].P <= 0.01 {
				small[evidence[i].Labels.Column+"/"+evidence[i].Metric]++
			}
		}
	}
	rate, budget := float64(alarmed)/float64(runs), policy.Default.FalseAlarms
	t.Logf("false alarms in %.2f%% of %d tables %v; P <= 1%%: %v", 100*rate, runs, by, small)
	if limit := budget + 3*math.Sqrt(budget*(1-budget)/float64(runs)); rate > limit {
		t.Errorf("rate %g exceeds the budget of %g by more than chance allows (%g)", rate, budget, limit)
	}
	for name, n := range small {
		if limit := 0.01 + 4*math.Sqrt(0.01/float64(runs)) + 1/float64(runs); float64(n)/float64(runs) > limit {
			t.Errorf("%s: P <= 1%% in %d of %d tables without change", name, n, runs)
		}
	}
}

// TestCalibrationPower: how often changes are found in a table of the unchanged
// columns and one that changed, at the same budget.
func TestCalibrationPower(t *testing.T) {
	floor := map[string]map[string]float64{
		"1000v1000":  {"mean + 0.2 sd": 0.6, "mean + 0.1 sd": 0.02, "variance × 1.2": 0.08},
		"10000v1000": {"mean + 0.2 sd": 0.95, "mean + 0.1 sd": 0.15, "variance × 1.2": 0.35, "a new category, 1%": 0.9},
	}
	for _, size := range sizes {
		name := fmt.Sprintf("%dv%d", size[0], size[1])
		t.Run(name, func(t *testing.T) {
			for _, d := range drifts[:5] {
				changedTables(t, &d, size, floor[name][d.name], pairs(12, 500))
			}
		})
	}
}

func changedTables(t *testing.T, d *drift, size [2]int, want float64, runs int) {
	r := rand.New(rand.NewPCG(uint64(size[0]), uint64(size[1])))
	still, _ := d.after(0)
	changed, _ := d.after(1)
	hits := 0
	for range runs {
		j, _ := judged(t, r, slices.Concat(unchanged, still), slices.Concat(unchanged, changed), size, 0)
		if slices.ContainsFunc(alarms(j), func(f *report.Finding) bool { return f.Labels.Column == columnName }) {
			hits++
		}
	}
	power := float64(hits) / float64(runs)
	t.Logf("%-18s found in %.1f%% of %d tables", d.name, 100*power, runs)
	if power < want-3*math.Sqrt(want*(1-want)/float64(runs)) {
		t.Errorf("%s: power %g, was %g", d.name, power, want)
	}
}

// pair is two columns of standard normal numbers with a correlation.
func pair(rho float64) []shape {
	var drawn []float64 // of the first column: columns are filled one after the other
	return []shape{
		numbers("first", func(r *rand.Rand) float64 {
			drawn = append(drawn, r.NormFloat64())
			return drawn[len(drawn)-1]
		}),
		numbers("second", func(r *rand.Rand) float64 {
			x := drawn[0]
			drawn = drawn[1:]
			return rho*x + math.Sqrt(1-rho*rho)*r.NormFloat64()
		}),
	}
}

// TestCalibrationCorrelation: a correlation that comes up between two columns
// of a table, while each stays as it was, ends in an alert that names them.
func TestCalibrationCorrelation(t *testing.T) {
	runs, hits := pairs(12, 500), 0
	r := rand.New(rand.NewPCG(1, 2))
	for range runs {
		j, _ := judged(t, r, slices.Concat(unchanged, pair(0)), slices.Concat(unchanged, pair(0.5)), [2]int{1000, 1000}, 0)
		for _, f := range j.Findings {
			if f.Metric == "rff_mmd" && f.Severity == report.SeverityAlert && slices.Equal(f.Columns, []string{"first", "second"}) {
				hits++
			}
		}
	}
	t.Logf("found in %d of %d tables", hits, runs)
	if hits < runs-1-runs/50 {
		t.Errorf("found in %d of %d tables", hits, runs)
	}
}

// BenchmarkChecks is all checks and the policy on 20 columns of 10,000 rows a
// side.
func BenchmarkChecks(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var shapes []shape
	for i := range 20 {
		s := unchanged[i%len(unchanged)]
		s.name += strconv.Itoa(i)
		shapes = append(shapes, s)
	}
	reference, current := draw(r, shapes, 10000, 0, 0, &profile.Exact), draw(r, shapes, 10000, 0.01, 0, &profile.Exact)
	for b.Loop() {
		out, err := evaluate(shapes, reference, current)
		if err != nil {
			b.Fatal(err)
		}
		policy.Judge(out.Evidence, nil)
	}
}
