package quality

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/sketch"
	"leeway/core/stat"
)

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
	if ref.Rows < fewestRows || !w.sameColumns() {
		return
	}
	r := newRepetition(ref.Lines, cur.Lines)
	if r.cur.repeats+r.ref.repeats+r.cur.shared == 0 || r.cur.rows == 0 || r.ref.rows == 0 {
		return // nothing occurs twice: there is nothing to test
	}
	e := evidence("duplicate_ratio", metric.Labels{})
	e.P, e.NoiseFloor = r.test(), r.usual()
	e.Value, e.Base = ratio, e.NoiseFloor
	e.Effect = max(ratio-e.NoiseFloor, 0)
	e.Low, e.High = stat.Wilson(r.cur.repeats, r.cur.rows)
	e.Material, e.NReference, e.NCurrent = 0.02, ref.Rows, cur.Rows
	e.Message = fmt.Sprintf("%s of the rows repeat an earlier one in every column, instead of about %s.", words.Share(ratio), words.Share(e.NoiseFloor))
	e.Hint = "Check whether a batch was delivered twice, or a join multiplies rows."
	if stuck := w.stuck(); len(stuck) > 0 {
		// What follows is never an alarm and takes no part of the budget, so the policy
		// has no say in it: this is only whether it is worth a line.
		if e.P > 0.01 || e.Effect < e.Material {
			return
		}
		follows(&e, ratio, stuck)
	} else if blank, share := w.blanked(); e.P <= 0.01 && e.Effect >= e.Material && e.Effect <= share {
		blanks(&e, ratio, blank)
	}
	w.add(e)
}

// blanks makes a consequence of what is found: of rows that lost what told them
// apart no more repeat than lost it. Whether others do too cannot be told.
func blanks(e *check.Evidence, ratio float64, blank []string) {
	e.P, e.Notable, e.Columns = math.NaN(), true, blank
	e.Message = fmt.Sprintf("%s of the rows repeat an earlier one in every column, instead of about %s: no more than rows that have no value, or a new one that they share, in %s.", words.Share(ratio), words.Share(e.NoiseFloor), named(blank))
	e.Hint = "See first why they do; if rows still repeat then, check whether a batch was delivered twice."
}

// follows makes a consequence of what is found: rows that differed in nothing but
// columns that do not vary any more are equal now.
func follows(e *check.Evidence, ratio float64, stuck []string) {
	e.P, e.NoiseFloor, e.Notable, e.Columns = math.NaN(), math.NaN(), true, stuck
	e.Message = fmt.Sprintf("%s of the rows repeat an earlier one in every column: not comparable with the reference, since rows no longer differ in %s.", words.Share(ratio), named(stuck))
	e.Hint = "See first why they no longer do."
}

// named lists columns, a few by their names.
func named(columns []string) string {
	const most = 3
	var names []string
	for _, name := range columns[:min(most, len(columns))] {
		names = append(names, "`"+name+"`")
	}
	s := strings.Join(names, ", ")
	if more := len(columns) - len(names); more > 0 {
		s += fmt.Sprintf(" and %d more", more)
	}
	return s
}

// stuck lists the columns that told rows of the reference apart and are all the
// same now, or missing in all rows.
func (w *window) stuck() (names []string) {
	for i := range w.in.Schema.Columns {
		name := w.in.Schema.Columns[i].Name
		ref, cur := w.in.Reference.Column(name), w.in.Current.Column(name)
		if ref != nil && cur != nil && !same(ref) && same(cur) {
			names = append(names, name)
		}
	}
	return names
}

// fewestRows is of how many rows the reference must be to tell how many repeat.
const fewestRows = 10

// blankFrom is from which share of the rows on a column counts as blanked, and
// rareBefore up to which one a value of the reference is a new one.
const (
	blankFrom  = 0.02
	rareBefore = 0.01
)

// blanked lists the columns that have no value in more rows than before, or one
// that the reference hardly had, and the share of rows that this makes together.
func (w *window) blanked() (names []string, share float64) {
	for i := range w.in.Schema.Columns {
		name := w.in.Schema.Columns[i].Name
		ref, cur := w.in.Reference.Column(name), w.in.Current.Column(name)
		if ref == nil || cur == nil || ref.Rows == 0 || cur.Rows == 0 {
			continue
		}
		more := float64(cur.Missing)/float64(cur.Rows) - float64(ref.Missing)/float64(ref.Rows)
		if more = max(more, newcomer(ref, cur)); more >= blankFrom {
			names, share = append(names, name), share+more
		}
	}
	return names, share
}

