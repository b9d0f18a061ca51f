package sketch

import (
	"math/bits"
	"slices"
)

// sortKeys sorts with the least work that data as it is needs: counting passes
// over the highest 33 bits in which the keys differ, then insertion for what
// these left undecided. Where that is too much, the other bits are counted too.
// spare is memory, given back for the next call.
func sortKeys(keys, spare []uint64) (sorted, rest []uint64) {
	if len(keys) < radixFrom {
		slices.Sort(keys)
		return keys, spare
	}
	differ := uint64(0)
	for _, key := range keys {
		differ |= key ^ keys[0]
	}
	spare = slices.Grow(spare[:0], len(keys))[:len(keys)]
	top := max(bits.Len64(differ), 3*digit)
	keys, spare = countKeys(keys, spare, top-3*digit, top)
	if insertKeys(keys, 4*len(keys)) {
		return keys, spare
	}
	return countKeys(keys, spare, 0, top)
}

// digit is how many bits a counting pass looks at.
const digit = 11

// countKeys sorts by the bits from low up to high.
func countKeys(keys, spare []uint64, low, high int) (sorted, rest []uint64) {
	var counts [1 << digit]uint32
	for by := low; by < high; by += digit {
		clear(counts[:])
		for _, key := range keys {
			counts[key>>(by&63)&(1<<digit-1)]++
		}
		var at uint32
		for i, n := range counts {
			counts[i] = at
			at += n
		}
		for _, key := range keys {
			place := &counts[key>>(by&63)&(1<<digit-1)]
			spare[*place] = key
			*place++
		}
		keys, spare = spare, keys
	}
	return keys, spare
}

// insertKeys sorts by insertion, unless that moves more than most keys.
func insertKeys(keys []uint64, most int) bool {
	for i := 1; i < len(keys); i++ {
		key, j := keys[i], i
		for ; j > 0 && keys[j-1] > key; j-- {
			keys[j] = keys[j-1]
		}
		keys[j] = key
		if most -= i - j; most < 0 {
			return false
		}
	}
	return true
}

// roomier makes room for n more keys in a log. It starts with memory that
// another log has left.
func roomier(log []uint64, n int) []uint64 {
	if log == nil {
		log = (*freeNumbers.Get().(*[]uint64))[:0]
	}
	if cap(log)-len(log) >= n {
		return log
	}
	return slices.Grow(log, max(n, min(3*len(log), 1<<14)))
}

// release gives the memory of a log away and gives the log of nothing.
func release(log []uint64) []uint64 {
	freeNumbers.Put(&log)
	return nil
}

// tallyKeys counts sorted keys.
func tallyKeys(keys []uint64, to []cell) []cell {
	for _, key := range keys {
		if n := len(to); n > 0 && to[n-1].key == key {
			to[n-1].count++
		} else {
			to = append(to, cell{key, 1})
		}
	}
	return to
}
