package main

import (
	"math/rand/v2"
	"os"
	"testing"

	"leeway/core/check"
	"leeway/core/policy"
	"leeway/core/profile"
	"leeway/core/stat"
)

// A world is what the windows of a reference are like, and those after it: 60 days and
// 40, of 500 rows each, whose levels are in standard deviations of rows.
type world struct {
	name    string
	mood    float64 // by how much days differ
	bad     int     // days on end of the reference that are two standard deviations higher
	outlier float64 // by how much every 15th day is higher, of the reference and later
	step    float64 // by how much all later days are

	most [3]float64 // of the days that may alarm, by budget
	soon float64    // the least share of references after which the step is found by the seventh day, at 1%
}

const (
	knownDays = 60
	laterDays = 40
	daysRows  = 500
	seldom    = 1. / 15
)

// level is that of one day.
func (w *world) level(r *rand.Rand) float64 {
	level := float64(w.mood * r.NormFloat64())
	if r.Float64() < seldom {
		level += w.outlier
	}
	return level
}

// around is a normal column with that mean.
func around(level float64) []shape { return []shape{numbers("x", normal(level, 1))} }

// lived is what came of the days after one reference.
type lived struct {
	alarms [3]int // days, by budget
	found  int    // the first day that alarmed at 1%; laterDays for none
}

func (w *world) live(r *rand.Rand) (lived, error) {
	said := lived{found: laterDays}
	parts := make([]*profile.Dataset, knownDays)
	first := 5 + r.IntN(knownDays-10-w.bad)
	for day := range parts {
		level := w.level(r)
		if day >= first && day < first+w.bad {
			level += 2
		}
		parts[day] = draw(r, around(level), daysRows, 0, 0, &profile.Stored)
	}
	whole, variation, err := varied(around(0), parts)
	if err != nil {
		return said, err
	}
	var trail check.Trail
	for day := range laterDays {
		in := nextInput(around(0), whole, draw(r, around(w.level(r)+w.step), daysRows, 0, 0, &profile.Stored), variation)
		in.Start, in.End = int64(day)*86400e9, int64(day+1)*86400e9
		out, err := outcome(in)
		if err != nil {
			return said, err
		}
		for _, later := range out.Later {
			if _, e, ok := later(trail); ok {
				out.Evidence = append(out.Evidence, e)
			}
		}
		trail = append(trail, check.Stand{Start: in.Start, Paces: out.Paces})
		for i, budget := range budgets {
			if alarmed(out.Evidence, policy.Options{FalseAlarms: budget, Variation: variation}, "") {
				said.alarms[i]++
				if budget == 0.01 {
					said.found = min(said.found, day)
				}
			}
		}
	}
	return said, nil
}

// worlds have what a reference of 60 days can promise: where one day in 15 stands apart
// a reference in ten has one such day or none, and takes the others for news.
var worlds = []world{
	{name: "alike", most: [3]float64{0.05, 0.01, 0.001}},
	{name: "moods", mood: 0.3, most: [3]float64{0.05, 0.01, 0.001}},
	{name: "days that stand apart", outlier: 1, most: [3]float64{0.05, 0.015, 0.012}},
	{name: "days that stand far apart", mood: 0.3, outlier: 2, most: [3]float64{0.05, 0.015, 0.012}},
	{name: "moods and days that stand apart", mood: 0.3, outlier: 1, most: [3]float64{0.05, 0.015, 0.008}},
	{name: "two bad days", bad: 2, most: [3]float64{0.05, 0.01, 0.001}},
	{name: "four bad days", bad: 4, most: [3]float64{0.05, 0.01, 0.001}},
	{name: "four bad days and moods", mood: 0.3, bad: 4, most: [3]float64{0.05, 0.01, 0.001}},
	{name: "four bad days, a step", bad: 4, step: 0.3, soon: 0.95},
	{name: "moods, a step", mood: 0.3, step: 0.6, soon: 0.6},
	{name: "four bad days and moods, a step", mood: 0.3, bad: 4, step: 0.6, soon: 0.5},
}

// TestCalibrationNoise: how a reference's windows differ is known in spite of bad days.
// A bad stretch hides no change after it, days that stand apart now and then are no
// news, and nothing alarms more often than it may.
func TestCalibrationNoise(t *testing.T) {
	runs := few(8)
	if os.Getenv("LEEWAY_CALIBRATE") != "" {
		runs = 250
	}
	for i := range worlds {
		w := &worlds[i]
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			r := seed(w.name)
			var alarms [3]int
			soon := 0
			for range runs {
				said, err := w.live(r)
				if err != nil {
					t.Fatal(err)
				}
				for k := range alarms {
					alarms[k] += said.alarms[k]
				}
				if said.found < 7 {
					soon++
				}
			}
			n := runs * laterDays
			t.Logf("%v of %d days alarm, %d of %d references within a week", alarms, n, soon, runs)
			if w.step != 0 {
				if stat.BinomialTail(int64(runs-soon), int64(runs), 1-w.soon) < 1e-3 {
					t.Errorf("found within a week after %d of %d references", soon, runs)
				}
				return
			}
			for k, most := range w.most {
				// Days after one reference go together: as if they were a quarter as many.
				if stat.BinomialTail(int64(alarms[k]/4), int64(n/4), most) < 1e-3 {
					t.Errorf("%d of %d days alarm at a budget of %g", alarms[k], n, budgets[k])
				}
			}
		})
	}
}
