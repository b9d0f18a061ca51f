package vary

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/outcome"
	"leeway/core/policy"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/stat"
)

// labelledMonths are months of 30 days of 100 rows with labels, of which scores mean less in
// some days than in others: by so many standard deviations of what a month's accuracy has by
// sampling, in levels that last for so many days.
type labelledMonths struct {
	name    string
	sd      float64
	lasting int
}

// outcomes are those of k months in weeks (and two days that are of none), the last month by twist worse.
func (w *labelledMonths) outcomes(r *rand.Rand, k int, twist float64) (weeks, months []*outcome.Summary) {
	const days, rows, bySampling = 30, 100, 0.064 // the share of labels at random that costs two standard errors of a month
	shape := &outcome.Shape{Task: schema.Binary, Classes: outcome.NewClasses(schema.Binary, nil), Budget: trueValues}
	shape.Classes.Code("0")
	shape.Positive = shape.Classes.Code("1")
	shape.Scored = []int32{shape.Positive}
	level := 0.0
	for month := range k {
		whole := outcome.New(shape)
		for day := range days {
			if (month*days+day)%max(w.lasting, 1) == 0 {
				level = r.NormFloat64() * w.sd / 2 * bySampling * math.Sqrt(days/float64(max(w.lasting, 1)))
			}
			random := 0.3 + level
			if month == k-1 {
				random += twist
			}
			one := outcome.New(shape)
			for range rows {
				score := (0.5 + float64(r.IntN(50))) / 50
				row := outcome.Row{Predicted: math.NaN(), Scores: []float64{score}}
				if r.Float64() < score+float64(min(max(random, 0), 1)*(0.5-score)) {
					row.Actual = 1
				}
				one.Add(&row)
			}
			if day%7 == 0 && day < 28 {
				weeks = append(weeks, outcome.New(shape))
			}
			if day < 28 {
				weeks[len(weeks)-1].Merge(one)
			}
			whole.Merge(one)
		}
		months = append(months, whole)
	}
	return weeks, months
}

// addTests adds what tests say of parts of a whole, which it gives.
func addTests(t *testing.T, to map[string][]metric.Deviate, parts []*outcome.Summary) *outcome.Summary {
	t.Helper()
	whole := outcome.New(parts[0].Shape)
	for _, one := range parts {
		whole.Merge(one)
	}
	for _, one := range parts {
		said, err := performanceOf(&schema.Schema{}, &check.Labelled{Reference: whole, Current: one, Cases: &check.Cases{}})
		if err != nil {
			t.Fatal(err)
		}
		rememberTests(to, &said, float64(one.Labelled)/float64(whole.Labelled))
	}
	return whole
}

// alarm tells whether the month after so many alarms at a budget of 1%, by their weeks too
// and by months alone.
func (w *labelledMonths) alarm(t *testing.T, r *rand.Rand, k int, twist float64) (now, alone bool) {
	t.Helper()
	weeks, months := w.outcomes(r, k+1, twist)
	o := policy.Options{FalseAlarms: 0.01, Variation: map[string][]metric.Deviate{}}
	runs := &policy.Runs{Variation: map[string][]metric.Deviate{}, Companies: k, Times: 30. / 7, Words: "weeks"}
	whole := addTests(t, o.Variation, months[:k])
	for month := range k {
		addTests(t, runs.Variation, weeks[4*month:4*month+4])
	}
	said, err := performanceOf(&schema.Schema{}, &check.Labelled{Reference: whole, Current: months[k], Cases: &check.Cases{}})
	if err != nil {
		t.Fatal(err)
	}
	judge := func() bool {
		j := policy.Judge(said.Evidence, &o)
		return j.Verdict == report.Alert || j.Verdict == report.Warn
	}
	alone = judge()
	o.Runs = runs
	return judge(), alone
}

// TestCalibrationRunsOfLabels: months in which the model is as good as it was do not alarm more
// often than the budget has it, after few months of which the weeks are known too, and one in
// which it is worse does more often.
func TestCalibrationRunsOfLabels(t *testing.T) {
	ofNumbersOnly(t)
	runs, whole := 60, os.Getenv("LEEWAY_CALIBRATE") != ""
	if whole {
		runs = 1000
	}
	for _, w := range []labelledMonths{{"rows alike", 0, 0}, {"weeks differ", 2, 7}, {"months differ", 2, 30}, {"months differ by three times as much", 6, 30}} {
		for k, most := range map[int]float64{4: 0.04, 5: 0.02, 8: 0.01} { // of few months some seem alike by chance
			r := rand.New(rand.NewPCG(uint64(k), 31))
			for _, twist := range []float64{0, 0.4} {
				if !whole && (k != 5 || twist > 0 && w.lasting != 7) {
					continue
				}
				alarms, before := 0, 0
				for range runs {
					now, alone := w.alarm(t, r, k, twist)
					if now {
						alarms++
					}
					if alone {
						before++
					}
				}
				t.Logf("%s: after %d months, %g worse: %d of %d alarm, %d by months alone", w.name, k, twist, alarms, runs, before)
				if twist == 0 && stat.BinomialTail(int64(alarms), int64(runs), most) < 1e-3 || twist > 0 && !whole && alarms <= before {
					t.Errorf("%s: after %d months, %g worse: %d of %d alarm, %d by months alone", w.name, k, twist, alarms, runs, before)
				}
			}
		}
	}
}

func ofNumbersOnly(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("about numbers: for races others will do")
	}
}
