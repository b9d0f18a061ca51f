package stat

import (
	"cmp"
	"math"
	"slices"
)

// Onset is when a change began that has built up over a series of windows.
type Onset struct {
	At    int     // the window, by index, by which it has begun as likely as not; negative: before the first one
	From  int     // the first and the last of the interval that holds it with a probability of Confidence
	To    int     // not negative: what the first window shows may have begun with it
	Total float64 // how far the last windows are from those before it, in the score's unit
	Step  bool    // it was complete with one window, as far as can be told, and stayed: no creep
}

// date says when the change began.
//
// The detector's own factors date badly once a creep has gone on for long: they
// clip what a window says and know two shapes. Here all windows are taken as
// they are, but for outliers among neighbours, and held against a level that
// stays until the onset, rises or falls evenly from there on for some windows,
// one (a step) to all that are left, and stays again. The level before is that
// of the reference but for that one's own error. Heights are normal, so that the
// probability of every onset and length is known in closed form (Bayesian linear
// regression with an unknown change-point: Chin Choy and Broemeling, Some
// Bayesian inferences for a changing linear model, 1980). Onsets before the
// first window are weighed as well: a series that remembers a part of a creep
// only does not say when it began.
func (s *series) date(reference float64) Onset {
	windows := calmed(s.windows, s.excess)
	d := dating{sums: summed(windows), reference: reference, noise: float64(s.excess * s.excess)}
	d.weigh()
	// What the best shape leaves unexplained is noise, of one window or of a run
	// of them.
	d.noise = max(d.noise, persistent(d.left(windows)).variance)
	weights := d.weigh()
	at, from, to := likeliest(weights, Confidence)
	n := len(windows)
	o := Onset{At: at - n, From: from - n, To: max(to-n, 0), Step: d.best.length == 1}
	before := max(o.At, 0)
	level := d.sums[before].y / (reference + d.sums[before].w)
	o.Total = mean(windows[max(before, n-7):]) - level
	return o
}

// unrest is the noise that the best change leaves of the series. Windows that were
// off and are back take no part in it: those that are far from what fits the others, by
// four times what most are. What is left is cut at twice of that.
func (s *series) unrest(reference float64) noise {
	const far, cut, rounds = 4, 2, 3
	windows := calmed(s.windows, s.excess)
	d := dating{reference: reference, noise: float64(s.excess * s.excess), best: shape{length: 1}}
	z := d.left(windows) // at first from the level of the reference
	for range rounds {
		kept := slices.Clone(windows)
		reach := float64(far * usual(z))
		for i := range kept {
			if math.Abs(z[i]) > reach {
				kept[i].Rows = 0
			}
		}
		d.sums = summed(kept)
		d.weigh()
		z = d.left(windows)
	}
	reach := usual(z)
	var left []float64
	for _, x := range z {
		if math.Abs(x) <= far*reach {
			left = append(left, min(max(x, -cut*reach), cut*reach))
		}
	}
	return persistent(left)
}

// usual is the standard deviation of most deviates, at least 1: by the median of
// what they are.
func usual(z []float64) float64 {
	sizes := make([]float64, len(z))
	for i, x := range z {
		sizes[i] = math.Abs(x)
	}
	slices.Sort(sizes)
	return max(1.4826*sizes[len(sizes)/2], 1)
}

// Confidence is the probability with which an interval holds an onset.
const Confidence = 0.95

// calmed moves windows that are far from those around them to where they might
// still be by chance: a bad day says nothing about when a change began.
func calmed(windows []Step, excess float64) []Step {
	const around = 5
	calm := slices.Clone(windows)
	size := min(around, len(windows))
	near := make([]float64, size)
	for i, w := range windows {
		first := min(max(i-size/2, 0), len(windows)-size)
		for j := range near {
			near[j] = windows[first+j].Mean
		}
		slices.Sort(near)
		reach := float64(clip * excess / math.Sqrt(w.Rows))
		calm[i].Mean = min(max(w.Mean, near[size/2]-reach), near[size/2]+reach)
	}
	return calm
}

// upTo are sums over the windows before one, weighted by rows: of 1, their index
// i, i², their mean y, and i·y.
type upTo struct{ w, i, ii, y, iy float64 }

func summed(windows []Step) []upTo {
	sums := make([]upTo, len(windows)+1)
	for i, w := range windows {
		s, x := sums[i], float64(i)
		wx, wy := float64(w.Rows*x), float64(w.Rows*w.Mean)
		sums[i+1] = upTo{s.w + w.Rows, s.i + wx, s.ii + float64(wx*x), s.y + wy, s.iy + float64(wy*x)}
	}
	return sums
}

