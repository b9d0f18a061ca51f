package sketch

import (
	"cmp"
	"math"
	"slices"
)

// Rows knows rows by a hash of all their cells. It keeps the distinct rows of
// the smallest hashes, each with how often it occurs, which tells how many rows
// are repeats; and the cells of the very smallest as a sample of rows. Which
// rows are kept depends on their hashes alone: it is a random choice that comes
// out the same for everyone.
//
// What is kept of distinct rows is uniform over distinct rows, not over rows.
type Rows struct {
	bound, kept int
	rows        int64
	limit       uint64   // rows with larger hashes were dropped
	cells       []cell   // ascending
	log         []uint64 // what was added since
	names       []string // columns of the sample, ascending
	lines       []Line   // ascending by Hash
	cut         uint64   // lines with larger hashes were dropped
	codes       *Codes
}

// Line is a sampled row.
type Line struct {
	Hash  uint64
	Cells []Text // one per column of Rows.Names
}

// Text is a cell as text. A cell without a value, or of a column that the row's
// file did not have, is not Known.
type Text struct {
	Text  string
	Known bool
}

// NewRows keeps the hashes of bound distinct rows and the cells of kept of them
// over the columns of the given names, ascending.
func NewRows(bound, kept int, names []string) *Rows {
	bound = max(bound, 1)
	return &Rows{bound: bound, kept: min(max(kept, 0), bound), limit: math.MaxUint64, cut: math.MaxUint64, names: names, codes: &Codes{}}
}

// Add counts rows.
func (r *Rows) Add(hashes []uint64) {
	r.rows += int64(len(hashes))
	r.log = roomier(r.log, len(hashes))
	for _, h := range hashes {
		if h <= r.limit {
			r.log = append(r.log, h)
		}
	}
	if len(r.log) > max(r.bound, 1024) {
		r.sort()
	}
}

// sort moves the log into the cells.
func (r *Rows) sort() {
	rest, run := freeNumbers.Get().(*[]uint64), spare.Get().(*[]cell)
	r.log, *rest = sortKeys(r.log, *rest)
	*run = tallyKeys(r.log, slices.Grow((*run)[:0], len(r.log)))
	r.cells = mergeCells(r.cells, *run)
	r.log = r.log[:0]
	freeNumbers.Put(rest)
	spare.Put(run)
	r.trim()
}

// Settle ends a run of calls of Add, as [Grid.Settle] does.
func (r *Rows) Settle() {
	if r.log != nil {
		r.sort()
		r.log, r.cells = release(r.log), slices.Clip(r.cells)
	}
	r.codes.settle(r.limit)
}

// trim keeps the smallest hashes, at most as many as the bound.
func (r *Rows) trim() {
	n, _ := slices.BinarySearchFunc(r.cells, r.limit, func(c cell, limit uint64) int {
		if c.key <= limit {
			return -1
		}
		return 1
	})
	if n > r.bound {
		n = r.bound
		r.limit = r.cells[n-1].key
	}
	r.cells = r.cells[:n]
}

// Wants tells whether a row of this hash would enter the sample.
func (r *Rows) Wants(hash uint64) bool {
	if hash > r.cut || r.kept == 0 {
		return false
	}
	_, known := r.find(hash)
	return !known
}

func (r *Rows) find(hash uint64) (int, bool) {
	return slices.BinarySearchFunc(r.lines, hash, func(l Line, h uint64) int { return cmp.Compare(l.Hash, h) })
}

// Keep puts a row into the sample if its hash is small enough.
func (r *Rows) Keep(line Line) {
	at, known := r.find(line.Hash)
	if known || line.Hash > r.cut || r.kept == 0 {
		return
	}
	r.lines = slices.Insert(r.lines, at, line)
	if len(r.lines) > r.kept {
		r.lines = r.lines[:r.kept]
		r.cut = r.lines[r.kept-1].Hash
	}
}

// Clone is a settled copy.
func (r *Rows) Clone() *Rows {
	r.Settle()
	c := *r
	c.cells, c.lines, c.names = slices.Clone(r.cells), slices.Clone(r.lines), slices.Clone(r.names)
	c.codes = r.codes.clone()
	return &c
}

// Merge adds the rows of o, which stays as it is. The smaller bounds hold from
// then on.
func (r *Rows) Merge(o *Rows) {
	o.Settle()
	r.Settle()
	r.bound, r.limit = min(r.bound, o.bound), min(r.limit, o.limit)
	r.rows += o.rows
	r.cells = mergeCells(r.cells, o.cells)
	r.trim()
	r.kept, r.cut = min(r.kept, o.kept), min(r.cut, o.cut)
	names, lines := r.rename(o.names, o.lines)
	r.names, r.lines = names, union(r.lines, lines)
	r.crop()
	r.codes.merge(o.codes)
	r.codes.settle(r.limit)
}

