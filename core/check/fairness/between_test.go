package fairness_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"leeway/core/check"
	"leeway/core/check/fairness"
	"leeway/core/metric"
)

// mood makes a window of three groups, each with a mood of so many points.
func mood(r *rand.Rand, sd, more float64) (list []person) {
	for i, group := range []string{"a", "b", "c"} {
		p := 0.4 + float64(sd*r.NormFloat64())
		if i == 2 {
			p += more
		}
		list = append(list, crowd(r, group, 600, p, 0.5)...)
	}
	return list
}

// remembered is a reference of so many windows, and how these differ.
func remembered(t *testing.T, r *rand.Rand, windows int, sd float64) (whole []person, past map[string][]metric.Deviate) {
	t.Helper()
	all := make([][]person, windows)
	for i := range all {
		all[i] = mood(r, sd, 0)
		whole = append(whole, all[i]...)
	}
	past = map[string][]metric.Deviate{}
	for _, window := range all {
		w := world{contract: contract(), reference: whole, current: window}
		in := w.input()
		in.Wanted = check.Tests
		out, err := fairness.Check{}.Evaluate(in)
		if err != nil || len(out.Evidence)+len(out.Samples) > 0 {
			t.Fatal(err, out.Evidence)
		}
		for _, d := range out.Deviates {
			if !fairness.Between(d.Key) {
				t.Fatal(d.Key)
			}
			past[d.Key] = append(past[d.Key], d.Deviate)
		}
	}
	return whole, past
}

// p is the p-value of a metric in a window, given how those of the reference differ.
func p(t *testing.T, name string, whole, now []person, past map[string][]metric.Deviate) float64 {
	t.Helper()
	w := world{contract: contract(), reference: whole, current: now}
	in := w.input()
	in.Variation = past
	out, err := fairness.Check{}.Evaluate(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range out.Evidence {
		if e.Metric == name {
			return e.P
		}
	}
	t.Fatal("no " + name)
	return 0
}

// TestBetween: groups whose rates differ from window to window, and did in the reference,
// are news as often as they may be; those that differ by sampling alone are told as if
// nothing were known of windows, and fifteen points more in one group are seen.
func TestBetween(t *testing.T) {
	const windows, days, level = 20, 10, 0.01
	runs := 1
	if more, err := strconv.Atoi(os.Getenv("LEEWAY_RUNS")); err == nil && more > 0 {
		runs = more
	}
	for _, sd := range []float64{0, 0.03} {
		alarms, blind, seen, ratio, n := 0, 0, 0, 0, 0
		for seed := range runs {
			r := rand.New(rand.NewPCG(uint64(seed), 3))
			whole, past := remembered(t, r, windows, sd)
			for key, deviates := range past {
				var squares float64
				for _, d := range deviates {
					squares += float64(d.Z * d.Z)
				}
				if mean := squares / float64(len(deviates)-1); len(deviates) != windows || sd == 0 && (mean < 0.3 || mean > 2.5) || sd == 0.03 && strings.Contains(key, "selection") && mean < 1.5 {
					t.Errorf("sd %g: %s: %d windows, mean square %g", sd, key, len(deviates), mean)
				}
			}
			for range days {
				n++
				now := mood(r, sd, 0)
				if p(t, "demographic_parity_difference", whole, now, past) <= level {
					alarms++
				}
				if p(t, "demographic_parity_difference", whole, now, nil) <= level {
					blind++
				}
				if p(t, "demographic_parity_ratio", whole, now, past) <= level {
					ratio++
				}
				if sd == 0 && p(t, "demographic_parity_difference", whole, mood(r, sd, 0.15), past) <= level {
					seen++
				}
			}
		}
		t.Logf("sd %g: of %d windows %d alarm, %d without knowing how windows differ, %d by the rule; fifteen points more in %d", sd, n, alarms, blind, ratio, seen)
		if alarms > 1+n/50 || ratio > 1+n/50 || sd == 0.03 && blind == 0 || sd == 0 && seen < n*3/4 {
			t.Errorf("sd %g: of %d windows %d alarm, %d without knowing how windows differ, %d by the rule; fifteen points more in %d", sd, n, alarms, blind, ratio, seen)
		}
	}
}

// TestCommonMood: what all groups do alike makes none of them differ.
func TestCommonMood(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 3))
	var all [][]person
	var whole []person
	for range 20 {
		rate := 0.4 + float64(0.1*r.NormFloat64())
		one := append(crowd(r, "a", 500, rate, 0.5), crowd(r, "b", 500, rate, 0.5)...)
		all, whole = append(all, one), append(whole, one...)
	}
	var squares float64
	for _, window := range all {
		w := world{contract: contract(), reference: whole, current: window}
		in := w.input()
		in.Wanted = check.Tests
		out, err := fairness.Check{}.Evaluate(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range out.Deviates {
			if strings.Contains(d.Key, "selection") && strings.HasSuffix(d.Key, " a") {
				squares += float64(d.Z*d.Z) / 20
				x, y := rates(window, "a")-rates(whole, "a"), rates(window, "b")-rates(whole, "b")
				if rough := (x - y) / math.Sqrt(2*0.24*(1/500.-1/10000.)); math.Abs(d.Z-rough) > 0.15*math.Abs(rough)+0.05 {
					t.Errorf("%g, by a plain computation %g", d.Z, rough)
				}
			}
		}
	}
	if squares < 0.3 || squares > 2 {
		t.Errorf("mean square %g", squares)
	}
}

func rates(list []person, group string) float64 {
	var n, x float64
	for _, p := range list {
		if p.group == group {
			n, x = n+1, x+p.predicted
		}
	}
	return x / n
}

// TestManyGroups: of a column of many groups those with the most rows are remembered, and
// what these say together counts for the others.
func TestManyGroups(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 3))
	var whole []person
	for i := range 30 {
		whole = append(whole, crowd(r, fmt.Sprintf("g%02d", i), 400+10*i, 0.5, 0.5)...)
	}
	w := world{contract: contract(), reference: whole, current: nil}
	for i := 0; i < len(whole); i += 10 {
		w.current = append(w.current, whole[i])
	}
	in := w.input()
	in.Wanted = check.Tests
	out, err := fairness.Check{}.Evaluate(in)
	if err != nil {
		t.Fatal(err)
	}
	past, kept := map[string][]metric.Deviate{}, 0
	for _, d := range out.Deviates {
		if strings.Contains(d.Key, "selection") {
			kept++
			if strings.HasSuffix(d.Key, " g09") {
				t.Error("one of the smallest groups is remembered")
			}
			past[d.Key] = []metric.Deviate{{Z: 5, N: d.N}}
		}
	}
	if kept != 20 {
		t.Errorf("%d groups are remembered", kept)
	}
	now := append(crowd(r, "g00", 200, 0.75, 0.5), crowd(r, "g01", 200, 0.5, 0.5)...)
	if known, not := p(t, "demographic_parity_difference", whole, now, past), p(t, "demographic_parity_difference", whole, now, nil); !(not < 1e-3) || !(known > 0.01) {
		t.Errorf("p %g, %g where nothing is known of windows", known, not)
	}
}
