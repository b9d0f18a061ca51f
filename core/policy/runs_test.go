package policy

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/stat"
)

// months is a world of months of 30 days of 100 rows, each column normal, in which months
// differ by so many standard errors of a month's mean.
type months struct {
	name    string
	columns int
	alike   bool // all columns move together
	sd      float64
	days    func(r *rand.Rand, days int) []float64 // the level of each, of any scale
	weeks   bool                                   // windows are weeks, of which the days are known
}

// length is how many days a window has.
func (w *months) length() int {
	if w.weeks {
		return weekDays
	}
	return monthDays
}

const (
	monthDays = 30
	dayRows   = 100
	weekDays  = 7
)

// lastingFor are levels that last for so many days each.
func lastingFor(n int) func(*rand.Rand, int) []float64 {
	return func(r *rand.Rand, days int) []float64 {
		levels, level := make([]float64, days), 0.0
		for day := range levels {
			if day%n == 0 {
				level = r.NormFloat64()
			}
			levels[day] = level
		}
		return levels
	}
}

// moving are levels of an autoregression.
func moving(rho float64) func(*rand.Rand, int) []float64 {
	return func(r *rand.Rand, days int) []float64 {
		levels, level := make([]float64, days), r.NormFloat64()
		for day := range levels {
			level = float64(rho*level) + float64(math.Sqrt(1-rho*rho)*r.NormFloat64())
			levels[day] = level
		}
		return levels
	}
}

// scale is the standard deviation of a month's mean of such levels.
func (w *months) scale() float64 {
	if w.sd == 0 {
		return 1
	}
	r := rand.New(rand.NewPCG(9, 9))
	var square float64
	const runs = 4000
	for range runs {
		mean := averaged(w.days(r, w.length()), 0, w.length())
		square += mean * mean / runs
	}
	return math.Sqrt(square)
}

func averaged(levels []float64, from, to int) (mean float64) {
	for _, x := range levels[from:to] {
		mean += x / float64(to-from)
	}
	return mean
}

// live is a reference of k months, what is known of it, and the month after, which is higher by
// a shift in standard deviations of months.
func (w *months) live(r *rand.Rand, k int, scale, shift float64) (*Options, []float64) {
	o := &Options{Variation: map[string][]metric.Deviate{}, Runs: &Runs{Variation: map[string][]metric.Deviate{}, Companies: k, Times: float64(monthDays) / weekDays}}
	if w.weeks {
		o.Runs.Companies, o.Runs.Times, o.Runs.Across = weekDays, weekDays, true
	}
	next := make([]float64, w.columns)
	var levels []float64
	for column := range next {
		if levels == nil || !w.alike {
			levels = make([]float64, (k+1)*w.length())
			if w.sd > 0 {
				levels = w.days(r, (k+1)*w.length())
			}
		}
		days := make([]float64, len(levels))
		for i, level := range levels {
			days[i] = float64(level*(w.sd/scale/math.Sqrt(float64(w.length()*dayRows)))) + r.NormFloat64()/math.Sqrt(dayRows)
		}
		next[column] = w.known(o, fmt.Sprint("c", column), days, k, shift)
	}
	return o, next
}

// known fills in what is known of a column, and gives the deviate of the month after.
func (w *months) known(o *Options, column string, days []float64, k int, shift float64) float64 {
	key := Key("drift", "js_distance", metric.Labels{Column: column})
	length := w.length()
	end := k * length
	all := averaged(days, 0, end)
	for from := 0; from < end; from += length {
		o.Variation[key] = append(o.Variation[key], partOf(averaged(days, from, from+length), all, length, end))
		if w.weeks {
			continue
		}
		weeks := averaged(days, from, from+4*weekDays)
		for at := from; at < from+4*weekDays; at += weekDays {
			o.Runs.Variation[key] = append(o.Runs.Variation[key], partOf(averaged(days, at, at+weekDays), weeks, weekDays, 4*weekDays))
		}
	}
	for weekday := range weekDays {
		var alike float64
		for at := weekday; at < end; at += weekDays {
			alike += days[at] / float64(k)
		}
		for at := weekday; at < end && w.weeks; at += weekDays {
			o.Runs.Variation[key] = append(o.Runs.Variation[key], partOf(days[at], alike, 1, k))
		}
	}
	n, m := float64(end*dayRows), float64(length*dayRows)
	mean := averaged(days, end, len(days)) + shift*math.Sqrt(float64(w.sd*w.sd)+1)/math.Sqrt(m)
	return (mean - all) / math.Sqrt(1/n+1/m)
}

// partOf is the deviate of some days, whose mean that is, of more that they are part of.
func partOf(mean, whole float64, some, more int) metric.Deviate {
	m, n := float64(some*dayRows), float64(more*dayRows)
	return metric.Deviate{Z: math.Abs(mean-whole) / math.Sqrt(1/m-1/n), N: n * m / (n + m)}
}

