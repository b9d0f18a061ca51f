package prometheus

import (
	"maps"

	"leeway/core/report"
	"leeway/core/state"
)

// judged counts verdicts on the batches of a model. What was counted stays, so
// that the counts only grow while the process lives: a window that is judged
// again counts its batches once more, under the new verdict. The state does not
// keep what was thought of a window before, so a new process begins with what is
// thought now.
type judged struct {
	last  map[string]report.Verdict // by key and content, as counted last
	total map[report.Verdict]int64
}

// count adds the verdicts that are new since it was called last, and gives the
// counts.
func (j *judged) count(all []state.Judgement) map[report.Verdict]int64 {
	if j.last == nil {
		j.last, j.total = map[string]report.Verdict{}, map[report.Verdict]int64{}
	}
	for _, one := range all {
		if name := one.Key + "\x00" + one.Hash; j.last[name] != one.Verdict {
			j.last[name] = one.Verdict
			j.total[one.Verdict]++
		}
	}
	return maps.Clone(j.total)
}
