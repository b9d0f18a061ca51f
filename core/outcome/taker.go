package outcome

import (
	"math"
	"strconv"

	"leeway/core/frame"
	"leeway/core/schema"
)

// Taker takes what was predicted, and what came true, out of the blocks of one
// file.
type Taker struct {
	shape      *Shape
	prediction *source
	label      *source
	weight     *source
	scores     []*source // by Shape.Scored; nil for a column that the file lacks
	complement bool      // binary: the score is that of the other class
	groups     []*source // by Shape.Groups.Columns; nil for a column that the file lacks
	row        Row
}

// source is a column of a block.
type source struct {
	at         int
	symbols    *frame.Symbols
	generation uint64
	codes      []float64 // by symbol
	text       []byte    // of a number, used again for each row
}

// NewTaker takes rows from blocks with these columns.
func NewTaker(shape *Shape, columns []schema.Column) *Taker {
	t := &Taker{shape: shape, scores: make([]*source, len(shape.Scored))}
	t.row.Scores = make([]float64, len(shape.Scored))
	if shape.Groups != nil {
		t.groups, t.row.Groups = make([]*source, len(shape.Groups.Columns)), make([]float64, len(shape.Groups.Columns))
	}
	for i := range columns {
		c := &columns[i]
		if c.Kind == "" {
			continue
		}
		if shape.Groups != nil {
			if at := shape.Groups.find(c.Name); at >= 0 {
				t.groups[at] = &source{at: i}
			}
		}
		switch from := (&source{at: i}); c.Role {
		case schema.Prediction:
			t.prediction = from
		case schema.Label:
			t.label = from
		case schema.Weight:
			t.weight = from
		case schema.Score:
			t.score(c, from)
		}
	}
	return t
}

// score finds the class that a column is the score of. A binary task needs one:
// that of the positive class, else what another leaves of 1.
func (t *Taker) score(c *schema.Column, from *source) {
	if t.shape.Task == schema.Multiclass {
		for i, code := range t.shape.Scored {
			if c.Class != "" && code == t.shape.Classes.Code(c.Class) {
				t.scores[i] = from
			}
		}
		return
	}
	if len(t.scores) == 0 {
		return
	}
	if c.Class == "" || t.shape.Classes.Code(c.Class) == t.shape.Positive {
		t.scores[0], t.complement = from, false
	} else if t.scores[0] == nil {
		t.scores[0], t.complement = from, true
	}
}

// Row is one row of a block. Actual is NaN where there is no label. It is valid
// until the next call.
func (t *Taker) Row(block *frame.Block, row int) *Row {
	r := &t.row
	r.Predicted, r.Actual = t.outcome(block, t.prediction, row), t.outcome(block, t.label, row)
	r.Weight = numeral(block, t.weight, row)
	for i, from := range t.scores {
		r.Scores[i] = numeral(block, from, row)
	}
	if t.complement {
		r.Scores[0] = 1 - r.Scores[0]
	}
	for i, from := range t.groups {
		r.Groups[i] = group(t.shape.Groups.Columns[i], block, from, row)
	}
	return r
}

// group is the value of a column that rows are grouped by, NaN for none.
func group(by *Grouping, block *frame.Block, from *source, row int) float64 {
	if by.Numeric {
		return numeral(block, from, row)
	}
	return coded(block, from, row, by.Code)
}

// Label is the label of a row, NaN for none.
func (t *Taker) Label(block *frame.Block, row int) float64 { return t.outcome(block, t.label, row) }

// outcome is a class or, of a regression, a number; NaN for none.
func (t *Taker) outcome(block *frame.Block, from *source, row int) float64 {
	if t.shape.Task == schema.Regression {
		return numeral(block, from, row)
	}
	return coded(block, from, row, t.class)
}

// coded is what the text of a cell stands for, NaN for none. A number is looked up
// by how it is written.
func coded(block *frame.Block, from *source, row int, of func([]byte) float64) float64 {
	c := cellOf(block, from, row)
	if c == nil {
		return math.NaN()
	}
	switch c.Type {
	case frame.Symbol:
		return from.code(c, c.Codes[row], of)
	case frame.Bytes:
		return of(c.Bytes(row))
	case frame.Float:
		from.text = strconv.AppendFloat(from.text[:0], c.Floats[row], 'g', -1, 64)
		return of(from.text)
	}
	return math.NaN()
}

// code looks each distinct text of a column up once.
func (from *source) code(c *frame.Column, symbol uint32, of func([]byte) float64) float64 {
	if from.symbols != c.Symbols || from.generation != c.Symbols.Generation() {
		from.symbols, from.generation, from.codes = c.Symbols, c.Symbols.Generation(), from.codes[:0]
	}
	for len(from.codes) <= int(symbol) {
		from.codes = append(from.codes, unknown)
	}
	if from.codes[symbol] == unknown {
		from.codes[symbol] = of([]byte(c.Symbols.Text(symbol)))
	}
	return from.codes[symbol]
}

// unknown stands for a text that was not looked up yet.
var unknown = math.Inf(-1)

func (t *Taker) class(text []byte) float64 { return class(t.shape.Classes.Code(string(text))) }

// class is a code as a number, NaN for none.
func class(code int32) float64 {
	if code < 0 {
		return math.NaN()
	}
	return float64(code)
}

// cellOf is the column of a cell that holds a value, else nil.
func cellOf(block *frame.Block, from *source, row int) *frame.Column {
	if from == nil || from.at >= len(block.Columns) {
		return nil
	}
	c := &block.Columns[from.at]
	if c.Absent() || c.States != nil && c.States[row] != frame.Valid {
		return nil
	}
	return c
}

// numeral is a cell as a number, NaN for none.
func numeral(block *frame.Block, from *source, row int) float64 {
	c := cellOf(block, from, row)
	if c == nil {
		return math.NaN()
	}
	switch c.Type {
	case frame.Float:
		return c.Floats[row]
	case frame.Symbol:
		return parsed(c.Symbols.Text(c.Codes[row]))
	case frame.Bytes:
		return parsed(string(c.Bytes(row)))
	}
	return math.NaN()
}

func parsed(text string) float64 {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(x, 0) {
		return math.NaN()
	}
	return x
}
