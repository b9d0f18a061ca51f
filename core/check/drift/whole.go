package drift

import (
	"errors"
	"math"
	"slices"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/sketch"
	"leeway/core/stat"
)

// WholeMethod is one way to compare whole rows. It carries no column label.
type WholeMethod struct {
	metric.Desc
	Default  bool    // shown and judged unless something else is chosen
	Material float64 // smallest effect worth an alert

	// Judge compares the rows; an error says why it cannot.
	Judge func(*stat.Joint) (stat.Relation, error)
}

// Whole lists the methods for whole rows, after those of [Table].
var Whole = []WholeMethod{{
	Desc: metric.Desc{Check: Name, Name: "rff_mmd", Low: 0, High: 8, Better: "lower",
		Help: "Maximum mean discrepancy between the rows of both sides, of the two columns that go together least like before.",
		Formula: "sqrt(Σ (w·(mean_cur f·g - mean_ref f·g))²) over products of a score f of one column and g of another, after each column was given the same distribution on both sides. " +
			"Scores of numbers: the normal score of the rank, and its square with w = ½, in 16 levels; of categories: indicators of the 4 largest; all of mean 0 and variance 1. " +
			"A sample of up to 4,096 rows a side. The p-value is for all pairs of columns together, given both sides' rows, and blind to what a column does alone: the largest of three views, times the number of tests. So it is valid and no more: often 1 where nothing changed, since then none is worth computing, and small ones are rarer than they say",
		Use:   "Sees what no column shows by itself: a join that mixes rows up, a column computed another way, customers who behave differently. On the scale of a correlation: one that falls from 0.5 to 0.2 gives about 0.3. Look at the two columns that the finding names in a scatter plot. The correlations in its message are Spearman's, of the sampled rows of each side.",
		Needs: "two columns that drift and at least 20 sampled rows on each side; columns that are constant, or identifiers, take no part",
		Cite:  "Gretton et al., A kernel two-sample test, JMLR 2012; Deming and Stephan, 1940; Skovgaard, 1987"},
	Default: true, Material: 0.15,
	Judge: (*stat.Joint).Relation,
}}

var errNoRows = errors.New("no sample of whole rows is kept: make the profile again with this version")

// whole compares whole rows, where there are two columns to go together.
func whole(in *check.Input, out *check.Outcome) {
	var columns []*schema.Column
	for i := range in.Schema.Columns {
		c := &in.Schema.Columns[i]
		if c.Role.Drifts() && (c.Kind.Quantitative() || c.Kind.Discrete()) {
			columns = append(columns, c)
		}
	}
	if len(columns) < 2 {
		return
	}
	for i := range Whole {
		if m := &Whole[i]; m.chosen(in.Methods) {
			m.compare(in, columns, out)
		}
	}
}

func (m *WholeMethod) chosen(methods check.Methods) bool {
	if methods.All || methods.Names == nil {
		return methods.All || m.Default
	}
	return slices.Contains(methods.Names, m.Name)
}

// compare gives the method's sample and, where there is something to test, its
// evidence.
func (m *WholeMethod) compare(in *check.Input, columns []*schema.Column, out *check.Outcome) {
	r := newRows(in, columns)
	sample := metric.Sample{
		Check: Name, Metric: m.Name, Value: math.NaN(), P: math.NaN(), Exact: r.exact,
		NReference: r.size[0], NCurrent: r.size[1],
	}
	found, err := r.judge(m)
	if err != nil {
		sample.Reason = err.Error()
		out.Samples = append(out.Samples, sample)
		return
	}
	sample.Value, sample.P = found.Value, found.P
	out.Samples = append(out.Samples, sample)
	e := check.Evidence{
		Check: Name, Metric: m.Name, Columns: []string{r.columns[found.A].Name, r.columns[found.B].Name},
		Value: found.Value, NoiseFloor: found.Null, Effect: found.Effect, Low: found.Low, High: found.High,
		P: found.P, Bounds: check.BoundsOf(&m.Desc), Material: m.Material, NReference: r.size[0], NCurrent: r.size[1],
		Detectable: found.Detectable,
		Message:    r.message(&found),
		Hint:       "Each of them may look as before. Check joins and keys, the order of columns, and how what is derived from others is computed. If the change is real and here to stay, retrain and approve a new baseline.",
	}
	out.Evidence = append(out.Evidence, e)
}

