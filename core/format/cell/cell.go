// Package cell turns the text of single cells into values: numbers, truth
// values, and the words that stand for a missing one. Every text format uses
// it, so that a cell means the same in all of them.
package cell

import (
	"bytes"
	"math"
	"strconv"
	"unsafe"

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

// powers of ten that a float64 holds exactly.
var powers = [...]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
	1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

// Float is the number that text spells, bit-equal to strconv.ParseFloat. It is
// false for what is no finite decimal number: infinities, NaN, hexadecimal,
// digits with underscores, numbers beyond float64.
//
// Up to 2^53 and with at most 22 decimals a number is one exact division away
// (Clinger 1990); the rest is left to the standard library (Lemire 2021).
func Float(text []byte) (float64, bool) {
	i, negative := 0, false
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		negative, i = text[0] == '-', 1
	}
	mantissa, start := uint64(0), i
	for ; i < len(text); i++ {
		d := text[i] - '0'
		if d > 9 {
			break
		}
		mantissa = 10*mantissa + uint64(d)
	}
	digits, decimals := i-start, 0
	if i < len(text) && text[i] == '.' {
		i++
		first := i
		for ; i < len(text); i++ {
			d := text[i] - '0'
			if d > 9 {
				break
			}
			mantissa = 10*mantissa + uint64(d)
		}
		decimals = i - first
		digits += decimals
	}
	if i != len(text) || digits == 0 || digits > 19 || mantissa > 1<<53 || decimals >= len(powers) {
		return slow(text)
	}
	x := float64(mantissa)
	if decimals > 0 {
		x /= powers[decimals]
	}
	if negative && x != 0 {
		x = -x
	}
	return x, true
}

func slow(text []byte) (float64, bool) {
	if len(text) == 0 || len(text) > 4096 {
		return 0, false
	}
	for _, c := range text {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, false
		}
	}
	// The string lives no longer than the call, and the bytes do not change.
	x, err := strconv.ParseFloat(unsafe.String(&text[0], len(text)), 64)
	if err != nil || math.IsInf(x, 0) {
		return 0, false
	}
	return x + 0, true // never -0
}

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
