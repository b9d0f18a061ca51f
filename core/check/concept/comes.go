package concept

import (
	"leeway/core/cases"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// Labelling is rows with a label and rows without, and which is which as their label.
type Labelling struct{ rows *cases.Table }

// Mix puts samples of rows with a label and of rows without together, so that such a share
// has one. Each sample is in an order that tells nothing, and so are all.
func Mix(labelled, rest *cases.Table, share float64) *Labelling {
	with, without := float64(labelled.Rows), float64(rest.Rows)
	keep := [2]float64{1, 1}
	if odds := share / (1 - share); with > without*odds {
		keep[0] = without * odds / with
	} else {
		keep[1] = with / odds / without
	}
	t := &cases.Table{Shape: &outcome.Shape{Task: schema.Binary, Positive: 1, Favoured: -1}, Columns: labelled.Columns, Bound: labelled.Bound, Codes: make([][]uint32, len(labelled.Codes))}
	sides := [2]*cases.Table{labelled, rest}
	said := [2][][]float64{saying(labelled), saying(rest)}
	t.Said = make([][]float64, len(said[0]))
	var taken [2]float64 // kept rows, as far as was read
	for at := [2]int{}; at[0] < labelled.Rows || at[1] < rest.Rows; {
		of := 0 // the side of which the smaller part was read
		if at[0] >= labelled.Rows || at[1] < rest.Rows && float64(at[1])*with < float64(at[0])*without {
			of = 1
		}
		row := at[of]
		at[of]++
		if taken[of] += keep[of]; taken[of] < 1 {
			continue
		}
		taken[of]--
		t.Rows++
		for i, codes := range sides[of].Codes {
			t.Codes[i] = append(t.Codes[i], codes[row])
		}
		for i, all := range said[of] {
			t.Said[i] = append(t.Said[i], all[row])
		}
		t.Counts = append(t.Counts, sides[of].Counts[row])
		t.Predicted, t.Actual = append(t.Predicted, 0), append(t.Actual, float64(1-of))
	}
	return &Labelling{t}
}

// saying is what was said of rows: scores, and without any predictions.
func saying(t *cases.Table) [][]float64 {
	if len(t.Said) == 0 {
		return [][]float64{t.Predicted}
	}
	return t.Said
}

// Fewer is as if of the labels only such a share had come, of any rows.
func (l *Labelling) Fewer(share float64) *Labelling {
	t := *l.rows
	t.Actual = make([]float64, t.Rows)
	owed := 0.0
	for row, is := range l.rows.Actual {
		if owed += float64(is * share); owed >= 1 {
			owed--
			t.Actual[row] = 1
		}
	}
	return &Labelling{&t}
}

// Comes tests whether labels come for the same kinds of rows on both sides: whether
// the side tells, given scores and features, if a row has one. It is not known where too few rows
// have one, or have none.
func Comes(reference, current *Labelling) (p float64, known bool) {
	f := Find(reference.rows, current.rows)
	return f.Concept.P, !f.untold()
}
