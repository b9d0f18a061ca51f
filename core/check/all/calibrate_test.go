package all_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"leeway/core/check"
	"leeway/core/check/all"
	"leeway/core/frame"
	"leeway/core/policy"
	"leeway/core/profile"
	"leeway/core/report"
	"leeway/core/schema"
)

// A shape draws one value: a float64 or a category.
type shape struct {
	name   string
	number func(r *rand.Rand) float64
	text   func(r *rand.Rand) string
}

func numbers(name string, f func(r *rand.Rand) float64) shape { return shape{name: name, number: f} }

// weighted draws category c0, c1... with the given weights.
func weighted(name string, weights []float64) shape {
	var edges []float64
	total := 0.0
	for _, w := range weights {
		total += w
		edges = append(edges, total)
	}
	return shape{name: name, text: func(r *rand.Rand) string {
		at, _ := slices.BinarySearch(edges, r.Float64()*total)
		return "c" + strconv.Itoa(min(at, len(edges)-1))
	}}
}

func zipf(k int) []float64 {
	w := make([]float64, k)
	for i := range w {
		w[i] = 1 / float64(i+1)
	}
	return w
}

var shares = []float64{0.30, 0.25, 0.20, 0.15, 0.10}

// still are shapes of real columns that do not change.
var still = []shape{
	numbers("normal", func(r *rand.Rand) float64 { return r.NormFloat64() }),
	numbers("lognormal", func(r *rand.Rand) float64 { return math.Exp(r.NormFloat64()) }),
	numbers("zero_inflated", func(r *rand.Rand) float64 {
		if r.Float64() < 0.7 {
			return 0
		}
		return 10 * r.ExpFloat64()
	}),
	numbers("rounded", func(r *rand.Rand) float64 { return math.Round(r.NormFloat64()*10)/10 + 0 }),
	numbers("integer_small", func(r *rand.Rand) float64 { return float64(r.IntN(6)) }),
	numbers("cauchy", func(r *rand.Rand) float64 { return math.Tan(math.Pi * (r.Float64() - 0.5)) }),
	numbers("constant", func(*rand.Rand) float64 { return 1 }),
	numbers("rare", func(r *rand.Rand) float64 {
		if r.Float64() < 0.99 {
			return 0
		}
		return r.NormFloat64()
	}),
	weighted("cat_5", shares),
	weighted("cat_50", zipf(50)),
	weighted("cat_2000", zipf(2000)),
}

// change is a drift: how the column looks before and after.
type change struct {
	name          string
	before, after shape
}

var changes = []change{
	{"mean_0.1sd", numbers("", norm(0, 1)), numbers("", norm(0.1, 1))},
	{"mean_0.2sd", numbers("", norm(0, 1)), numbers("", norm(0.2, 1))},
	{"variance_x1.2", numbers("", norm(0, 1)), numbers("", norm(0, math.Sqrt(1.2)))},
	{"share_+3pt", weighted("", shares), weighted("", []float64{0.33, 0.67 / 0.7 * 0.25, 0.67 / 0.7 * 0.20, 0.67 / 0.7 * 0.15, 0.67 / 0.7 * 0.10})},
	{"new_category_1pct", weighted("", append(slices.Clone(shares), 0)), weighted("", append(slices.Clone(shares), 1./99))},
}

func norm(mean, std float64) func(r *rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return mean + std*r.NormFloat64() }
}

// side draws a profile of n rows. Missing values come at the given rate in
// every column.
func side(r *rand.Rand, shapes []shape, n int, missing float64) (*profile.Dataset, []schema.Column) {
	columns := make([]schema.Column, len(shapes))
	block := &frame.Block{Columns: make([]frame.Column, len(shapes))}
	for i, s := range shapes {
		columns[i] = schema.Column{Name: s.name, Kind: schema.Numeric, Role: schema.Feature}
		block.Columns[i].Type = frame.Float
		if s.text != nil {
			columns[i].Kind = schema.Categorical
			block.Columns[i].Type, block.Columns[i].Symbols = frame.Symbol, frame.NewSymbols()
		}
	}
	builder := profile.New(columns, &profile.Exact)
	for done := 0; done < n; done += block.Rows {
		block.Rows, block.First = min(frame.BlockRows, n-done), int64(done+1)
		for i, s := range shapes {
			fill(r, s, &block.Columns[i], block.Rows, missing)
		}
		builder.Add(block)
	}
	return builder.Profile(), columns
}

