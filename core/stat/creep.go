package stat

import (
	"math"
	"slices"
)

// Step is one window of a series, as far as a slow change shows in it.
type Step struct {
	Mean float64 // of a score that has mean 0 and variance 1 over the reference
	Rows float64 // that entered, > 0
}

// Creep is a slow change that has built up over windows.
type Creep struct {
	LogE  float64 // log of the e-detector after the last window
	Lasts bool    // the last window shows it too, or only the one before and it is not clearly over, see lasts
	Onset *Onset  // nil while next to nothing speaks for a change
}

// CreepWindows is how far back an onset is looked for.
const CreepWindows = 128

// clip bounds what one window can say: a creep is the work of many, and a bad
// one is for the tests of that window to find. A clipped normal innovation is
// still subgaussian with variance 1, so the detector keeps its promise.
const clip = 3

// Slow looks for a change that builds up over a series of windows, none of
// which need show it alone. What it finds it dates, see date.
//
// Under no change the mean of a window differs from the pooled mean of the
// reference and all earlier windows by independent normal innovations; the
// reference's own error, which all windows share, drops out. For every window
// at which a change may have begun, a Bayes factor weighs a step and a ramp
// from there on, with a normal prior on their height. Their sum is a
// Shiryaev-Roberts e-detector (Shin, Ramdas and Rinaldo, E-detectors: A
// Nonparametric Framework for Sequential Change Detection, 2023): the mean
// number of windows until it exceeds c without a change is at least c.
//
// Windows that vary more among themselves than their rows explain are allowed
// for: the innovations are scaled by what neighbours differ, or by excess where
// that is more: the standard deviation, in units of sampling, by which windows
// are known to wander. Few windows of a reference do not know how long a mood of
// the weather lasts, so what looks like a change is weighed once more, by the
// noise of the series itself, see unrest; but for what came with the first window:
// a market that is another than that of the reference need not be as even.
// Noise that only the series itself tells of makes for evidence by Student's t.
//
// Evidence counts for one window longer than it is there, as long as it has not gone
// and the change may well go on: a window that shows less than others do ends none. When it
// first suffices is the same with that, and so is how long that takes without a change.
//
// reference is the number of rows of the reference. Fewer than three windows
// give ErrFew.
func Slow(reference, excess float64, windows []Step) (Creep, error) {
	if len(windows) < 3 || !(reference > 0) {
		return Creep{}, ErrFew
	}
	c := slow(reference, excess, windows)
	if c.Lasts && c.LogE >= doubted && len(windows) > 3 {
		if before := slow(reference, excess, windows[:len(windows)-1]); before.Lasts {
			c.LogE = max(c.LogE, before.LogE)
		}
	}
	return c, nil
}

func slow(reference, excess float64, windows []Step) Creep {
	s := newSeries(reference, excess, windows)
	c := s.creep()
	if c.LogE < doubted {
		return c
	}
	onset := s.date(reference)
	if known := float64(s.excess * s.excess); onset.At > 0 {
		if noise := s.unrest(reference); noise.variance > known {
			c = newSeries(reference, math.Sqrt(noise.variance), windows).creep()
			c.LogE = noise.uncertain(c.LogE, known)
		}
	}
	c.Onset = &onset
	return c
}

// doubted is the evidence, as a log, from which on it is looked at whether the
// noise is more than it was taken for, and when the change began: a little less
// than any alarm takes, for that look costs more than all that is before.
const doubted = 6.5

// creep weighs all onsets.
func (s *series) creep() Creep {
	windows := s.windows
	first := max(0, len(windows)-CreepWindows)
	factors := make([]float64, 0, len(windows)-first)
	total := math.Inf(-1)
	for onset := first; onset < len(windows); onset++ {
		one := s.factor(onset)
		factors = append(factors, one)
		total = logAdd(total, one)
	}
	onset := first + slices.Index(factors, slices.Max(factors))
	before := mean(windows[:onset])
	grown := mean(windows[max(onset, len(windows)-7):]) - before
	return Creep{LogE: total, Lasts: s.lasts(before, grown)}
}

