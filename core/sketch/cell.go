package sketch

import (
	"cmp"
	"math/bits"
	"slices"
)

// cell is a key and how often it occurred.
type cell struct {
	key   uint64
	count int64
}

// radixFrom is how many cells make counting passes cheaper than comparisons.
const radixFrom = 256

// sortCells sorts by key; keys are distinct. spare is memory for the passes,
// grown as needed and returned for the next call.
func sortCells(cells, spare []cell) (sorted, rest []cell) {
	if len(cells) < radixFrom {
		slices.SortFunc(cells, func(a, b cell) int { return cmp.Compare(a.key, b.key) })
		return cells, spare
	}
	var counts [8][256]uint32
	for i := range cells {
		key := cells[i].key
		for d := range counts {
			counts[d][byte(key>>(8*d))]++
		}
	}
	spare = slices.Grow(spare[:0], len(cells))[:len(cells)]
	for d := range counts {
		count, by := &counts[d], 8*d
		if count[byte(cells[0].key>>by)] == uint32(len(cells)) {
			continue // all alike in this byte
		}
		var at uint32
		for i, n := range count {
			count[i] = at
			at += n
		}
		for _, c := range cells {
			place := &count[byte(c.key>>by)]
			spare[*place] = c
			*place++
		}
		cells, spare = spare, cells
	}
	return cells, spare
}

// mergeCells adds the sorted cells of b to those of a, in the memory of a: from
// the end, into room for all of them.
func mergeCells(a, b []cell) []cell {
	i, j, to := len(a)-1, len(b)-1, len(a)+len(b)-1
	a = slices.Grow(a, len(b))[:len(a)+len(b)]
	for ; i >= 0 && j >= 0; to-- {
		x, y := a[i], b[j]
		switch {
		case x.key > y.key:
			i--
		case x.key < y.key:
			x = y
			j--
		default:
			x.count += y.count
			i--
			j--
		}
		a[to] = x
	}
	for ; j >= 0; to, j = to-1, j-1 {
		a[to] = b[j]
	}
	// What is before i stands where it belongs; keys in both left a gap.
	return append(a[:i+1], a[to+1:]...)
}

// subtractCells takes the counts of b from those of a, both sorted. It tells
// whether b was part of a: every count of b is found in a.
func subtractCells(a, b []cell) ([]cell, bool) {
	left := make([]cell, 0, len(a))
	j := 0
	for _, c := range a {
		if j < len(b) && b[j].key == c.key {
			c.count -= b[j].count
			j++
		}
		if c.count < 0 {
			return nil, false
		}
		if c.count > 0 {
			left = append(left, c)
		}
	}
	return left, j == len(b)
}

// coarsen shifts the keys of sorted cells right, in place, and adds up those
// that become equal.
func coarsen(cells []cell, by uint8) []cell {
	if by == 0 || len(cells) == 0 {
		return cells
	}
	n := 0
	cells[0].key >>= by
	for _, c := range cells[1:] {
		c.key >>= by
		if c.key == cells[n].key {
			cells[n].count += c.count
			continue
		}
		n++
		cells[n] = c
	}
	return cells[:n+1]
}

// narrowest is the smallest shift at which sorted cells are at most budget.
// Two neighbours fall together once the shift reaches the length of their
// difference in bits.
func narrowest(cells []cell, budget int) uint8 {
	if len(cells) <= budget {
		return 0
	}
	var apart [65]int // neighbours that fall together at this shift
	for i := 1; i < len(cells); i++ {
		apart[bits.Len64(cells[i-1].key^cells[i].key)]++
	}
	left := len(cells)
	for shift := 1; shift < 64; shift++ {
		if left -= apart[shift]; left <= budget {
			return uint8(shift)
		}
	}
	return 63
}
