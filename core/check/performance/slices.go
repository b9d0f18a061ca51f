package performance

import (
	"fmt"
	"math"
	"strings"

	"leeway/core/check"
	"leeway/core/check/slicing"
	"leeway/core/frame"
	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/sketch"
	"leeway/core/stat"
)

// materialSlice is the smallest rise of the share of wrong predictions in a slice
// that is worth an alert.
const materialSlice = 0.05

var ofSlices = []method{
	{Desc: metric.Desc{Name: check.SliceErrors, Unit: "ratio", High: 1, Better: "lower", Labels: []string{"group"},
		Help:    "Share of wrong predictions in the slice in which the model became worse most surely.",
		Formula: "wrong / labelled rows of the slice (of numbers: errors larger than three quarters of the reference's); label group: its conditions, up to three, each a category or a range between twentieths of a number. Wilson. p: the largest of three, that of as many mistakes among rows with such predictions (Poisson binomial, saddlepoint; corrected for every slice that there could be, those of fewer and simpler conditions and of fewer rows less), of as many more than in the same slice of the reference (noncentral hypergeometric, corrected for the slices that differ, or up to all where the slice was weak there too and a search of the reference alone finds that the model was, somewhere), and of as many more than elsewhere, where that is by 0.03 or half at least (binomial, a third of that allowed); each allows for how mistakes at the values of its columns moved apart in windows of a labelled reference; material from 0.05. Told from p = 0.01 on (info), also where the budget leaves less for an alarm. Of up to 20,000 distinct rows a side, of a window in a bucket up to 4,096",
		Use:     "Look at its rows: a broken source, a new product, an audience that the model does not know. Without a labelled reference it is a slice that the scores do not tell of, and no test: it may always have been.",
		Needs:   "200 labelled rows, and slices of 50 rows and 1% of them at least; else there is no sample", Cite: "Chung et al. (2019), Slice Finder; Hoeffding (1956); Lugannani and Rice (1980); weights: Genovese, Roeder and Wasserman (2006), Roeder and Wasserman (2009)"}},
}

// toldFrom is the p-value from which on a slice is told, also where the budget leaves less for an
// alarm: one search in a hundred of rows in which nothing changed tells of one at most.
const toldFrom = 0.01

// worstSlices searches for slices in which the model became worse.
func (c *comparison) worstSlices(out *check.Outcome) {
	l := c.in.Labelled
	if c.in.Wanted != check.Everything { // which slice is the worst is another one in each window
		out.Deviates = append(out.Deviates, c.varied()...)
		return
	}
	if l.Cases == nil || l.Cases.Current == nil || l.Cases.Current.Rows == 0 {
		return
	}
	search := slicing.Find(l.Cases.Reference, l.Cases.Current, c.namer(), c.noise())
	if search == nil {
		return
	}
	out.Slices = &check.Slices{Rows: search.Rows, Looked: search.Looked}
	for i := range search.Found {
		one := &search.Found[i]
		if i > 0 && one.P > 0.001 {
			break
		}
		if one.Wrong > one.Elsewhere { // what got worse to where all others were is no worst slice
			c.slice(out, search, one)
		}
	}
}

// moveKey names how the mistakes at the values of a column moved apart in a window of the
// reference, of which so many less one could.
func moveKey(column string, free int) string {
	return fmt.Sprintf("%s.moves %d %s", Name, free, column)
}

// mostVaried bounds the columns that this is kept of: the first ones.
const mostVaried = 100

// varied is that of a window.
func (c *comparison) varied() (all []check.Deviate) {
	l := c.in.Labelled
	if l.Cases == nil || l.Reference == nil || l.Reference.Labelled == 0 {
		return nil
	}
	moves := slicing.Vary(l.Cases.Reference, l.Cases.Current, float64(l.Current.Labelled)/float64(l.Reference.Labelled))
	for _, one := range moves[:min(len(moves), mostVaried)] {
		all = append(all, check.Deviate{Key: moveKey(one.Column, one.Free), Deviate: metric.Deviate{Z: one.Z, N: one.N}})
	}
	return all
}

// noise is what windows of the reference tell of columns.
func (c *comparison) noise() map[string]slicing.Noise {
	all := map[string]slicing.Noise{}
	for _, column := range c.in.Labelled.Cases.Current.Columns {
		var moves []slicing.Move
		for free := 1; free <= slicing.Values; free++ {
			for _, d := range c.in.Variation[moveKey(column.Name, free)] {
				moves = append(moves, slicing.Move{Column: column.Name, Z: d.Z, N: d.N, Free: free})
			}
		}
		if one, ok := slicing.NewNoise(moves, metric.FewestWindows); ok {
			all[column.Name] = one
		}
	}
	return all
}

