package concept

import (
	"cmp"
	"math"
	"slices"

	"leeway/core/cases"
	"leeway/core/schema"
)

// join makes the terms of the rows of both sides, looks at each, and keeps as many
// rows of it as regressions are made of.
type join struct {
	*labelled
	sides [2]*cases.Table
	looks looks
	of    []component // looks at numbers that came true
	few   *both
	maker *maker
}

func newJoin(reference, current *cases.Table) *join {
	l := label(reference, current)
	j := &join{labelled: l, sides: [2]*cases.Table{reference, current}, looks: looks{labelled: l, cells: make([]moments, 2*l.groups)}}
	j.few = &both{reference: min(l.reference, mostRows)}
	j.few.rows = j.few.reference + min(current.Rows, mostRows)
	j.few.weights, j.few.actual = j.thin(l.weights), j.thin(l.actual)
	j.few.side = make([]float64, j.few.rows)
	for i := j.few.reference; i < j.few.rows; i++ {
		j.few.side[i] = 1
	}
	if current.Shape.Task == schema.Regression {
		var terms []term
		newMaker(l.weights, func(t term) {
			terms = append(terms, term{column: t.column, kind: t.kind, values: slices.Clone(t.values)})
		}).numbers("", l.actual)
		for i := range terms {
			j.looks.see(&terms[i])
		}
		j.of, j.looks.data = j.looks.data[0], [2][]component{}
		j.looks.numbers(terms)
	}
	j.maker = newMaker(l.weights, func(t term) {
		j.looks.see(&t)
		few := term{column: t.column, kind: t.kind, at: len(j.few.said) + len(j.few.knew), values: j.thin(t.values)}
		if t.column == "" {
			j.few.said = append(j.few.said, few)
		} else {
			j.few.knew = append(j.few.knew, few)
		}
	})
	return j
}

// thin keeps the first rows of either side: those of the smallest hashes, which is
// any rows.
func (j *join) thin(values []float64) []float64 {
	return slices.Concat(values[:j.few.reference], values[j.reference:j.reference+j.few.rows-j.few.reference])
}

// again makes all terms once more, in their order.
func (j *join) again(see func(term)) {
	j.maker.see = see
	j.say()
	j.know()
}

// say makes the terms of scores, as logits, and without any those of predictions.
func (j *join) say() {
	const most = 4 // classes
	reference, current, made := j.sides[0], j.sides[1], j.maker.made
	for k := range current.Said[:min(len(current.Said), most)] {
		j.maker.numbers("", logits(slices.Concat(reference.Said[k], current.Said[k])))
	}
	if j.maker.made > made {
		return
	}
	predicted := current.Shape.Placed(slices.Concat(reference.Predicted, current.Predicted))
	if current.Shape.Task == schema.Regression {
		j.maker.numbers("", predicted)
		return
	}
	classes := distinct(predicted)
	for _, class := range classes[1:min(len(classes), most+1)] {
		j.maker.flag("", member, func(i int) bool { return predicted[i] == class })
	}
}

// know makes the terms of columns.
func (j *join) know() {
	reference, current := j.sides[0], j.sides[1]
	var codes []uint32
	for i, c := range current.Columns {
		codes = append(append(codes[:0], reference.Codes[i]...), current.Codes[i]...)
		j.maker.column(c, codes)
	}
}

// bin puts the columns of as many rows as regressions are made of in bins.
func (j *join) bin() {
	reference, current := j.sides[0], j.sides[1]
	n, m := j.few.reference, j.few.rows-j.few.reference
	for i, c := range current.Columns {
		codes := slices.Concat(reference.Codes[i][:n], current.Codes[i][:m])
		j.few.columns = append(j.few.columns, newBinned(c, codes, j.few.weights, &j.maker.order))
	}
}

func distinct(values []float64) []float64 {
	seen := map[float64]bool{}
	var all []float64
	for _, x := range values {
		if !seen[x] {
			seen[x] = true
			all = append(all, x)
		}
	}
	slices.SortFunc(all, cmp.Compare[float64])
	return all
}

// logits are those of scores that are probabilities; others stay what they are.
func logits(scores []float64) []float64 {
	for _, s := range scores {
		if s < 0 || s > 1 {
			return scores
		}
	}
	const edge = 1e-4
	for i, s := range scores {
		s = min(max(s, edge), 1-edge)
		scores[i] = math.Log(s / (1 - s))
	}
	return scores
}
