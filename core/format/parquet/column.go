package parquet

import (
	"errors"
	"io"
	"math"

	"leeway/core/format/cell"
	"leeway/core/frame"
	"leeway/core/schema"
)

var (
	errText = past("has more than %d MiB of text in %d rows", MaxText>>20, frame.BlockRows)
	errCell = past("has a cell of more than %d MiB", MaxCell>>20)
)

// column reads one leaf as values of one kind.
type column struct {
	pages
	name   string
	kind   schema.Kind
	layout schema.Layout
	words  cell.Words
	listed bool      // words are configured
	likes  []float64 // the numbers among the configured words
	faults *cell.Faults

	out     cells
	dict    cells // the dictionary, for numbers, times and truth values
	number  int   // of the dictionary that dict or codes are of
	codes   []uint32
	mangled map[uint32]bool // positions in the dictionary whose text was mended
	levels  []uint32
	scratch []byte
	fresh   int // bytes of texts that this block added to the symbols
	list    list

	mistyped, mended trouble
}

// cells are values of one column under construction.
type cells struct {
	frame.Column
	states  []frame.State
	spoiled bool // some state is not Valid
}

// resize makes room for n cells that are Valid.
func (s *cells) resize(n int) {
	s.spoiled = false
	s.states = grow(s.states, n)
	clear(s.states)
	switch s.Type {
	case frame.Float:
		s.Floats = grow(s.Floats, n)
	case frame.Time:
		s.Times = grow(s.Times, n)
	case frame.Symbol:
		s.Codes = grow(s.Codes, n)
	case frame.Bytes:
		s.Data, s.Offsets = s.Data[:0], grow(s.Offsets, n+1)
		s.Offsets[0] = 0
	}
}

// none marks a cell as not Valid.
func (s *cells) none(i int, state frame.State) {
	s.states[i], s.spoiled = state, true
	switch s.Type {
	case frame.Float:
		s.Floats[i] = 0
	case frame.Time:
		s.Times[i] = 0
	case frame.Symbol:
		s.Codes[i] = 0
	}
}

// trouble counts cells of a run that were not as they should be.
type trouble struct {
	count, first int // first: its index among the values of the run
	text         []byte
}

func (t *trouble) add(i int, text []byte) {
	if t.count == 0 {
		t.first, t.text = i, append(t.text[:0], text[:min(len(text), 128)]...)
	}
	t.count++
}

// begin prepares for a block of n rows.
func (c *column) begin(n int) {
	if c.kind == schema.Categorical && c.out.Symbols.Full() {
		c.out.Symbols.Reset()
		c.forget()
	}
	c.fresh = 0
	c.out.resize(n)
	c.levels = grow(c.levels, frame.BlockRows)
}

// forget drops the codes of the dictionary.
func (c *column) forget() {
	for i := range c.codes {
		c.codes[i] = unknown
	}
	clear(c.mangled)
}

// Codes of dictionary positions that are none yet, or missing.
const (
	unknown = math.MaxUint32 - iota
	absent
)

// fill reads the next n rows. first is the number of the first in the file.
func (c *column) fill(n int, first int64) error {
	c.begin(n)
	if c.leaf.maxRep > 0 {
		return c.fillLists(n, first)
	}
	for at := 0; at < n; {
		if c.entries == 0 {
			if err := c.next(); errors.Is(err, io.EOF) {
				return errShort
			} else if err != nil {
				return err
			}
		}
		k := min(n-at, c.entries)
		all, err := c.defs.read(c.levels[:k])
		if err != nil {
			return err
		}
		levels, present := c.levels[:k], k
		if !all {
			present = count(levels, uint32(c.leaf.maxDef))
		}
		if err := c.run(present, at); err != nil {
			return err
		}
		if present < k {
			c.spread(levels, at, present)
		} else {
			levels = nil
		}
		c.tell(levels, first+int64(at))
		c.entries -= k
		at += k
	}
	return nil
}

func count(levels []uint32, level uint32) int {
	n := 0
	for _, x := range levels {
		if x == level {
			n++
		}
	}
	return n
}

// run reads the next n values and puts them from at on.
func (c *column) run(n, at int) error {
	if n == 0 {
		return nil
	}
	if !c.values.indexed() {
		v, err := c.values.read(n)
		if err != nil {
			return err
		}
		return c.convert(&c.out, v, at)
	}
	index, err := c.values.positions(n)
	if err != nil {
		return err
	}
	switch {
	case c.out.Type == frame.Bytes:
		return c.gatherBytes(index, at)
	case c.kind == schema.Categorical:
		return c.gatherSymbols(index, at)
	}
	if c.number != c.values.number {
		c.number = c.values.number
		c.dict.resize(c.values.dictionary.n)
		if err := c.convert(&c.dict, &c.values.dictionary, 0); err != nil {
			return err
		}
	}
	c.gather(index, at)
	return nil
}

