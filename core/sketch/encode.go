package sketch

import (
	"math"

	"leeway/core/internal/wire"
)

// The Append methods write a summary so that the matching Read function gives
// it back. Both are part of the profile's format: a change needs a new version
// there. All of them are canonical: one state, one sequence of bytes.

// How the keys of a grid are written: as they are, or as whole numbers of some
// 10^-d, which most exact columns hold.
const (
	rawKeys   = 0
	decimals  = 1 // plus d
	mostTenth = 9
)

var tenths = [mostTenth + 1]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9}

// Append writes the grid.
func (g *Grid) Append(to []byte) []byte {
	g.settle()
	to = wire.Uint(to, uint64(g.budget))
	to = append(to, g.shift)
	if g.shift > 0 {
		to = wire.Flag(to, g.seen != nil)
		if g.seen != nil {
			to = g.seen.append(to)
		}
	}
	to = wire.Uint(to, uint64(len(g.cells)))
	if len(g.cells) == 0 {
		return to
	}
	numbers := make([]uint64, len(g.cells))
	layout := g.decimals(numbers)
	to = append(to, layout)
	to = appendAscending(to, numbers)
	for _, c := range g.cells {
		to = wire.Uint(to, uint64(c.count-1))
	}
	return to
}

// decimals writes the cells as ascending numbers and says how.
func (g *Grid) decimals(numbers []uint64) byte {
	for d := 0; g.shift == 0 && d <= mostTenth; d++ {
		if g.tenths(tenths[d], numbers) {
			return byte(decimals + d)
		}
	}
	for i, c := range g.cells {
		numbers[i] = c.key
	}
	return rawKeys
}

// tenths writes the values times unit, if these are whole numbers that give the
// values back. Offset by 2^63 they are unsigned and in the same order.
func (g *Grid) tenths(unit float64, numbers []uint64) bool {
	for i, c := range g.cells {
		x := unordered(c.key)
		n := math.Round(x * unit)
		if !(math.Abs(n) <= 1<<53) || n/unit != x {
			return false
		}
		numbers[i] = uint64(int64(n)) ^ sign
	}
	return true
}

// appendAscending writes strictly ascending numbers: as the steps between them,
// or where many are neighbours, as runs.
func appendAscending(to []byte, numbers []uint64) []byte {
	runs := 1
	for i := range numbers[1:] {
		if numbers[i+1]-numbers[i] > 1 {
			runs++
		}
	}
	packed := 2*runs < len(numbers)
	to = wire.Int(wire.Flag(to, packed), int64(numbers[0]^sign))
	if packed {
		return appendRuns(wire.Uint(to, uint64(runs)), numbers)
	}
	for i := range numbers[1:] {
		to = wire.Uint(to, numbers[i+1]-numbers[i]-1)
	}
	return to
}

// appendRuns writes the length of each run of neighbours and the gap after it.
func appendRuns(to []byte, numbers []uint64) []byte {
	length := uint64(0)
	for i := range numbers[1:] {
		step := numbers[i+1] - numbers[i]
		if step == 1 {
			length++
			continue
		}
		to = wire.Uint(wire.Uint(to, length), step-2)
		length = 0
	}
	return wire.Uint(to, length)
}

// Append writes the set.
func (d *Distinct) Append(to []byte) []byte {
	d.settle()
	to = wire.Flag(wire.Uint(to, uint64(d.bound)), d.seen != nil)
	if d.seen != nil {
		return d.seen.append(to)
	}
	return appendHashes(to, d.hashes)
}

// appendHashes writes any strictly ascending numbers.
func appendHashes(to []byte, hashes []uint64) []byte {
	to = wire.Uint(to, uint64(len(hashes)))
	last := uint64(0)
	for _, h := range hashes {
		to = wire.Uint(to, h-last)
		last = h
	}
	return to
}

// append writes registers: the smallest, what each is above it in four bits,
// and what does not fit four bits.
func (r *registers) append(to []byte) []byte {
	low := r[0]
	for _, rank := range r {
		low = min(low, rank)
	}
	to = append(to, low)
	for i := 0; i < len(r); i += 2 {
		to = append(to, min(r[i]-low, 15)|min(r[i+1]-low, 15)<<4)
	}
	for _, rank := range r {
		if rank-low >= 15 {
			to = append(to, rank-low-15)
		}
	}
	return to
}

