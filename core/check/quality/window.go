package quality

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/schema"
	"leeway/core/sketch"
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
	var history []float64
	var total float64
	for _, h := range w.in.History {
		if h.Rows > 0 {
			history = append(history, math.Log(float64(h.Rows)))
			total += float64(h.Rows)
		}
	}
	if len(history) >= enough {
		// Counts of independent rows vary by their root at least.
		spread := math.Sqrt(float64(len(history)) / total)
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

// duplicates tests for repeated rows, given how often each row occurs on both
// sides together.
func (w *window) duplicates() {
	cur, ref := w.in.Current, w.in.Reference
	if cur.Rows == 0 {
		w.sample("duplicate_ratio", metric.Labels{}, 0, true, 0, 0, "no rows")
		return
	}
	ratio, exact := cur.Lines.Duplicates()
	w.sample("duplicate_ratio", metric.Labels{}, ratio, exact, 0, cur.Rows, w.unlike(ratio))
	if ref.Rows == 0 || !w.sameColumns() {
		return
	}
	groups, m, all, repeats := rowGroups(ref.Lines, cur.Lines)
	if len(groups) == 0 || len(groups) == 1 && groups[1] > 0 || m == 0 || m == all {
		return // nothing occurs twice: there is nothing to test
	}
	before, _ := ref.Lines.Duplicates()
	e := evidence("duplicate_ratio", metric.Labels{})
	var mean float64
	e.P, mean = stat.Repeats(groups, m, all, repeats)
	e.Value, e.NoiseFloor = ratio, mean/float64(m)
	e.Effect = max(ratio-e.NoiseFloor, 0)
	e.Low, e.High = stat.Wilson(repeats, m)
	e.Material, e.NReference, e.NCurrent = 0.02, ref.Rows, cur.Rows
	e.Message = fmt.Sprintf("%s of the rows repeat an earlier one in every column, up from %s.", words.Share(ratio), words.Share(before))
	e.Hint = "Check whether a batch was delivered twice, or a join multiplies rows."
	w.add(e)
}

// unlike says why nobody knows how many rows repeat: those that are equal as far
// as they are read may differ in a column that is not. Rows that differ in what
// is read differ.
func (w *window) unlike(ratio float64) (reason string) {
	if len(w.in.Unexpected) == 0 || ratio == 0 {
		return ""
	}
	return "rows that look equal may differ in a column that the configuration does not know (see unexpected_column)"
}

// sameColumns tells whether rows of both sides are equal where they have the
// same columns: rows of fewer columns repeat more often. Labels come later, which
// makes no difference where each row has an id.
func (w *window) sameColumns() bool {
	named := slices.ContainsFunc(w.in.Schema.ByRole(schema.ID), func(c *schema.Column) bool { return !slices.Contains(w.in.Missing, c.Name) })
	for _, name := range w.in.Missing {
		c := w.in.Schema.Column(name)
		if !named || c == nil || c.Role != schema.Label {
			return false
		}
	}
	return len(w.in.Unexpected) == 0
}

// rowGroups counts how often each distinct row occurs on both sides together,
// among the rows that both sides kept: m current ones of all, of which repeats
// repeat.
func rowGroups(ref, cur *sketch.Rows) (groups stat.Groups, m, all, repeats int64) {
	before, now := kept(ref), kept(cur)
	limit := min(before.limit(ref), now.limit(cur))
	groups = stat.Groups{}
	i, j := 0, 0
	for {
		a, b := before.at(i, limit), now.at(j, limit)
		hash := min(a.hash, b.hash)
		if hash == math.MaxUint64 {
			return groups, m, all, repeats
		}
		var n int64
		if a.hash == hash {
			n += a.n
			i++
		}
		if b.hash == hash {
			n += b.n
			m, repeats = m+b.n, repeats+b.n-1
			j++
		}
		all += n
		groups[n]++
	}
}

// row is a distinct row, and how often it occurs.
type row struct {
	hash uint64
	n    int64
}

type rows []row // ascending

func kept(r *sketch.Rows) rows {
	all := make(rows, 0, r.Len())
	for hash, n := range r.Pairs() {
		all = append(all, row{hash, n})
	}
	return all
}

// limit is the largest hash up to which every row is known. The very largest
// hash stands for the end and is left out.
func (r rows) limit(of *sketch.Rows) uint64 {
	switch {
	case of.Exact():
		return math.MaxUint64 - 1
	case len(r) == 0:
		return 0
	}
	return r[len(r)-1].hash
}

// at is the i-th row up to the limit, or the end.
func (r rows) at(i int, limit uint64) row {
	if i < len(r) && r[i].hash <= limit {
		return r[i]
	}
	return row{hash: math.MaxUint64}
}
