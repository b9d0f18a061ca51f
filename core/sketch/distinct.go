package sketch

import (
	"slices"
)

// Distinct counts distinct values by their hashes: exact up to a bound, then by
// HyperLogLog. It cannot be subtracted: nobody knows what would be left.
type Distinct struct {
	bound  int
	hashes []uint64   // ascending; what was added since lies in
	hot    *table     // hash -> any count
	seen   *registers // once beyond the bound
}

// NewDistinct is an empty set that is exact up to bound values.
func NewDistinct(bound int) *Distinct { return &Distinct{bound: max(bound, 1)} }

// Add takes hashes of values; a value has the same hash everywhere.
func (d *Distinct) Add(hashes []uint64) {
	i := 0
	if d.seen == nil {
		d.warm()
		for i < len(hashes) && d.hot.used <= d.bound {
			d.hot.add(hashes[i], 1)
			i++
		}
		d.overflow()
	}
	if d.seen != nil {
		for _, h := range hashes[i:] {
			d.seen.add(h)
		}
	}
}

func (d *Distinct) warm() {
	if d.hot == nil {
		d.hot = newTable(len(d.hashes))
		for _, h := range d.hashes {
			d.hot.add(h, 1)
		}
		d.hashes = nil
	}
}

func (d *Distinct) overflow() {
	if d.hot.used > d.bound {
		d.estimate()
	}
}

// estimate goes over from the set to registers.
func (d *Distinct) estimate() {
	d.settle()
	d.seen = new(registers)
	for _, h := range d.hashes {
		d.seen.add(h)
	}
	d.hashes = nil
}

func (d *Distinct) settle() {
	if d.hot == nil {
		return
	}
	d.hashes = make([]uint64, 0, d.hot.used)
	for _, s := range d.hot.slots {
		if s.count != 0 {
			d.hashes = append(d.hashes, s.key)
		}
	}
	slices.Sort(d.hashes)
	d.hot = nil
}

// Settle ends a run of calls of Add, as [Grid.Settle] does.
func (d *Distinct) Settle() { d.settle() }

// Clone is a settled copy.
func (d *Distinct) Clone() *Distinct {
	d.settle()
	c := *d
	c.hashes = slices.Clone(d.hashes)
	if d.seen != nil {
		seen := *d.seen
		c.seen = &seen
	}
	return &c
}

// Merge adds the values of o, which stays as it is. The smaller bound holds
// from then on.
func (d *Distinct) Merge(o *Distinct) {
	o.settle()
	if d.bound > o.bound {
		d.bound = o.bound
		d.warmIfExact()
	}
	if o.seen == nil {
		d.Add(o.hashes)
		return
	}
	if d.seen == nil {
		d.estimate()
	}
	d.seen.merge(o.seen)
}

// warmIfExact lets a smaller bound take effect.
func (d *Distinct) warmIfExact() {
	if d.seen == nil {
		d.warm()
		d.overflow()
	}
}

// Estimate is the number of distinct values: exact up to the bound, then with
// a relative standard error of 1.6%.
func (d *Distinct) Estimate() (n float64, exact bool) {
	d.settle()
	if d.seen == nil {
		return float64(len(d.hashes)), true
	}
	return d.seen.estimate(), false
}
