package sketch

import "slices"

// Distinct counts distinct values by their hashes: exact up to a bound, then by
// HyperLogLog. It cannot be subtracted: nobody knows what would be left.
type Distinct struct {
	bound  int
	hashes []uint64   // ascending
	log    []uint64   // what was added since
	seen   *registers // once beyond the bound
}

// NewDistinct is an empty set that is exact up to bound values.
func NewDistinct(bound int) *Distinct { return &Distinct{bound: max(bound, 1)} }

// Add takes hashes of values; a value has the same hash everywhere.
func (d *Distinct) Add(hashes []uint64) {
	for len(hashes) > 0 && d.seen == nil {
		most := max(1024, min(max(len(d.hashes), d.bound/8), 1<<16))
		n := min(len(hashes), most-len(d.log))
		d.log = append(roomier(d.log, n), hashes[:n]...)
		hashes = hashes[n:]
		if len(d.log) == most {
			d.sort()
			d.overflow()
		}
	}
	if d.seen != nil {
		d.seen.addAll(hashes)
	}
}

// sort moves the log into the set.
func (d *Distinct) sort() {
	rest := freeNumbers.Get().(*[]uint64)
	d.log, *rest = sortKeys(d.log, *rest)
	known := len(d.hashes)
	d.hashes = append(d.hashes, slices.Compact(d.log)...)
	if known > 0 {
		d.hashes, *rest = sortKeys(d.hashes, *rest)
		d.hashes = slices.Compact(d.hashes)
	}
	d.log = d.log[:0]
	freeNumbers.Put(rest)
}

// overflow goes over from the set to registers when it is past the bound.
func (d *Distinct) overflow() {
	if len(d.hashes) > d.bound {
		d.estimate()
	}
}

func (d *Distinct) estimate() {
	d.seen = new(registers)
	d.seen.addAll(d.hashes)
	d.seen.addAll(d.log)
	d.hashes, d.log = nil, nil
}

func (d *Distinct) settle() {
	if d.log != nil {
		d.sort()
		d.log = release(d.log)
		d.overflow()
	}
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
	d.settle()
	d.bound = min(d.bound, o.bound)
	d.overflow()
	if o.seen == nil {
		d.Add(o.hashes)
		return
	}
	if d.seen == nil {
		d.estimate()
	}
	d.seen.merge(o.seen)
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
