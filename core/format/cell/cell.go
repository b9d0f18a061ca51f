// Package cell turns the text of single cells into values: numbers, truth
// values, and the words that stand for a missing one. Every text format uses
// it, so that a cell means the same in all of them.
package cell

import (
	"bytes"

	"leeway/core/frame"
	"leeway/core/schema"
)

// Words are spellings of a missing value.
type Words struct {
	words      [][]byte
	exact      bool // configured: compared as they are, in columns of every kind
	everywhere bool
}

// DefaultWords are what delimited text means by a missing number, truth value
// or instant, in any case. In text and categories they are values.
var DefaultWords = Words{words: [][]byte{[]byte("na"), []byte("n/a"), []byte("nan"), []byte("null")}}

// NoWords is for formats that have a null of their own.
var NoWords = Words{}

// Configured are the words of the configuration instead: they count in columns
// of every kind.
func Configured(words []string) Words {
	w := Words{exact: true, everywhere: true}
	for _, word := range words {
		w.words = append(w.words, []byte(word))
	}
	return w
}

// Value tells whether text stands for a missing number, truth value or instant.
func (w *Words) Value(text []byte) bool {
	if w.exact {
		return w.Text(text)
	}
	if len(text) < 2 || len(text) > 4 {
		return false
	}
	for _, word := range w.words {
		if bytes.EqualFold(word, text) {
			return true
		}
	}
	return false
}

// Text tells whether text stands for a missing text or category.
func (w *Words) Text(text []byte) bool {
	if !w.everywhere {
		return false
	}
	for _, word := range w.words {
		if bytes.Equal(word, text) {
			return true
		}
	}
	return false
}

// Trim cuts blanks off both ends.
func Trim(text []byte) []byte {
	for len(text) > 0 && blank(text[0]) {
		text = text[1:]
	}
	for len(text) > 0 && blank(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return text
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// Bool is the code in [frame.Booleans] of the truth value that text spells:
// true/false, yes/no, t/f, y/n, on/off, 1/0, 1.0/0.0 in any case.
func Bool(text []byte) (uint32, bool) {
	if len(text) == 0 || len(text) > 5 {
		return 0, false
	}
	for code, spellings := range booleans {
		for _, spelling := range spellings {
			if bytes.EqualFold(text, spelling) {
				return uint32(code), true
			}
		}
	}
	return 0, false
}

var booleans = [2][][]byte{
	{[]byte("0"), []byte("false"), []byte("no"), []byte("f"), []byte("n"), []byte("off"), []byte("0.0")},
	{[]byte("1"), []byte("true"), []byte("yes"), []byte("t"), []byte("y"), []byte("on"), []byte("1.0")},
}

// TypeOf is how a column of a contract is laid out in memory, 0 for one that is
// not read.
func TypeOf(c *schema.Column) frame.Type {
	if c.Role == schema.Ignore {
		return 0
	}
	switch c.Kind {
	case schema.Numeric, schema.Integer:
		return frame.Float
	case schema.Categorical, schema.Boolean:
		return frame.Symbol
	case schema.Time:
		return frame.Time
	case schema.Text, schema.Embedding:
		return frame.Bytes
	}
	return 0
}