func (a upTo) minus(b upTo) upTo {
	return upTo{a.w - b.w, a.i - b.i, a.ii - b.ii, a.y - b.y, a.iy - b.iy}
}

// dating weighs onsets.
type dating struct {
	sums      []upTo
	reference float64 // rows
	noise     float64 // variance of a window's mean, in units of sampling
	best      shape
	between   []float64 // room for weigh
}

// shape is a change by height that begins at a window and is complete after so
// many; level is that before it.
type shape struct {
	onset, length int
	level, height float64
	log           float64 // of its likelihood
}

// at is the share of the height that a window shows.
func (s shape) at(i int) float64 {
	return min(max(float64(i-s.onset+1)/float64(s.length), 0), 1)
}

// weigh gives the logs of the weights of all onsets, from as many windows before
// the first as there are on, and finds the best shape. Steps, changes that go on
// and those in between, of lengths a fifth apart, have a third each.
func (d *dating) weigh() []float64 {
	n := len(d.sums) - 1
	d.best.log = math.Inf(-1)
	weights := make([]float64, 0, 2*n)
	for onset := -n; onset < n; onset++ {
		step, lasting := d.fit(onset, 1), d.fit(onset, n-onset)
		between := d.between[:0]
		for length := 2; length < n-onset; length += 1 + length/5 {
			if onset+length <= 0 { // it was complete with the first window
				between = append(between, step)
				continue
			}
			between = append(between, d.fit(onset, length))
		}
		total := logAdd(step, lasting)
		if len(between) > 0 {
			total = logAdd(total, logSum(between)-math.Log(float64(len(between))))
		}
		d.between = between
		weights = append(weights, total)
	}
	return weights
}

// logSum is the log of the sum of numbers of which these are the logs.
func logSum(logs []float64) float64 {
	most, total := slices.Max(logs), 0.0
	for _, log := range logs {
		total += math.Exp(log - most)
	}
	return most + math.Log(total)
}

// fit is the log likelihood of a shape, level and height being integrated out.
// The height has the prior standard deviation 1, that of a value.
func (d *dating) fit(onset, length int) float64 {
	n := len(d.sums) - 1
	rise, full := min(max(onset, 0), n), min(max(onset+length, 0), n)
	rising, after := d.sums[full].minus(d.sums[rise]), d.sums[n].minus(d.sums[full])
	// The shape at i of those that rise is slope·i + start.
	slope := 1 / float64(length)
	start := float64(1-onset) * slope
	x := float64(slope*rising.i) + float64(start*rising.w) + after.w
	xx := float64(slope*slope*rising.ii) + float64(2*slope*start*rising.i) + float64(start*start*rising.w) + after.w
	xy := float64(slope*rising.iy) + float64(start*rising.y) + after.y
	// Normal equations of level and height, in units of noise.
	a, b, c := d.reference+d.sums[n].w, x, xx+d.noise
	y := d.sums[n].y
	det := float64(a*c) - float64(b*b)
	level, height := (float64(c*y)-float64(b*xy))/det, (float64(a*xy)-float64(b*y))/det
	log := (float64(level*y)+float64(height*xy))/(2*d.noise) - float64(math.Log(det)/2)
	if log > d.best.log {
		d.best = shape{onset, length, level, height, log}
	}
	return log
}

// left are the deviates that the best shape leaves.
func (d *dating) left(windows []Step) []float64 {
	z := make([]float64, len(windows))
	for i, w := range windows {
		z[i] = (w.Mean - d.best.level - float64(d.best.height*d.best.at(i))) * math.Sqrt(w.Rows)
	}
	return z
}

// likeliest gives the median of indices, of whose weights these are the logs, and
// the smallest run of them that holds the heaviest with such a share of the whole.
func likeliest(logs []float64, share float64) (at, from, to int) {
	order := make([]int, len(logs))
	for i := range order {
		order[i] = i
	}
	total := logSum(logs)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(logs[b], logs[a]) })
	from, to = order[0], order[0]
	for mass, i := 0.0, 0; i < len(order) && mass < share; i++ {
		from, to = min(from, order[i]), max(to, order[i])
		mass += math.Exp(logs[order[i]] - total)
	}
	for mass := math.Exp(logs[0] - total); mass < 0.5 && at < to; mass += math.Exp(logs[at] - total) {
		at++
	}
	return max(at, from), from, to
}
