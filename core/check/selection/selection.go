// Package selection tells whether the rows whose label came are like those whose
// label did not.
//
// What is measured on labelled rows alone, how often a model is right or how unalike
// it treats groups, is that of all rows only where labels are missing at random. What
// may be seen of it is whether the two are alike in what is known of either: what the
// model said, and the columns of a sample of them. Where they are not, a metric of the
// labelled rows may move with nothing but which labels came. What comes true of a row
// with these scores and features does not move with that, as long as labels are
// missing by these (missing at random given what is seen; Rubin 1976).
package selection

import (
	"leeway/core/cases"
	"leeway/core/stat"
)

// When labelled rows and others count as unlike each other.
const (
	fewest = 30    // rows of either
	sure   = 0.001 // chance that this is said of labels that are missing at random
	harm   = 0.01  // by which share of all rows the labelled ones are other rows than all
)

// Finding says in what they are unlike most.
type Finding struct {
	Column   string  // "" for what the model said
	Distance float64 // Kolmogorov-Smirnov; of categories total variation
	P        float64
}

// Find compares what was said of rows with a label and without, and the columns of
// samples of both, which may be nil. nil: they are alike, as far as can be seen, or so
// few are not labelled that it does not matter.
func Find(with, without stat.Weighted, labelled, rest *cases.Table) *Finding {
	rows := [2]float64{float64(with.Total()), float64(without.Total())}
	if min(rows[0], rows[1]) < fewest {
		return nil
	}
	said := Finding{P: 1}
	if d, err := stat.NewPair(without, with).KS(); err == nil {
		if p, err := stat.KSP(d, without.Total(), with.Total()); err == nil {
			said.Distance, said.P = d, p
		}
	}
	looks := []Finding{said}
	if labelled != nil && rest != nil && min(labelled.Rows, rest.Rows) >= fewest {
		for i, c := range labelled.Columns {
			looks = append(looks, look(c, labelled.Codes[i], rest.Codes[i]))
		}
	}
	var found *Finding
	for i := range looks {
		one := &looks[i]
		one.P = min(float64(one.P*float64(len(looks))), 1)
		other := one.Distance * rows[1] / (rows[0] + rows[1])
		if one.P < sure && other >= harm && (found == nil || found.Column != "" && one.Distance > found.Distance) {
			found = one
		}
	}
	return found
}

// look compares a column of two samples; a cell without a value is a value.
func look(c cases.Column, a, b []uint32) Finding {
	if c.Numeric {
		x, y := counted(a), counted(b)
		d, err := stat.NewPair(x, y).KS()
		if err != nil {
			return Finding{Column: c.Name, P: 1}
		}
		p, err := stat.KSP(d, int64(len(a)), int64(len(b)))
		if err != nil {
			p = 1
		}
		return Finding{c.Name, d, p}
	}
	cells := categories(a, b).Pooled()
	d, err := stat.TotalVariation.Of(cells)
	if err != nil {
		return Finding{Column: c.Name, P: 1}
	}
	p, err := cells.ChiSquareP()
	if err != nil { // one category
		p = 1
	}
	return Finding{c.Name, d, p}
}

func counted(codes []uint32) stat.Weighted {
	values := make([]float64, len(codes))
	for i, code := range codes {
		values[i] = float64(code)
	}
	return stat.Count(values)
}

// categories counts those of both samples; no value is one.
func categories(a, b []uint32) *stat.Cells {
	var counts [2][]int64
	places := map[uint32]int{}
	for side, codes := range [2][]uint32{a, b} {
		for _, code := range codes {
			at, known := places[code]
			if !known {
				at = len(places)
				places[code] = at
				counts[0], counts[1] = append(counts[0], 0), append(counts[1], 0)
			}
			counts[side][at]++
		}
	}
	return stat.NewCells(counts[0], counts[1])
}
