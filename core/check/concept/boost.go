package concept

import (
	"cmp"
	"slices"

	"leeway/core/cases"
	"leeway/core/sketch"
)

// The bounds of boosted trees (gradient boosting on columns in bins: Friedman 2001).
const (
	trees    = 60
	deepest  = 3   // splits in a row
	learning = 0.3 // of what a tree says
	pull     = 5   // rows that a leaf must have; as many draw what it says to 0
	mostBins = 32  // of a column
)

// binned is a column in bins, by row: numbers in their order, missing ones first; the most
// frequent categories, and all others in one.
type binned struct {
	bins    []uint8
	count   int
	ordered bool
}

func newBinned(c cases.Column, codes []uint32, weights []float64, order *sketch.CodeOrder) binned {
	b := binned{bins: make([]uint8, len(codes)), count: 1, ordered: c.Numeric}
	if !c.Numeric {
		places := map[uint32]uint8{}
		for _, code := range byFrequency(codes, weights) {
			if b.count < mostBins {
				places[code] = uint8(b.count)
				b.count++
			}
		}
		for i, code := range codes {
			b.bins[i] = places[code]
		}
		return b
	}
	keys := order.Of(codes)
	from, last := 0, uint32(0)
	for i, key := range keys {
		code := uint32(key >> 32)
		if full := (i-from)*(mostBins-1) >= len(keys); i == 0 || full && code != last && b.count < mostBins {
			from, b.count = i, b.count+1
		}
		b.bins[uint32(key)] = uint8(b.count - 1)
		last = code
	}
	return b
}

// booster fits trees to some rows, by the squares of what they leave, and says of all rows what they do.
type booster struct {
	columns []binned
	weights []float64
	learns  []int32   // the rows that it learns of
	rest    []float64 // by row: what is left of what it learns, as often as the row occurs
	leaf    []uint8   // by row: where in the tree that grows it is
	cells   []cell    // by leaf and bin, of one column
	cuts    [1 << deepest]cut
	order   []uint8
}

// cell is the rows of a leaf in a bin.
type cell struct{ n, sum float64 }

// worth is how much the squares fall by what is said of the rows.
func (c cell) worth() float64 { return c.sum * c.sum / (c.n + pull) }

// mean is what is said of the rows.
func (c cell) mean() float64 { return c.sum / (c.n + pull) }

// cut parts the rows of a leaf: those of some bins of a column go to the right.
type cut struct {
	gain  float64 // 0: none gains anything
	of    *binned
	right uint32 // a bit for each bin
}

func newBooster(columns []binned, weights []float64) *booster {
	return &booster{columns: columns, weights: weights, rest: make([]float64, len(weights)), leaf: make([]uint8, len(weights)), cells: make([]cell, mostBins<<(deepest-1))}
}

// fit adds to says, of all rows, what trees say that know those of learns: by so much of what left
// tells is left of them.
func (b *booster) fit(learns []int32, says []float64, by float64, left func(row int, says float64) float64) {
	b.learns = learns
	for range trees {
		for i, x := range says {
			b.rest[i] = float64(b.weights[i] * left(i, x))
		}
		if !b.grow() {
			return
		}
		leaves := b.means()
		for i, leaf := range b.leaf {
			says[i] += float64(by * leaves[leaf])
		}
	}
}

// grow makes a tree; not ok where no cut gains anything.
func (b *booster) grow() (grew bool) {
	clear(b.leaf)
	for depth := range deepest {
		cuts := b.cuts[:1<<depth]
		for i := range cuts {
			cuts[i] = cut{of: &b.columns[0]}
		}
		for at := range b.columns {
			b.try(&b.columns[at], cuts)
		}
		for i := range cuts {
			grew = grew || cuts[i].gain > 0
		}
		for i, leaf := range b.leaf {
			c := &cuts[leaf]
			b.leaf[i] = 2*leaf + uint8(c.right>>c.of.bins[i]&1)
		}
	}
	return grew
}

// try looks for better cuts of the leaves by a column.
func (b *booster) try(c *binned, cuts []cut) {
	cells := b.cells[:len(cuts)*mostBins]
	clear(cells)
	for _, row := range b.learns {
		m := &cells[int(b.leaf[row])*mostBins+int(c.bins[row])]
		m.n += b.weights[row]
		m.sum += b.rest[row]
	}
	for leaf := range cuts {
		b.best(c, cells[leaf*mostBins:][:c.count], &cuts[leaf])
	}
}

// best cuts bins in their order: categories in that of what is left of them.
func (b *booster) best(c *binned, cells []cell, found *cut) {
	var all, left cell
	b.order = b.order[:0]
	for bin, m := range cells {
		all.n, all.sum = all.n+m.n, all.sum+m.sum
		if m.n > 0 {
			b.order = append(b.order, uint8(bin))
		}
	}
	if !c.ordered {
		slices.SortStableFunc(b.order, func(x, y uint8) int { return cmp.Compare(cells[x].mean(), cells[y].mean()) })
	}
	last := -1
	for i, bin := range b.order {
		left.n, left.sum = left.n+cells[bin].n, left.sum+cells[bin].sum
		right := cell{all.n - left.n, all.sum - left.sum}
		if gain := left.worth() + right.worth() - all.worth(); gain > found.gain && left.n >= pull && right.n >= pull {
			found.gain, found.of, last = gain, c, i
		}
	}
	if last < 0 {
		return
	}
	found.right = 0
	for _, bin := range b.order[last+1:] {
		found.right |= 1 << bin
	}
	if c.ordered { // also the bins without rows that it learns of
		found.right = ^uint32(0) << (b.order[last] + 1)
	}
}

// means are what the leaves of the tree say.
func (b *booster) means() (means [1 << deepest]float64) {
	var leaves [1 << deepest]cell
	for _, row := range b.learns {
		m := &leaves[b.leaf[row]]
		m.n += b.weights[row]
		m.sum += b.rest[row]
	}
	for i, m := range leaves {
		means[i] = m.mean()
	}
	return means
}
