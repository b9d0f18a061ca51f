package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"leeway/core/metric"
	"leeway/core/policy"
	"leeway/core/profile"
	"leeway/core/stat"
	"leeway/core/vary"
)

// budgets are the false-alarm budgets that are held against the truth.
var budgets = []float64{0.05, 0.01, 0.001}

// A rate is how often windows alarmed in which nothing changed.
type rate struct {
	Shape     string
	Reference int // rows
	Rows      int // of each window
	Windows   int
	Alarms    [3]int // windows with a warning or an alert, by budget
	Small     [3]int // windows whose drift test gave P <= budget
}

// key names what was simulated.
func (r *rate) key() string {
	return fmt.Sprintf("%s %d %d %d", r.Shape, r.Reference, r.Rows, r.Windows)
}

// exceeds tells whether a count is more than the budget explains: less likely
// than one in a hundred thousand, as there are hundreds of counts.
func (r *rate) exceeds(i int) bool {
	return stat.BinomialTail(int64(r.Alarms[i]), int64(r.Windows), budgets[i]) < 1e-5
}

// seed makes the streams of different simulations different, and the same each
// time.
func seed(text string) *rand.Rand {
	h := uint64(14695981039346656037)
	for _, c := range []byte(text) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return rand.New(rand.NewPCG(h, 11))
}

// keep is how much profiles hold: all, as leeway check does, or what stored
// profiles do.
func keep(rows int) *profile.Options {
	if rows > 20_000 {
		return &profile.Stored
	}
	return &profile.Exact
}

// still simulates windows of independent rows, each against a reference of its
// own.
func still(s shape, reference, rows, windows int) (rate, error) {
	found := rate{Shape: s.name, Reference: reference, Rows: rows, Windows: windows}
	r := seed(found.key())
	shapes := []shape{s}
	for range windows {
		before := draw(r, shapes, reference, 0, 0, keep(reference))
		now := draw(r, shapes, rows, 0, 0, keep(rows))
		out, err := evaluate(shapes, before, now)
		if err != nil {
			return found, err
		}
		for i, budget := range budgets {
			if alarmed(out.Evidence, policy.Options{FalseAlarms: budget}, "") {
				found.Alarms[i]++
			}
			for k := range out.Evidence {
				if e := &out.Evidence[k]; e.Check == "drift" && e.P <= budget {
					found.Small[i]++
				}
			}
		}
	}
	return found, nil
}

const (
	days      = 28 // windows of a reference of a series
	perSeries = 4  // windows that are judged by one reference
)

// stillSeries simulates windows of a series. The reference is days windows,
// whose own differences are what the later ones are held against, as in
// core/vary.
func stillSeries(s shape, rows, windows int) (rate, error) {
	found := rate{Shape: s.name, Reference: days * rows, Rows: rows, Windows: windows}
	r := seed(found.key())
	shapes := []shape{s}
	for done := 0; done < windows; done += perSeries {
		reference, variation, err := history(r, shapes, rows)
		if err != nil {
			return found, err
		}
		for i := range min(perSeries, windows-done) {
			// Days of another week: seven windows on, and one.
			now := draw(r, shapes, rows, 0, days+8*i, &profile.Stored)
			out, err := evaluateNext(shapes, reference, now, variation)
			if err != nil {
				return found, err
			}
			for k, budget := range budgets {
				if alarmed(out.Evidence, policy.Options{FalseAlarms: budget, Variation: variation}, "") {
					found.Alarms[k]++
				}
			}
		}
	}
	return found, nil
}

// history is a reference made of windows, and what each of them says of it.
func history(r *rand.Rand, shapes []shape, rows int) (*profile.Dataset, map[string][]metric.Deviate, error) {
	parts := make([]*profile.Dataset, days)
	for day := range parts {
		parts[day] = draw(r, shapes, rows, 0, day, &profile.Stored)
	}
	return varied(shapes, parts)
}

// varied merges the windows of a reference, and tells what each of them says of it.
// Those on end that stand apart from all others are left out, as in a baseline.
func varied(shapes []shape, parts []*profile.Dataset) (*profile.Dataset, map[string][]metric.Deviate, error) {
	whole, variation, err := compared(shapes, parts)
	if err != nil {
		return nil, nil, err
	}
	out := vary.Apart(len(parts), variation, nil)
	if len(out) == 0 {
		return whole, variation, nil
	}
	var others []*profile.Dataset
	for i, part := range parts {
		if !slices.Contains(out, i) {
			others = append(others, part)
		}
	}
	return compared(shapes, others)
}

func compared(shapes []shape, parts []*profile.Dataset) (*profile.Dataset, map[string][]metric.Deviate, error) {
	whole, err := profile.Merge(parts...)
	if err != nil {
		return nil, nil, err
	}
	variation := map[string][]metric.Deviate{}
	for _, part := range parts {
		out, err := evaluateNext(shapes, whole, part, nil)
		if err != nil {
			return nil, nil, err
		}
		vary.Remember(variation, &out, float64(part.Rows)/float64(whole.Rows))
	}
	return whole, variation, nil
}

// share is a count as a percentage, with its exact 95% interval.
func share(x, n int) string {
	low, high := stat.ClopperPearson(int64(x), int64(n))
	return fmt.Sprintf("%s (%s–%s)", percent(float64(x)/float64(n)), percent(low), percent(high))
}

// percent is written with as many digits as a rate of that size needs.
func percent(x float64) string {
	digits := 2
	if x >= 0.1 {
		digits = 1
	}
	if x > 0 && x < 0.001 {
		digits = 3
	}
	return fmt.Sprintf("%.*f%%", digits, math.Abs(100*x))
}