// rows is the sample of whole rows of both sides.
type rows struct {
	columns []*schema.Column
	sides   [2]*profile.Dataset
	size    [2]int64 // rows in the sample
	weights [2][]float64
	used    [2]int // distinct rows in the sample
	exact   bool   // the sample is all rows
	err     error
}

// newRows lays out the columns that both sides have.
func newRows(in *check.Input, columns []*schema.Column) *rows {
	r := &rows{sides: [2]*profile.Dataset{in.Reference, in.Current}}
	for _, c := range columns {
		ref, cur := in.Reference.Column(c.Name), in.Current.Column(c.Name)
		if ref != nil && cur != nil && (ref.Numeric != nil) == (cur.Numeric != nil) && (ref.Categories != nil) == (cur.Categories != nil) {
			r.columns = append(r.columns, c)
		}
	}
	for _, d := range r.sides {
		if d.Rows > 0 && d.Lines.Codes().Len() == 0 {
			r.err = errNoRows
			return r
		}
	}
	r.choose()
	return r
}

// choose decides which of the coded rows are compared, and how much each
// counts. A row that occurs often is in the sample with all its occurrences or
// with none.
//
// Where both sides are cut at the same hash, the same rows are in or out on both
// sides, and every occurrence counts as a row. Where each side is cut where its
// own sample ends, more rows take part, but those that occur together stand or
// fall together: they count for fewer rows (Kish's effective size). Taken is
// what compares more.
func (r *rows) choose() {
	cut := min(r.sides[0].Lines.Codes().Cut(), r.sides[1].Lines.Codes().Cut())
	var together, apart sizes
	var counts [2][]int64
	for side, d := range r.sides {
		counts[side] = d.Lines.Counts()
		together[side] = count(counts[side][:within(d.Lines.Codes().Hashes(), cut)])
		apart[side] = count(counts[side])
	}
	r.exact = true
	same := together.common(func(s size) float64 { return s.rows }) >= apart.common(size.effective)
	for side, d := range r.sides {
		r.used[side] = len(counts[side])
		taken, each := apart[side], apart[side].effective()/apart[side].rows
		if same {
			r.used[side] = within(d.Lines.Codes().Hashes(), cut)
			taken, each = together[side], 1
		}
		r.size[side] = int64(taken.rows)
		r.exact = r.exact && r.size[side] == d.Rows
		if taken.squares > taken.rows { // some row occurs more than once
			for _, n := range counts[side][:r.used[side]] {
				r.weights[side] = append(r.weights[side], float64(n)*each)
			}
		}
	}
}

// within counts the hashes up to the cut.
func within(hashes []uint64, cut uint64) int {
	n, found := slices.BinarySearch(hashes, cut)
	if found {
		n++
	}
	return n
}

// size is how many rows a sample has, and the sum of the squares of how often
// each occurs.
type size struct{ rows, squares float64 }

func count(counts []int64) (s size) {
	for _, n := range counts {
		s.rows += float64(n)
		s.squares += float64(float64(n) * float64(n))
	}
	return s
}

// effective is how many rows that occur once say as much.
func (s size) effective() float64 {
	if s.rows == 0 {
		return 0
	}
	return s.rows * s.rows / s.squares
}

type sizes [2]size

// common is what both sides' sizes are worth together.
func (s sizes) common(of func(size) float64) float64 {
	n, m := of(s[0]), of(s[1])
	if n == 0 || m == 0 {
		return 0
	}
	return n * m / (n + m)
}

// judge runs a method on the sample.
func (r *rows) judge(m *WholeMethod) (stat.Relation, error) {
	switch {
	case r.err != nil:
		return stat.Relation{}, r.err
	case r.sides[0].Rows == 0:
		return stat.Relation{}, errNoneBefore
	case r.sides[1].Rows == 0:
		return stat.Relation{}, errNoValues
	}
	columns := make([]stat.Column, len(r.columns))
	for i, c := range r.columns {
		columns[i].Numbers = c.Kind.Quantitative()
		for side, d := range r.sides {
			columns[i].Codes[side] = codes(d.Lines.Codes(), c.Name, r.used[side])
		}
	}
	joint, err := stat.NewJoint(columns, r.weights)
	if err != nil {
		return stat.Relation{}, err
	}
	return m.Judge(joint)
}

// codes of a column that the sample does not have are those of no value.
func codes(of *sketch.Codes, name string, n int) []uint32 {
	if column := of.Column(name); column != nil {
		return column[:n]
	}
	return make([]uint32, n)
}