// lasts tells whether a change of so much from a level goes on. The last window shows it
// if it has half of that. One that has less, after one that had it, does not end it
// while it may be so little by chance: two standard deviations of windows.
func (s *series) lasts(level, grown float64) bool {
	const share, chance = 0.5, 2
	last := s.windows[len(s.windows)-2:]
	shows := func(one Step) bool { return (one.Mean-level)/grown >= share }
	if shows(last[1]) || !shows(last[0]) {
		return shows(last[1])
	}
	return math.Abs(level+grown-last[1].Mean) <= chance*s.excess/math.Sqrt(last[1].Rows)
}

// series is the innovations of a series of windows.
type series struct {
	windows []Step
	before  []float64 // rows of the reference and all earlier windows
	scale   []float64 // standard deviation of the innovation, by rows alone
	w       []float64 // innovations, scaled and clipped
	unit    float64   // standard deviation of a typical window's mean
	excess  float64   // by how much neighbours vary more than that, >= 1
}

func newSeries(reference, excess float64, windows []Step) *series {
	s := &series{windows: windows, w: make([]float64, len(windows))}
	pooled, rows := 0.0, reference
	for i, one := range windows {
		sd := math.Sqrt(1/one.Rows + 1/rows)
		s.before, s.scale = append(s.before, rows), append(s.scale, sd)
		s.w[i] = (one.Mean - pooled) / sd
		// What is pooled is clipped too, generously: two days of a broken unit
		// would make the days after look like a change.
		moved := float64(min(max(s.w[i], -4*clip), 4*clip) * sd)
		pooled += float64(moved * (one.Rows / (rows + one.Rows)))
		rows += one.Rows
		s.unit += 1 / math.Sqrt(one.Rows) / float64(len(windows))
	}
	s.excess = max(excess, excessOf(s.w))
	for i, w := range s.w {
		s.w[i] = min(max(w/s.excess, -clip), clip)
	}
	return s
}

// excessOf is the standard deviation of innovations as neighbours (and those
// two apart) show it, at least 1. A creep hardly enters into it.
func excessOf(w []float64) float64 {
	widest := 1.0
	for lag := 1; lag <= 2; lag++ {
		var total sum
		for i := lag; i < len(w); i++ {
			d := min(math.Abs(w[i]-w[i-lag]), 4*clip)
			total.add(d * d / 2)
		}
		if n := len(w) - lag; n > 0 {
			// Few neighbours may be alike by chance: one standard error more.
			widest = max(widest, total.value()/float64(n)*(1+math.Sqrt(2/float64(n))))
		}
	}
	return math.Sqrt(widest)
}

// The prior standard deviation of the height of a step, and of the slope of a
// ramp per window, in standard deviations of a window's mean.
const (
	stepHeight = 1
	rampSlope  = 0.25
)

// factor is the log Bayes factor of a change that began at a window: half a
// step, half a ramp.
func (s *series) factor(onset int) float64 {
	step := s.bayes(onset, stepHeight, func(int) float64 { return 1 })
	ramp := s.bayes(onset, rampSlope, func(i int) float64 { return float64(i - onset + 1) })
	return logAdd(step, ramp) - math.Ln2
}

// bayes is the log Bayes factor of means that change by height·shape(i) from
// window onset on, height being normal with a standard deviation of prior.
func (s *series) bayes(onset int, prior float64, shape func(i int) float64) float64 {
	var pooled, a, b float64
	for i := onset; i < len(s.w); i++ {
		mean := float64(shape(i) * s.unit)
		h := (mean - pooled) / s.scale[i] / s.excess
		rows := s.windows[i].Rows
		pooled += float64((mean - pooled) * (rows / (s.before[i] + rows)))
		a += float64(h * s.w[i])
		b += float64(h * h)
	}
	square := float64(prior * prior * s.excess * s.excess)
	whole := 1 + float64(square*b)
	return float64(square*a*a/(2*whole)) - float64(math.Log(whole)/2)
}

// mean is the mean over all rows of the windows; that of the reference, 0, where
// there are none.
func mean(windows []Step) float64 {
	var total, rows sum
	for _, w := range windows {
		total.add(w.Mean * w.Rows)
		rows.add(w.Rows)
	}
	if rows.value() == 0 {
		return 0
	}
	return total.value() / rows.value()
}
