package cell

import (
	"bytes"
	"unicode/utf8"

	"leeway/core/frame"
	"leeway/core/schema"
)

// Parser turns the texts of one column into values, a block at a time. Its
// memory is reused: what it fills is valid until the next block.
type Parser struct {
	name   string
	kind   schema.Kind
	layout schema.Layout
	words  Words
	faults *Faults
	column frame.Column
	states []frame.State
}

// NewParser makes the parser of a column. What is wrong with cells is counted
// in faults.
func NewParser(c *schema.Column, words Words, faults *Faults) *Parser {
	p := &Parser{name: c.Name, kind: c.Kind, layout: c.Layout, words: words, faults: faults}
	p.column.Type = TypeOf(c)
	if p.column.Type == frame.Symbol {
		p.column.Symbols = frame.Booleans
		if c.Kind == schema.Categorical {
			p.column.Symbols = frame.NewSymbols()
		}
	}
	return p
}

// Skips tells that the column is not read.
func (p *Parser) Skips() bool { return p.column.Type == 0 }

// Parse makes the column of a block whose rows begin at the file's row first.
// A nil text is a missing value; what is in texts is not kept.
func (p *Parser) Parse(texts [][]byte, first int64) frame.Column {
	p.states = grow(p.states, len(texts))
	p.column.States = nil
	switch {
	case p.column.Type == frame.Float:
		p.floats(texts, first)
	case p.column.Type == frame.Time:
		p.times(texts, first)
	case p.column.Type == frame.Symbol && p.kind == schema.Boolean:
		p.booleans(texts, first)
	case p.column.Type == frame.Symbol:
		p.symbols(texts, first)
	default:
		p.bytes(texts, first)
	}
	return p.column
}

// none marks a cell as missing or mistyped.
func (p *Parser) none(row int, state frame.State) {
	p.states[row] = state
	p.column.States = p.states
}

// wrong marks a cell that spells no value of the kind: missing if it is blank
// or a word for missing, else mistyped.
func (p *Parser) wrong(row int, first int64, text []byte, what string) {
	if len(text) == 0 || p.words.Value(text) {
		p.none(row, frame.Missing)
		return
	}
	p.none(row, frame.Mistyped)
	p.faults.Add(p.name, what, first+int64(row), text)
}

func (p *Parser) floats(texts [][]byte, first int64) {
	values := p.column.Floats[:0]
	for row, text := range texts {
		x, ok := Float(text)
		if !ok {
			text = Trim(text)
			x, ok = Float(text)
		}
		if !ok || p.words.Text(text) {
			x = 0
			p.wrong(row, first, text, "cells that are no finite number")
		}
		values = append(values, x)
	}
	p.column.Floats = values
}

func (p *Parser) times(texts [][]byte, first int64) {
	values := p.column.Times[:0]
	for row, text := range texts {
		text = Trim(text)
		at, ok := schema.ParseTime(text, p.layout)
		if !ok || p.words.Text(text) {
			at = 0
			p.wrong(row, first, text, "cells that are no time")
		}
		values = append(values, at)
	}
	p.column.Times = values
}

func (p *Parser) booleans(texts [][]byte, first int64) {
	codes := p.column.Codes[:0]
	for row, text := range texts {
		text = Trim(text)
		code, ok := Bool(text)
		if !ok || p.words.Text(text) {
			code = 0
			p.wrong(row, first, text, "cells that are neither true nor false")
		}
		codes = append(codes, code)
	}
	p.column.Codes = codes
}

func (p *Parser) symbols(texts [][]byte, first int64) {
	if p.column.Symbols.Full() {
		p.column.Symbols.Reset()
	}
	codes := p.column.Codes[:0]
	for row, text := range texts {
		if text == nil || p.words.Text(text) {
			p.none(row, frame.Missing)
			codes = append(codes, 0)
			continue
		}
		code, known := p.column.Symbols.Lookup(text)
		if !known { // what is known is valid UTF-8
			code = p.column.Symbols.Intern(p.clean(text, first+int64(row)))
		}
		codes = append(codes, code)
	}
	p.column.Codes = codes
}

func (p *Parser) bytes(texts [][]byte, first int64) {
	data, offsets := p.column.Data[:0], append(p.column.Offsets[:0], 0)
	for row, text := range texts {
		if text == nil || p.words.Text(text) {
			p.none(row, frame.Missing)
		} else {
			data = append(data, p.clean(text, first+int64(row))...)
		}
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

// grow makes n states, all Valid, in the memory of states.
func grow(states []frame.State, n int) []frame.State {
	if cap(states) < n {
		return make([]frame.State, n)
	}
	states = states[:n]
	clear(states)
	return states
}
