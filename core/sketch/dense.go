package sketch

import (
	"math"

	"leeway/core/frame"
)

// dense counts coarse cells by index: one run of cells for the negative and one
// for the positive magnitudes. Magnitudes of most columns span a few dozen
// powers of two, so the runs are short and a value costs one increment.
type dense struct {
	shift uint8
	runs  [2]run // by sign bit
	cells []int64
	zero  [2]int64 // the cell of magnitude key 0, far from all others
	used  int
	most  int // cells that the runs may take together
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

// newDense lays sorted cells out, nil if they span too much.
func newDense(cells []cell, shift uint8, most int) *dense {
	d := &dense{shift: shift, most: most}
	for _, c := range cells {
		u, mag := magnitude(c.key, shift)
		if mag != 0 && !d.covers(u, mag) && !d.extend(u, mag, 0) {
			return nil
		}
	}
	d.place()
	for _, c := range cells {
		u, mag := magnitude(c.key, shift)
		if mag == 0 {
			d.zero[u] = c.count
		} else {
			d.cells[mag-d.runs[u].low+d.runs[u].start] = c.count
		}
	}
	d.used = len(cells)
	return d
}

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

// place allocates the cells of the runs.
func (d *dense) place() {
	d.runs[1].start, d.runs[0].start = 0, d.runs[1].width
	d.cells = make([]int64, d.runs[0].width+d.runs[1].width)
}

// widen makes room for mag; false if the span would be too large.
func (d *dense) widen(u, mag uint64) bool {
	old, cells := d.runs, d.cells
	if !d.extend(u, mag, 1<<(52-min(d.shift, 52))) && !d.extend(u, mag, 0) {
		return false
	}
	d.place()
	for i, r := range old {
		if r.width > 0 {
			copy(d.cells[d.runs[i].start+r.low-d.runs[i].low:], cells[r.start:r.start+r.width])
		}
	}
	return true
}

// add counts a value's magnitude key n times; false if it lies too far out.
func (d *dense) add(u, mag uint64, n int64) bool {
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
	*at += n
	return true
}

// addValues counts values until one lies too far out, and says how many it
// took and how many of these were finite.
func (d *dense) addValues(values []float64, seen *registers) (taken int, finite int64) {
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
				return i, finite - 1
			}
			cells, used = d.cells, d.used
		}
		if seen != nil {
			seen.add(frame.HashFloat(x))
		}
	}
	d.used = used
	return len(values), finite
}

// sorted appends the cells in order of their keys.
func (d *dense) sorted(to []cell) []cell {
	top := uint64(1) << (63 - d.shift)
	take := func(key uint64, n int64) {
		if n != 0 {
			to = append(to, cell{key, n})
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
