package sketch

import (
	"math"
	"slices"
	"sync"

	"leeway/core/fault"
	"leeway/core/frame"
)

// Grid is a multiset of finite numbers: the one representation of a numeric
// column that quantiles and tests read.
//
// While there are at most as many distinct values as its budget, it is exact:
// every distinct value with its count. Beyond that it keeps cells: the bits of
// a float64, mapped to an integer of the same order, cut to a prefix. The
// prefix is the longest that gives at most budget cells, so the cells are
// determined by the values alone. With m bits of the mantissa left, a cell
// around x is |x|·2^-m wide; see [Grid.Width].
//
// NaN and infinities are left out, -0 counts as 0. A nil *Grid is empty.
type Grid struct {
	budget int
	shift  uint8 // bits cut off, 0 to 63
	count  int64
	seen   *registers // distinct values; nil while exact, and once subtracted
	cells  []cell     // ascending

	// What was added since lies in the log, or cells are empty and everything
	// is in one of the tables.
	log    []uint64 // exact keys, while most values are new
	sparse *table   // cells anywhere
	dense  *dense   // coarse cells in a limited span
}

// MinCells is the smallest budget of a Grid.
const MinCells = 16

// NewGrid is an empty grid of at most budget cells, and no fewer than
// [MinCells].
func NewGrid(budget int) *Grid { return &Grid{budget: max(budget, MinCells)} }

// spare holds memory for sorting between calls.
var spare = sync.Pool{New: func() any { return new([]cell) }}

// slack is how many cells may be there before they are made coarser. Waiting
// saves work and changes nothing: the shift that is found later is the same.
func (g *Grid) slack() int { return g.budget + max(g.budget/4, min(g.budget, 4096)) }

// step is how many values are added before the number of cells is looked at.
const step = 1024

// Add counts values.
func (g *Grid) Add(values []float64) { g.AddHashed(values, nil) }

// AddHashed counts finite values whose hashes ([frame.HashFloat]) are known;
// nil if they are not.
func (g *Grid) AddHashed(values []float64, hashes []uint64) {
	for len(values) > 0 {
		n := min(step, len(values))
		g.addStep(values[:n])
		switch {
		case g.seen == nil:
		case hashes != nil:
			g.seen.addAll(hashes[:n])
		default:
			g.seen.addValues(values[:n])
		}
		if g.used() > g.slack() {
			g.narrow()
		}
		values = values[n:]
		if hashes != nil {
			hashes = hashes[n:]
		}
	}
}

func (g *Grid) addStep(values []float64) {
	if g.shift > 0 {
		g.warm()
	}
	switch {
	case g.dense != nil:
		g.addDense(values)
	case g.sparse != nil:
		g.addSparse(values)
	default:
		g.addLog(values)
	}
}

// narrow makes the cells coarser and goes on counting.
func (g *Grid) narrow() {
	var free []uint32
	if g.dense != nil {
		free = g.dense.cells
	}
	g.settle()
	g.heat(free)
}

func (g *Grid) used() int {
	switch {
	case g.dense != nil:
		return g.dense.used
	case g.sparse != nil:
		return g.sparse.used
	}
	return len(g.cells)
}

// warm makes the grid ready to count in a table.
func (g *Grid) warm() {
	if g.dense != nil || g.sparse != nil {
		return
	}
	g.settle()
	g.heat(nil)
}

// heat moves the cells into a table, in memory that is free.
func (g *Grid) heat(free []uint32) {
	if g.shift > 0 {
		g.dense = newDense(g.cells, g.shift, 8*g.budget+4096, free)
	}
	if g.dense == nil {
		g.sparse = newTable(len(g.cells))
		for _, c := range g.cells {
			g.sparse.add(c.key, c.count)
		}
	}
	g.cells = nil
}

// addLog notes values down. The log is sorted into the cells once it is long
// enough to see whether values repeat, and again when it has grown to twice
// their number; if few of its values were new, a table is better.
func (g *Grid) addLog(values []float64) {
	g.log = roomier(g.log, len(values))
	for _, x := range values {
		if b := math.Float64bits(x + 0); b&^sign < infinite {
			g.log = append(g.log, ordered(b))
			g.count++
		}
	}
	if n := len(g.cells); len(g.log) < step || n > 0 && len(g.log) < min(max(2*n, 1<<14), 1<<16) {
		return
	}
	logged, known := len(g.log), len(g.cells)
	g.sortLog()
	if 8*(len(g.cells)-known) < logged {
		g.log = release(g.log)
		if len(g.cells) <= g.slack() {
			g.warm()
		}
	}
}

// sortLog moves the log into the cells.
func (g *Grid) sortLog() {
	keys, run := freeNumbers.Get().(*[]uint64), spare.Get().(*[]cell)
	g.log, *keys = sortKeys(g.log, *keys)
	*run = tallyKeys(g.log, slices.Grow((*run)[:0], len(g.log)))
	g.cells = mergeCells(g.cells, *run)
	g.log = g.log[:0]
	freeNumbers.Put(keys)
	spare.Put(run)
}

func (g *Grid) addDense(values []float64) {
	var others [step]float64
	if g.dense.zero[0] > 0 {
		values = g.addZeros(values, &others)
	}
	taken, finite := g.dense.addValues(values)
	g.count += finite
	if taken < len(values) {
		g.spread()
		g.addSparse(values[taken:])
	}
}

