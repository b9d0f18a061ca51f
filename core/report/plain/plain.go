// Package plain writes numbers, shares and people's own texts for people, the
// same in a terminal, in Markdown and on a page.
//
// Names of columns and categories come from users' data and may hold anything:
// pass every one through [Text] before it is shown anywhere, and through [Clip]
// where space is limited. Escaping for the medium (HTML, Markdown) comes after
// that and is the medium's business.
//
// Numbers are rounded for reading; whoever computes reads the JSON document.
package plain

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text makes s safe to show: what would move a cursor, colour a terminal,
// reverse the reading direction, break a line or not be seen at all becomes a
// visible escape such as \x1b or \u202e. Bytes that are not UTF-8 become \xff.
func Text(s string) string {
	if clean(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			escape(&b, 'x', rune(s[i]), 2)
		case hidden(r) && r < 0x100:
			escape(&b, 'x', r, 2)
		case hidden(r) && r < 0x10000:
			escape(&b, 'u', r, 4)
		case hidden(r):
			escape(&b, 'U', r, 8)
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

func clean(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, hidden) < 0
}

// hidden tells whether a rune acts instead of being seen. The joiners U+200C
// and U+200D are how some scripts are spelt and stay.
func hidden(r rune) bool {
	switch {
	case r < 0x20 || r >= 0x7F && r < 0xA0:
		return true
	case r < 0x300 && r != 0xAD:
		return false
	case r == 0x200C || r == 0x200D:
		return false
	case r == 0x2028 || r == 0x2029 || r == 0x3164 || r == 0xFFA0:
		return true
	}
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Noncharacter_Code_Point, r)
}

func escape(b *strings.Builder, letter byte, r rune, digits int) {
	b.WriteByte('\\')
	b.WriteByte(letter)
	hex := strconv.FormatInt(int64(r), 16)
	for n := len(hex); n < digits; n++ {
		b.WriteByte('0')
	}
	b.WriteString(hex)
}

// Clip shortens s to at most width terminal cells, the last of which is then
// an ellipsis. A width below 1 gives "".
func Clip(s string, width int) string {
	if len(s) <= width || Width(s) <= width {
		return s
	}
	if width < 1 {
		return ""
	}
	used := 0
	for i, r := range s {
		w := cells(r)
		if used+w > width-1 {
			return s[:i] + "…"
		}
		used += w
	}
	return s
}

// Name is Text and Clip in one, for the names of columns and categories; an
// empty name is shown as (empty) and blanks at the ends are made visible.
func Name(s string, width int) string {
	if s == "" {
		return "(empty)"
	}
	if inner := strings.Trim(s, " "); len(inner) < len(s) {
		front := len(s) - len(strings.TrimLeft(s, " "))
		s = strings.Repeat("␠", front) + inner + strings.Repeat("␠", len(s)-front-len(inner))
	}
	return Prose(s, width)
}

// Prose is Text and Clip in one, for sentences, in time that depends on width
// alone.
func Prose(s string, width int) string {
	// Escapes only lengthen a text, but combining marks take no room: enough is
	// kept for eight bytes in each cell.
	if limit := 8*max(width, 0) + 64; len(s) > limit {
		cut := limit
		for cut > limit-utf8.UTFMax && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "…"
	}
	return Clip(Text(s), width)
}

// Width is how many cells of a terminal s takes: 2 for East Asian wide
// characters and emoji, 0 for combining marks.
func Width(s string) int {
	total := 0
	for _, r := range s {
		total += cells(r)
	}
	return total
}

func cells(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}

// wide are the ranges of Unicode's East Asian Width W and F that terminals
// draw two cells wide (UAX #11), joined where only unassigned lies between.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x1100, 0x115F, 1}, {0x231A, 0x231B, 1}, {0x23E9, 0x23EC, 1}, {0x23F0, 0x23F3, 3},
		{0x25FD, 0x25FE, 1}, {0x2614, 0x2615, 1}, {0x2648, 0x2653, 1}, {0x267F, 0x2693, 20},
		{0x26A1, 0x26A1, 1}, {0x26AA, 0x26AB, 1}, {0x26BD, 0x26BE, 1}, {0x26C4, 0x26C5, 1},
		{0x26CE, 0x26D4, 6}, {0x26EA, 0x26EA, 1}, {0x26F2, 0x26F3, 1}, {0x26F5, 0x26FA, 5},
		{0x26FD, 0x2705, 8}, {0x270A, 0x270B, 1}, {0x2728, 0x274C, 36}, {0x274E, 0x274E, 1},
		{0x2753, 0x2755, 1}, {0x2757, 0x2757, 1}, {0x2795, 0x2797, 1}, {0x27B0, 0x27BF, 15},
		{0x2B1B, 0x2B1C, 1}, {0x2B50, 0x2B55, 5}, {0x2E80, 0x303E, 1}, {0x3041, 0xA4CF, 1},
		{0xA960, 0xA97F, 1}, {0xAC00, 0xD7A3, 1}, {0xF900, 0xFAFF, 1}, {0xFE10, 0xFE19, 1},
		{0xFE30, 0xFE6F, 1}, {0xFF01, 0xFF60, 1}, {0xFFE0, 0xFFE6, 1},
	},
	R32: []unicode.Range32{
		{0x16FE0, 0x18CFF, 1}, {0x1AFF0, 0x1B2FF, 1}, {0x1F004, 0x1F004, 1}, {0x1F0CF, 0x1F0CF, 1},
		{0x1F18E, 0x1F18E, 1}, {0x1F191, 0x1F19A, 1}, {0x1F200, 0x1F320, 1}, {0x1F32D, 0x1F64F, 1},
		{0x1F680, 0x1F6FF, 1}, {0x1F7E0, 0x1F7EB, 1}, {0x1F90C, 0x1F9FF, 1}, {0x1FA70, 0x1FAFF, 1},
		{0x20000, 0x3FFFD, 1},
	},
}