// alarm is the share of months after references of k that alarm (warnings too) at a budget.
func (w *months) alarm(k, runs int, budget, shift float64, blind bool) float64 {
	r := rand.New(rand.NewPCG(uint64(k), uint64(w.columns)))
	scale, alarms := w.scale(), 0
	for range runs {
		o, next := w.live(r, k, scale, shift)
		if o.FalseAlarms = budget; blind {
			o.Runs = nil
		}
		evidence := now(r, w.columns, 0, 0)
		for i, z := range next {
			evidence[i].P, evidence[i].NReference, evidence[i].NCurrent = 2*stat.NormalTail(math.Abs(z)), int64(k*w.length()*dayRows), int64(w.length()*dayRows)
		}
		if j := Judge(evidence, o); j.Verdict == report.Alert || j.Verdict == report.Warn {
			alarms++
		}
	}
	return float64(alarms) / float64(runs)
}

// inMonths are worlds and the share of months that may alarm in them at a budget of 1%, after
// references of four, five, and eight months. Where a single column differs by little from
// month to month, five windows seem alike now and then, and sampling is held to be all.
var inMonths = []struct {
	months
	most [3]float64
}{
	{months{"rows alike, a column", 1, false, 0, nil, false}, [3]float64{0.01, 0.01, 0.01}},
	{months{"rows alike", 8, false, 0, nil, false}, [3]float64{0.01, 0.01, 0.01}},
	{months{"weeks differ, a column", 1, false, 2, lastingFor(weekDays), false}, [3]float64{0.01, 0.01, 0.01}},
	{months{"weeks differ", 8, false, 2, lastingFor(weekDays), false}, [3]float64{0.01, 0.01, 0.01}},
	{months{"weeks differ, all columns alike", 8, true, 2, lastingFor(weekDays), false}, [3]float64{0.01, 0.01, 0.01}},
	{months{"days differ, half of it lasts", 8, true, 2, moving(0.5), false}, [3]float64{0.01, 0.01, 0.01}},
	{months{"days differ, 0.9 of it lasts", 8, true, 2, moving(0.9), false}, [3]float64{0.015, 0.01, 0.01}},
	{months{"months differ, a column", 1, false, 2, lastingFor(monthDays), false}, [3]float64{0.05, 0.035, 0.015}},
	{months{"months differ", 8, false, 2, lastingFor(monthDays), false}, [3]float64{0.01, 0.01, 0.01}},
	{months{"months differ, all columns alike", 8, true, 2, lastingFor(monthDays), false}, [3]float64{0.02, 0.015, 0.01}},
	{months{"months differ by three times as much, a column", 1, false, 6, lastingFor(monthDays), false}, [3]float64{0.04, 0.02, 0.01}},
	{months{"days of weeks, a column", 1, false, 2, lastingFor(1), true}, [3]float64{0.01, 0.01, 0.01}},
	{months{"days of weeks, all columns alike", 8, true, 2, lastingFor(1), true}, [3]float64{0.01, 0.01, 0.01}},
	{months{"weeks of which days tell nothing", 8, false, 6, lastingFor(weekDays), true}, [3]float64{0.01, 0.01, 0.01}},
	{months{"weeks of which days tell nothing, all columns alike", 8, true, 6, lastingFor(weekDays), true}, [3]float64{0.015, 0.015, 0.01}},
	{months{"months differ by three times as much, all columns alike", 8, true, 6, lastingFor(monthDays), false}, [3]float64{0.015, 0.01, 0.01}},
}

// TestCalibrationRuns: how often a month alarms in which nothing changed, after a reference of
// few months of which weeks are known too, and how often a change is seen; docs/design.md has
// a table of it. Months that differ while their weeks do not are the worst of worlds.
func TestCalibrationRuns(t *testing.T) {
	runs, whole := 250, os.Getenv("LEEWAY_CALIBRATE") != ""
	if whole {
		runs = 4000
	}
	for _, w := range inMonths {
		for i, k := range []int{4, 5, 8} {
			got := w.alarm(k, runs, 0.01, 0, false)
			t.Logf("%s: after %d windows %.2f%% alarm", w.name, k, 100*got)
			if stat.BinomialTail(int64(math.Round(got*float64(runs))), int64(runs), w.most[i]) < 1e-3 {
				t.Errorf("%s: after %d windows %.2f%% alarm, not %g%%", w.name, k, 100*got, 100*w.most[i])
			}
			if !whole {
				continue
			}
			t.Logf("%.2f%% by windows alone; at a budget of 5%% %.2f%%, and %.2f%%", 100*w.alarm(k, runs, 0.01, 0, true), 100*w.alarm(k, runs, 0.05, 0, false), 100*w.alarm(k, runs, 0.05, 0, true))
			for _, shift := range []float64{1, 2, 4, 6} {
				t.Logf("%g sd: %.1f%%, %.1f%% by windows alone", shift, 100*w.alarm(k, runs, 0.01, shift, false), 100*w.alarm(k, runs, 0.01, shift, true))
			}
		}
	}
}

// TestRunsShow: where weeks tell how months differ, a change shows that five months alone hide.
func TestRunsShow(t *testing.T) {
	w := months{"weeks", 8, false, 2, lastingFor(weekDays), false}
	const runs = 200
	if got, before := w.alarm(5, runs, 0.01, 6, false), w.alarm(5, runs, 0.01, 6, true); got < 0.95 || before > 0.6 {
		t.Errorf("%.0f%% of months see what is six standard deviations off, %.0f%% by windows alone", 100*got, 100*before)
	}
}