// newcomer is the largest share of rows that a value has which the reference hardly
// had; 0 where single values are not known.
func newcomer(ref, cur *profile.Column) (share float64) {
	few, most := int64(rareBefore*float64(ref.Rows)), int64(0)
	switch {
	case ref.Numeric != nil && cur.Numeric != nil && ref.Numeric.Grid.Exact() && cur.Numeric.Grid.Exact():
		before, counts := ref.Numeric.Grid.Weighted(nil, nil)
		values, now := cur.Numeric.Grid.Weighted(nil, nil)
		for i, x := range values {
			at, known := slices.BinarySearch(before, x)
			if now[i] > most && (!known || counts[at] <= few) {
				most = now[i]
			}
		}
	case ref.Categories != nil && cur.Categories != nil && ref.Categories.Exact() && cur.Categories.Exact():
		for text, n := range cur.Categories.All() {
			if n > most && ref.Categories.Of(text) <= few {
				most = n
			}
		}
	}
	return float64(most) / float64(cur.Rows)
}

// same tells whether a column is the same in all rows, for certain.
func same(c *profile.Column) bool {
	n, exact := c.DistinctCount()
	return c.Missing == c.Rows || c.Missing == 0 && c.Mistyped == 0 && exact && n == 1
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

// repetition is how often rows occur, among those that both sides kept.
type repetition struct {
	groups   stat.Groups // of both sides together
	ref, cur occurrences
}

// occurrences are those of one side.
type occurrences struct {
	rows, repeats int64
	once          int64 // rows that occur once
	shared        int64 // rows that occur on the other side too
	groups        stat.Groups
}

func (o *occurrences) add(n int64, shared bool) {
	if n == 0 {
		return
	}
	o.rows, o.repeats = o.rows+n, o.repeats+n-1
	o.groups[n]++
	if n == 1 {
		o.once++
	}
	if shared {
		o.shared += n
	}
}

func newRepetition(ref, cur *sketch.Rows) *repetition {
	r := &repetition{groups: stat.Groups{}, ref: occurrences{groups: stat.Groups{}}, cur: occurrences{groups: stat.Groups{}}}
	before, now := kept(ref), kept(cur)
	limit := min(before.limit(ref), now.limit(cur))
	for i, j := 0, 0; ; {
		a, b := before.at(i, limit), now.at(j, limit)
		hash := min(a.hash, b.hash)
		if hash == math.MaxUint64 {
			return r
		}
		var n, m int64
		if a.hash == hash {
			n, i = a.n, i+1
		}
		if b.hash == hash {
			m, j = b.n, j+1
		}
		r.groups[n+m]++
		r.ref.add(n, m > 0)
		r.cur.add(m, n > 0)
	}
}

// test gives the p-value of "rows repeat as in the reference".
//
// Rows may repeat because there are few different ones: then a draw from both
// sides together tells how many repeats so many rows have. Or because they come
// together, as the bookings of a group do: then they are on one side, and the
// ratio is that of the reference. Such clusters are the units, for their rows are
// not independent. Both have to say that there are more, where sides have less in
// common than rows which repeat by themselves would have.
func (r *repetition) test() (p float64) {
	p, _ = stat.Repeats(r.groups, r.cur.rows, r.ref.rows+r.cur.rows, r.cur.repeats)
	if r.clustered() {
		p = max(p, stat.Larger(r.ref.groups, r.cur.groups))
	}
	return p
}

// usual is the ratio that the reference lets expect of so many rows. The current
// side has no part in it: the more of its rows repeat, the more would seem usual.
func (r *repetition) usual() float64 {
	if r.clustered() {
		return float64(r.ref.repeats) / float64(r.ref.rows)
	}
	return r.ref.groups.Repeating(r.cur.rows) / float64(r.cur.rows)
}

// clustered tells whether the reference has fewer than half of the current rows
// that it would have if they were drawn as its own were: of these the share that
// do not occur once (Good, 1953).
func (r *repetition) clustered() bool {
	known := 1 - float64(r.ref.once)/float64(r.ref.rows)
	return 2*float64(r.cur.shared) < known*float64(r.cur.rows)
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
