package sketch

import (
	"bytes"
	"math"
	"math/bits"
	"slices"
	"sync"

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
	g.cells = make([]cell, n)
	readAscending(r, g.cells)
	if layout > decimals+mostTenth || layout != rawKeys && g.shift > 0 {
		r.Fail("grid has an unknown layout")
	}
	if r.Err() != nil {
		return g
	}
	if layout != rawKeys {
		unit := tenths[layout-decimals]
		for i, c := range g.cells {
			x := float64(int64(c.key^sign)) / unit
			g.cells[i].key = ordered(math.Float64bits(x + 0))
		}
	}
	numbers := readNumbers(r, n)
	for i, count := range *numbers {
		g.cells[i].count = total(r, count, &g.count, 1)
	}
	freeNumbers.Put(numbers)
	g.check(r)
	return g
}

var freeNumbers = sync.Pool{New: func() any { return new([]uint64) }}

// readNumbers reads n numbers into memory of freeNumbers.
func readNumbers(r *wire.Reader, n int) *[]uint64 {
	numbers := freeNumbers.Get().(*[]uint64)
	*numbers = slices.Grow((*numbers)[:0], n)[:n]
	r.Uints(*numbers)
	return numbers
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

// total adds a count, written less its minimum, to a sum that stays exact as a
// float64.
func total(r *wire.Reader, count uint64, sum *int64, least int64) int64 {
	const most = 1 << 53
	n := int64(min(count, most)) + least
	if *sum += n; *sum > most {
		r.Fail("counts are too large")
		*sum = 0
	}
	return n
}

// readAscending reads strictly ascending keys into cells, of which there is at
// least one.
func readAscending(r *wire.Reader, cells []cell) {
	packed := r.Flag()
	key := uint64(r.Int()) ^ sign
	cells[0].key = key
	if packed {
		readRuns(r, cells, key)
		return
	}
	steps := readNumbers(r, len(cells)-1)
	for i, step := range *steps {
		next := key + step + 1
		if next <= key {
			r.Fail("numbers are not ascending")
			break
		}
		key = next
		cells[i+1].key = key
	}
	freeNumbers.Put(steps)
}

func readRuns(r *wire.Reader, cells []cell, key uint64) {
	n := r.Size(1)
	if n == 0 || n > len(cells) || r.Err() != nil {
		r.Fail("runs do not fit")
		return
	}
	numbers := readNumbers(r, 2*n-1) // the length of each less one, and the gap after all but the last
	defer freeNumbers.Put(numbers)
	i := 0
	for j, number := range *numbers {
		if j%2 == 1 {
			next := key + number + 2
			if i++; next <= key+1 || i == len(cells) {
				r.Fail("numbers are not ascending")
				return
			}
			key = next
			cells[i].key = key
			continue
		}
		if number >= uint64(len(cells)-i) || key+number < key {
			r.Fail("a run is too long")
			return
		}
		for ; number > 0; number-- {
			i, key = i+1, key+1
			cells[i].key = key
		}
	}
	if i != len(cells)-1 {
		r.Fail("runs do not fit")
	}
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
	least, most := uint8(topRank), uint8(0)
	for i, b := range packed {
		for j, rank := range [2]byte{b & 15, b >> 4} {
			if rank == 15 {
				rank += min(r.Byte(), topRank)
			}
			least, most = min(least, rank), max(most, rank)
			all[2*i+j] = low + rank
		}
	}
	if least != 0 || low+most > topRank {
		r.Fail("registers are out of range")
		return new(registers)
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
			c.counts[i] = total(r, r.Uint(), &c.total, 1)
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
			c.buckets[i] = total(r, r.Uint(), &c.total, 0)
		}
	default:
		r.Fail("counts are written in an unknown way")
	}
	return c
}

// ReadNames reads what [AppendNames] wrote. The names are parts of one string.
func ReadNames(r *wire.Reader) []string {
	names := make([]string, r.Size(2))
	ends := *freeNumbers.Get().(*[]uint64)
	defer freeNumbers.Put(&ends)
	ends = ends[:0]
	var blob, last []byte
	for i := range names {
		n, most := r.Uint(), uint64(min(len(last), mostShared))
		rest := r.Bytes(r.Size(1))
		if n > most || n < most && len(rest) > 0 && last[n] == rest[0] {
			r.Fail("name shares another part than it could")
			return nil
		}
		start := len(blob)
		blob = append(append(blob, last[:n]...), rest...)
		if i > 0 && bytes.Compare(blob[start:], last) <= 0 {
			r.Fail("names are not ascending")
			return nil
		}
		last = blob[start:]
		ends = append(ends, uint64(len(blob)))
	}
	text, start := string(blob), uint64(0)
	for i, end := range ends {
		names[i], start = text[start:end], end
	}
	return names
}

// ReadRows reads what [Rows.Append] wrote; without codes what it wrote before
// there were any.
func ReadRows(r *wire.Reader, coded bool) *Rows {
	rows := &Rows{bound: r.Bound(), codes: &Codes{}}
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
	var sum int64
	for _, c := range rows.cells {
		sum += c.count
	}
	n := len(hashes)
	if n > 0 && hashes[n-1] > rows.limit || sum > rows.rows || rows.limit == math.MaxUint64 && sum != rows.rows {
		r.Fail("rows do not add up")
		return rows
	}
	rows.names = ReadNames(r)
	rows.readLines(r)
	if coded {
		rows.readCodes(r)
	}
	return rows
}

// readRepeats reads how often rows occur that occur more than once.
func (rows *Rows) readRepeats(r *wire.Reader) {
	at, sum := uint64(0), int64(len(rows.cells))
	for i := range r.Size(2) {
		step := r.Uint()
		if at += step; i > 0 && step == 0 || step > uint64(len(rows.cells)) || at >= uint64(len(rows.cells)) {
			r.Fail("repeated rows are not ascending")
			return
		}
		rows.cells[at].count = total(r, r.Uint(), &sum, 1) + 1
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
	cells := make([]Text, n*len(rows.names))
	for i := range rows.lines {
		rows.lines[i].Cells, cells = cells[:len(rows.names):len(rows.names)], cells[len(rows.names):]
	}
	rows.readTexts(r)
}

// readTexts reads the sample: what the cells are, then the texts themselves,
// end to end, so that all of them are one string.
func (rows *Rows) readTexts(r *wire.Reader) {
	codes := readNumbers(r, len(rows.names)*len(rows.lines))
	defer freeNumbers.Put(codes)
	length := 0
	for _, code := range *codes {
		if n := code >> 1; code&1 == newText && length <= r.Left() {
			length += int(min(n, uint64(r.Left())+1))
		}
	}
	blob := string(r.Bytes(length))
	if r.Err() != nil {
		return
	}
	var known []string // of the column
	for at, code := range *codes {
		i, j := at/len(rows.lines), at%len(rows.lines)
		if j == 0 {
			known = known[:0]
		}
		text := ""
		switch n := code >> 1; {
		case code == unknownText:
			continue
		case code&1 == newText:
			text, blob = blob[:n], blob[n:]
			known = append(known, text)
		case n <= uint64(len(known)):
			text = known[n-1]
		default:
			r.Fail("sampled text is unknown")
			return
		}
		rows.lines[j].Cells[i] = Text{text, true}
	}
}
