package policy

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/report"
	"leeway/core/stat"
)

// telling is by how many times what is material the main metric of performance may
// have to fall until that is seen, for the model to count as looked at: without a
// configured limit accuracy by 10 points, the mean absolute error by a third.
const telling = 10.0 / 3

// main are the metrics by which it is told whether a fall would show, one of a task.
var main = []string{"accuracy", "mae"}

// doubtModel says that it is not known whether the model became worse, where nothing
// alarms of it and a fall that would matter might not show: of few labelled rows, or
// few windows of the reference, which differ.
func (j *judge) doubtModel() {
	if j.options.Partial != nil {
		return
	}
	for i := range j.found {
		if f := &j.found[i].finding; f.Check == "performance" && f.Labels.Segment == "" && f.Severity != report.SeverityInfo {
			return
		}
	}
	at := slices.IndexFunc(j.evidence, func(e check.Evidence) bool {
		return e.Check == "performance" && e.Labels.Segment == "" && slices.Contains(main, e.Metric) && e.Error > 0 && !math.IsNaN(e.P)
	})
	if at < 0 {
		return
	}
	e, n := &j.evidence[at], &j.noise[at]
	matters := telling * j.material(e)
	if !(matters > 0) {
		return
	}
	fall := func(n *noise) float64 { // the smallest that shows
		return e.Error / cmp.Or(e.Unit, 1) * float64(n.scale*(stat.StudentLimit(2*j.level(e), n.degrees)+stat.Power80))
	}
	few := sampling
	switch rows, all := fall(&few)/matters, fall(n)/matters; {
	case rows > 1:
		j.unseen(e, fmt.Sprintf("Whether the model became worse is not known: %s against %s of the reference are too few, only a fall of %s about %.1f times as large as what would matter would show.",
			words.Plural(e.NCurrent, "labelled row"), words.Count(e.NReference), e.Metric, rows), labelsNeeded(e, rows))
	case n.few() && all > 1:
		j.unseen(e, fmt.Sprintf("Whether the model became worse is not known: how good it was differs between the reference's %s by more than their rows explain, and only a fall of %s about %.1f times as large as what would matter would show.",
			j.windowsWords(n.windows), e.Metric, all), fmt.Sprintf("Build a baseline of more windows with labels (leeway baseline build): %d at the least. Look at the metric and its interval meanwhile.", metric.FewestWindows))
	}
}

// unseen adds the finding. More labels may come, or none: the window is not unknown by that.
func (j *judge) unseen(e *check.Evidence, message, hint string) {
	one := counted(e)
	j.unknown(one, check.SampleSize, message, hint)
	j.partly[j.found[len(j.found)-1].finding.ID] = !j.options.Labels
}

// labelsNeeded says how many labelled rows would show what matters.
func labelsNeeded(e *check.Evidence, ratio float64) string {
	n, m := float64(e.NReference), float64(e.NCurrent)
	target := (1/n + 1/m) / (ratio * ratio)
	if rest := target - 1/n; rest > 0.25*target {
		return fmt.Sprintf("It takes about %s labelled rows: wait for more labels, or merge several batches into one window.", words.Count(roundUp(1/rest)))
	}
	return fmt.Sprintf("It takes about %s labelled rows on each side: wait for more labels, and build a baseline of more labelled rows.", words.Count(roundUp(2/target)))
}
