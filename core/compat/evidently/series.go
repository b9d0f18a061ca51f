package evidently

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"leeway/core/schema"
	"leeway/core/stat"
)

// dtype is what pandas makes of a column.
type dtype string

const (
	asInt    dtype = "int64"
	asFloat  dtype = "float64"
	asBool   dtype = "bool"
	asText   dtype = "str" // object, all of them strings
	asTime   dtype = "datetime64"
	asObject dtype = "object" // anything else: mixed values, lists, all missing, unsigned integers
)

// series is a column as pandas holds it, missing values and infinities left
// out: how often each value occurs.
type series struct {
	dtype   dtype
	numbers stat.Weighted    // of asInt, asFloat, asBool
	texts   map[string]int64 // of strings
	rows    int64
}

// absent are the fields that pandas.read_csv reads as missing.
var absent = func() map[string]bool {
	words := map[string]bool{"": true}
	for word := range strings.FieldsSeq("#N/A #NA -1.#IND -1.#QNAN -NaN -nan 1.#IND 1.#QNAN <NA> N/A NA NULL NaN None n/a nan null") {
		words[word] = true
	}
	words["#N/A N/A"] = true
	return words
}()

// truths are the fields that pandas.read_csv reads as booleans.
var truths = map[string]float64{"True": 1, "TRUE": 1, "true": 1, "False": 0, "FALSE": 0, "false": 0}

var (
	wholeNumber = regexp.MustCompile(`^\s*[+-]?[0-9]+\s*$`)
	realNumber  = regexp.MustCompile(`^\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?\s*$`)
	endless     = regexp.MustCompile(`^(?i)\s*[+-]?inf(inity)?\s*$`)
)

// series sees the column as pandas does.
func (c *column) series() *series {
	texts, missing := map[string]int64{}, c.missing
	for text, n := range c.counts {
		if c.spelt && absent[text] {
			missing += n
		} else {
			texts[text] = n
		}
	}
	s := &series{dtype: c.dtype(texts, missing > 0)}
	switch s.dtype {
	case asInt, asFloat, asBool:
		s.numbers = c.weigh(texts)
		s.rows = s.numbers.Total()
	case asText:
		s.texts = texts
		for _, n := range texts {
			s.rows += n
		}
	}
	return s
}

// dtype finds out what pandas would: integers become floats, and booleans
// objects, where a value is missing.
func (c *column) dtype(texts map[string]int64, missing bool) dtype {
	switch {
	case len(texts) == 0 && c.spelt:
		return asFloat
	case len(texts) == 0:
		return asObject
	case !c.spelt && c.native == schema.NativeTime:
		return asTime
	case !c.spelt && c.native == schema.NativeList:
		return asObject
	case !c.spelt && c.native == schema.NativeText:
		return asText
	case every(texts, isInteger):
		if missing {
			return asFloat
		}
		return asInt
	case every(texts, isUnsigned):
		return asObject // uint64
	case every(texts, wholeNumber.MatchString):
		return asText // they do not fit into 64 bits
	case every(texts, isReal):
		return asFloat
	case every(texts, func(text string) bool { _, ok := truths[text]; return ok }):
		if missing {
			return asObject
		}
		return asBool
	}
	return asText
}

func every(texts map[string]int64, holds func(string) bool) bool {
	for text := range texts {
		if !holds(text) {
			return false
		}
	}
	return true
}

func isInteger(text string) bool {
	if !wholeNumber.MatchString(text) {
		return false
	}
	_, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	return err == nil
}

func isUnsigned(text string) bool {
	if !wholeNumber.MatchString(text) {
		return false
	}
	_, err := strconv.ParseUint(strings.TrimPrefix(strings.TrimSpace(text), "+"), 10, 64)
	return err == nil
}

// isReal: a number that is too large makes the whole column one of strings.
func isReal(text string) bool {
	return endless.MatchString(text) || realNumber.MatchString(text) && !math.IsInf(spelt(text), 0)
}

// weigh sorts the numbers that texts spell, without infinities.
func (c *column) weigh(texts map[string]int64) stat.Weighted {
	counts := map[float64]int64{}
	for text, n := range texts {
		x, ok := truths[text]
		switch {
		case ok:
		case c.spelt:
			x = spelt(text)
		default:
			x, _ = strconv.ParseFloat(text, 64) // past the range it is infinite
		}
		if !math.IsInf(x, 0) {
			counts[x+0] += n
		}
	}
	var w stat.Weighted
	for x := range counts {
		w.Values = append(w.Values, x)
	}
	slices.Sort(w.Values)
	for _, x := range w.Values {
		w.Counts = append(w.Counts, counts[x])
	}
	return w
}

// distinct is the number of different values.
func (s *series) distinct() int { return max(len(s.texts), len(s.numbers.Values)) }

// kind is what Evidently infers a column to be (infer_column_type).
type kind string

const (
	numerical   kind = "num"
	categorical kind = "cat"
	text        kind = "text"
	datetime    kind = "datetime"
	unknown     kind = "unknown"
)

// fewIntegers is how many different integers are categories.
const fewIntegers = 10

func (s *series) kind() kind {
	switch s.dtype {
	case asFloat:
		return numerical
	case asInt:
		if s.distinct() <= fewIntegers {
			return categorical
		}
		return numerical
	case asBool:
		return categorical
	case asText:
		if 2*int64(s.distinct()) > s.rows {
			return text
		}
		return categorical
	case asTime:
		return datetime
	}
	return unknown
}
