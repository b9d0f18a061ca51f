package quality

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/stat"
)

// enough is how many earlier windows make a history of row counts.
const enough = 8

// unlike is how improbable the row count of an earlier window must be among the others
// to tell nothing of what is usual.
const unlike = 0.001

// alike is how probable the middle of the first windows must be among those of the
// reference to be of their scale: a reference may be a sample.
const alike = 0.1

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
	if known := w.usual(); known != nil {
		if p, mean, err := known.next(rows); err == nil {
			e.P, e.Material = p, 1
			e.Effect = math.Abs(math.Log2(float64(rows)) - mean/math.Ln2)
			e.NoiseFloor = 0
			e.Message = fmt.Sprintf("The window has %s rows instead of about %s.", words.Count(rows), usually(mean))
			e.Hint = "Check whether a batch is missing, late or delivered twice."
		}
	} else {
		w.first(&e)
	}
	w.add(e)
}

// first says of a window without any before it that the reference's windows have
// another number of rows: of a sample they do, so it is no alarm.
func (w *window) first(e *check.Evidence) {
	own := countsOf(w.in.OwnRows)
	if own == nil || len(w.in.History) > 0 {
		return
	}
	if p, mean, err := own.next(e.NCurrent); err == nil && p < unlike {
		e.Notable = true
		e.Message = fmt.Sprintf("The window has %s rows, where windows of the reference have about %s.", words.Count(e.NCurrent), usually(mean))
		e.Hint = "If the reference is no sample, check whether a batch is missing, late or delivered twice."
	}
}

// usual is what row counts are held against: those of the windows before. Of too few
// of these, what the reference's own windows had counts too, if the few are of that
// scale: their middle is no less probable among them than chance has it once in ten
// times. nil for nothing.
func (w *window) usual() *counts {
	before := make([]int64, 0, len(w.in.History))
	for _, h := range w.in.History {
		before = append(before, h.Rows)
	}
	if known := countsOf(before); known != nil {
		return known
	}
	own := countsOf(w.in.OwnRows)
	before = slices.DeleteFunc(before, func(rows int64) bool { return rows == 0 })
	if own == nil || len(before) == 0 || !own.scaled(before) {
		return nil
	}
	return countsOf(append(before, w.in.OwnRows...))
}

// counts are the logarithms of row counts, and how much those of independent rows vary
// at least: by their root.
type counts struct {
	logs   []float64
	spread float64
}

// countsOf is nil for too few. A tenth of the windows at most, rounded up, that are
// unlike all others, are left out: a day without deliveries does not make half a day
// usual.
func countsOf(rows []int64) *counts {
	var logs []float64
	var total float64
	for _, n := range rows {
		if n > 0 {
			logs = append(logs, math.Log(float64(n)))
			total += float64(n)
		}
	}
	if len(logs) < enough {
		return nil
	}
	spread := math.Sqrt(float64(len(logs)) / total)
	middle := slices.Sorted(slices.Values(logs))[len(logs)/2]
	slices.SortStableFunc(logs, func(a, b float64) int { return cmp.Compare(math.Abs(a-middle), math.Abs(b-middle)) })
	for odd := (len(logs) + 9) / 10; odd > 0; odd-- {
		rest := logs[:len(logs)-odd]
		if p, _, err := stat.Next(rest, logs[len(rest)], spread); err == nil && p < unlike {
			return &counts{rest, spread}
		}
	}
	return &counts{logs, spread}
}

// next is how probable a count is as the next one, and the mean of the logarithms.
func (c *counts) next(rows int64) (p, mean float64, err error) {
	return stat.Next(c.logs, math.Log(float64(rows)), c.spread)
}

// usually is the count whose logarithm is given.
func usually(mean float64) string { return words.Count(int64(math.Round(math.Exp(mean)))) }

// scaled tells whether a few windows, of the same length, have about as many rows.
func (c *counts) scaled(few []int64) bool {
	logs := make([]float64, 0, len(few))
	for _, n := range few {
		logs = append(logs, math.Log(float64(n)))
	}
	slices.Sort(logs)
	middle := (logs[(len(logs)-1)/2] + logs[len(logs)/2]) / 2
	p, err := stat.NextMean(c.logs, middle, len(logs), c.spread)
	return err == nil && p >= alike
}
