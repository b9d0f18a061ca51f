package sketch

import (
	"math"
	"math/bits"
	"slices"
	"strconv"
)

// Codes is a sample of distinct rows, of each column a short code instead of
// the cell: what tests of whole rows compare. The rows are those of the
// smallest hashes, so the sample comes out the same whatever the order and the
// split, like all of [Rows], which it is a part of and which knows how often
// each row occurs.
//
// A code keeps the order of numbers and tells categories apart: see
// [NumberCode] and [TextCode]. It is 0 for a cell without a value.
type Codes struct {
	bound  int
	cut    uint64   // rows with larger hashes were dropped
	names  []string // columns, ascending
	hashes []uint64 // ascending
	codes  []uint32 // as many per hash as there are names

	fresh      []uint64 // what was added since, in any order
	freshCodes []uint32
}

// NumberCode is the first 32 bits of a number: 21 of its digits in binary. It
// is never 0 and in the order of the numbers.
func NumberCode(x float64) uint32 { return uint32(ordered(math.Float64bits(x+0)) >> 32) }

// CodeNumber is the smallest number, by amount, that has a code.
func CodeNumber(code uint32) float64 {
	x := unordered(uint64(code) << 32)
	if x < 0 {
		return unordered(uint64(code)<<32 | math.MaxUint32)
	}
	return x
}

// Brief is the number of the fewest digits that has a code.
func Brief(code uint32) float64 {
	x := CodeNumber(code)
	for digits := 1; digits <= 17; digits++ {
		y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64)
		if err == nil && NumberCode(y) == code {
			return y
		}
	}
	return x
}

// TextCode is a part of the hash of a category. It is never 0.
func TextCode(hash uint64) uint32 { return max(uint32(hash>>32), 1) }

// Code makes r keep the codes of bound distinct rows over the columns of the
// given names, ascending. It must come before the first row.
func (r *Rows) Code(bound int, names []string) {
	r.codes = &Codes{bound: min(max(bound, 0), r.bound), cut: math.MaxUint64, names: names}
	if r.codes.bound == 0 {
		r.codes = &Codes{}
	}
}

// Codes is the coded sample; of nothing if it was not asked for.
func (r *Rows) Codes() *Codes {
	r.Settle()
	return r.codes
}

// Pick appends to rows the indexes of those whose codes are wanted.
func (r *Rows) Pick(hashes []uint64, rows []int32) []int32 {
	c := r.codes
	if c.bound == 0 {
		return rows
	}
	for i, h := range hashes {
		if h <= c.cut && !c.has(h) {
			rows = append(rows, int32(i))
		}
	}
	if len(rows) <= c.bound {
		return rows
	}
	c.narrow(hashes, rows)
	return slices.DeleteFunc(rows, func(i int32) bool { return hashes[i] > c.cut })
}

func (c *Codes) has(hash uint64) bool {
	_, known := slices.BinarySearch(c.hashes, hash)
	return known
}

// narrow lowers the cut where these rows alone are more distinct ones than are
// kept.
func (c *Codes) narrow(hashes []uint64, rows []int32) {
	keys, rest := freeNumbers.Get().(*[]uint64), freeNumbers.Get().(*[]uint64)
	*keys = (*keys)[:0]
	for _, i := range rows {
		*keys = append(*keys, hashes[i])
	}
	*keys, *rest = sortKeys(*keys, *rest)
	if distinct := slices.Compact(*keys); len(distinct) > c.bound {
		c.cut = distinct[c.bound-1]
	}
	freeNumbers.Put(keys)
	freeNumbers.Put(rest)
}

// Room adds the picked rows and gives their codes to be filled in: row by row,
// in the order of the names, all 0 before.
func (r *Rows) Room(hashes []uint64, rows []int32) []uint32 {
	c := r.codes
	if len(c.hashes)+len(c.fresh)+len(rows) > 2*max(c.bound, 512) { // fewer would not tell what to drop
		c.sort()
	}
	for _, i := range rows {
		c.fresh = append(c.fresh, hashes[i])
	}
	start, n := len(c.freshCodes), len(rows)*len(c.names)
	c.freshCodes = slices.Grow(c.freshCodes, n)[:start+n]
	clear(c.freshCodes[start:])
	return c.freshCodes[start:]
}

// sort moves what is fresh to where it belongs.
func (c *Codes) sort() {
	if len(c.fresh) == 0 {
		return
	}
	rows := spare.Get().(*[]cell)
	*rows = byHash(c.fresh, (*rows)[:0])
	c.union(*rows, c.freshCodes)
	spare.Put(rows)
	c.fresh, c.freshCodes = c.fresh[:0], c.freshCodes[:0]
	c.crop(c.cut)
}

// byHash lists hashes, ascending, each with where it stood. Most of a hash and
// its place fit one key, which sorts fast.
func byHash(hashes []uint64, to []cell) []cell {
	keys, rest := freeNumbers.Get().(*[]uint64), freeNumbers.Get().(*[]uint64)
	*keys = (*keys)[:0]
	place := uint64(1)<<bits.Len(uint(len(hashes))) - 1
	for i, h := range hashes {
		*keys = append(*keys, h&^place|uint64(i))
	}
	*keys, *rest = sortKeys(*keys, *rest)
	for _, key := range *keys {
		at := len(to)
		to = append(to, cell{hashes[key&place], int64(key & place)})
		for ; at > 0 && to[at-1].key > to[at].key; at-- { // hashes that differ in the rest only
			to[at-1], to[at] = to[at], to[at-1]
		}
	}
	freeNumbers.Put(keys)
	freeNumbers.Put(rest)
	return to
}

