package cell

import (
	"bytes"
	"slices"
	"sync"
	"unicode/utf8"

	"leeway/core/frame"
	"leeway/core/internal/numeral"
	"leeway/core/schema"
)

// Field is the place of a cell's text in a buffer.
type Field struct{ Start, End uint32 }

// Null is the field of a cell that is not there.
var Null = Field{Start: 1, End: 0}

// Rows are consecutive rows of a file as text.
type Rows struct {
	Data   []byte  // may be read for numeral.Pad bytes behind the last field
	Fields []Field // row after row
	Width  int     // fields in a row
	First  int64   // number of the first row in the file
	ASCII  bool    // no byte of Data is above 127
	Empty  bool    // an empty field is a missing value, not an empty text
	Block  int     // about how many rows the whole block will have
}

// freeColumns are the memory of columns, by their type, for the next parser.
var freeColumns [frame.Time + 1]sync.Pool

// Parser turns the texts of one column into values. Rows are added until a
// block is full; the memory is reused for the next block, and after Release for
// another parser.
type Parser struct {
	name   string
	kind   schema.Kind
	layout schema.Layout
	words  Words
	faults *Faults
	column frame.Column
	states []frame.State
	rows   int
	day    day
}

// NewParser makes the parser of a column. What is wrong with cells is counted
// in faults.
func NewParser(c *schema.Column, words Words, faults *Faults) *Parser {
	p := &Parser{name: c.Name, kind: c.Kind, layout: c.Layout, words: words, faults: faults}
	if free, ok := freeColumns[TypeOf(c)].Get().(*frame.Column); ok {
		p.column = *free
	}
	p.column.Type = TypeOf(c)
	if p.column.Type == frame.Symbol {
		p.column.Symbols = frame.Booleans
		if c.Kind == schema.Categorical {
			p.column.Symbols = frame.NewSymbols().Rename(c.Words)
		}
	}
	return p
}

// Release gives the memory of the column away; the parser is used up.
func (p *Parser) Release() {
	free := p.column
	free.States, free.Symbols = nil, nil
	freeColumns[free.Type].Put(&free)
}

// Reset begins a new block.
func (p *Parser) Reset() {
	c := &p.column
	p.rows, p.states, c.States = 0, p.states[:0], nil
	c.Floats, c.Times, c.Codes, c.Data = c.Floats[:0], c.Times[:0], c.Codes[:0], c.Data[:0]
	if c.Type == frame.Bytes {
		c.Offsets = append(c.Offsets[:0], 0)
	}
	if c.Symbols != nil && c.Symbols.Full() {
		c.Symbols.Reset()
	}
}

// Add parses the given column of rows.
func (p *Parser) Add(rows *Rows, column int) {
	switch p.column.Type {
	case frame.Float:
		p.floats(rows, column)
	case frame.Time:
		p.times(rows, column)
	case frame.Symbol:
		if p.kind == schema.Boolean {
			p.booleans(rows, column)
		} else {
			p.symbols(rows, column)
		}
	case frame.Bytes:
		p.bytes(rows, column)
	}
	p.rows += len(rows.Fields) / rows.Width
}

// Column is what was added since Reset, valid until the next Reset.
func (p *Parser) Column() frame.Column {
	if p.column.States != nil {
		p.column.States = p.extend(p.rows)
	}
	return p.column
}

// room makes room for rows: the second time for as many as the block will have.
func room[T any](values []T, rows *Rows) []T {
	n := len(rows.Fields) / rows.Width
	if cap(values)-len(values) >= n {
		return values
	}
	if len(values) > 0 {
		n = max(n, rows.Block-len(values))
	}
	return slices.Grow(values, n)
}

// none marks a cell of the block as missing or mistyped.
func (p *Parser) none(row int, state frame.State) {
	p.extend(row + 1)[row] = state
	p.column.States = p.states
}

// extend makes states for so many rows, new ones Valid.
func (p *Parser) extend(rows int) []frame.State {
	for len(p.states) < rows {
		p.states = append(p.states, frame.Valid)
	}
	return p.states
}

// text is a field's text, nil for a missing one.
func (r *Rows) text(f Field) []byte {
	if f.End < f.Start || r.Empty && f.End == f.Start {
		return nil
	}
	return r.Data[f.Start:f.End:f.End]
}

