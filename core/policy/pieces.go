package policy

import (
	"math"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/stat"
)

// share is which share of its rows the window has.
func (p *Partial) share() float64 {
	if p.Share > 0 {
		return p.Share
	}
	return 1
}

// allowForPieces settles the evidence of a window that is not whole, and holds back
// what its missing rows may explain. It may have been looked at after each file: its
// p-values are such that this is one test, and all looks but the last share a tenth of
// the budget.
func (j *judge) allowForPieces(evidence []check.Evidence) {
	j.held = make([]bool, len(evidence))
	for i := range evidence {
		s, n, judged := byPieces(&evidence[i], j.options.Partial.Pieces)
		s.P = stat.Anytime(s.P, j.options.Partial.share())
		j.evidence, j.noise, j.held[i] = append(j.evidence, s), append(j.noise, n), !judged
	}
}

// byPieces corrects evidence of a window that is not whole for how much pieces of
// the reference differ, of which it may be a few: the first hours of a day are all
// at night. If the deviates of pieces with n rows have the variance 1 + excess, that
// of k pieces which are all alike has 1 + k·excess: what comes and goes with hours
// or days is not averaged down, as it is in whole windows. Fewer rows than of a piece
// count as one. Nothing is left out, see [stat.Patterned]. A window that reaches less
// far than a piece is held against it with a margin, see scattered.
//
// It is false for what cannot be judged so: how many rows there are, rows that
// repeat, whole rows, segments, how good the model was, and columns that too few
// pieces have. What is broken stands whatever rows are to come, and so does how
// many could not be read.
func byPieces(e *check.Evidence, pieces []Pieces) (s check.Evidence, n noise, judged bool) {
	if e.Broken || e.Metric == check.DroppedRatio {
		return *e, sampling, true
	}
	if len(pieces) == 0 || e.Labels.Column == "" || e.Labels.Segment != "" || e.Since != nil || e.Check != "drift" && e.Check != "quality" {
		return *e, sampling, false
	}
	total := noise{scale: 1, degrees: math.Inf(1)}
	for i := range pieces {
		said := pieces[i].Variation[Key(e.Check, e.Metric, e.Labels)]
		if len(said) < metric.FewestWindows {
			if e.Check == "drift" {
				return *e, sampling, false
			}
			continue // of what no piece had, chance is all there is
		}
		variance, degrees := scattered(said, effective(e.NReference, e.NCurrent), &pieces[i])
		total.scale += variance - 1
		total.degrees, total.windows = min(total.degrees, degrees), max(total.windows, len(said))
	}
	if math.IsInf(total.degrees, 1) || math.IsNaN(e.P) || e.NReference == 0 || e.NCurrent == 0 {
		return *e, sampling, true
	}
	total.scale = math.Sqrt(total.scale)
	s, n = scaled(*e, total)
	return s, n, true
}

// leastExcess is what the variance of pieces that are longer than the window exceeds
// that of chance by, at least: that long ones are alike does not say that short
// ones are.
const leastExcess = 0.2

// scattered is the variance of a deviate of n effective rows, of which a share differs
// as pieces do, and the degrees of freedom that it is known with. Where pieces are
// longer, one of a few hours that stand apart shows them diluted by as much, in
// deviates, so the excess counts for the square of that.
func scattered(pieces []metric.Deviate, n float64, by *Pieces) (variance, degrees float64) {
	deviates := make([]float64, len(pieces))
	var typical float64
	for i, one := range pieces {
		deviates[i] = one.Z
		typical += one.N / float64(len(pieces))
	}
	mean, degrees := stat.Patterned(deviates, 1-1/float64(len(pieces)))
	excess := max(mean-1, 0)
	if by.Longer > 1 {
		excess = float64(max(excess, leastExcess) * float64(by.Longer*by.Longer))
	}
	excess = float64(float64(excess*max(float64(by.Share*n/typical), 1)) * by.Share)
	if excess == 0 {
		return 1, math.Inf(1)
	}
	return 1 + excess, float64(degrees * (1 + excess) / excess)
}

// allHeld names the checks of which all tests are held back; all, where nothing is
// known of pieces.
func (j *judge) allHeld() map[string]bool {
	all := map[string]bool{}
	for i := range j.held {
		e := &j.evidence[i]
		if _, known := all[e.Check]; !known {
			all[e.Check] = true
		}
		all[e.Check] = all[e.Check] && (j.held[i] || math.IsNaN(e.P) || len(j.options.Partial.Pieces) == 0)
	}
	for name, held := range all {
		if !held {
			delete(all, name)
		}
	}
	return all
}