// gather copies values of the converted dictionary.
func (c *column) gather(index []uint32, at int) {
	switch c.out.Type {
	case frame.Float:
		out, from := c.out.Floats[at:at+len(index)], c.dict.Floats
		for i, x := range index {
			out[i] = from[x]
		}
	case frame.Time:
		out, from := c.out.Times[at:at+len(index)], c.dict.Times
		for i, x := range index {
			out[i] = from[x]
		}
	case frame.Symbol:
		out, from := c.out.Codes[at:at+len(index)], c.dict.Codes
		for i, x := range index {
			out[i] = from[x]
		}
	}
	if !c.dict.spoiled {
		return
	}
	for i, x := range index {
		if state := c.dict.states[x]; state != frame.Valid {
			c.out.none(at+i, state)
			if state == frame.Mistyped {
				c.mistyped.add(i, c.text(c.values.dictionary.at(int(x), c.leaf.width)))
			}
		}
	}
}

func (c *column) gatherBytes(index []uint32, at int) error {
	for i, x := range index {
		if err := c.appendBytes(i, at, c.values.dictionary.at(int(x), c.leaf.width)); err != nil {
			return err
		}
	}
	return nil
}

// gatherSymbols gives a position of the dictionary its code when it is first
// met: a dictionary may hold far more texts than a block needs.
func (c *column) gatherSymbols(index []uint32, at int) error {
	dictionary := &c.values.dictionary
	if c.number != c.values.number {
		c.number = c.values.number
		c.codes = grow(c.codes, dictionary.n)
		c.forget()
	}
	out := c.out.Codes[at : at+len(index)]
	for i, x := range index {
		code := c.codes[x]
		if code == unknown {
			known, mended, err := c.symbol(dictionary.at(int(x), c.leaf.width))
			if err != nil {
				return err
			}
			if mended {
				c.mangled[x] = true
			}
			code, c.codes[x] = known, known
		}
		if len(c.mangled) > 0 && c.mangled[x] {
			c.mended.add(i, dictionary.at(int(x), c.leaf.width))
		}
		if code == absent {
			c.out.none(at+i, frame.Missing)
			continue
		}
		out[i] = code
	}
	return nil
}

// spread moves values, which stand end to end from at on, to the rows that
// have one; the others become missing.
func (c *column) spread(levels []uint32, at, present int) {
	s, top := &c.out, uint32(c.leaf.maxDef)
	for i, p := len(levels)-1, present; i >= 0; i-- {
		if s.Type == frame.Bytes {
			s.Offsets[at+i+1] = s.Offsets[at+p]
		}
		if levels[i] != top {
			s.none(at+i, frame.Missing)
			continue
		}
		p--
		to, from := at+i, at+p
		s.states[to] = s.states[from]
		switch s.Type {
		case frame.Float:
			s.Floats[to] = s.Floats[from]
		case frame.Time:
			s.Times[to] = s.Times[from]
		case frame.Symbol:
			s.Codes[to] = s.Codes[from]
		}
	}
}

// The faults that a column may have.
const (
	notFinite = "cells that are no finite number"
	notTime   = "cells that are no time"
	notTruth  = "cells that are neither true nor false"
	notUTF8   = "cells with bytes that are not UTF-8, replaced by \uFFFD"
)

// tell counts the troubles of a run whose first row in the file is given.
func (c *column) tell(levels []uint32, first int64) {
	if c.mended.count > 0 {
		c.count(&c.mended, notUTF8, levels, first)
	}
	if c.mistyped.count == 0 {
		return
	}
	what := notFinite
	switch c.out.Type {
	case frame.Time:
		what = notTime
	case frame.Symbol:
		what = notTruth
	}
	c.count(&c.mistyped, what, levels, first)
}

func (c *column) count(t *trouble, what string, levels []uint32, first int64) {
	row := first + int64(t.first)
	for i, p := 0, -1; i < len(levels); i++ { // the row of the value
		if levels[i] == uint32(c.leaf.maxDef) {
			p++
		}
		if p == t.first {
			row = first + int64(i)
			break
		}
	}
	for ; t.count > 0; t.count-- {
		c.faults.Add(c.name, what, row, t.text)
	}
}

// take is the finished column of a block.
func (c *column) take() frame.Column {
	out := c.out.Column
	if c.out.spoiled {
		out.States = c.out.states
	}
	return out
}
