package policy

import (
	"cmp"
	"math"
	"slices"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/stat"
)

// NewDeviate is how far evidence is from no change: what a window of the reference says of
// how windows differ.
func NewDeviate(e *check.Evidence) metric.Deviate {
	return metric.Deviate{Z: beyond(e, stat.Deviate(cmp.Or(e.Either, e.P))), N: effective(e.NReference, e.NCurrent)}
}

// beyond is a deviate which, where its p-value underflows, goes by the size of the change.
// Else all large changes of large windows are alike: the moods that these are known for, and
// what is ten times as far off.
func beyond(e *check.Evidence, z float64) float64 {
	if z < stat.MostDeviate {
		return z
	}
	return max(z, size(e))
}

// Clipped tells whether any of what windows said is as far off as p-values tell: of such as
// were not told by their size, larger ones are hidden among these.
func Clipped(variation map[string][]metric.Deviate) bool {
	for _, windows := range variation {
		for _, w := range windows {
			if w.Z >= math.Floor(stat.MostDeviate) { // they are kept to four digits
				return true
			}
		}
	}
	return false
}

// sized is evidence without its size where the windows that it is held against have none:
// in their moods the usual window would be further off than any of them could be.
func (j *judge) sized(evidence []check.Evidence) []check.Evidence {
	if !j.options.Clipped {
		return evidence
	}
	bare := slices.Clone(evidence)
	for i := range bare {
		bare[i].Far = 0
	}
	return bare
}

// size is how many standard errors a change is by its size; 0 where that is not known.
func size(e *check.Evidence) float64 {
	if by := math.Abs(e.Value-e.Base) / e.Error; e.Error > 0 && !math.IsNaN(by) {
		return by
	}
	return e.Far
}

func effective(reference, current int64) float64 {
	n, m := float64(reference), float64(current)
	return n * m / (n + m)
}

// allowed corrects evidence for how much windows differ though nothing changed.
//
// A p-value knows sampling alone. Real windows differ by more: weekdays,
// campaigns, who happened to shop. How much more, the windows of the reference
// tell: the mean square of their deviates is 1 where rows are independent, and
// 1 + excess·n where they are not. The current deviate is scaled by that, and
// held against Student's t with as many degrees of freedom as the estimate of
// the variance has (Satterthwaite, 1946): known where it is all sampling, few
// where it is all from few windows. A tenth of the windows, the worst ones, is
// left out, so that a bad week of the reference excuses nothing.
//
// A reference of few windows differs itself from what is usual: wider is by how
// much more the variance between it and a window is than it was for the windows
// that were measured. free is the share of the deviates that are free; 0 is that of
// windows which are held against what they have in common: all but one.
func allowed(e *check.Evidence, windows []metric.Deviate, wider, free float64) (check.Evidence, noise) {
	s := *e
	if len(windows) < metric.LeastWindows || math.IsNaN(e.P) || e.NReference == 0 || e.NCurrent == 0 {
		return s, sampling
	}
	if free == 0 {
		free = 1 - 1/float64(len(windows))
	}
	variance, degrees := check.Between(windows, float64(effective(e.NReference, e.NCurrent)*wider), free, e.Labels.Segment != "")
	n := noise{scale: math.Sqrt(variance), degrees: degrees, windows: len(windows)}
	if e.Labels.Segment == "" {
		n.recur(windows, float64(effective(e.NReference, e.NCurrent)*wider), free)
	}
	if math.IsInf(degrees, 1) && n.apart.None() {
		return s, sampling
	}
	return scaled(s, n)
}

// recur takes in which of the windows stand apart from the others now and then, as they
// would at n effective rows: beyond what all windows have in common, that is as large
// whatever the rows.
func (n *noise) recur(windows []metric.Deviate, rows, free float64) {
	deviates := make([]float64, len(windows))
	for i, w := range windows {
		deviates[i] = w.Z
		if w.Z > 1 {
			deviates[i] = math.Sqrt(1 + float64((float64(w.Z*w.Z)-1)*(rows/w.N)))
		}
	}
	mean, degrees := stat.Scatter(deviates, free)
	n.apart = stat.Recurring(deviates, math.Sqrt(max(mean, 1)), degrees)
}

// scaled is evidence with so much more noise than sampling.
func scaled(s check.Evidence, n noise) (check.Evidence, noise) {
	if s.P < s.Either { // of one direction
		s.P = max(s.P, n.chance(deviate(&s, s.Either), 0.5))
	} else {
		s.P = max(s.P, n.chance(deviate(&s, s.P), 1))
	}
	if noise := widened(&s, n.scale); n.scale > 1 && noise != 0 && !math.IsNaN(noise) {
		s.NoiseFloor = s.Base + noise
		if s.Effect > 0 { // less of what there is: it may be a change for the better
			s.Effect = max(math.Abs(s.Value-s.Base)-math.Abs(noise), 0) / cmp.Or(s.Unit, 1)
		}
	}
	if b := s.Bounds; b != nil {
		s.NoiseFloor = min(max(s.NoiseFloor, b.Low), b.High)
	}
	return s, n
}

// widened is the part of the noise floor beyond the base where windows differ by so much.
func widened(e *check.Evidence, scale float64) float64 {
	if e.Floor != nil {
		return e.Floor(scale) - e.Base
	}
	return (e.NoiseFloor - e.Base) * scale
}

// certain is the deviate beyond which sampling explains nothing, and a change is
// measured by its size.
const certain = 6

// deviate is how many standard errors a window is from the reference: by the p-value
// that sampling gives it, which is exact where there is little to see. That of a
// change beyond doubt underflows, and need not fall with the size of the change:
// tests that estimate their variance from the window grow less sure of what
// is stranger. Held against how windows differ, a larger change must count for more.
func deviate(e *check.Evidence, p float64) float64 {
	z := stat.Deviate(p)
	if z > certain && e.Error > 0 {
		return max(z, size(e))
	}
	return beyond(e, z)
}

// noise is by how much more windows differ than sampling explains, and what that
// is known from.
type noise struct {
	scale   float64 // 1 where sampling is all
	degrees float64 // of freedom
	windows int
	apart   stat.Outliers // windows that stand apart from the others now and then
}

// chance is that of a deviate as large, of which the noise is a share in that direction.
// What stands apart now and then may all do so in one.
func (n *noise) chance(z, share float64) float64 {
	p := stat.NormalTail(z / n.scale)
	if !math.IsInf(n.degrees, 1) {
		p = stat.StudentTwoSided(z/n.scale, n.degrees) / 2
	}
	return max(float64(2*p*share), n.apart.Tail(z))
}

// limit is the deviate of which the chance is level.
func (n *noise) limit(level float64) float64 {
	return max(float64(n.scale*stat.StudentLimit(level, n.degrees)), n.apart.Limit(level))
}

var sampling = noise{scale: 1, degrees: math.Inf(1)}

// few tells whether it is known from so few windows that much may stay hidden.
func (n *noise) few() bool { return n.windows > 0 && n.windows < metric.FewestWindows }

// hidden is by how much larger than by sampling a change must be to be seen at
// a level.
func (n *noise) hidden(level float64) float64 {
	return n.limit(level) / stat.Deviate(level)
}