// addZeros counts zeros and gives the other values. Where zeros are frequent
// nobody can predict the next, so this has no branches.
func (g *Grid) addZeros(values []float64, others *[step]float64) []float64 {
	n := 0
	for _, x := range values {
		others[n&(step-1)] = x
		b := math.Float64bits(x) << 1
		n += int((b | -b) >> 63)
	}
	zeros := int64(len(values) - n)
	if !g.dense.add(0, 0, zeros) {
		return values
	}
	g.count += zeros
	return others[:n]
}

// spread moves cells from dense to sparse: they span too much.
func (g *Grid) spread() {
	cells := g.dense.sorted(nil)
	g.dense, g.sparse = nil, newTable(len(cells))
	for _, c := range cells {
		g.sparse.add(c.key, c.count)
	}
}

func (g *Grid) addSparse(values []float64) {
	t, shift := g.sparse, g.shift&63
	for _, x := range values {
		b := math.Float64bits(x + 0)
		if b&^sign >= infinite {
			continue
		}
		g.count++
		key := ordered(b) >> shift
		if s := &t.slots[t.home(key)&uint64(len(t.slots)-1)]; s.key == key && s.count != 0 {
			s.count++
		} else {
			t.add(key, 1)
		}
	}
}

// settle sorts what was counted and makes it as coarse as the budget wants.
func (g *Grid) settle() {
	switch {
	case g.dense != nil:
		g.cells = g.dense.sorted(make([]cell, 0, g.dense.used))
	case g.sparse != nil:
		rest := spare.Get().(*[]cell)
		cells := g.sparse.cells(make([]cell, 0, g.sparse.used))
		g.cells, *rest = sortCells(cells, *rest)
		spare.Put(rest)
	case g.log != nil:
		g.sortLog()
		g.log = release(g.log)
	default:
		return
	}
	g.dense, g.sparse = nil, nil
	if by := narrowest(g.cells, g.budget); by > 0 {
		g.recut(by)
	}
}

// recut makes settled cells coarser by some bits.
func (g *Grid) recut(by uint8) {
	if by == 0 {
		return
	}
	if g.shift == 0 {
		g.seen = new(registers)
		for _, c := range g.cells {
			g.seen.add(frame.HashFloat(unordered(c.key)))
		}
	}
	g.cells = coarsen(g.cells, by)
	g.shift += by
}

// Settle ends a run of calls of Add: reading a settled grid from several
// goroutines is safe. Reading settles too.
func (g *Grid) Settle() {
	if g != nil {
		g.settle()
	}
}

// Clone is a settled copy.
func (g *Grid) Clone() *Grid {
	g.settle()
	c := *g
	c.cells = slices.Clone(g.cells)
	if g.seen != nil {
		seen := *g.seen
		c.seen = &seen
	}
	return &c
}

// Merge adds the values of o, which stays as it is. The smaller budget holds
// from then on.
func (g *Grid) Merge(o *Grid) {
	if o == nil {
		return
	}
	o.settle()
	g.budget = min(g.budget, o.budget)
	lost := g.shift > 0 && g.seen == nil || o.shift > 0 && o.seen == nil
	if o.shift > g.shift {
		g.settle()
	}
	if o.shift > g.shift {
		g.recut(o.shift - g.shift)
	}
	g.warm()
	g.addCells(o.cells, o.shift)
	g.count += o.count
	switch {
	case lost:
		g.seen = nil
	case o.seen != nil:
		g.seen.merge(o.seen)
	case g.seen != nil: // o is exact: its values are known
		for _, c := range o.cells {
			g.seen.add(frame.HashFloat(unordered(c.key)))
		}
	}
	if g.used() > g.slack() {
		g.narrow()
	}
}

// addCells counts cells of a shift that is at most that of the grid.
func (g *Grid) addCells(cells []cell, shift uint8) {
	by := (g.shift - shift) & 63
	for _, c := range cells {
		key := c.key >> by
		if d := g.dense; d != nil {
			u, mag := magnitude(key, g.shift&63)
			if r := &d.runs[u&1]; mag-r.low < r.width && c.count <= d.room {
				n := &d.cells[mag-r.low+r.start]
				if *n == 0 {
					d.used++
				}
				*n += uint32(c.count)
				d.room -= c.count
				continue
			}
			if d.add(u, mag, c.count) {
				continue
			}
			g.spread()
		}
		g.sparse.add(key, c.count)
	}
}

// Subtract takes away the values of o, which must have been merged into g
// before. The cells stay as coarse as they are; unless they are exact, the
// number of distinct values is unknown from then on.
func (g *Grid) Subtract(o *Grid) error {
	if o == nil || o.Count() == 0 {
		return nil
	}
	g.settle()
	if o.shift > g.shift {
		return errNotPart
	}
	part := coarsen(slices.Clone(o.cells), g.shift-o.shift)
	left, ok := subtractCells(g.cells, part)
	if !ok {
		return errNotPart
	}
	g.cells, g.count, g.seen = left, g.count-o.count, nil
	return nil
}

var errNotPart = fault.New(fault.Invalid, "what is subtracted is not part of it", "subtract only what was merged before")