// Append writes the sum: its bytes without zeros at the low end and without
// what only repeats the sign at the high end.
func (s *Sum) Append(to []byte) []byte {
	var raw [8 * sumLimbs]byte
	for i, limb := range s.limbs {
		for j := range 8 {
			raw[8*i+j] = byte(limb >> (8 * j))
		}
	}
	low, high, fill := 0, len(raw), byte(0)
	if s.negative() {
		fill = 0xFF
	}
	for high > 0 && raw[high-1] == fill {
		high--
	}
	for low < high && raw[low] == 0 {
		low++
	}
	to = wire.Flag(to, s.negative())
	to = wire.Uint(to, uint64(high-low))
	if high > low || s.negative() {
		to = wire.Uint(to, uint64(low))
	}
	return append(to, raw[low:high]...)
}

// How counts are written.
const (
	asTexts    = 0
	asBuckets  = 1 // with registers
	justBucket = 2 // without, after Subtract
)

// Append writes the counts.
func (c *Counts) Append(to []byte) []byte {
	c.Settle()
	to = wire.Uint(to, uint64(c.bound))
	if c.buckets == nil {
		to = append(to, asTexts)
		to = AppendNames(to, c.texts)
		for _, n := range c.counts {
			to = wire.Uint(to, uint64(n-1))
		}
		return to
	}
	if c.seen != nil {
		to = c.seen.append(append(to, asBuckets))
	} else {
		to = append(to, justBucket)
	}
	for _, n := range c.buckets {
		to = wire.Uint(to, uint64(n))
	}
	return to
}

// mostShared bounds what a short encoding of names can unfold to.
const mostShared = 32

// AppendNames writes strictly ascending texts, each without the beginning that
// it shares with the one before.
func AppendNames(to []byte, names []string) []byte {
	to = wire.Uint(to, uint64(len(names)))
	last := ""
	for _, name := range names {
		n := 0
		for n < min(len(last), len(name), mostShared) && last[n] == name[n] {
			n++
		}
		to = wire.Text(wire.Uint(to, uint64(n)), name[n:])
		last = name
	}
	return to
}

// Append writes the rows.
func (r *Rows) Append(to []byte) []byte {
	r.Settle()
	to = wire.Uint(to, uint64(r.bound))
	to = wire.Uint(to, uint64(r.kept))
	to = wire.Uint(to, uint64(r.rows))
	to = wire.Uint(to, math.MaxUint64-r.limit)
	to = wire.Uint(to, math.MaxUint64-r.cut)
	hashes := make([]uint64, len(r.cells))
	var repeated []int
	for i, c := range r.cells {
		if hashes[i] = c.key; c.count > 1 {
			repeated = append(repeated, i)
		}
	}
	to = appendHashes(to, hashes)
	to = wire.Uint(to, uint64(len(repeated)))
	last := 0
	for _, i := range repeated {
		to = wire.Uint(wire.Uint(to, uint64(i-last)), uint64(r.cells[i].count-2))
		last = i
	}
	return r.codes.append(r.appendLines(AppendNames(to, r.names)))
}

// How a cell of the sample is written: twice the length of a text that the
// column has not had, plus one; or twice the number of one that it has had,
// counted from 1.
const (
	unknownText = 0
	newText     = 1
)

// appendLines writes the sample: which of the hashes its rows are, column by
// column what the cells are, and the texts.
func (r *Rows) appendLines(to []byte) []byte {
	to = wire.Uint(to, uint64(len(r.lines)))
	at, last := 0, 0
	for _, line := range r.lines {
		for r.cells[at].key != line.Hash {
			at++
		}
		to = wire.Uint(to, uint64(at-last))
		last = at
	}
	var blob []byte
	number := map[string]int{}
	for i := range r.names {
		clear(number)
		for _, line := range r.lines {
			text := line.Cells[i]
			n, known := number[text.Text]
			switch {
			case !text.Known:
				to = wire.Uint(to, unknownText)
			case known:
				to = wire.Uint(to, uint64(2*n))
			default:
				number[text.Text] = len(number) + 1
				to = wire.Uint(to, uint64(2*len(text.Text)|newText))
				blob = append(blob, text.Text...)
			}
		}
	}
	return append(to, blob...)
}