// slice adds a slice that was found: as a sample, as evidence, and in words.
func (c *comparison) slice(out *check.Outcome, search *slicing.Search, one *slicing.Slice) {
	name := nameOf(one)
	e := check.Evidence{
		Check: Name, Metric: check.SliceErrors, Labels: metric.Labels{Group: name}, Columns: columnsOf(one), Value: one.Wrong, P: one.P,
		Material: materialSlice, NReference: one.RowsBefore, NCurrent: one.Rows,
		Message: c.sliceSentence(search, one),
		Hint:    "Look at these rows: a broken source, a new product, an audience that the model does not know.",
		Notable: one.P <= toldFrom,
		Faint:   "One search in 100 would show as much by chance, so it is told and is no alarm.",
	}
	base, n := one.Elsewhere, float64(one.Rows)
	noise := one.Elsewhere * (1 - one.Elsewhere) / n
	if one.RowsBefore > 0 {
		base = one.Before
		noise = float64(base * (1 - base) * (1/n + 1/float64(one.RowsBefore)))
	}
	floor := float64(math.Sqrt(2/math.Pi) * math.Sqrt(noise) * one.Scale)
	e.NoiseFloor, e.Effect = base+floor, max(one.Wrong-base-floor, 0)
	e.Low, e.High = stat.WilsonEffective(one.Wrong, float64(one.Rows))
	if reason := c.ref.unlabelled(c.in.Labelled); reason != "" {
		e.P, e.Effect, e.NoiseFloor, e.Notable, e.Faint = math.NaN(), math.NaN(), math.NaN(), one.P <= toldFrom, ""
		e.Message += " That may be nothing new: " + reason + "."
		e.Hint = "Look at these rows, and give the reference labels: every model is worse in some rows than in others, and only those of before tell whether that is news."
	}
	out.Evidence = append(out.Evidence, e)
	sample := metric.Sample{Check: Name, Metric: check.SliceErrors, Labels: e.Labels, Value: one.Wrong, P: e.P, NReference: one.RowsBefore, NCurrent: one.Rows, Interval: &[2]float64{e.Low, e.High}}
	out.Samples = append(out.Samples, sample)
	out.Slices.Found = append(out.Slices.Found, check.SliceFound{Slice: *one, Name: name})
}

// sliceSentence says where the model is worse, and by how much.
func (c *comparison) sliceSentence(search *slicing.Search, one *slicing.Slice) string {
	where := "Where " + quoted(one) + " (" + words.Share(one.Share) + " of labelled rows), "
	if c.cur.Shape.Task == schema.Regression {
		text := fmt.Sprintf("%sthe model is off by more than %s in %s of rows, elsewhere in %s", where, words.Number(search.Threshold), words.Share(one.Wrong), words.Share(one.Elsewhere))
		if one.RowsBefore > 0 {
			text += fmt.Sprintf("; in the reference it was %s there", words.Share(one.Before))
		}
		return text + "."
	}
	text := fmt.Sprintf("%saccuracy is %s, elsewhere %s", where, words.Share(1-one.Wrong), words.Share(1-one.Elsewhere))
	if one.RowsBefore > 0 {
		text += fmt.Sprintf("; in the reference it was %s there", words.Share(1-one.Before))
	}
	return text + "."
}

func columnsOf(one *slicing.Slice) []string {
	var names []string
	for _, c := range one.Conditions {
		names = append(names, c.Column)
	}
	return names
}

// nameOf names a slice by its conditions: channel = web and lead_time > 120. No two
// have one name: numbers have all their digits.
func nameOf(one *slicing.Slice) string {
	parts := make([]string, len(one.Conditions))
	for i := range one.Conditions {
		parts[i] = condition(&one.Conditions[i], one.Conditions[i].Column, one.Conditions[i].Category, words.Digits)
	}
	return strings.Join(parts, " and ")
}

// quoted are the conditions in a sentence.
func quoted(one *slicing.Slice) string {
	parts := make([]string, len(one.Conditions))
	for i := range one.Conditions {
		c := &one.Conditions[i]
		write := words.Number
		if c.Low != nil && c.High != nil && write(*c.Low) == write(*c.High) {
			write = words.Digits
		}
		parts[i] = condition(c, "`"+c.Column+"`", words.Quoted(c.Category), write)
	}
	if last := len(parts) - 1; last > 1 {
		return strings.Join(parts[:last], ", ") + " and " + parts[last]
	}
	return strings.Join(parts, " and ")
}

func condition(c *slicing.Condition, column, category string, write func(float64) string) string {
	switch {
	case c.Missing:
		return column + " is missing"
	case !c.Numeric:
		return column + " = " + category
	case c.Low == nil && c.High == nil:
		return column + " is there"
	case c.Low == nil:
		return column + " <= " + write(*c.High)
	case c.High == nil:
		return column + " > " + write(*c.Low)
	}
	return write(*c.Low) + " < " + column + " <= " + write(*c.High)
}

// namer finds the text of a category by its code, among those of either side.
func (c *comparison) namer() slicing.Namer {
	known := map[string]map[uint32]string{}
	return func(column string, code uint32) (string, bool) {
		texts := known[column]
		if texts == nil {
			texts = map[uint32]string{}
			known[column] = texts
			for _, p := range []*profile.Column{c.in.Reference.Column(column), c.in.Current.Column(column)} {
				if p == nil || p.Categories == nil {
					continue
				}
				for text := range p.Categories.All() {
					texts[sketch.TextCode(frame.HashText([]byte(text)))] = text
				}
			}
		}
		text, ok := texts[code]
		return text, ok
	}
}
