package policy

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"strconv"
	"testing"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/stat"
)

// of is evidence of a family.
func of(f family, name string, p float64) check.Evidence {
	e := tested(name, p, 0.5)
	switch f {
	case principal:
		e.Check, e.Metric, e.Labels.Column = "performance", "accuracy", ""
	case outcomes:
		e.Check, e.Metric, e.Labels.Column = "performance", "roc_auc", ""
	case people:
		e.Check, e.Metric = "fairness", "demographic_parity_difference"
	case weakest:
		e.Check, e.Metric, e.Labels.Column, e.Labels.Group = "performance", check.SliceErrors, "", name
	case output:
		e.Labels.Role = "prediction"
	case whole:
		e.Labels.Column, e.Metric = "", "rff_mmd"
	case cells:
		e.Check, e.Metric = "quality", "missing_ratio"
	case segments:
		e.Labels.Segment = "shop=" + name
	case table:
		e.Check, e.Metric, e.Labels.Column = "quality", "duplicate_ratio", ""
	}
	return e
}

// TestClosed compares the step-down with what it stands for: the test of every
// set of hypotheses that a hypothesis is in.
func TestClosed(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		evidence := make([]check.Evidence, 1+r.IntN(9))
		for i := range evidence {
			evidence[i] = of(family(r.IntN(int(families))), strconv.Itoa(i), math.Pow(10, -5*r.Float64()))
			switch least := math.Pow(10, -4*r.Float64()); r.IntN(4) {
			case 0:
				evidence[i].Null = func(x float64) float64 { return min(x, least) }
			case 1:
				evidence[i].P = max(evidence[i].P, least)
				evidence[i].Null = func(x float64) float64 {
					if x < least {
						return 0
					}
					return x
				}
			}
		}
		j := &judge{evidence: evidence, options: complete(&Options{FalseAlarms: 0.99})}
		j.correct()
		for i, want := range closed(evidence, j.shares) {
			if got := j.q[i]; math.Abs(got-want) > 1e-12*want && want < 0.99 {
				t.Errorf("q[%d] of %d is %g, want %g", i, len(evidence), got, want)
			}
		}
	}
}

// closed gives each hypothesis the largest q of the sets that it is in.
func closed(evidence []check.Evidence, shares [families]float64) []float64 {
	q := make([]float64, len(evidence))
	for set := uint(1); set < 1<<len(evidence); set++ {
		var all float64
		var lowest, together [families]float64
		for f := range families {
			lowest[f] = math.Inf(1)
		}
		for rest := set; rest != 0; rest &= rest - 1 {
			e := &evidence[bits.TrailingZeros(rest)]
			if f := familyOf(e); e.P < lowest[f] {
				if math.IsInf(lowest[f], 1) {
					all += shares[f]
				}
				lowest[f] = e.P
			}
		}
		for rest := set; rest != 0; rest &= rest - 1 {
			e := &evidence[bits.TrailingZeros(rest)]
			together[familyOf(e)] += chance(e, lowest[familyOf(e)])
		}
		one := math.Inf(1)
		for f := range families {
			if !math.IsInf(lowest[f], 1) {
				one = min(one, together[f]*all/shares[f])
			}
		}
		for rest := set; rest != 0; rest &= rest - 1 {
			i := bits.TrailingZeros(rest)
			q[i] = max(q[i], min(max(one, evidence[i].P), 1))
		}
	}
	return q
}

