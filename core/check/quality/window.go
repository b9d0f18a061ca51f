package quality

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/schema"
	"leeway/core/stat"
)

// schema tells of columns that come, go or change their name. A label that is
// absent is nothing to speak of: labels come later.
func (w *window) schema() {
	for _, name := range slices.Sorted(slices.Values(w.in.Missing)) {
		contract := w.in.Schema.Column(name)
		if contract != nil && (contract.Role == schema.Label || contract.Role == schema.Ignore) {
			continue
		}
		e := evidence("missing_column", metric.Labels{Column: name})
		e.Broken = true
		e.NReference, e.NCurrent = w.in.Reference.Rows, w.in.Current.Rows
		e.Message = fmt.Sprintf("The column `%s` is absent from the current data.", name)
		e.Hint = "Find out who renamed or dropped it; if that is meant, take it out of the configuration and build a new baseline."
		w.add(e)
	}
	for _, name := range slices.Sorted(slices.Values(w.in.Unexpected)) {
		e := evidence("unexpected_column", metric.Labels{Column: name})
		e.Notable = true
		e.NReference, e.NCurrent = w.in.Reference.Rows, w.in.Current.Rows
		e.Message = fmt.Sprintf("The column `%s` is new: it is not checked.", name)
		e.Hint = "Add it to the configuration, or give it the role ignore."
		w.add(e)
	}
	for _, name := range slices.Sorted(maps.Keys(w.in.Renamed)) {
		e := evidence("renamed_column", metric.Labels{Column: name})
		e.Notable = true
		e.NReference, e.NCurrent = w.in.Reference.Rows, w.in.Current.Rows
		e.Message = fmt.Sprintf("The column `%s` is called `%s` here and is read as that.", name, w.in.Renamed[name])
		e.Hint = "Use one name everywhere, or name the column in the configuration."
		w.add(e)
	}
}

// enough is how many earlier windows make a history of row counts.
const enough = 8

// unlike is how improbable the row count of an earlier window must be among the others
// to tell nothing of what is usual.
const unlike = 0.001

// rows holds the number of rows against the history.
func (w *window) rows() {
	rows := w.in.Current.Rows
	w.sample("rows", metric.Labels{}, float64(rows), true, 0, rows, "")
	e := evidence("rows", metric.Labels{})
	e.Value, e.NReference, e.NCurrent = float64(rows), w.in.Reference.Rows, rows
	if rows == 0 {
		e.Broken = true
		e.Message = "The window has no rows."
		e.Hint = "Check what delivers the batches."
		w.add(e)
		return
	}
	if history, spread := w.usual(); len(history) > 0 {
		if p, mean, err := stat.Next(history, math.Log(float64(rows)), spread); err == nil {
			e.P, e.Material = p, 1
			e.Effect = math.Abs(math.Log2(float64(rows)) - mean/math.Ln2)
			e.NoiseFloor = 0
			usual := math.Exp(mean)
			e.Message = fmt.Sprintf("The window has %s rows instead of about %s.", words.Count(rows), words.Count(int64(math.Round(usual))))
			e.Hint = "Check whether a batch is missing, late or delivered twice."
		}
	}
	w.add(e)
}

// usual are the logarithms of the row counts of the windows before, nil for too few,
// and how much counts of independent rows vary at least: by their root. A tenth of the
// windows at most, rounded up, that are unlike all others, are left out: a day without
// deliveries does not make half a day usual.
func (w *window) usual() (logs []float64, spread float64) {
	var total float64
	for _, h := range w.in.History {
		if h.Rows > 0 {
			logs = append(logs, math.Log(float64(h.Rows)))
			total += float64(h.Rows)
		}
	}
	if len(logs) < enough {
		return nil, 0
	}
	spread = math.Sqrt(float64(len(logs)) / total)
	middle := slices.Sorted(slices.Values(logs))[len(logs)/2]
	slices.SortStableFunc(logs, func(a, b float64) int { return cmp.Compare(math.Abs(a-middle), math.Abs(b-middle)) })
	for odd := (len(logs) + 9) / 10; odd > 0; odd-- {
		rest := logs[:len(logs)-odd]
		if p, _, err := stat.Next(rest, logs[len(rest)], spread); err == nil && p < unlike {
			return rest, spread
		}
	}
	return logs, spread
}

// freshness says how old the newest row is at the end of the window.
func (w *window) freshness() {
	if len(w.in.Schema.ByRole(schema.Timestamp)) == 0 {
		return
	}
	rows := w.in.Current.Rows
	switch {
	case w.in.Current.Start == 0 && w.in.Current.End == 0:
		w.sample("freshness_seconds", metric.Labels{}, 0, true, 0, rows, "no row has a time")
	case w.in.End == 0:
		w.sample("freshness_seconds", metric.Labels{}, 0, true, 0, rows, "the window has no end")
	default:
		w.sample("freshness_seconds", metric.Labels{}, float64(w.in.End-w.in.Current.End)/1e9, true, 0, rows, "")
	}
}
