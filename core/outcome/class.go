package outcome

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"leeway/core/schema"
)

// MostClasses bounds how many classes are told apart.
const MostClasses = 1000

// Classes numbers the classes of a task. Two texts are one class if they mean
// the same: numbers by their value ("1", "1.0", "1e0"), and in a binary task
// also words of truth: see [schema.Meaning]. Others are one class because somebody
// said so, or scores did.
type Classes struct {
	truths bool
	words  map[string]string // other words: the class of a text, by what it would mean else
	codes  map[string]int32  // by what a text means
	names  []string          // by code: the shortest spelling, the first in order of its bytes
	keys   []string
}

// NewClasses knows no class yet. words are other words for classes, see
// [schema.Schema.Words]; nil for none.
func NewClasses(task schema.Task, words map[string]string) *Classes {
	c := &Classes{truths: task == schema.Binary, codes: map[string]int32{}}
	for _, from := range slices.Sorted(maps.Keys(words)) { // of two spellings of a word the last one's
		if c.words == nil {
			c.words = map[string]string{}
		}
		c.words[schema.Meaning(from, c.truths)] = strings.TrimSpace(words[from])
	}
	return c
}

// clone knows the same classes by the same codes.
func (c *Classes) clone() *Classes {
	return &Classes{truths: c.truths, words: c.words, codes: maps.Clone(c.codes), names: slices.Clone(c.names), keys: slices.Clone(c.keys)}
}

// Code numbers the class that a text means; -1 beyond MostClasses.
func (c *Classes) Code(text string) int32 {
	text = c.said(strings.TrimSpace(text))
	key := schema.Meaning(text, c.truths)
	code, known := c.codes[key]
	if !known {
		if len(c.names) == MostClasses {
			return -1
		}
		code = int32(len(c.names))
		key = strings.Clone(key)
		c.codes[key] = code
		c.names, c.keys = append(c.names, strings.Clone(text)), append(c.keys, key)
		return code
	}
	if now := c.names[code]; cmp.Or(cmp.Compare(len(text), len(now)), cmp.Compare(text, now)) < 0 {
		c.names[code] = strings.Clone(text)
	}
	return code
}

// Find is the code of a class that some row has.
func (c *Classes) Find(text string) (code int32, known bool) {
	code, known = c.codes[c.key(strings.TrimSpace(text))]
	return code, known
}

// Name is how a class is written.
func (c *Classes) Name(code int32) string { return c.names[code] }

// Key is what a class means, however it is written.
func (c *Classes) Key(code int32) string { return c.keys[code] }

// Len is the number of classes.
func (c *Classes) Len() int { return len(c.names) }

// Ordered lists codes in the order of scikit-learn: numbers by value, texts by
// their bytes.
func (c *Classes) Ordered(codes []int32) []int32 {
	order := slices.Clone(codes)
	slices.SortFunc(order, func(a, b int32) int {
		x, errX := strconv.ParseFloat(c.keys[a], 64)
		y, errY := strconv.ParseFloat(c.keys[b], 64)
		if errX == nil && errY == nil && x != y {
			return cmp.Compare(x, y)
		}
		return cmp.Compare(c.names[a], c.names[b])
	})
	return order
}

// Placed gives several classes numbers in the order of what they mean, in place: their codes
// hang on which of them a file had first, and what is found must not. Other numbers stay.
func (s *Shape) Placed(codes []float64) []float64 {
	if s.Task != schema.Multiclass {
		return codes
	}
	all := make([]int32, s.Classes.Len())
	for code := range all {
		all[code] = int32(code)
	}
	places := make([]float64, len(all))
	for place, code := range s.Classes.Ordered(all) {
		places[code] = float64(place)
	}
	for i, code := range codes {
		if !math.IsNaN(code) {
			codes[i] = places[int(code)]
		}
	}
	return codes
}

// other is the one class of a binary task that is not the given one; it is made
// up where no row has it yet.
func (c *Classes) other(code int32) int32 {
	for other := range c.names {
		if int32(other) != code {
			return int32(other)
		}
	}
	if c.keys[code] == "1" {
		return c.Code(schema.Contrary(c.names[code]))
	}
	return c.Code("not " + c.names[code])
}

// said is a text in the words that classes have.
func (c *Classes) said(text string) string {
	if c.words != nil {
		if other, is := c.words[schema.Meaning(text, c.truths)]; is {
			return other
		}
	}
	return text
}

// key is what a text means.
func (c *Classes) key(text string) string { return schema.Meaning(c.said(text), c.truths) }
