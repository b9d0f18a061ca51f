package profile

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"leeway/core/frame"
	"leeway/core/sketch"
)

// tally counts the codes of a categorical column. It knows the texts of the
// codes it met, since the dictionary may be dropped between two blocks.
type tally struct {
	symbols    *frame.Symbols
	generation uint64
	slots      []uint32 // code -> index into known plus one
	known      []known
}

type known struct {
	count int64
	mixed uint64 // what the cell adds to a row's hash
	hash  uint64
	text  string
}

func (t *tally) add(f *feed, c *frame.Column, rows []uint64) {
	if c.Symbols != t.symbols || c.Symbols.Generation() != t.generation {
		t.flush(f.Categories)
		t.symbols, t.generation = c.Symbols, c.Symbols.Generation()
	}
	if n := c.Symbols.Len(); n > len(t.slots) {
		t.slots = append(t.slots, make([]uint32, n-len(t.slots))...)
	}
	for i, code := range c.Codes {
		if c.States != nil && c.States[i] != frame.Valid {
			continue
		}
		at := t.slots[code]
		if at == 0 {
			at = t.learn(code, f.seed)
		}
		k := &t.known[at-1]
		k.count++
		rows[i] += k.mixed
	}
}

func (t *tally) learn(code uint32, seed uint64) uint32 {
	hash := t.symbols.Hash(code)
	t.known = append(t.known, known{mixed: hash * seed, hash: hash, text: t.symbols.Text(code)})
	t.slots[code] = uint32(len(t.known))
	return uint32(len(t.known))
}

// flush moves the counts on and forgets the codes.
func (t *tally) flush(to *sketch.Counts) {
	for _, k := range t.known {
		to.Add(k.text, k.hash, k.count)
	}
	clear(t.slots)
	clear(t.known)
	t.known = t.known[:0]
}

// code puts the rows of a block that belong there into the coded sample.
func (b *Builder) code(block *frame.Block, s *scratch) {
	s.picked = b.into.Lines.Pick(s.rows, s.picked[:0])
	if len(s.picked) == 0 {
		return
	}
	codes := b.into.Lines.Room(s.rows, s.picked)
	for i, f := range b.feeds {
		if f != nil && f.code >= 0 && i < len(block.Columns) {
			encodeCells(&block.Columns[i], s.picked, codes[f.code:], b.coded)
		}
	}
}

// encodeCells writes the codes of a column's cells, each a stride after the one
// before.
func encodeCells(c *frame.Column, rows []int32, to []uint32, stride int) {
	for at, row := range rows {
		if c.States != nil && c.States[row] != frame.Valid {
			continue
		}
		switch c.Type {
		case frame.Float:
			to[at*stride] = sketch.NumberCode(c.Floats[row])
		case frame.Symbol:
			to[at*stride] = sketch.TextCode(c.Symbols.Hash(c.Codes[row]))
		}
	}
}

// line is a row of a block for the sample.
func (b *Builder) line(block *frame.Block, row int, hash uint64) sketch.Line {
	line := sketch.Line{Hash: hash, Cells: make([]sketch.Text, len(b.into.Lines.Names()))}
	for i, f := range b.feeds {
		if f == nil || f.at < 0 || i >= len(block.Columns) {
			continue
		}
		c := &block.Columns[i]
		if c.Absent() || c.States != nil && c.States[row] != frame.Valid {
			continue
		}
		if f.id != nil {
			line.Cells[f.at] = sketch.Text{Text: f.id.text(hashOf(c, row)), Known: true}
			continue
		}
		line.Cells[f.at] = sketch.Text{Text: cut(text(c, row)), Known: true}
	}
	return line
}

func text(c *frame.Column, row int) string {
	switch c.Type {
	case frame.Float:
		return strconv.FormatFloat(c.Floats[row], 'g', -1, 64)
	case frame.Symbol:
		return c.Symbols.Text(c.Codes[row])
	case frame.Time:
		return time.Unix(0, c.Times[row]).UTC().Format(time.RFC3339Nano)
	}
	return string(c.Bytes(row))
}

// sampleBytes is how much of a cell's text the sample holds.
const sampleBytes = 96

func cut(text string) string {
	if len(text) <= sampleBytes {
		return text
	}
	n := sampleBytes
	for n > sampleBytes-utf8.UTFMax && !utf8.RuneStart(text[n]) {
		n--
	}
	return strings.Clone(text[:n]) + "…"
}
