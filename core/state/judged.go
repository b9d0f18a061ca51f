package state

import (
	"slices"

	"leeway/core/report"
)

// Judgement is what is thought of the content of an object.
type Judgement struct {
	Key, Hash string
	Verdict   report.Verdict
}

// Gravest is the order in which the verdict of a batch over several windows is
// chosen.
var Gravest = []report.Verdict{report.Alert, report.Warn, report.Unknown, report.OK}

// Judged is what is thought of each batch: the gravest verdict of its windows, or that
// it cannot be read. Left out are batches one of whose windows is not judged as it is
// now, and those whose content was delivered before under another name. Label files
// are batches too, as far as they could not be read: nobody has a verdict on the others.
func Judged(batches []Batch, files []LabelFile, history []Summary) []Judgement {
	verdictOf, copies := settled(batches, history), Copies(batches)
	var all []Judgement
	for i := range batches {
		b := &batches[i]
		verdict := b.Verdict
		if verdict != report.Invalid {
			if _, copied := copies[b.Key]; copied {
				continue // its rows are those of another
			}
			verdict = gravestOf(b.Parts, verdictOf)
		}
		if verdict != "" {
			all = append(all, Judgement{b.Key, b.Hash, verdict})
		}
	}
	for i := range files {
		if f := &files[i]; f.Error != "" {
			all = append(all, Judgement{f.Key, f.Hash, report.Invalid})
		}
	}
	return all
}

// Verdicts counts windows by what is thought of them now; one that is not judged yet,
// since it is not whole, is not among them.
func Verdicts(history []Summary) map[report.Verdict]int64 {
	counts := map[report.Verdict]int64{}
	for i := range history {
		if !history[i].Unjudged() {
			counts[history[i].Verdict]++
		}
	}
	return counts
}

// settled are the verdicts of the windows that are judged, and whose reports are of
// all that there is: what is said of the others is about to change.
func settled(batches []Batch, history []Summary) map[Window]report.Verdict {
	verdictOf := make(map[Window]report.Verdict, len(history))
	for i := range history {
		if !history[i].Unjudged() {
			verdictOf[history[i].Window] = history[i].Verdict
		}
	}
	for _, window := range Touched(batches, history) {
		delete(verdictOf, window)
	}
	return verdictOf
}

// gravestOf is the gravest verdict of the parts' windows; "" while one of them has
// none, unknown without any part.
func gravestOf(parts []Part, verdictOf map[Window]report.Verdict) report.Verdict {
	at := len(Gravest)
	for _, part := range parts {
		i := slices.Index(Gravest, verdictOf[part.Window])
		if i < 0 {
			return ""
		}
		at = min(at, i)
	}
	if at == len(Gravest) {
		return report.Unknown
	}
	return Gravest[at]
}
