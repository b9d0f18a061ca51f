package segment

import (
	"strconv"

	"leeway/core/frame"
	"leeway/core/internal/words"
	"leeway/core/schema"
)

// coder gives the cells of one column small numbers: 0 for a cell without a
// value, else that of the value. It learns new values, or, once fixed, gives them
// the number 0 too.
type coder struct {
	at      int  // the column in blocks, -1 if they have none
	digits  bool // a boolean that the data write as 0 and 1, and so are its segments called
	fixed   bool
	over    bool // it met more values than it may learn
	texts   []string
	ids     map[string]uint16
	numbers map[float64]uint16

	symbols    *frame.Symbols
	generation uint64
	codes      []int32 // code -> number, -1 for not asked yet
}

func newCoder(columns []schema.Column, name string) *coder {
	c := &coder{at: indexOf(columns, name), ids: map[string]uint16{}, numbers: map[float64]uint16{}}
	c.digits = c.at >= 0 && columns[c.at].ZeroOne()
	return c
}

// fix makes the coder know these values alone, numbered from 1 on.
func (c *coder) fix(values []string) {
	for _, value := range values {
		id := c.learn(value)
		if x, err := strconv.ParseFloat(value, 64); err == nil && words.Digits(x) == value {
			c.numbers[x] = id
		}
	}
	c.fixed = true
}

func (c *coder) learn(value string) uint16 {
	if id, known := c.ids[value]; known {
		return id
	}
	switch {
	case c.fixed || len(value) > longest:
		return 0
	case len(c.texts) == mostValues:
		c.over = true
		return 0
	}
	c.texts = append(c.texts, value)
	id := uint16(len(c.texts))
	c.ids[value] = id
	return id
}

// read appends the number of each cell of a block.
func (c *coder) read(block *frame.Block, to []uint16) []uint16 {
	column := &frame.Column{}
	if c.at >= 0 && c.at < len(block.Columns) {
		column = &block.Columns[c.at]
	}
	switch column.Type {
	case frame.Symbol:
		c.turn(column.Symbols)
	case frame.Float:
	default:
		for range block.Rows {
			to = append(to, 0)
		}
		return to
	}
	for row := range block.Rows {
		switch {
		case column.States != nil && column.States[row] != frame.Valid:
			to = append(to, 0)
		case column.Type == frame.Symbol:
			to = append(to, c.symbol(column.Codes[row]))
		default:
			to = append(to, c.number(column.Floats[row]))
		}
	}
	return to
}

// turn gets ready for the codes of a dictionary.
func (c *coder) turn(s *frame.Symbols) {
	if s != c.symbols || s.Generation() != c.generation {
		c.symbols, c.generation, c.codes = s, s.Generation(), c.codes[:0]
	}
	for len(c.codes) < s.Len() {
		c.codes = append(c.codes, -1)
	}
}

func (c *coder) symbol(code uint32) uint16 {
	if c.codes[code] < 0 {
		value := c.symbols.Text(code)
		if c.digits {
			value = map[string]string{"false": "0", "true": "1"}[value]
		}
		c.codes[code] = int32(c.learn(value))
	}
	return uint16(c.codes[code])
}

func (c *coder) number(x float64) uint16 {
	id, known := c.numbers[x]
	if !known && !c.fixed && len(c.numbers) <= mostValues {
		id = c.learn(words.Digits(x))
		c.numbers[x] = id
	}
	return id
}