// crop keeps the lines of the smallest hashes.
func (r *Rows) crop() {
	r.cut = min(r.cut, r.limit) // every line is among the rows
	n := 0
	for n < len(r.lines) && r.lines[n].Hash <= r.cut {
		n++
	}
	if n > r.kept {
		n = r.kept
		r.cut = 0
		if n > 0 {
			r.cut = r.lines[n-1].Hash
		}
	}
	r.lines = slices.Clip(r.lines[:n])
}

// union merges lines by hash; those in both are the same row.
func union(a, b []Line) []Line {
	all := slices.Concat(a, b)
	slices.SortStableFunc(all, func(x, y Line) int { return cmp.Compare(x.Hash, y.Hash) })
	return slices.CompactFunc(all, func(x, y Line) bool { return x.Hash == y.Hash })
}

// rename lays the lines of r and those of another sample over the union of
// their columns.
func (r *Rows) rename(names []string, lines []Line) ([]string, []Line) {
	if slices.Equal(r.names, names) {
		return r.names, lines
	}
	both := slices.Concat(r.names, names)
	slices.Sort(both)
	both = slices.Compact(both)
	r.lines = relay(r.lines, r.names, both)
	return both, relay(lines, names, both)
}

func relay(lines []Line, from, to []string) []Line {
	moved := make([]Line, len(lines))
	for i, line := range lines {
		moved[i] = Line{line.Hash, make([]Text, len(to))}
		for j, text := range line.Cells {
			at, _ := slices.BinarySearch(to, from[j])
			moved[i].Cells[at] = text
		}
	}
	return moved
}

// Subtract takes away the rows of o, which must have been merged into r before.
// Sampled rows that are gone leave the sample smaller.
func (r *Rows) Subtract(o *Rows) error {
	r.Settle()
	o.Settle()
	part := o.cells
	for len(part) > 0 && part[len(part)-1].key > r.limit {
		part = part[:len(part)-1]
	}
	left, ok := subtractCells(r.cells, part)
	if !ok || o.rows > r.rows || r.limit > o.limit {
		return errNotPart
	}
	gone := map[uint64]bool{}
	for _, c := range r.cells {
		gone[c.key] = true
	}
	for _, c := range left {
		delete(gone, c.key)
	}
	r.cells, r.rows = left, r.rows-o.rows
	r.lines = slices.DeleteFunc(slices.Clone(r.lines), func(l Line) bool { return gone[l.Hash] })
	r.codes.remove(gone)
	return nil
}

// Rows is the number of rows.
func (r *Rows) Rows() int64 { return r.rows }

// Exact tells whether every distinct row is known.
func (r *Rows) Exact() bool {
	r.Settle()
	return r.limit == math.MaxUint64
}

// Limit is the largest hash that a row may have to be kept: of rows up to it,
// every distinct one is known with how often it occurs.
func (r *Rows) Limit() uint64 {
	r.Settle()
	return r.limit
}

// Duplicates is the share of rows that equal an earlier row in every column:
// 1 - distinct/rows. Beyond the bound it is estimated from the distinct rows
// that are kept, with a standard error of about sqrt(ratio/bound) while few
// rows repeat. No rows have no duplicates.
func (r *Rows) Duplicates() (ratio float64, exact bool) {
	r.Settle()
	var n int64
	for _, c := range r.cells {
		n += c.count
	}
	if n == 0 {
		return 0, r.Exact()
	}
	return 1 - float64(len(r.cells))/float64(n), r.Exact()
}

// Len is the number of distinct rows that are kept.
func (r *Rows) Len() int {
	r.Settle()
	return len(r.cells)
}

// Pairs iterates over the hashes that are kept and how often each row occurs,
// in ascending order.
func (r *Rows) Pairs() func(yield func(hash uint64, n int64) bool) {
	r.Settle()
	return func(yield func(uint64, int64) bool) {
		for _, c := range r.cells {
			if !yield(c.key, c.count) {
				return
			}
		}
	}
}

// Names are the columns of the sampled rows, ascending.
func (r *Rows) Names() []string { return r.names }

// Sample lists the sampled rows by hash: in an order that says nothing.
func (r *Rows) Sample() []Line { return r.lines }

// Known lists the texts of one column in the sampled rows.
func (r *Rows) Known(name string) []string {
	at, found := slices.BinarySearch(r.names, name)
	if !found {
		return nil
	}
	var texts []string
	for _, line := range r.lines {
		if line.Cells[at].Known {
			texts = append(texts, line.Cells[at].Text)
		}
	}
	return texts
}
