package policy

import (
	"math"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/stat"
)

// Runs is how runs of the reference's windows (weeks of months, days of weeks) differed from
// those in whose company they were, which tells of few windows how they differ.
type Runs struct {
	Variation map[string][]metric.Deviate // finding id -> what they said
	Companies int
	Across    bool    // a company is of all windows (days of the same weekday), so that runs differ as windows do too
	Times     float64 // how many times as long as a run a window is
	Words     string  // what they are: "20 weeks"
}

// spread is what a test said of few windows of the reference and of their runs: mean squares
// of deviates, 1 where sampling is all.
type spread struct {
	own      float64 // of windows
	degrees  float64 // of freedom that it has
	expected float64 // if runs were independent
	typical  float64 // effective rows of a window
	windows  int
}

// spreadOf is that by evidence; nil for what too few runs or windows are known of, for
// windows that are many, and for segments.
func (j *judge) spreadOf(e *check.Evidence, windows []metric.Deviate) *spread {
	if j.options.Runs == nil || e.Labels.Segment != "" || len(windows) < metric.LeastWindows || len(windows) >= metric.ManyWindows {
		return nil
	}
	runs := j.options.Runs.Variation[Key(e.Check, e.Metric, e.Labels)]
	if len(runs) < metric.FewestWindows {
		return nil
	}
	s := &spread{windows: len(windows), degrees: float64(len(windows) - 1)}
	if j.options.Free > 0 {
		s.degrees = float64(float64(len(windows)) * j.options.Free)
	}
	s.own, s.typical = meanSquare(windows)
	square, rows := meanSquare(runs)
	excess, times := float64((square-1)*(s.typical/rows/j.options.Runs.Times)), j.options.Runs.Times
	if j.options.Runs.Across { // what is left of runs when windows are taken away
		excess = (float64(times*excess) - (s.own - 1)) / (times - 1)
	}
	s.expected = 1 + max(excess, 0)
	return s
}

// meanSquare is that of deviates, and their mean number of effective rows.
func meanSquare(all []metric.Deviate) (square, rows float64) {
	for _, one := range all {
		square += one.Z * one.Z / float64(len(all))
		rows += one.N / float64(len(all))
	}
	return square, rows
}

// tells is below which mean square a test says nothing of windows: of shares that are
// nearly always 0.
const tells = 0.5

// persist is, by check, by how much more windows differ than independent runs would, in all
// that it tests: what lasts for a month is seen in its weeks not at all. It is taken at the
// upper end of what it may well be, as if of m tests which hang together √m said something
// of their own, and is 1 at the least.
func persist(all []*spread, evidence []check.Evidence) map[string]float64 {
	logs, counts, degrees := map[string]float64{}, map[string]float64{}, map[string]float64{}
	for i, s := range all {
		if s == nil || max(s.own, s.expected) < tells {
			continue
		}
		name := evidence[i].Check
		logs[name] += s.log() - math.Log(s.expected)
		counts[name]++
		degrees[name] += s.degrees
	}
	times := map[string]float64{}
	for name, n := range counts {
		times[name] = max(math.Exp(logs[name]/n)*stat.Caution(degrees[name]/math.Sqrt(n)), 1)
	}
	return times
}

// log is the log of the mean square of windows, which is 0 on average where that is 1: the
// mean log of chi-squared by its degrees of freedom is as much less (to a hundredth).
func (s *spread) log() float64 {
	const least = 1e-3
	return math.Log(max(s.own, least)) + 1/s.degrees + 1/(3*s.degrees*s.degrees)
}

// prior is how many degrees of freedom what runs say counts for, by those of the windows: as
// many as keep to the budget (TestCalibrationRuns), at most so many.
const prior, mostPrior = 1.5, 10

// moderated is the noise of a deviate of n effective rows. The variance is the mean of what
// windows say and of what runs do, times persist, by their degrees of freedom, which it all
// has (the moderated t of Smyth, 2004).
func (s *spread) moderated(times, n float64) noise {
	ofRuns := min(prior*s.degrees, mostPrior)
	degrees := ofRuns + s.degrees
	mean := (float64(ofRuns*s.expected*times) + float64(s.own*s.degrees)) / degrees
	excess := float64(max(mean-1, 0) * (n / s.typical))
	if excess == 0 {
		return sampling
	}
	return noise{scale: math.Sqrt(1 + excess), degrees: degrees, windows: s.windows}
}

// windowsWords says what is known of how windows differ: "5 windows and their 20 weeks".
func (j *judge) windowsWords(n int) string {
	said := words.Plural(int64(n), "window")
	if j.options.Runs != nil && n < metric.ManyWindows {
		said += " and their " + j.options.Runs.Words
	}
	return said
}
