package sketch

import "math"

// dense counts coarse cells by index: one run of cells for the negative and one
// for the positive magnitudes. Magnitudes of most columns span a few dozen
// powers of two, so the runs are short and a value costs one increment. Short
// counters keep them in the cache; room says how many values these can take.
type dense struct {
	shift uint8
	runs  [2]run // by sign bit
	cells []uint32
	zero  [2]uint32 // the cell of magnitude key 0, far from all others
	used  int
	most  int // cells that the runs may take together
	room  int64
}

// run is the part of dense.cells for one sign: magnitude keys from low on.
type run struct{ low, width, start uint64 }

// magnitude splits an ordered key at a shift into sign and magnitude key.
func magnitude(key uint64, shift uint8) (sign, mag uint64) {
	top := uint64(1) << (63 - shift)
	if key&top != 0 {
		return 0, key ^ top
	}
	return 1, ^key & (top - 1)
}

// newDense lays sorted cells out, nil if they span too much or hold too much.
// free is memory to use.
func newDense(cells []cell, shift uint8, most int, free []uint32) *dense {
	d := &dense{shift: shift, most: most, used: len(cells), room: math.MaxUint32}
	for _, c := range cells {
		u, mag := magnitude(c.key, shift)
		if mag != 0 && !d.covers(u, mag) && !d.extend(u, mag, 0) {
			return nil
		}
		if d.room -= c.count; d.room < math.MaxUint32/2 {
			return nil
		}
	}
	for u, r := range d.runs { // values are likely just outside
		if r.width > 0 {
			d.extend(uint64(u), r.low+r.width, d.margin())
		}
		if r.low > 1 {
			d.extend(uint64(u), r.low-1, d.margin())
		}
	}
	d.place(free)
	for _, c := range cells {
		u, mag := magnitude(c.key, shift)
		if mag == 0 {
			d.zero[u] = uint32(c.count)
		} else {
			d.cells[mag-d.runs[u].low+d.runs[u].start] = uint32(c.count)
		}
	}
	return d
}

// margin is a power of two of values.
func (d *dense) margin() uint64 { return 1 << (52 - min(d.shift, 52)) }

func (d *dense) covers(u, mag uint64) bool { return mag-d.runs[u].low < d.runs[u].width }

// extend widens a run so that it covers mag and a margin beyond it.
func (d *dense) extend(u, mag, margin uint64) bool {
	r := d.runs[u]
	switch {
	case r.width == 0:
		r.low, r.width = mag, 1
	case mag < r.low:
		low := max(mag, margin+1) - margin
		r.width += r.low - low
		r.low = low
	default:
		r.width = mag - r.low + 1 + margin
	}
	if r.width > uint64(d.most) || r.width+d.runs[1-u].width > uint64(d.most) {
		return false
	}
	d.runs[u] = r
	return true
}

// place makes the cells of the runs, all zero.
func (d *dense) place(free []uint32) {
	d.runs[1].start, d.runs[0].start = 0, d.runs[1].width
	n := int(d.runs[0].width + d.runs[1].width)
	if n > cap(free) {
		d.cells = make([]uint32, n)
		return
	}
	d.cells = free[:n]
	clear(d.cells)
}

// widen makes room for mag; false if the span would be too large.
func (d *dense) widen(u, mag uint64) bool {
	old, cells := d.runs, d.cells
	if !d.extend(u, mag, max(d.margin(), old[u].width/4)) && !d.extend(u, mag, 0) {
		return false
	}
	d.place(nil)
	for i, r := range old {
		if r.width > 0 {
			copy(d.cells[d.runs[i].start+r.low-d.runs[i].low:], cells[r.start:r.start+r.width])
		}
	}
	return true
}

// add counts a value's magnitude key n times; false if it lies too far out or
// is too much.
func (d *dense) add(u, mag uint64, n int64) bool {
	if n > d.room {
		return false
	}
	at := &d.zero[u&1]
	if mag != 0 {
		if !d.covers(u, mag) && !d.widen(u, mag) {
			return false
		}
		at = &d.cells[mag-d.runs[u].low+d.runs[u].start]
	}
	if *at == 0 {
		d.used++
	}
	*at += uint32(n)
	d.room -= n
	return true
}

// addValues counts values until one lies too far out, and says how many it
// took and how many of these were finite.
func (d *dense) addValues(values []float64) (taken int, finite int64) {
	if int64(len(values)) > d.room {
		return 0, 0
	}
	shift, cells, used := d.shift&63, d.cells, d.used
	for i, x := range values {
		b := math.Float64bits(x + 0)
		mag, u := b&^sign, b>>63
		if mag >= infinite {
			continue
		}
		finite++
		r := &d.runs[u]
		if at := mag>>shift - r.low; at < r.width {
			c := &cells[at+r.start]
			if *c == 0 {
				used++
			}
			*c++
		} else {
			d.used = used
			if !d.add(u, mag>>shift, 1) {
				d.room -= int64(i)
				return i, finite - 1
			}
			cells, used = d.cells, d.used
		}
	}
	d.used = used
	d.room -= int64(len(values))
	return len(values), finite
}

// sorted appends the cells in order of their keys.
func (d *dense) sorted(to []cell) []cell {
	top := uint64(1) << (63 - d.shift)
	take := func(key uint64, n uint32) {
		if n != 0 {
			to = append(to, cell{key, int64(n)})
		}
	}
	for r, i := d.runs[1], d.runs[1].width; i > 0; i-- {
		take(top-1-(r.low+i-1), d.cells[r.start+i-1])
	}
	take(top-1, d.zero[1])
	take(top, d.zero[0])
	for r, i := d.runs[0], uint64(0); i < r.width; i++ {
		take(top|(r.low+i), d.cells[r.start+i])
	}
	return to
}
