// Package segment divides rows by the values that they have in some columns:
// customers by country, bookings by channel and country.
//
// A [Division] names the columns and the values that make segments of their own;
// the rows with any other value, or without one, are one more segment, the rest.
// Which values those are is decided once, on the reference: a [Counter] counts
// how often each occurs there, and keeps the most frequent. It is a function of
// the rows alone, whatever their order and their split into files. From then on a
// [Router] tells of each row which segment of each division it is in.
//
// A segment is named by a key that people can read and that nothing else has:
// "country=PRT", "channel=web,country=PRT", and "country=(other)" for the rest.
package segment

import (
	"slices"
	"strings"
)

// Bounds on the segments of one division.
const (
	MostKept    = 20  // segments beside the rest
	LeastRows   = 100 // rows of the reference that a segment has at least
	MostColumns = 4   // columns that a division goes by
	MostNumbers = 20  // distinct values of a column of numbers: more are a scale and no names
	mostValues  = 1<<16 - 1
	longest     = 200 // bytes of a value: a longer one is part of the rest
)

// Division is one way to divide rows.
type Division struct {
	By   []string   `json:"by"`   // columns, ascending
	Kept [][]string `json:"kept"` // the values of each segment, in the order of By; segments ascending by key; none: there are no segments
}

// rest stands for all values that are not kept.
const rest = "(other)"

// Key names the segment of these values, in the order of By; nil values stand
// for the rest.
func (d *Division) Key(values []string) string {
	var b strings.Builder
	for i, name := range d.By {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(escape(name))
		b.WriteByte('=')
		switch {
		case values == nil:
			b.WriteString(rest)
		case values[i] == rest:
			b.WriteString("%28other)")
		default:
			b.WriteString(escape(values[i]))
		}
	}
	return b.String()
}

// Keys are the names of all segments, the rest's last.
func (d *Division) Keys() []string {
	keys := make([]string, 0, len(d.Kept)+1)
	for _, values := range d.Kept {
		keys = append(keys, d.Key(values))
	}
	return append(keys, d.Key(nil))
}

var escapes = strings.NewReplacer("%", "%25", "=", "%3D", ",", "%2C")

func escape(text string) string { return escapes.Replace(text) }

var unescapes = strings.NewReplacer("%25", "%", "%3D", "=", "%2C", ",", "%28", "(")

// Parse takes a key apart: into the columns and the values of a segment, which
// are nil for the rest. ok is false for what no Division gives.
func Parse(key string) (by, values []string, ok bool) {
	others := 0
	for part := range strings.SplitSeq(key, ",") {
		name, value, found := strings.Cut(part, "=")
		if !found || strings.Contains(value, "=") {
			return nil, nil, false
		}
		if value == rest {
			others++
		}
		by, values = append(by, unescapes.Replace(name)), append(values, unescapes.Replace(value))
	}
	switch {
	case !slices.IsSorted(by) || others > 0 && others < len(by):
		return nil, nil, false
	case others > 0:
		return by, nil, true
	}
	return by, values, true
}

// DivisionOf is the part of a key that all segments of a division share.
func DivisionOf(key string) string {
	by, _, _ := Parse(key)
	return (&Division{By: by}).Key(nil)
}

// Within tells whether all rows of the segment inner are in the segment outer,
// by their keys: of channel=web,country=PRT those are in country=PRT, and in
// channel=web. Of the rest of a division that is not known.
func Within(inner, outer string) bool {
	if inner == outer {
		return true
	}
	names, values, _ := Parse(inner)
	by, wants, _ := Parse(outer)
	if values == nil || wants == nil || len(by) >= len(names) {
		return false
	}
	for i, name := range by {
		at := slices.Index(names, name)
		if at < 0 || values[at] != wants[i] {
			return false
		}
	}
	return true
}

// longestWords is how much of a key a sentence has, in bytes.
const longestWords = 80

// Words is a key for a sentence: a long one is cut.
func Words(key string) string {
	if len(key) <= longestWords {
		return key
	}
	return strings.ToValidUTF8(key[:longestWords], "") + "…"
}
