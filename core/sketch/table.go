package sketch

import "math/bits"

// table counts keys that may be anywhere: open addressing with linear probing.
// A slot is free while its count is 0.
type table struct {
	slots []cell
	shift uint8 // of the hash, to an index
	used  int
	most  int // used at which it grows
}

func newTable(cells int) *table {
	t := &table{}
	t.alloc(max(64, 1<<bits.Len(uint(cells+cells/2))))
	return t
}

func (t *table) alloc(size int) {
	t.slots = make([]cell, size)
	t.shift = uint8(64 - bits.Len(uint(size-1)))
	t.used, t.most = 0, size*5/8
}

// home is where the search for a key starts: Fibonacci hashing, after folding
// the high half onto the low one because round numbers have no low bits.
func (t *table) home(key uint64) uint64 {
	return (key ^ key>>32) * 0x9E3779B97F4A7C15 >> (t.shift & 63)
}

func (t *table) add(key uint64, n int64) {
	mask := uint64(len(t.slots) - 1)
	for at := t.home(key); ; at++ {
		s := &t.slots[at&mask]
		if s.key == key && s.count != 0 {
			s.count += n
			return
		}
		if s.count == 0 {
			s.key, s.count = key, n
			if t.used++; t.used > t.most {
				t.grow()
			}
			return
		}
	}
}

func (t *table) grow() {
	old := t.slots
	t.alloc(2 * len(old))
	for _, s := range old {
		if s.count != 0 {
			t.add(s.key, s.count)
		}
	}
}

// cells appends what was counted, in no order.
func (t *table) cells(to []cell) []cell {
	for _, s := range t.slots {
		if s.count != 0 {
			to = append(to, s)
		}
	}
	return to
}