func fill(r *rand.Rand, s shape, c *frame.Column, rows int, missing float64) {
	c.States, c.Floats, c.Codes = make([]frame.State, rows), make([]float64, rows), make([]uint32, rows)
	for row := range rows {
		if missing > 0 && r.Float64() < missing {
			c.States[row] = frame.Missing
			continue
		}
		if s.text != nil {
			c.Codes[row] = c.Symbols.Intern([]byte(s.text(r)))
		} else {
			c.Floats[row] = s.number(r)
		}
	}
}

// judged runs all checks and the policy on one pair of samples.
func judged(t *testing.T, ref, cur *profile.Dataset, columns []schema.Column) (policy.Judgement, []check.Evidence) {
	t.Helper()
	in := &check.Input{Schema: &schema.Schema{Columns: columns}, Reference: ref, Current: cur}
	var evidence []check.Evidence
	for _, family := range all.Checks {
		out, err := family.Evaluate(in)
		if err != nil {
			t.Fatal(err)
		}
		evidence = append(evidence, out.Evidence...)
	}
	return policy.Judge(evidence, &policy.Default), evidence
}

func alarms(j policy.Judgement) []string {
	var found []string
	for _, f := range j.Findings {
		if f.Severity == report.SeverityAlert || f.Severity == report.SeverityWarn {
			found = append(found, f.Labels.Column+"/"+f.Metric)
		}
	}
	return found
}

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

// TestCalibrationStill proves the budget: a table in which nothing changed
// alarms, by any check of any column, at most as often as the policy says.
func TestCalibrationStill(t *testing.T) {
	for _, missing := range []float64{0, 0.03} {
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%dv%d/missing=%g", size[0], size[1], missing), func(t *testing.T) {
				runs := pairs(24, 4000)
				r := rand.New(rand.NewPCG(uint64(size[0]), uint64(size[1])))
				alarmed, by, small := 0, map[string]int{}, map[string]int{}
				for range runs {
					ref, columns := side(r, still, size[0], missing)
					cur, _ := side(r, still, size[1], missing)
					j, evidence := judged(t, ref, cur, columns)
					found := alarms(j)
					if len(found) > 0 {
						alarmed++
					}
					for _, name := range found {
						by[name]++
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
			})
		}
	}
}

// TestCalibrationPower reports how often changes are found in a table of the
// still columns and one that changed, at the same budget.
func TestCalibrationPower(t *testing.T) {
	floor := map[string]map[string]float64{
		"1000v1000":  {"mean_0.2sd": 0.6, "mean_0.1sd": 0.02, "variance_x1.2": 0.08},
		"10000v1000": {"mean_0.2sd": 0.95, "mean_0.1sd": 0.15, "variance_x1.2": 0.35, "new_category_1pct": 0.9},
	}
	for _, size := range sizes {
		name := fmt.Sprintf("%dv%d", size[0], size[1])
		t.Run(name, func(t *testing.T) {
			runs := pairs(12, 500)
			for _, c := range changes {
				r := rand.New(rand.NewPCG(uint64(size[0]), uint64(size[1])))
				before, after := c.before, c.after
				before.name, after.name = c.name, c.name
				hits := 0
				for range runs {
					ref, columns := side(r, append(slices.Clone(still), before), size[0], 0)
					cur, _ := side(r, append(slices.Clone(still), after), size[1], 0)
					j, _ := judged(t, ref, cur, columns)
					for _, f := range j.Findings {
						if f.Labels.Column == c.name && (f.Severity == report.SeverityAlert || f.Severity == report.SeverityWarn) {
							hits++
							break
						}
					}
				}
				power := float64(hits) / float64(runs)
				t.Logf("%-18s found in %.1f%% of %d tables", c.name, 100*power, runs)
				want := floor[name][c.name]
				if power < want-3*math.Sqrt(want*(1-want)/float64(runs)) {
					t.Errorf("%s: power %g, was %g", c.name, power, want)
				}
			}
		})
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
		ref, columns := side(r, append(slices.Clone(still), pair(0)...), 1000, 0)
		cur, _ := side(r, append(slices.Clone(still), pair(0.5)...), 1000, 0)
		j, _ := judged(t, ref, cur, columns)
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
		s := still[i%len(still)]
		s.name += strconv.Itoa(i)
		shapes = append(shapes, s)
	}
	ref, columns := side(r, shapes, 10000, 0)
	cur, _ := side(r, shapes, 10000, 0.01)
	in := &check.Input{Schema: &schema.Schema{Columns: columns}, Reference: ref, Current: cur}
	for b.Loop() {
		var evidence []check.Evidence
		for _, family := range all.Checks {
			out, err := family.Evaluate(in)
			if err != nil {
				b.Fatal(err)
			}
			evidence = append(evidence, out.Evidence...)
		}
		policy.Judge(evidence, nil)
	}
}
