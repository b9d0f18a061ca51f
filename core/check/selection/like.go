package selection

import (
	"cmp"
	"math"
	"slices"

	"leeway/core/cases"
	"leeway/core/schema"
	"leeway/core/stat"
)

// The bounds of the tree by which rows are told apart that get labels more or less
// often.
const (
	cuts      = 15   // of a number, at its quantiles
	classes   = 4    // whose scores are looked at
	namedMost = 6    // of a column, the most frequent; others are one
	leaf      = 40   // rows, with a label and without
	deepest   = 6    // splits in a row
	splits    = 0.01 // chance of a split of rows that are alike
)

// Like is the rows of the reference that would have a label if they were of the
// current side: of rows with such scores and such features as many as got one there.
// They are to labelled rows as the reference is to all, and so can be compared with
// them on like terms.
//
// How many got one is known by a tree, grown on what was said of current rows and on
// their columns (a split must be significant after Bonferroni's correction of all that
// were looked at). It knows of no label, so no test of labels is the worse for it.
// rest is the current rows without a label. Rows keep their order; the result is a
// function of the three tables.
func Like(reference, labelled, rest *cases.Table) *cases.Table {
	t := &tree{rows: labelled.Rows + rest.Rows, labelled: labelled.Rows, features: features(reference, labelled, rest)}
	for i := range t.rows + reference.Rows {
		t.order = append(t.order, i)
	}
	t.grow(t.order, 0)
	most := 0.0
	for _, l := range t.leaves {
		most = max(most, l.rate)
	}
	keep := make([]bool, reference.Rows)
	for _, l := range t.leaves {
		owed := 0.5
		for _, row := range l.reference {
			if owed += float64(l.rate / most); owed >= 1 {
				owed--
				keep[row] = true
			}
		}
	}
	return reference.Where(func(row int) bool { return keep[row] })
}

// feature is the bins of one thing that is known of rows: those with a label, those
// without, those of the reference.
type feature struct {
	bins    []uint8
	count   int
	ordered bool
}

// features are what was said of rows, and their columns.
func features(tables ...*cases.Table) []feature {
	all := said(tables)
	for i, c := range tables[0].Columns {
		var codes []uint32
		for _, t := range tables {
			codes = append(codes, t.Codes[i]...)
		}
		if !c.Numeric {
			all = append(all, named(codes))
			continue
		}
		values := make([]float64, len(codes))
		for row, code := range codes {
			values[row] = float64(code)
		}
		all = append(all, binned(values, tables[0].Rows))
	}
	for i := range all { // the reference last
		n := tables[0].Rows
		all[i].bins = slices.Concat(all[i].bins[n:], all[i].bins[:n])
	}
	return all
}

// said are scores, and without any predicted numbers or classes.
func said(tables []*cases.Table) (all []feature) {
	together := func(of func(*cases.Table) []float64) (values []float64) {
		for _, t := range tables {
			values = append(values, of(t)...)
		}
		return values
	}
	for k := range tables[0].Said[:min(len(tables[0].Said), classes)] {
		all = append(all, binned(together(func(t *cases.Table) []float64 { return t.Said[k] }), tables[0].Rows))
	}
	if len(all) > 0 {
		return all
	}
	predicted := tables[0].Shape.Placed(together(func(t *cases.Table) []float64 { return t.Predicted }))
	if tables[0].Shape.Task == schema.Regression {
		return append(all, binned(predicted, tables[0].Rows))
	}
	codes := make([]uint32, len(predicted))
	for i, class := range predicted {
		codes[i] = uint32(class)
	}
	return append(all, named(codes))
}

// binned cuts numbers at the quantiles of those behind the first.
func binned(values []float64, first int) feature {
	sorted := slices.Clone(values[first:])
	slices.SortFunc(sorted, cmp.Compare[float64])
	var edges []float64
	for k := 1; k <= cuts; k++ {
		at := sorted[k*len(sorted)/(cuts+1)]
		if len(edges) == 0 || at > edges[len(edges)-1] {
			edges = append(edges, at)
		}
	}
	f := feature{bins: make([]uint8, len(values)), count: len(edges) + 1, ordered: true}
	for i, x := range values {
		above, is := slices.BinarySearch(edges, x)
		if is {
			above++
		}
		f.bins[i] = uint8(above)
	}
	return f
}

