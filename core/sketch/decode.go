package sketch

import (
	"math"
	"math/bits"

	"leeway/core/internal/wire"
)

// ReadGrid reads what [Grid.Append] wrote. Faults are the reader's.
func ReadGrid(r *wire.Reader) *Grid {
	g := &Grid{budget: r.Bound(), shift: r.Byte()}
	if g.budget < MinCells || g.shift > 63 {
		r.Fail("grid is out of range")
		return NewGrid(0)
	}
	if g.shift > 0 && r.Flag() {
		g.seen = readRegisters(r)
	}
	n := r.Size(1)
	if n > g.budget {
		r.Fail("grid has more cells than its budget")
	}
	if n == 0 || r.Err() != nil {
		return g
	}
	layout := r.Byte()
	numbers := readAscending(r, n)
	if r.Err() != nil || layout > decimals+mostTenth || layout != rawKeys && g.shift > 0 {
		r.Fail("grid has an unknown layout")
		return g
	}
	g.cells = make([]cell, n)
	for i, number := range numbers {
		g.cells[i].key = number
		if layout != rawKeys {
			x := float64(int64(number^sign)) / tenths[layout-decimals]
			g.cells[i].key = ordered(math.Float64bits(x + 0))
		}
		g.cells[i].count = readCount(r, &g.count, 1)
	}
	g.check(r)
	return g
}

// check fails unless the cells are ascending, finite and within the shift.
func (g *Grid) check(r *wire.Reader) {
	lowest, highest := ordered(math.Float64bits(-math.MaxFloat64)), ordered(math.Float64bits(math.MaxFloat64))
	for i, c := range g.cells {
		if i > 0 && c.key <= g.cells[i-1].key || c.key < lowest>>g.shift || c.key > highest>>g.shift {
			r.Fail("cells of a grid are not in order")
			return
		}
	}
}

// readCount reads a count less its minimum and adds it to a total.
func readCount(r *wire.Reader, total *int64, least int64) int64 {
	n := r.Count() + least
	if *total += n; *total > 1<<53 {
		r.Fail("counts are too large")
		*total = 0
	}
	return n
}

// readAscending reads n numbers, n > 0.
func readAscending(r *wire.Reader, n int) []uint64 {
	packed := r.Flag()
	numbers := make([]uint64, 0, n)
	numbers = append(numbers, uint64(r.Int())^sign)
	run := uint64(0)
	if packed {
		run = r.Uint()
	}
	for len(numbers) < n && r.Err() == nil {
		last := numbers[len(numbers)-1]
		step := uint64(1)
		switch {
		case !packed:
			step += r.Uint()
		case run > 0:
			run--
		default:
			step = r.Uint() + 2
			run = r.Uint()
		}
		if step == 0 || last+step < last {
			r.Fail("numbers are not ascending")
		}
		numbers = append(numbers, last+step)
	}
	if run != 0 {
		r.Fail("a run is too long")
	}
	return numbers
}

// ReadDistinct reads what [Distinct.Append] wrote.
func ReadDistinct(r *wire.Reader) *Distinct {
	d := &Distinct{bound: r.Bound()}
	if r.Flag() {
		d.seen = readRegisters(r)
		return d
	}
	d.hashes = readHashes(r)
	if len(d.hashes) > d.bound {
		r.Fail("more distinct values than the bound")
	}
	return d
}

func readHashes(r *wire.Reader) []uint64 {
	hashes := make([]uint64, r.Size(1))
	last := uint64(0)
	for i := range hashes {
		step := r.Uint()
		if i > 0 && step == 0 || last+step < last {
			r.Fail("hashes are not ascending")
			return nil
		}
		last += step
		hashes[i] = last
	}
	return hashes
}

func readRegisters(r *wire.Reader) *registers {
	low := r.Byte()
	packed := r.Bytes(1 << precision / 2)
	if packed == nil || low > topRank {
		r.Fail("registers are out of range")
		return new(registers)
	}
	var all registers
	least := uint8(topRank)
	for i := range all {
		rank := packed[i/2] >> (4 * (i & 1)) & 15
		if rank == 15 {
			rank += min(r.Byte(), topRank)
		}
		if all[i] = low + rank; all[i] > topRank {
			r.Fail("registers are out of range")
			return new(registers)
		}
		least = min(least, all[i])
	}
	if least != low {
		r.Fail("registers are not in their shortest form")
	}
	return &all
}

// ReadSum reads what [Sum.Append] wrote.
func ReadSum(r *wire.Reader) Sum {
	var s Sum
	negative := r.Flag()
	n := r.Size(1)
	low := 0
	if n > 0 || negative {
		low = int(min(r.Uint(), 8*sumLimbs))
	}
	raw := r.Bytes(n)
	if low+n >= 8*sumLimbs {
		r.Fail("sum is too long")
		return Sum{}
	}
	fill := byte(0)
	if negative {
		fill = 0xFF
	}
	if n > 0 && r.Err() == nil && (raw[0] == 0 || raw[n-1] == fill) {
		r.Fail("sum is not in its shortest form")
	}
	for i := low; i < 8*sumLimbs; i++ {
		b := fill
		if i-low < len(raw) {
			b = raw[i-low]
		}
		s.limbs[i/8] |= uint64(b) << (8 * (i % 8))
	}
	return s
}

