package prometheus

import (
	"maps"
	"slices"

	"leeway/core/report"
	"leeway/core/state"
)

// gravest is the order in which the verdict of a batch over several windows is
// chosen.
var gravest = []report.Verdict{report.Alert, report.Warn, report.Unknown, report.OK}

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
// counts. Label files are batches too, as far as they could not be read: nobody has a
// verdict on the others.
func (j *judged) count(batches []state.Batch, files []state.LabelFile, history []state.Summary) map[report.Verdict]int64 {
	if j.last == nil {
		j.last, j.total = map[string]report.Verdict{}, map[report.Verdict]int64{}
	}
	verdictOf, copies := settled(batches, history), state.Copies(batches)
	for i := range batches {
		b := &batches[i]
		if _, copied := copies[b.Key]; copied && b.Verdict != report.Invalid {
			continue // its rows are those of another
		}
		verdict := report.Invalid
		if b.Verdict != report.Invalid {
			verdict = worst(b.Parts, verdictOf)
		}
		j.add(b.Key, b.Hash, verdict)
	}
	for i := range files {
		if f := &files[i]; f.Error != "" {
			j.add(f.Key, f.Hash, report.Invalid)
		}
	}
	return maps.Clone(j.total)
}

// add counts a verdict on a content, "" for none, unless it was the last one counted.
func (j *judged) add(key, hash string, verdict report.Verdict) {
	if name := key + "\x00" + hash; verdict != "" && j.last[name] != verdict {
		j.last[name] = verdict
		j.total[verdict]++
	}
}

// settled are the verdicts of the windows that are judged, and whose reports are of
// all that there is: what is said of the others is about to change.
func settled(batches []state.Batch, history []state.Summary) map[state.Window]report.Verdict {
	verdictOf := make(map[state.Window]report.Verdict, len(history))
	for i := range history {
		if !history[i].Unjudged() {
			verdictOf[history[i].Window] = history[i].Verdict
		}
	}
	for _, window := range state.Touched(batches, history) {
		delete(verdictOf, window)
	}
	return verdictOf
}

// worst is the gravest verdict of the parts' windows; "" while one of them has
// none, unknown without any part.
func worst(parts []state.Part, verdictOf map[state.Window]report.Verdict) report.Verdict {
	at := len(gravest)
	for _, part := range parts {
		i := slices.Index(gravest, verdictOf[part.Window])
		if i < 0 {
			return ""
		}
		at = min(at, i)
	}
	if at == len(gravest) {
		return report.Unknown
	}
	return gravest[at]
}