// named numbers the most frequent categories from 1 on.
func named(codes []uint32) feature {
	rows := map[uint32]int{}
	for _, code := range codes {
		rows[code]++
	}
	var all []uint32
	for code := range rows {
		all = append(all, code)
	}
	slices.SortFunc(all, func(a, b uint32) int { return cmp.Or(cmp.Compare(rows[b], rows[a]), cmp.Compare(a, b)) })
	places := map[uint32]uint8{}
	for i, code := range all[:min(len(all), namedMost)] {
		places[code] = uint8(1 + i)
	}
	f := feature{bins: make([]uint8, len(codes)), count: 1 + len(places)}
	for i, code := range codes {
		f.bins[i] = places[code]
	}
	return f
}

// tree tells rows apart by how often they have a label.
type tree struct {
	rows, labelled int // of the current side; those with a label first
	features       []feature
	order          []int // of rows, those of the reference behind the current ones
	leaves         []grown
}

// grown is a leaf: the share of its rows that have a label, and which of the
// reference are in it, in their order.
type grown struct {
	rate      float64
	reference []int
}

// split is of rows by bins: up to one, or one alone.
type split struct {
	of  *feature
	bin uint8
}

func (s *split) first(row int) bool {
	if s.of.ordered {
		return s.of.bins[row] <= s.bin
	}
	return s.of.bins[row] == s.bin
}

// grow splits rows as long as that tells them apart.
func (t *tree) grow(rows []int, depth int) {
	if depth < deepest {
		if s := t.best(rows); s != nil {
			var sides [2][]int
			for _, row := range rows {
				side := 1
				if s.first(row) {
					side = 0
				}
				sides[side] = append(sides[side], row)
			}
			t.grow(sides[0], depth+1)
			t.grow(sides[1], depth+1)
			return
		}
	}
	var l grown
	var n, with float64
	for _, row := range rows {
		switch {
		case row >= t.rows:
			l.reference = append(l.reference, row-t.rows)
			continue
		case row < t.labelled:
			with++
		}
		n++
	}
	l.rate = with / n
	t.leaves = append(t.leaves, l)
}

// best is the split after which labels are most unlike; nil for none that is
// significant.
func (t *tree) best(rows []int) *split {
	var all [2]float64
	var found *split
	most, looks := 0.0, 0
	for i := range t.features {
		f := &t.features[i]
		bins := make([][2]float64, f.count)
		all = [2]float64{}
		for _, row := range rows {
			if row < t.rows {
				with := 0
				if row < t.labelled {
					with = 1
				}
				bins[f.bins[row]][with]++
				all[with]++
			}
		}
		var part [2]float64
		for bin := range bins {
			if !f.ordered {
				part = [2]float64{}
			}
			part[0], part[1] = part[0]+bins[bin][0], part[1]+bins[bin][1]
			n := part[0] + part[1]
			if n < leaf || all[0]+all[1]-n < leaf {
				continue
			}
			looks++
			if z := apart(part, all); z > most {
				most, found = z, &split{f, uint8(bin)}
			}
		}
	}
	if found == nil || float64(2*stat.NormalTail(most)*float64(looks)) > splits {
		return nil
	}
	return found
}

// apart is how many standard errors the share of labels in a part is from that in
// all: the root of Pearson's chi-squared.
func apart(part, all [2]float64) float64 {
	n, m := part[0]+part[1], all[0]+all[1]
	share := all[1] / m
	v := float64(share * (1 - share) * n * (1 - n/m))
	if !(v > 0) {
		return 0
	}
	return math.Abs(part[1]-float64(n*share)) / math.Sqrt(v)
}
