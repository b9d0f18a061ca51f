package policy

import (
	"math"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/stat"
)

// Partial says of a window that it is not whole, in a sentence what it lacks and in
// another one when it is judged. What it holds so far need not be like windows that
// are: some days of a week, some hours of a day.
type Partial struct {
	Message, Hint string

	// Pieces is what parts of the reference's windows said, by finding id: the days
	// of its weeks, say.
	Pieces map[string][]metric.Deviate
}

// early is the share of the budget at which part of a window may alarm: it is
// looked at again and again before it is whole.
const early = 0.01

// certain tells whether a finding stands whatever rows the window lacks. What is
// broken does, and how many rows could not be read hangs on no mix of them; else it
// must be far beyond how parts of the reference's windows differ.
func (j *judge) certain(i int) bool {
	e := &j.evidence[i]
	return j.options.Partial == nil || e.Broken || e.Metric == check.DroppedRatio || j.pieced[i] && j.q[i] <= early*j.options.FalseAlarms
}

// allowForParts is allow for part of a window: evidence on it is held against how
// parts of the reference's windows differ from the whole. One that is shorter than
// they are may differ by more.
func (j *judge) allowForParts(evidence []check.Evidence) {
	for i := range evidence {
		e, n := evidence[i], sampling
		pieces := j.options.Partial.Pieces[Key(e.Check, e.Metric, e.Labels)]
		held := len(pieces) >= metric.FewestWindows && !math.IsNaN(e.P) && e.NReference > 0 && e.NCurrent > 0
		if held {
			now, typical := effective(e.NReference, e.NCurrent), typical(pieces)
			if held = 2*now >= typical; held {
				e, n = scaled(e, widest(pieces, float64(now*j.options.Wider)/typical))
			}
		}
		j.evidence, j.noise, j.pieced = append(j.evidence, e), append(j.noise, n), append(j.pieced, held)
	}
}

// typical is how many effective rows windows have.
func typical(windows []metric.Deviate) (n float64) {
	for _, w := range windows {
		n += w.N / float64(len(windows))
	}
	return n
}

// outlying is the chance of so large a deviate as the largest of so many, from where
// on it is none like the others.
const outlying = 0.05

// widest is the noise of a window that is so many times as large as pieces are, and
// may be as unlike the whole as any of them: hours and days do not scatter, each has
// its place. Where the largest deviate is one like the others they have none, and
// their mean square is what counts.
func widest(pieces []metric.Deviate, times float64) noise {
	var mean, most float64
	k := float64(len(pieces))
	for _, p := range pieces {
		square := float64(p.Z * p.Z)
		mean, most = mean+square/k, max(most, square)
	}
	limit := stat.Deviate(outlying / k)
	if most <= float64(mean*limit*limit) {
		most = mean
	}
	return noise{math.Sqrt(1 + float64(max(most-1, 0)*times)), k - 1, len(pieces)}
}

// unfinished adds the finding that a window is not whole, whatever else is found
// in it: all that depends on the mix of its rows is not judged yet.
func (j *judge) unfinished() {
	var rows check.Evidence
	for i := range j.evidence {
		rows.NReference, rows.NCurrent = max(rows.NReference, j.evidence[i].NReference), max(rows.NCurrent, j.evidence[i].NCurrent)
	}
	rows.Check, rows.Value = "drift", math.NaN()
	j.unknown(&rows, check.PartialWindow, j.options.Partial.Message, j.options.Partial.Hint)
}