// settle ends a run of calls of Room. Rows beyond the limit are not kept.
func (c *Codes) settle(limit uint64) {
	if c.fresh != nil {
		c.sort()
		c.fresh, c.freshCodes = nil, nil
		c.hashes, c.codes = slices.Clip(c.hashes), slices.Clip(c.codes)
	}
	if c.cut > limit {
		c.crop(limit)
	}
}

func (c *Codes) clone() *Codes {
	d := *c
	d.names, d.hashes, d.codes = slices.Clone(c.names), slices.Clone(c.hashes), slices.Clone(c.codes)
	return &d
}

// merge adds the rows of o, which stays as it is.
func (c *Codes) merge(o *Codes) {
	c.bound = min(c.bound, o.bound)
	if c.bound == 0 {
		*c = Codes{}
		return
	}
	if !slices.Equal(c.names, o.names) {
		both := slices.Concat(c.names, o.names)
		slices.Sort(both)
		both = slices.Compact(both)
		c.relay(both)
		o = o.clone()
		o.relay(both)
	}
	rows := make([]cell, len(o.hashes))
	for i, h := range o.hashes {
		rows[i] = cell{h, int64(i)}
	}
	c.union(rows, o.codes)
	c.crop(min(c.cut, o.cut))
}

// relay lays the codes over other columns, among which are all of c's.
func (c *Codes) relay(names []string) {
	codes := make([]uint32, len(c.hashes)*len(names))
	for j, name := range c.names {
		at, _ := slices.BinarySearch(names, name)
		for i := range c.hashes {
			codes[i*len(names)+at] = c.codes[i*len(c.names)+j]
		}
	}
	c.names, c.codes = names, codes
}

// union merges rows over the same columns: their hashes, ascending, each with
// where its codes stand among the given ones. Equal hashes are the same row.
// What is more than the bound and one row is left out.
func (c *Codes) union(rows []cell, from []uint32) {
	width, most := len(c.names), min(len(c.hashes)+len(rows), c.bound+1)
	hashes, codes := make([]uint64, 0, most), make([]uint32, 0, most*width)
	i, j := 0, 0
	for len(hashes) < most && (i < len(c.hashes) || j < len(rows)) {
		if j == len(rows) || i < len(c.hashes) && c.hashes[i] <= rows[j].key {
			hashes, codes = append(hashes, c.hashes[i]), append(codes, c.codes[i*width:][:width]...)
			i++
		} else {
			hashes, codes = append(hashes, rows[j].key), append(codes, from[int(rows[j].count)*width:][:width]...)
		}
		for last := hashes[len(hashes)-1]; j < len(rows) && rows[j].key == last; {
			j++
		}
	}
	c.hashes, c.codes = hashes, codes
}

// crop keeps the rows of the smallest hashes: none beyond the cut, and at most
// as many as the bound.
func (c *Codes) crop(cut uint64) {
	c.cut = cut
	n, found := slices.BinarySearch(c.hashes, cut)
	if found {
		n++
	}
	if n > c.bound {
		n = c.bound
		c.cut = 0
		if n > 0 {
			c.cut = c.hashes[n-1]
		}
	}
	c.hashes, c.codes = c.hashes[:n], c.codes[:n*len(c.names)]
}

// remove takes out the rows of the given hashes.
func (c *Codes) remove(gone map[uint64]bool) {
	width, n := len(c.names), 0
	hashes, codes := slices.Clone(c.hashes), slices.Clone(c.codes)
	for i, h := range hashes {
		if !gone[h] {
			hashes[n] = h
			copy(codes[n*width:], codes[i*width:(i+1)*width])
			n++
		}
	}
	c.hashes, c.codes = hashes[:n], codes[:n*width]
}

// Len is the number of coded rows.
func (c *Codes) Len() int { return len(c.hashes) }

// Cut is the largest hash that a row may have to be coded: of rows up to it,
// every distinct one is.
func (c *Codes) Cut() uint64 { return c.cut }

// Hashes are the rows, ascending.
func (c *Codes) Hashes() []uint64 { return c.hashes }

// Column gives the codes of one column, row by row; nil if it has none.
func (c *Codes) Column(name string) []uint32 {
	at, found := slices.BinarySearch(c.names, name)
	if !found {
		return nil
	}
	column := make([]uint32, len(c.hashes))
	for i := range column {
		column[i] = c.codes[i*len(c.names)+at]
	}
	return column
}

// Counts is how often each coded row occurs.
func (r *Rows) Counts() []int64 {
	r.Settle()
	counts := make([]int64, len(r.codes.hashes))
	at := 0
	for i, h := range r.codes.hashes {
		for r.cells[at].key < h {
			at++
		}
		counts[i] = r.cells[at].count
	}
	return counts
}