// TestShares: in small tables every test has an even share of the budget; in
// wide ones what the model says, rows and the table keep theirs.
func TestShares(t *testing.T) {
	level := func(n int, f family) float64 {
		evidence := []check.Evidence{of(output, "prediction", 0.5), of(whole, "", 0.5)}
		for i := range n {
			ranged := of(cells, strconv.Itoa(i), 0.5)
			ranged.Null = func(x float64) float64 { return x / 10 }
			evidence = append(evidence, of(features, strconv.Itoa(i), 0.5), ranged)
		}
		j := &judge{evidence: evidence, options: complete(nil)}
		j.correct()
		e := of(f, "one", 0.5)
		return j.level(&e) / j.options.FalseAlarms
	}
	if even, got := 1./12, level(9, features); got < 0.97*even {
		t.Errorf("of 9 features each has %g of the budget, an even share would be %g", got, even)
	}
	if got := level(500, output); got < 0.0999 {
		t.Errorf("among 500 features the prediction has %g of the budget", got)
	}
	if got := level(500, whole); got < 0.0499 {
		t.Errorf("among 500 features whole rows have %g of the budget", got)
	}
	if even, got := 1./552, level(500, features); got < 0.84*even {
		t.Errorf("of 500 features each has %g of the budget, an even share would be %g", got, even)
	}
}

// TestNotBuried: a change of the prediction that one correction over all tests
// would miss among 500 quiet features is an alarm, and so is one of whole rows;
// of a feature that can hardly be told from chance it is none.
func TestNotBuried(t *testing.T) {
	for f, want := range map[family]report.Verdict{output: report.Alert, whole: report.Alert, table: report.Alert, features: report.OK} {
		evidence := []check.Evidence{of(f, "moved", 2e-4)}
		for i := range 500 {
			evidence = append(evidence, of(features, strconv.Itoa(i), float64(i+1)/501), of(cells, strconv.Itoa(i), float64(i+1)/501))
		}
		if j := Judge(evidence, nil); j.Verdict != want {
			t.Errorf("family %d: %s", f, j.Verdict)
		}
	}
}

// TestFamiliesBudget: over all families together, and however much else
// changed, what did not change is named no more often than the budget says.
func TestFamiliesBudget(t *testing.T) {
	const runs, budget = 5000, 0.05
	for name, changed := range map[string]func(f family, i int) bool{
		"nothing":      func(family, int) bool { return false },
		"the output":   func(f family, _ int) bool { return f == output },
		"half of all":  func(_ family, i int) bool { return i%2 == 0 },
		"all but rows": func(f family, _ int) bool { return f != whole },
	} {
		wrong, r := 0, rand.New(rand.NewPCG(3, uint64(len(name)))) // the same whatever the order of the map
		for range runs {
			var evidence []check.Evidence
			for f, n := range []int{output: 2, features: 20, whole: 1, cells: 12, table: 1, segments: 60} {
				common := r.NormFloat64() // the tests of a family depend on each other
				for i := range n {
					z := float64(0.3*common) + float64(math.Sqrt(1-0.3*0.3)*r.NormFloat64())
					e := of(family(f), strconv.Itoa(i), 2*stat.NormalTail(math.Abs(z)))
					if i%3 == 1 { // a discrete one
						e.P = math.Pow(10, math.Ceil(4*math.Log10(e.P))/4)
						e.Null = func(x float64) float64 { return math.Pow(10, math.Floor(4*math.Log10(x)+1e-9)/4) }
					}
					if changed(family(f), i) {
						e.Labels.Group, e.P = "changed", e.P*1e-9
					}
					evidence = append(evidence, e)
				}
			}
			j := Judge(evidence, &Options{FalseAlarms: budget})
			for i := range j.Findings {
				if f := &j.Findings[i]; f.Severity == report.SeverityAlert && f.Labels != (metric.Labels{Column: f.Labels.Column, Role: f.Labels.Role, Segment: f.Labels.Segment, Group: "changed"}) {
					wrong++
					break
				}
			}
		}
		if stat.BinomialTail(int64(wrong), runs, budget) < 1e-4 {
			t.Errorf("%s changed: in %d of %d windows something else is named, at a budget of %g", name, wrong, runs, budget)
		}
		t.Logf("%s changed: %.2f%%", name, 100*float64(wrong)/runs)
		if wrong < runs/100 {
			t.Errorf("%s changed: in %d of %d windows only something else is named: the test tests nothing", name, wrong, runs)
		}
	}
}