// wrong marks a cell that spells no value of the kind: missing if it is blank
// or a word for missing, else mistyped. row counts from the rows that are being
// added.
func (p *Parser) wrong(rows *Rows, row int, text []byte, what string) {
	if len(text) == 0 || p.words.Value(text) {
		p.none(p.rows+row, frame.Missing)
		return
	}
	p.none(p.rows+row, frame.Mistyped)
	p.faults.Add(p.name, what, rows.First+int64(row), text)
}

func (p *Parser) floats(rows *Rows, column int) {
	out, listed := room(p.column.Floats, rows), p.words.everywhere
	for i, row := column, 0; i < len(rows.Fields); i, row = i+rows.Width, row+1 {
		f := rows.Fields[i]
		if x, ok := numeral.Plain(rows.Data, int(f.Start), int(f.End)); ok && !listed {
			out = append(out, x)
			continue
		}
		text := Trim(rows.text(f))
		x, ok := numeral.Float(text)
		if !ok || p.words.Text(text) {
			x = 0
			p.wrong(rows, row, text, "cells that are no finite number")
		}
		out = append(out, x)
	}
	p.column.Floats = out
}

func (p *Parser) times(rows *Rows, column int) {
	out := room(p.column.Times, rows)
	iso := (p.layout == schema.ISO || p.layout == schema.AnyLayout) && !p.words.everywhere
	for i, row := column, 0; i < len(rows.Fields); i, row = i+rows.Width, row+1 {
		text := rows.text(rows.Fields[i])
		if iso {
			if at, ok := p.day.instant(text); ok {
				out = append(out, at)
				continue
			}
		}
		text = Trim(text)
		at, ok := schema.ParseTime(text, p.layout)
		if !ok || p.words.Text(text) {
			at = 0
			p.wrong(rows, row, text, "cells that are no time")
		}
		out = append(out, at)
	}
	p.column.Times = out
}

func (p *Parser) booleans(rows *Rows, column int) {
	out := room(p.column.Codes, rows)
	for i, row := column, 0; i < len(rows.Fields); i, row = i+rows.Width, row+1 {
		text := rows.text(rows.Fields[i])
		if len(text) == 1 && text[0]&^1 == '0' && !p.words.everywhere {
			out = append(out, uint32(text[0]&1))
			continue
		}
		text = Trim(text)
		code, ok := Bool(text)
		if !ok || p.words.Text(text) {
			code = 0
			p.wrong(rows, row, text, "cells that are neither true nor false")
		}
		out = append(out, code)
	}
	p.column.Codes = out
}

func (p *Parser) symbols(rows *Rows, column int) {
	out, symbols := room(p.column.Codes, rows), p.column.Symbols
	for i, row := column, 0; i < len(rows.Fields); i, row = i+rows.Width, row+1 {
		text := rows.text(rows.Fields[i])
		if text == nil || p.words.Text(text) {
			p.none(p.rows+row, frame.Missing)
			out = append(out, 0)
			continue
		}
		code, known := symbols.Lookup(text)
		if !known { // what is known is valid UTF-8
			code = symbols.Intern(p.clean(text, rows.First+int64(row)))
		}
		out = append(out, code)
	}
	p.column.Codes = out
}

func (p *Parser) bytes(rows *Rows, column int) {
	data, offsets := p.column.Data, room(p.column.Offsets, rows)
	for i, row := column, 0; i < len(rows.Fields); i, row = i+rows.Width, row+1 {
		text := rows.text(rows.Fields[i])
		if text == nil || p.words.Text(text) {
			p.none(p.rows+row, frame.Missing)
			offsets = append(offsets, uint32(len(data)))
			continue
		}
		if !rows.ASCII {
			text = p.clean(text, rows.First+int64(row))
		}
		data = append(data, text...)
		offsets = append(offsets, uint32(len(data)))
	}
	p.column.Data, p.column.Offsets = data, offsets
}

// clean makes text valid UTF-8, counting what was not.
func (p *Parser) clean(text []byte, row int64) []byte {
	if utf8.Valid(text) {
		return text
	}
	p.faults.Add(p.name, "cells with bytes that are not UTF-8, replaced by \uFFFD", row, text)
	return bytes.ToValidUTF8(text, []byte("\uFFFD"))
}