// ReadCounts reads what [Counts.Append] wrote.
func ReadCounts(r *wire.Reader) *Counts {
	c := &Counts{bound: r.Bound()}
	switch how := r.Byte(); how {
	case asTexts:
		c.texts = ReadNames(r)
		c.counts = make([]int64, len(c.texts))
		for i := range c.counts {
			c.counts[i] = readCount(r, &c.total, 1)
			c.bytes += len(c.texts[i])
		}
		if len(c.texts) > c.bound || c.bytes > bytesEach*c.bound {
			r.Fail("more categories than the bound")
		}
	case asBuckets, justBucket:
		if how == asBuckets {
			c.seen = readRegisters(r)
		}
		c.buckets = new([Buckets]int64)
		for i := range c.buckets {
			c.buckets[i] = readCount(r, &c.total, 0)
		}
	default:
		r.Fail("counts are written in an unknown way")
	}
	return c
}

// ReadNames reads what [AppendNames] wrote.
func ReadNames(r *wire.Reader) []string {
	names := make([]string, r.Size(2))
	last := ""
	for i := range names {
		n := r.Uint()
		rest := r.Bytes(r.Size(1))
		if n > uint64(min(len(last), mostShared)) {
			r.Fail("name shares more than there is")
			return nil
		}
		name := last[:n] + string(rest)
		shared := n < uint64(min(len(last), mostShared)) && len(rest) > 0 && last[n] == rest[0]
		if shared || i > 0 && name <= last {
			r.Fail("names are not ascending")
			return nil
		}
		names[i], last = name, name
	}
	return names
}

// ReadRows reads what [Rows.Append] wrote.
func ReadRows(r *wire.Reader) *Rows {
	rows := &Rows{bound: r.Bound()}
	rows.kept, rows.rows = int(min(r.Uint(), 1<<30)), r.Count()
	rows.limit, rows.cut = math.MaxUint64-r.Uint(), math.MaxUint64-r.Uint()
	hashes := readHashes(r)
	if rows.kept > rows.bound || len(hashes) > rows.bound {
		r.Fail("more rows than the bound")
		return rows
	}
	rows.cells = make([]cell, len(hashes))
	for i, h := range hashes {
		rows.cells[i] = cell{h, 1}
	}
	rows.readRepeats(r)
	var total int64
	for _, c := range rows.cells {
		total += c.count
	}
	n := len(hashes)
	if n > 0 && hashes[n-1] > rows.limit || total > rows.rows || rows.limit == math.MaxUint64 && total != rows.rows {
		r.Fail("rows do not add up")
		return rows
	}
	rows.names = ReadNames(r)
	rows.readLines(r)
	return rows
}

// readRepeats reads how often rows occur that occur more than once.
func (rows *Rows) readRepeats(r *wire.Reader) {
	at, total := uint64(0), int64(len(rows.cells))
	for i := range r.Size(2) {
		step := r.Uint()
		if at += step; i > 0 && step == 0 || step > uint64(len(rows.cells)) || at >= uint64(len(rows.cells)) {
			r.Fail("repeated rows are not ascending")
			return
		}
		rows.cells[at].count = readCount(r, &total, 1) + 1
	}
}

func (rows *Rows) readLines(r *wire.Reader) {
	n := r.Size(1)
	if n > rows.kept {
		r.Fail("more sampled rows than the bound")
		return
	}
	rows.lines = make([]Line, n)
	at := uint64(0)
	for i := range rows.lines {
		step := r.Uint()
		if at += step; i > 0 && step == 0 || step > uint64(len(rows.cells)) || at >= uint64(len(rows.cells)) || rows.cells[at].key > rows.cut {
			r.Fail("sampled rows are not among the rows")
			rows.lines = nil
			return
		}
		rows.lines[i].Hash = rows.cells[at].key
	}
	// Every cell takes a byte, so that memory stays in proportion.
	if high, low := bits.Mul(uint(n), uint(len(rows.names))); high > 0 || low > uint(r.Left()) {
		r.Fail("more sampled cells than follow")
		rows.lines = nil
		return
	}
	for i := range rows.lines {
		rows.lines[i].Cells = make([]Text, len(rows.names))
	}
	for i := range rows.names {
		rows.readTexts(r, i)
	}
}

// readTexts reads one column of the sample.
func (rows *Rows) readTexts(r *wire.Reader, column int) {
	var known []string
	seen := map[string]bool{}
	for i := range rows.lines {
		text := &rows.lines[i].Cells[column]
		switch code := r.Uint(); {
		case code == 0:
		case code == 1:
			*text = Text{r.Text(), true}
			if seen[text.Text] {
				r.Fail("text is written twice")
				return
			}
			seen[text.Text] = true
			known = append(known, text.Text)
		case code-2 < uint64(len(known)):
			*text = Text{known[code-2], true}
		default:
			r.Fail("sampled text is unknown")
			return
		}
	}
}
